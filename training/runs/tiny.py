"""What `--smoke` starts from: raw questions and two models of the real formats, so small that they know nothing.

    python -m training.runs.tiny --out runs/tiny

`questions.jsonl` is Multi-Doc-QA-Chinese in its raw form, in both languages; `texts.jsonl` are documents without
questions, `cedict.txt` is a dictionary of their words; `bge-tiny-zh` a BERT with CLS pooling as the hub holds one;
`chatglm3-tiny` a ChatGLM3 in the hub's layout.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer, decoders, normalizers, pre_tokenizers, processors
from tokenizers.models import WordPiece
from tokenizers.trainers import WordPieceTrainer
from transformers import BertConfig, BertModel

from engine.models.prompts import Language
from training.chatglm.layout import save_chatglm
from training.embedding.folders import Card, save_folder
from training.errors import ended_by
from training.toy_generator import LANGUAGES, WORDS, Fact, new_model, some_facts, vocabulary

FACTS_IN_DOCUMENT = 3
NEGATIVES = 6
MAX_TOKENS = 128  # of the embedder's passages
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--documents", type=int, default=24, help="in each language")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args(words)
    return ended_by(lambda: make(arguments))


def make(arguments: argparse.Namespace) -> int:
    torch.manual_seed(arguments.seed)
    arguments.out.mkdir(parents=True, exist_ok=True)
    choose = random.Random(arguments.seed)
    rows = [row for language in LANGUAGES for row in questions(choose, language, arguments.documents)]
    with (arguments.out / "questions.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    write_texts(arguments.out, choose, arguments.documents)
    save_embedder(arguments.out / "bge-tiny-zh", [text for row in rows for text in texts(row)])
    save_generator(arguments.out)
    return 0


# ---- questions


def questions(choose: random.Random, language: Language, count: int) -> Iterator[dict[str, Any]]:
    """One question about each document; the others are its wrong ones."""
    documents = [some_facts(choose, language, FACTS_IN_DOCUMENT, held_out=False) for _ in range(count)]
    said = [text(facts) for facts in documents]
    for number, facts in enumerate(documents):
        asked = choose.choice(facts)
        wrong = choose.sample([*range(number), *range(number + 1, count)], NEGATIVES)
        yield {
            "QA": [{"question": asked.question, "answer": asked.value}],
            "positive_doc": [{"text": said[number]}],
            "negative_doc": [{"text": said[other]} for other in wrong],
        }


def text(facts: Sequence[Fact]) -> str:
    return ("" if facts[0].language == "zh" else " ").join(fact.statement for fact in facts)


def texts(row: dict[str, Any]) -> list[str]:
    return [row["QA"][0]["question"], row["positive_doc"][0]["text"]]


# ---- plain text


def write_texts(out: Path, choose: random.Random, count: int) -> None:
    """Documents with a title and ten facts in each language, and the Chinese words among them as CC-CEDICT has them."""
    with (out / "texts.jsonl").open("w", encoding="utf-8") as file:
        for language in LANGUAGES:
            for _ in range(count):
                facts = some_facts(choose, language, 10, held_out=False)
                title = " ".join(f"{fact.owner} {fact.thing}" for fact in facts[:2])
                row = {"text": f"{title}\n\n{text(facts)}", "lang": language}
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
    pairs = zip(*(WORDS[language]["thing"] for language in ("zh", "en")), strict=True)
    entries = "".join(f"{chinese} {chinese} [x1] /{english}/\n" for chinese, english in pairs)
    (out / "cedict.txt").write_text(entries, "utf-8")


# ---- models


def save_embedder(folder: Path, said: Sequence[str]) -> None:
    tokenizer = Tokenizer(WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.train_from_iterator(said, WordPieceTrainer(vocab_size=1000, special_tokens=SPECIAL, show_progress=False))
    ends = [(token, tokenizer.token_to_id(token)) for token in ("[SEP]", "[CLS]")]
    tokenizer.post_processor = processors.BertProcessing(*ends)
    model = BertModel(
        BertConfig(
            vocab_size=tokenizer.get_vocab_size(),
            hidden_size=64,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=128,
            max_position_embeddings=MAX_TOKENS,
        ),
        add_pooling_layer=False,
    )
    save_folder(folder, model, tokenizer, Card("cls", MAX_TOKENS, {}), source=None)


def save_generator(folder: Path) -> None:
    path, tokens = vocabulary(folder)
    save_chatglm(new_model(tokens), path, folder / "chatglm3-tiny", 2048)


if __name__ == "__main__":
    sys.exit(main())
