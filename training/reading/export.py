"""Exports a trained reader to the folder that the engine opens: ONNX, tokenizer, model.json, a model card.

    python -m training.reading.export --model RUN/model --dev prepared/triplets.dev.jsonl --out RUN/reader-small

Its numbers are calibrated on `--dev`, questions that it was not trained on, as they come out at the precision that is
exported. Nothing is written when float32 strays from torch. `inkstone models import OUT` brings it into the program.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
from optimum.exporters.onnx import onnx_export_from_model

from engine.hashing import sha256_of
from engine.models import onnx_files
from engine.models.manifest import Calibration, Manifest, ModelFile, is_model_name
from engine.models.networks import Network
from engine.models.pairs import Row
from engine.models.reader import TOKENIZER, WEIGHTS, Reader
from training.errors import TrainingError, ended_by
from training.evaluating.results import Result, engine_errors_said, positive
from training.reading import asking
from training.reading.calibrating import calibrated, seen
from training.reading.card import CARD, written
from training.reading.model import ReaderModel, Scored
from training.reading.train import pairs_of
from training.saving import replace_folder

FP32_BOUND = 1e-4  # largest difference of any of the numbers, which lie between some -15 and 15
_COMPARED = 20  # questions on which torch and ONNX are compared


def parse_arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, help="a folder that training.reading.train wrote")
    parser.add_argument("--dev", required=True, nargs="+", type=Path, help="triplets of questions it did not learn")
    parser.add_argument("--out", required=True, type=Path)
    parser.add_argument("--precision", choices=("int8", "fp32"), default="int8")
    parser.add_argument("--max-tokens", type=positive, default=320, help="of a row: question and passage")
    parser.add_argument("--limit", type=positive, default=400, help="questions to calibrate on")
    parser.add_argument("--passages", type=positive, default=18, help="that each of them is put to")
    parser.add_argument(
        "--refused", type=float, default=0.05, help="share of answerable questions that may be declined"
    )
    parser.add_argument("--scores", type=Path, help="figures of training.reading.evaluate, for model.json and the card")
    parser.add_argument(
        "--report", type=Path, help="report.json of training.data.prepare: the card's data and licences"
    )
    parser.add_argument("--base", default="all-MiniLM-L6-v2", help="the model that training began with")
    parser.add_argument("--languages", nargs="+", default=["en"])
    parser.add_argument("--licence", default="Apache-2.0")
    return parser.parse_args(words)


def export(arguments: argparse.Namespace) -> int:
    if not is_model_name(arguments.out.name):
        raise TrainingError(f"{arguments.out.name!r} cannot be a model's name.")
    model = ReaderModel.open(arguments.model, attn_implementation="eager").eval()
    pairs = pairs_of(model, arguments.max_tokens)
    dev = asking.of_triplets(arguments.dev, arguments.limit, seed=0)
    scores = flat(Result.load(arguments.scores)) if arguments.scores else {}
    arguments.out.parent.mkdir(parents=True, exist_ok=True)

    with tempfile.TemporaryDirectory(dir=arguments.out.parent, prefix=".exporting-") as temporary:
        full, out = Path(temporary, "fp32"), Path(temporary, arguments.out.name)
        out.mkdir()

        # ---- export
        onnx_export_from_model(model.model, full, task="token-classification", do_validation=False)
        rows = [
            row for case in dev.cases[:_COMPARED] for row in pairs.rows(case.question, dev.passages[min(case.right)])
        ]
        strays = difference(Scored(model), Network.open(full / WEIGHTS, threads=1), rows)
        print(f"float32 differs from torch by at most {strays:.2g} on {len(rows)} rows")
        if not strays <= FP32_BOUND:  # so that NaN strays
            raise TrainingError(f"The exported model strays from the original by {strays:.2g}.", 3)

        # ---- quantise
        if arguments.precision == "int8":
            onnx_files.quantise(full / WEIGHTS, out / WEIGHTS)
        else:
            shutil.copyfile(full / WEIGHTS, out / WEIGHTS)
        model.tokenizer.save(str(out / TOKENIZER), pretty=False)

        # ---- calibrate
        manifest = described(out, arguments, scores)
        manifest.save(out)
        with engine_errors_said():
            reader = Reader.open(out, threads=2)
        found = calibrated(seen(reader, dev, arguments.passages), arguments.refused)
        print(", ".join(f"{name} {value:g}" for name, value in asdict(found).items()))

        # ---- card, and save
        report = json.loads(arguments.report.read_text("utf-8")) if arguments.report else {}
        (out / CARD).write_text(written(replace(manifest, reading=found), report), "utf-8", newline="\n")
        manifest = replace(described(out, arguments, scores), reading=found)
        manifest.save(out)
        with engine_errors_said():
            Reader.open(out, threads=1).check_limits()
        replace_folder(out, arguments.out)
    size = sum(file.stat().st_size for file in arguments.out.iterdir())
    print(f"{arguments.out}: {manifest.id}, {size / 1e6:.1f} MB")
    return 0


def difference(one: Scored, other: Network, rows: Sequence[Row]) -> float:
    return max(float(np.abs(one.states(row.ids, row.types) - other.states(row.ids, row.types)).max()) for row in rows)


def described(folder: Path, arguments: argparse.Namespace, scores: dict[str, float]) -> Manifest:
    files = [name for name in (WEIGHTS, TOKENIZER, CARD) if (folder / name).exists()]
    return Manifest(
        name=arguments.out.name,
        kind="reader",
        files=tuple(ModelFile(name, sha256_of(folder / name)) for name in files),
        max_tokens=arguments.max_tokens,
        languages=tuple(arguments.languages),
        base_model=arguments.base,
        licence=arguments.licence,
        scores=scores,
        precision="int8" if arguments.precision == "int8" else "float32",
        reading=Calibration(),
    )


def flat(result: Result) -> dict[str, float]:
    return {
        f"{name}.{score}": mean.value for name, found in result.sets.items() for score, mean in found.scores.items()
    }


def main(words: Sequence[str] | None = None) -> int:
    arguments = parse_arguments(words)
    return ended_by(lambda: export(arguments))


if __name__ == "__main__":
    sys.exit(main())
