"""The models at hand: those shipped with the program and those that the person imported."""

from __future__ import annotations

import errno
import logging
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.errors import BrokenInstallation, Code, EngineError, UsageError
from engine.models.embedder import Embedder
from engine.models.manifest import FILE_NAME, Manifest, is_model_name

logger = logging.getLogger(__name__)

_IMPORTING = ".importing-"  # before a folder's name until it is complete


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

    def add(self, folder: Path) -> Manifest:
        """Imports the model in `folder`: it is at hand completely or, whatever happens, not at all.

        Raises UsageError(NO_SUCH_PATH, MODEL_EXISTS) or BrokenInstallation(BAD_MODEL, NO_SPACE, CANNOT_WRITE).
        """
        if not folder.is_dir():
            raise UsageError(Code.NO_SUCH_PATH, path=str(folder))
        manifest = Manifest.load(folder)
        manifest.verify(folder)
        self._refuse_existing(manifest.name)
        temporary = self._installed / (_IMPORTING + manifest.name)
        try:
            _remove(temporary)  # what an import that was killed left behind
            _copy(folder, temporary, manifest)
            manifest.verify(temporary)
            temporary.rename(self._installed / manifest.name)
            _flush_folder(self._installed)
        except OSError as error:
            raise _cannot_write(self._installed, error) from error
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
        logger.info("imported the model %s", manifest.id)
        return manifest

    def check(self, name: str) -> Manifest:
        """Verifies every file; an embedder is also opened and must give a vector. Raises as `folder` and `open` do."""
        folder = self.folder(name)
        manifest = Manifest.load(folder)
        manifest.verify(folder)
        if manifest.kind == "embedder":
            Embedder.open(folder, threads=1).embed_query(name)
        return manifest

    def _refuse_existing(self, name: str) -> None:
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
        logger.warning("passing over %s: %s", folder, error.facts.get("why"))
        return None
    paths = [folder / FILE_NAME, *(folder / file.name for file in manifest.files)]
    return Installed(manifest, folder, shipped, sum(path.stat().st_size for path in paths if path.is_file()))


def _copy(source: Path, target: Path, manifest: Manifest) -> None:
    """Copies the model's own files, nothing else, and returns when they are on the disk."""
    for name in (FILE_NAME, *(file.name for file in manifest.files)):
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / name, path)
        with path.open("rb+") as stream:
            os.fsync(stream.fileno())
    _flush_folder(target)


def _flush_folder(folder: Path) -> None:
    if os.name == "nt":  # there a folder cannot be opened
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)


def _cannot_write(folder: Path, error: OSError) -> BrokenInstallation:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return BrokenInstallation(Code.NO_SPACE, path=str(folder))
    return BrokenInstallation(Code.CANNOT_WRITE, path=str(folder), why=error.strerror or str(error))
