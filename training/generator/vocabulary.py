"""The generator's vocabulary: byte pairs learnt from texts of both languages, as ChatGLM3's `tokenizer.model` has them.

    python -m training.generator.vocabulary text/zh text/en --out runs/chat_small/vocabulary

The folder gets tokenizer.model and vocabulary.json, how it was made. ChatGLM3's own settings: no character is changed,
a blank stands before every text, digits stand alone, blanks may join, and what has no piece is written in bytes. Its
special tokens have no pieces: their ids follow behind the last one. As many characters are drawn of one language as of
the other; which characters have a piece of their own is counted over all texts.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import sentencepiece
from sentencepiece import sentencepiece_model_pb2

from engine.models.chatglm import TOKENIZER
from engine.models.flaws import Flaw
from engine.models.sentencepieces import tokenizer_json
from training.errors import TrainingError, ended_by
from training.generator.shapes import PIECES
from training.generator.texts import Document, documents, place_of
from training.progress import Progress

FACTS = "vocabulary.json"
_LONGEST_LINE = 1000  # characters: SentencePiece passes over lines of more than 4,192 bytes
_MEASURED = 100_000  # characters of each language that were not drawn

# ---- arguments


def parse_arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", nargs="+", type=Path, help="*.jsonl or *.jsonl.zst with 'text', or folders of them")
    parser.add_argument("--out", required=True, type=Path, help="the vocabulary's folder")
    parser.add_argument("--pieces", type=int, default=PIECES)
    parser.add_argument("--characters", type=int, default=6000, help="the commonest have a piece of their own")
    parser.add_argument("--sample", type=int, default=10_000_000, help="characters of each language to learn from")
    parser.add_argument("--limit", type=int, help="documents of each file")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args(words)


def main(words: Sequence[str] | None = None) -> int:
    arguments = parse_arguments(words)
    return ended_by(lambda: make(arguments))


def make(arguments: argparse.Namespace) -> int:
    # ---- count
    characters: Counter[str] = Counter()
    sizes: Counter[str] = Counter()  # characters, by language
    with Progress(None, "Counting") as progress:
        for document in read(arguments):
            characters.update(document.text)
            sizes[document.language] += len(document.text)
            progress.step()
    own = commonest(characters, arguments.characters)

    # ---- learn
    shares = {language: arguments.sample / size for language, size in sizes.items()}
    model = learnt(lines_of(drawn(arguments, shares)), own, arguments.pieces)

    # ---- measure
    shown = sum(count for each, count in characters.items() if is_shown(each))
    covered = sum(characters[each] for each in own) / shown
    facts = {
        "pieces": arguments.pieces,
        "characters": len(own),
        "covered": round(covered, 6),  # of all characters of the texts, blanks aside
        "read": dict(sizes),
        "drawn": {language: min(arguments.sample, size) for language, size in sizes.items()},
        "characters_a_token": measured(arguments, shares, model),
    }

    # ---- save
    arguments.out.mkdir(parents=True, exist_ok=True)
    (arguments.out / FACTS).write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n", "utf-8")
    (arguments.out / TOKENIZER).write_bytes(model)
    print(json.dumps(facts, ensure_ascii=False))
    return 0


# ---- the steps, in the order in which make takes them


def read(arguments: argparse.Namespace) -> Iterator[Document]:
    return documents(arguments.texts, arguments.limit, arguments.seed)


def commonest(counts: Mapping[str, int], most: int) -> list[str]:
    """The characters that are seen most, without blanks, controls and what is no character."""
    return sorted(filter(is_shown, counts), key=lambda each: (-counts[each], each))[:most]


def is_shown(character: str) -> bool:
    return unicodedata.category(character)[0] not in "CZ"


def drawn(arguments: argparse.Namespace, shares: Mapping[str, float]) -> Iterator[Document]:
    """Each document that lies within its language's share."""
    return (each for each in read(arguments) if place_of(each.text, arguments.seed) < shares[each.language])


def lines_of(some: Iterator[Document]) -> Iterator[str]:
    for document in some:
        for line in document.text.splitlines():
            for start in range(0, len(line), _LONGEST_LINE):
                yield line[start : start + _LONGEST_LINE]


def learnt(lines: Iterator[str], characters: Sequence[str], pieces: int) -> bytes:
    """The contents of `tokenizer.model`. Raises TrainingError when the texts do not make so many pieces."""
    model = io.BytesIO()
    try:
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=lines,
            model_writer=model,
            model_type="bpe",
            vocab_size=pieces,
            required_chars="".join(characters),
            character_coverage=0.98,  # the least that it allows: the characters are chosen already
            byte_fallback=True,
            normalization_rule_name="identity",
            remove_extra_whitespaces=False,
            split_digits=True,
            allow_whitespace_only_pieces=True,  # as lines of code begin
            max_sentencepiece_length=16,
            max_sentence_length=4 * _LONGEST_LINE,
            num_threads=1,  # others change nothing but the time
            minloglevel=2,
        )
        tokenizer_json(model.getvalue())  # what the product will make of it
    except (RuntimeError, OSError) as error:
        raise TrainingError(f"The texts make no vocabulary of {pieces} pieces: {_plain(error)}") from error
    except Flaw as flaw:  # a sign in the texts that no such file may hold
        raise TrainingError(f"The product cannot read the vocabulary: {flaw}.") from flaw
    return without_paths(model.getvalue())


def without_paths(model: bytes) -> bytes:
    """The same model, telling nothing of the computer that made it."""
    parsed = sentencepiece_model_pb2.ModelProto.FromString(model)
    for field in ("input", "model_prefix"):
        parsed.trainer_spec.ClearField(field)
    contents: bytes = parsed.SerializeToString()
    return contents


def measured(arguments: argparse.Namespace, shares: Mapping[str, float], model: bytes) -> dict[str, float]:
    """Characters a token, by language, in texts that were not drawn where there are some."""
    processor = sentencepiece.SentencePieceProcessor(model_proto=model)
    characters: Counter[str] = Counter()
    tokens: Counter[str] = Counter()
    for document in read(arguments):
        unseen = place_of(document.text, arguments.seed) >= shares[document.language] or shares[document.language] >= 1
        if unseen and characters[document.language] < _MEASURED:
            part = document.text[:2000]
            characters[document.language] += len(part)
            tokens[document.language] += len(processor.encode(part))
    return {language: round(count / tokens[language], 3) for language, count in characters.items()}


def _plain(error: Exception) -> str:
    """SentencePiece's own words, without the place in its source."""
    return str(error).rpartition("] ")[2].strip() or str(error)


if __name__ == "__main__":
    sys.exit(main())
