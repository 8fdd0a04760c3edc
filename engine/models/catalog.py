"""The models at hand: those shipped with the program and those that the person imported."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from engine.errors import Code, EngineError, UsageError
from engine.models import chatglm, hub_encoders
from engine.models.arriving import arriving, leave, remove_leftovers
from engine.models.embedder import Embedder
from engine.models.generator import Generator, Runtime
from engine.models.manifest import FILE_NAME, Manifest, is_model_name
from engine.models.reader import Reader
from engine.types import Notice

logger = logging.getLogger(__name__)

Tell = Callable[[int, int], None]

_BLOCK_BYTES = 4 << 20


@dataclass(frozen=True, slots=True)
class Installed:
    """One model at hand. Its files were not verified; `Models.check` does that."""

    manifest: Manifest
    folder: Path
    shipped: bool
    size_bytes: int


class Models:
    """Two folders of model folders: `shipped` is only read, `installed` is made at the first import."""

    def __init__(self, shipped: Path, installed: Path) -> None:
        self._shipped = shipped
        self._installed = installed

    def list(self) -> tuple[Installed, ...]:
        """Every model with a readable `model.json`, shipped ones first, by name; of two with one name the first."""
        found: dict[str, Installed] = {}
        for parent in (self._shipped, self._installed):
            for folder in _model_folders(parent):
                if (model := _read(folder, shipped=parent == self._shipped)) is not None:
                    found.setdefault(model.manifest.name, model)
        return tuple(found.values())

    def folder(self, name: str) -> Path:
        """Where the model is.

        Raises UsageError(NO_SUCH_MODEL), or BrokenInstallation(BAD_MODEL) when the folder of that name is damaged.
        """
        for model in self.list():
            if model.manifest.name == name:
                return model.folder
        broken = self._installed / name
        if is_model_name(name) and broken.is_dir():
            Manifest.load(broken)  # says what is wrong with it
        raise UsageError(Code.NO_SUCH_MODEL, name=name)

    def add(
        self,
        folder: Path,
        compute_type: str | None = None,
        name: str | None = None,
        tell: Tell = lambda *_: None,
        query_prefix: str | None = None,
    ) -> Manifest:
        """Imports the model in `folder`: it is at hand completely or, whatever happens, not at all.

        A ChatGLM3 as the hub or a fine-tune leaves it is converted to `compute_type` (int8 unless one is given) and
        named after its folder. `tell` hears the bytes written and those in all, where that takes long. An encoder in
        the hub's shape, such as a BGE, is copied, or made int8. `query_prefix` goes before every question put to an
        embedder, whatever its folder says; None leaves it to the folder.

        Raises UsageError(NO_SUCH_PATH, MODEL_EXISTS, BAD_MODEL_NAME, NO_SUCH_COMPUTE_TYPE, ALREADY_CONVERTED,
        NO_QUERIES), BusyLibrary(IMPORTING_ELSEWHERE) or BrokenInstallation(BAD_MODEL, NOT_CHATGLM3, NOT_AN_EMBEDDER,
        NOT_EXPORTED, NO_SPACE_FOR_MODEL, NO_SPACE, CANNOT_WRITE).
        """
        if not folder.is_dir():
            raise UsageError(Code.NO_SUCH_PATH, path=str(folder))
        if name is not None and not is_model_name(name):
            raise UsageError(Code.BAD_MODEL_NAME, name=name)
        remove_leftovers(self._installed)
        if (folder / FILE_NAME).exists():
            manifest = self._copied(folder, compute_type, name, query_prefix, tell)
        elif hub_encoders.looks_like_one(folder):
            manifest = self._encoder(folder, compute_type, name or _name_after(folder), query_prefix)
        elif query_prefix is not None:
            raise UsageError(Code.NO_QUERIES, path=str(folder))
        elif (folder / chatglm.CONFIG).exists():
            manifest = self._converted(folder, compute_type or "int8", name or _name_after(folder), tell)
        else:
            manifest = Manifest.load(folder)  # says that it is no model
        logger.info("imported the model %s", manifest.id)
        return manifest

    def imported(self, name: str) -> Installed:
        """The model of that name. Raises UsageError: NO_SUCH_MODEL, or SHIPPED_MODEL for one that nobody imported."""
        found = next((model for model in self.list() if model.manifest.name == name), None)
        if found is None:
            raise UsageError(Code.NO_SUCH_MODEL, name=name)
        if found.shipped:
            raise UsageError(Code.SHIPPED_MODEL, name=name)
        return found

    def remove(self, name: str) -> None:
        """Deletes an imported model for good. Nobody may be using it.

        Raises as `imported`, BusyLibrary(IMPORTING_ELSEWHERE) or BrokenInstallation(CANNOT_WRITE).
        """
        found = self.imported(name)
        leave(found.folder)
        logger.info("removed the model %s", found.manifest.id)

    def check(self, name: str) -> Manifest:
        """Verifies every file; an embedder must also give a vector, a reader read. A generator is not loaded: `run`
        does that.

        Raises as `folder`, `Embedder.open`, `Reader.open` and `Generator.open` do.
        """
        folder = self.folder(name)
        manifest = Manifest.load(folder)
        manifest.verify(folder)
        if manifest.kind == "embedder":
            Embedder.open(folder, threads=1).embed_query(name)
        if manifest.kind == "reader":
            Reader.open(folder, threads=1).check_limits()
        if manifest.kind == "generator":
            Generator.open(folder, Runtime())
        return manifest

    def run(self, name: str, runtime: Runtime) -> Notice | None:
        """Lets a generator give a token; tells what could not be had as `runtime` says.

        Raises as `folder` and `Generator.stream` do.
        """
        with closing(Generator.open(self.folder(name), runtime)) as generator:
            generator.check()
            return generator.notice

    def _copied(
        self, folder: Path, compute_type: str | None, name: str | None, query_prefix: str | None, tell: Tell
    ) -> Manifest:
        manifest = Manifest.load(folder)
        manifest.verify(folder)
        if compute_type is not None:
            raise UsageError(Code.ALREADY_CONVERTED, path=str(folder), precision=manifest.precision or manifest.kind)
        manifest = replace(manifest, name=name or manifest.name)
        if query_prefix is not None:
            if manifest.kind != "embedder":
                raise UsageError(Code.NO_QUERIES, path=str(folder))
            manifest = replace(manifest, query_prefix=query_prefix)
        self._refuse_existing(manifest.name)
        with arriving(self._installed / manifest.name) as temporary:
            _copy(folder, temporary, manifest, tell)
            manifest.verify(temporary)
        return manifest

    def _encoder(self, folder: Path, compute_type: str | None, name: str, query_prefix: str | None) -> Manifest:
        # onnx and its quantiser are wanted for nothing else
        from engine.models.encoder_importing import import_encoder

        self._refuse_existing(name)
        return import_encoder(folder, self._installed / name, compute_type, query_prefix)

    def _converted(self, folder: Path, compute_type: str, name: str, tell: Tell) -> Manifest:
        # CTranslate2's specs take a second, and torch along where it is installed
        from engine.models.converting import convert

        self._refuse_existing(name)
        return convert(folder, self._installed / name, compute_type, tell)

    def _refuse_existing(self, name: str) -> None:
        if name in ("quotes", "no-reader"):  # `models use quotes` means that nothing is written, or read
            raise UsageError(Code.BAD_MODEL_NAME, name=name)
        for model in self.list():
            if model.manifest.name == name:
                raise UsageError(Code.MODEL_EXISTS, name=name, path=str(model.folder))
        target = self._installed / name
        if target.exists():
            raise UsageError(Code.MODEL_EXISTS, name=name, path=str(target))


def _model_folders(parent: Path) -> Iterator[Path]:
    if parent.is_dir():
        yield from sorted(path for path in parent.iterdir() if path.is_dir() and not path.name.startswith("."))


def _read(folder: Path, *, shipped: bool) -> Installed | None:
    """The model in `folder`; None for a broken one, which must not hide the others."""
    try:
        manifest = Manifest.load(folder)
    except EngineError as error:
        logger.warning("passing over %s: %s", folder, error)
        return None
    paths = [folder / FILE_NAME, *(folder / file.name for file in manifest.files)]
    return Installed(manifest, folder, shipped, sum(path.stat().st_size for path in paths if path.is_file()))


def _copy(source: Path, target: Path, manifest: Manifest, tell: Tell) -> None:
    """Copies the model's own files, nothing else."""
    names = [file.name for file in manifest.files]
    total, before = sum((source / name).stat().st_size for name in names), 0
    for name in names:
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        before += _copy_file(source / name, path, lambda done, before=before: tell(before + done, total))  # type: ignore[misc]
    manifest.save(target)


def _copy_file(source: Path, target: Path, tell: Callable[[int], None]) -> int:
    """How many bytes it has."""
    done = 0
    with source.open("rb") as reading, target.open("wb") as writing:
        while block := reading.read(_BLOCK_BYTES):
            writing.write(block)
            done += len(block)
            tell(done)
    return done


def _name_after(folder: Path) -> str:
    """A model's name made of a folder's."""
    name = re.sub(r"[^a-z0-9._-]+", "-", hub_encoders.called(folder).lower())[:80].strip(".-_")
    return name or "model"
