"""A hub-shaped encoder becomes a model of ours: copied or quantised, and tried before it is believed."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

from engine.errors import BrokenInstallation, Code, UsageError
from engine.hashing import sha256_of
from engine.models import hub_encoders, onnx_files
from engine.models.arriving import arriving
from engine.models.closeness import CosineScale, measured_scale
from engine.models.embedder import TOKENIZER, WEIGHTS, Embedder
from engine.models.flaws import Flaw, refused
from engine.models.hub_encoders import Encoder
from engine.models.manifest import FILE_NAME, Manifest, ModelFile
from engine.models.networks import Network
from engine.models.onnx_files import OnnxFile
from engine.models.wordpieces import WordPieces

COMPUTE_TYPES = ("int8", "float32")

_MOST_TRIED = 512  # tokens: more of them take seconds
_TEXTS = ("", "a", "Water boils at 100 °C.", "水在 100 °C 时沸腾。", "😀", "word " * 30, "字" * 30)
_SPARE_BYTES = 50_000_000  # the tokenizer, model.json and what a disk needs to breathe


def import_encoder(folder: Path, target: Path, compute_type: str | None, query_prefix: str | None) -> Manifest:
    """Makes the model folder `target` of the hub-shaped `folder`, completely or not at all.

    `compute_type` None keeps what the file has; `query_prefix` None is what the model says, or BGE's own.

    Raises UsageError(NO_SUCH_COMPUTE_TYPE, ALREADY_CONVERTED), BusyLibrary(IMPORTING_ELSEWHERE) or
    BrokenInstallation(BAD_MODEL, NOT_AN_EMBEDDER, NOT_EXPORTED, NO_SPACE_FOR_MODEL, NO_SPACE, CANNOT_WRITE).
    """
    path = hub_encoders.weights(folder)
    name = path.relative_to(folder).as_posix()
    encoder = hub_encoders.read(folder)
    try:
        file = onnx_files.examine(path)
    except Flaw as flaw:
        raise flaw.of(folder, file=name) from flaw
    for taken in file.beside:
        if taken.lower() in (WEIGHTS, TOKENIZER, FILE_NAME):
            raise refused(folder, "names_taken", file=name, name=taken)
    precision = _precision(folder, file, compute_type)
    _check_room(target, file, precision)
    if query_prefix is not None:
        encoder = replace(encoder, query_prefix=query_prefix)
    try:
        with arriving(target) as temporary:
            files = _bring(path, file, temporary, quantised=precision != file.precision)
            (temporary / TOKENIZER).write_text(encoder.tokenizer, "utf-8", newline="\n")
            manifest = _described(temporary, target.name, encoder, (*files, TOKENIZER), precision)
            manifest.save(temporary)
            manifest = replace(manifest, scale=_tried(temporary, manifest))
            manifest.save(temporary)
    except BrokenInstallation as error:
        error.facts["path"] = str(folder) if error.code == Code.BAD_MODEL else error.facts["path"]
        raise
    return manifest


def _precision(folder: Path, file: OnnxFile, wanted: str | None) -> str:
    if wanted is None or wanted == file.precision:
        return file.precision
    if wanted not in COMPUTE_TYPES:
        raise UsageError(Code.NO_SUCH_COMPUTE_TYPE, name=wanted, known=", ".join(COMPUTE_TYPES))
    if file.precision != "float32":
        raise UsageError(Code.ALREADY_CONVERTED, path=str(folder), precision=file.precision)
    return wanted


def _check_room(target: Path, file: OnnxFile, precision: str) -> None:
    """A quantised model is made of a copy, which onnxruntime copies once more on the way."""
    needed = file.size_bytes * (1 if precision == file.precision else 2.5) + _SPARE_BYTES
    there = next(folder for folder in target.absolute().parents if folder.exists())
    free = shutil.disk_usage(there).free
    if free < needed:
        facts = {"needed": f"{needed / 1e9:.1f}", "free": f"{free / 1e9:.1f}"}
        raise BrokenInstallation(Code.NO_SPACE_FOR_MODEL, path=str(target.parent), **facts)


def _bring(path: Path, file: OnnxFile, folder: Path, *, quantised: bool) -> tuple[str, ...]:
    """Copies or quantises the network into `folder`; the names of its files, the one with most weights first."""
    whole = folder / "float32" if quantised else folder
    for source, name in ((path, WEIGHTS), *((path.parent / name, name) for name in file.beside)):
        copy = whole / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, copy)
    if not quantised:
        return (*file.beside, WEIGHTS)
    try:
        onnx_files.quantise(whole / WEIGHTS, folder / WEIGHTS)
    except Flaw as flaw:
        raise flaw.of(folder) from flaw
    shutil.rmtree(whole)
    return (WEIGHTS,)


def _described(folder: Path, name: str, encoder: Encoder, files: tuple[str, ...], precision: str) -> Manifest:
    """What `model.json` is to say; the dimension is what the network really gives."""
    pieces = _pieces(folder, encoder.max_tokens)
    if encoder.pooling == "cls" and not pieces.marks_start:
        raise refused(folder, "no_start_token", file=TOKENIZER)
    try:
        states = Network.open(folder / WEIGHTS, threads=1).states(pieces.windows("a")[0])  # (tokens, dimension)
    except Flaw as flaw:
        raise flaw.of(folder, file=WEIGHTS) from flaw
    return Manifest(
        name=name,
        kind="embedder",
        files=tuple(ModelFile(file, sha256_of(folder / file)) for file in files),
        max_tokens=encoder.max_tokens,
        dimension=states.shape[1],
        pooling=encoder.pooling,
        normalise=encoder.normalise,
        query_prefix=encoder.query_prefix,
        passage_prefix=encoder.passage_prefix,
        languages=encoder.languages,
        base_model=encoder.base_model,
        licence=encoder.licence,
        precision=precision,
    )


def _pieces(folder: Path, max_tokens: int) -> WordPieces:
    try:
        return WordPieces.open(folder / TOKENIZER, max_tokens)
    except Flaw as flaw:
        raise flaw.of(folder, file=TOKENIZER) from flaw


def _tried(folder: Path, manifest: Manifest) -> CosineScale:
    """What its cosines mean, after texts of both languages, the highest id, and as many tokens as are allowed."""
    embedder = Embedder.open(folder, threads=os.cpu_count() or 1)
    embedder.check_limits(_MOST_TRIED)
    embedder.embed_passages(_TEXTS)
    embedder.embed_query(_TEXTS[2])
    return measured_scale(embedder, manifest.languages)
