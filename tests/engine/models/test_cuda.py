"""CUDA's libraries, on machines that have some of them: no card is needed, and none was."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.config import Config, Settings
from engine.doctor import gpu
from engine.models import cuda

LT, BLAS = cuda.LIBRARIES["linux"]


class Loader:
    """A system that knows `names` by themselves, and can open files that are not broken."""

    def __init__(self, *names: str) -> None:
        self._names = names
        self.opened: list[str] = []

    def __call__(self, name: str) -> None:
        if name not in self._names and not Path(name).is_file():
            raise OSError(f"{name}: cannot open shared object file")
        if Path(name).is_file() and Path(name).read_text() == "broken":
            raise OSError(f"{name}: file too short")
        self.opened.append(name)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "家" / "cuda"
    path.mkdir(parents=True)
    return path


def test_the_systems_own_are_opened_each_after_what_it_needs(folder: Path) -> None:
    loader = Loader(LT, BLAS)
    assert cuda.load(folder, loader, "linux") == ()
    assert loader.opened == [LT, BLAS]


def test_files_in_the_persons_folder_come_first(folder: Path) -> None:
    for name in (LT, BLAS):
        (folder / name).write_text("library")
    loader = Loader(LT, BLAS)
    assert cuda.load(folder, loader, "linux") == ()
    assert loader.opened == [str(folder / LT), str(folder / BLAS)]


def test_a_broken_file_gives_way_to_the_systems(folder: Path) -> None:
    (folder / BLAS).write_text("broken")
    loader = Loader(LT, BLAS)
    assert cuda.load(folder, loader, "linux") == ()
    assert loader.opened == [LT, BLAS]


def test_what_cannot_be_opened_is_named(folder: Path) -> None:
    assert cuda.load(folder, Loader(LT), "linux") == (BLAS,)
    assert cuda.load(folder, Loader(), "win32") == cuda.LIBRARIES["win32"]
    assert cuda.load(folder, Loader(), "darwin") == ()


def test_what_is_missing_is_told_without_opening_anything(folder: Path) -> None:
    (folder / LT).write_text("library")
    assert cuda.missing(folder, {BLAS}.__contains__, "linux") == []
    assert cuda.missing(folder, lambda _: False, "linux") == [BLAS]


def test_nvidias_python_packages_are_looked_into(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lib = tmp_path / "site-packages" / "nvidia" / "cublas" / "lib"
    lib.mkdir(parents=True)
    (lib / BLAS).write_text("library")
    monkeypatch.syspath_prepend(tmp_path / "site-packages")
    assert lib in cuda.folders(folder)
    assert cuda.missing(folder, lambda _: False, "linux") == [LT]


@pytest.mark.parametrize(("device", "sound"), [("", True), ("cpu", True), ("cuda", False)])
def test_doctor_names_what_is_missing_and_where_it_goes(
    device: str, sound: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cuda, "has_driver", lambda: True)
    monkeypatch.setattr(cuda, "missing", lambda folder: [LT, BLAS])
    found = gpu(Config(tmp_path, Settings(device=device)))
    assert found.sound is sound
    for part in (LT, BLAS, str(tmp_path / "cuda"), cuda.PACKAGE):
        assert part in found.text


def test_doctor_is_content_without_a_card_unless_one_was_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cuda, "has_driver", lambda: False)
    assert gpu(Config(tmp_path)).sound
    assert not gpu(Config(tmp_path, Settings(device="cuda"))).sound
