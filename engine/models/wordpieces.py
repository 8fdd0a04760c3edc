"""Text to token ids by a model's own `tokenizer.json`, and how much of a text its vocabulary knows.

A door of the `tokenizers` library.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Encoding, Tokenizer  # type: ignore[import-untyped]

from engine.models.flaws import Flaw

MAX_WINDOWS = 4

Ids = npt.NDArray[np.int64]
Spans = npt.NDArray[np.int64]


class WordPieces:
    """A tokenizer whose windows hold `max_tokens`, special tokens counted. Safe to call from several threads."""

    def __init__(self, tokenizer: Tokenizer, max_tokens: int) -> None:
        """Raises Flaw when the special tokens alone fill a window, or a letter gives none."""
        self._tokenizer = tokenizer
        self.before, self.after = _special_ids(tokenizer)  # what stands before a text, and behind it
        self._room = max_tokens - len(self.before) - len(self.after)
        if self._room < 1:
            raise Flaw("no_room", count=max_tokens)

    @classmethod
    def open(cls, path: Path, max_tokens: int) -> WordPieces:
        """Reads a `tokenizer.json`. Raises Flaw when it is none."""
        try:
            tokenizer = Tokenizer.from_str(path.read_text("utf-8"))
        except Exception as error:  # the library raises no narrower one
            raise Flaw("unusable_file", words=error) from error
        # Either would act on every text inside the library, known_share's too.
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return cls(tokenizer, max_tokens)

    @property
    def highest_id(self) -> int:
        """The largest id that it can give."""
        vocabulary: dict[str, int] = self._tokenizer.get_vocab(with_added_tokens=True)
        return max(vocabulary.values())

    @property
    def marks_start(self) -> bool:
        """Whether a special token stands before every text: what CLS pooling takes for the whole of it."""
        return len(self.before) > 0

    def windows(self, text: str) -> list[Ids]:
        """The ids of the text, cut into the fewest windows of equal length, each between the special tokens.

        At least one (an empty text is special tokens only), at most MAX_WINDOWS; what lies beyond is left out.
        """
        ids = np.array(self._pieces(text).ids[: MAX_WINDOWS * self._room], dtype=np.int64)
        count = max(1, -(-len(ids) // self._room))
        return [np.concatenate((self.before, part, self.after)) for part in np.array_split(ids, count)]

    def located(self, text: str) -> tuple[Ids, Spans]:
        """The ids (n,) of the whole text without special tokens, and the characters (n, 2) that each stands for."""
        encoding = self._pieces(text)
        return np.array(encoding.ids, np.int64), np.array(encoding.offsets, np.int64).reshape(-1, 2)

    def known_share(self, text: str) -> float:
        """The share (0..1) of the text's letters, CJK characters and digits that a known token covers.

        0 for a text with none of them: the model has nothing to find a meaning in.
        """
        counted = [character.isalnum() for character in text]
        if not any(counted):
            return 0.0
        encoding = self._pieces(text)
        unknown = {self._tokenizer.token_to_id(name) for name in ("[UNK]", "<unk>")}
        known = [False] * len(text)
        for token, (start, end) in zip(encoding.ids, encoding.offsets, strict=True):
            if token not in unknown:
                known[start:end] = [True] * (end - start)
        return sum(map(bool.__and__, counted, known)) / sum(counted)

    def _pieces(self, text: str) -> Encoding:
        return _encoded(self._tokenizer, text, specials=False)


def _encoded(tokenizer: Tokenizer, text: str, *, specials: bool) -> Encoding:
    try:
        return tokenizer.encode(text, add_special_tokens=specials)
    except BaseException as error:
        # the library raises no narrower one than Exception, and a panic of Rust is not even that
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise Flaw("unusable_file", words=error) from error
        raise


def _special_ids(tokenizer: Tokenizer) -> tuple[Ids, Ids]:
    """What the tokenizer puts before a text, and what behind it."""
    encoding = _encoded(tokenizer, "a", specials=True)
    inside = [place for place, special in enumerate(encoding.special_tokens_mask) if not special]
    if not inside:
        raise Flaw("silent_tokenizer")
    ids = np.array(encoding.ids, dtype=np.int64)
    return ids[: inside[0]], ids[inside[-1] + 1 :]
