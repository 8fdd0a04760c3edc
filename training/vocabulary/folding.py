"""Characters that are read as others before a vocabulary is looked up: traditional Chinese as simplified, “，” as ",".

So both scripts share every vector, and punctuation is what the English model knows already. English text is left as it
is, curly quotes included: a model that read English before reads the same tokens after.

The doors of OpenCC (Apache-2.0; its characters' table) and of sentencepiece's compiler of such rules, whose form the
`tokenizers` library applies (a trie: 0.2 to 0.7 µs a character).
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import opencc
import sentencepiece
from sentencepiece import sentencepiece_model_pb2

HAN = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF))  # ideographs of the basic plane

_PUNCTUATION = {
    **dict(zip("，、。！？：；（）【】〔〕％", ",,.!?:;()[][]%", strict=True)),
    **dict.fromkeys("「」『』《》〈〉", '"'),
    "\u3000": " ",
}
_WIDE = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}  # ！ to ～ as ! to ~


@lru_cache(maxsize=1)
def foldings() -> Mapping[str, str]:
    """character → the one that it is read as, for those that change."""
    characters = [chr(code) for first, last in HAN for code in range(first, last + 1)]
    simplified = opencc.OpenCC("t2s").convert("\n".join(characters)).split("\n")
    return {
        **_WIDE,
        **_PUNCTUATION,
        # one whose simplified form is outside the basic plane is so rare that nothing else knows that form
        **{old: new for old, new in zip(characters, simplified, strict=True) if old != new and new <= "\uffff"},
    }


def folded(text: str) -> str:
    return text.translate(_table())


def compiled() -> bytes:
    """The same as `tokenizers.normalizers.Precompiled` takes it."""
    with tempfile.TemporaryDirectory() as folder:
        rules = Path(folder, "rules.tsv")
        rules.write_text("".join(f"{ord(old):X}\t{ord(new):X}\n" for old, new in foldings().items()), "utf-8")
        model = io.BytesIO()
        # only its rules are wanted; it will not compile them without something to learn
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(["ab ac"] * 3),
            model_writer=model,
            model_type="bpe",
            vocab_size=12,
            hard_vocab_limit=False,
            normalization_rule_tsv=str(rules),
            minloglevel=2,
        )
    compiled_model = sentencepiece_model_pb2.ModelProto.FromString(model.getvalue())
    return bytes(compiled_model.normalizer_spec.precompiled_charsmap)


@lru_cache(maxsize=1)
def _table() -> dict[int, str]:
    return str.maketrans(dict(foldings()))
