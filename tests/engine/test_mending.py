"""`doctor --mend`: whatever is wrong with a library is put right, and nothing is thrown away without a copy."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from shutil import copytree

import numpy as np
import pytest
from filelock import FileLock

from engine import mending
from engine.assistant import Assistant
from engine.config import Config
from engine.errors import BrokenInstallation, BusyLibrary, Code, UsageError
from engine.library import backups
from engine.types import Status

FILES = 4


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose library holds a few indexed documents."""
    folder = tmp_path_factory.mktemp("mending")
    documents = folder / "documents"
    documents.mkdir()
    for number in range(FILES):
        text = " ".join(f"Water number {number} boils at {degree} degrees." for degree in range(60))
        (documents / f"{number:02}.txt").write_text(text, "utf-8")
    assistant = Assistant.open(Config.load(folder / "home"))
    assistant.add([documents])
    list(assistant.index())
    assistant.close()
    return folder


@pytest.fixture
def config(made: Path, tmp_path: Path) -> Config:
    copytree(made / "home", tmp_path / "home")
    return Config.load(tmp_path / "home")


class Opened:
    """The library, and what a search finds in it."""

    def __init__(self, config: Config) -> None:
        self.assistant = Assistant.open(config)
        self.store = self.assistant.store
        self.run = self.store.database.run

    def __enter__(self) -> Opened:
        return self

    def __exit__(self, *_: object) -> None:
        self.assistant.close()

    def found(self) -> list[tuple[str, int, float]]:
        hits = self.assistant.search("water number 7", 20)
        return [(hit.document.path.name, hit.passage.ordinal, hit.score) for hit in hits]


BREAK = {
    "flaw_counts": "UPDATE contents SET waiting = 5, passages = 0 WHERE id = 2",
    "flaw_keywords": "DELETE FROM keywords_docsize WHERE id = 3",
    "flaw_vectors": "UPDATE vectors SET vector = zeroblob(1536) WHERE passage_id IN (2, 3)",
    "flaw_dangling": "DELETE FROM contents WHERE id = 3",
}


@pytest.mark.parametrize("code", BREAK)
def test_a_flaw_is_found_and_mended_after_a_copy(config: Config, code: str):
    with Opened(config) as library:
        before = library.found()
        library.run("PRAGMA foreign_keys = OFF")
        library.run(BREAK[code])
        library.run("PRAGMA foreign_keys = ON")
        found = [flaw.code for flaw in mending.flaws(config, library.store)]
        assert code in found
        assert library.store.problems() != []
        assert [flaw.code for flaw in mending.mend(config, library.store)] == found
        assert library.store.problems() == []
        assert len(backups.copies(config.library, "mended")) == 1
        list(library.assistant.index())
        assert library.found() == before
        assert {document.status for document in library.store.documents()} == {Status.INDEXED}
        assert mending.mend(config, library.store) == []


def test_vectors_of_another_dimension_or_not_finite_are_made_again(config: Config):
    with Opened(config) as library:
        before = library.store.database.all("SELECT * FROM vectors ORDER BY 1")
        nan = np.full(384, np.nan, np.float32).tobytes()
        for id, vector in ((1, b"1234"), (2, nan), (4, before[0][1][:-4])):
            library.run("UPDATE vectors SET vector = ? WHERE passage_id = ?", [vector, id])
        library.found()  # never raises
        (flaw,) = mending.mend(config, library.store)
        assert (flaw.code, flaw.count) == ("flaw_vectors", 3)
        list(library.assistant.index())
        assert library.store.database.all("SELECT * FROM vectors ORDER BY 1") == before


def test_a_damaged_graph_is_removed(config: Config):
    config.vectors.mkdir()
    (config.vectors / "00000000-0000.graph").write_bytes(b"no graph")
    with Opened(config) as library:
        (flaw,) = mending.mend(config, library.store)
        assert (flaw.code, flaw.count) == ("flaw_graphs", 1)
        assert list(config.vectors.iterdir()) == []


def test_nothing_is_mended_while_another_process_indexes(config: Config):
    with FileLock(config.index_lock), Opened(config) as library:
        with pytest.raises(BusyLibrary):
            mending.mend(config, library.store)
        with pytest.raises(BusyLibrary):
            mending.salvage_if_damaged(config)


def test_a_sound_library_is_not_salvaged(config: Config):
    before = config.library.read_bytes()
    assert mending.salvage_if_damaged(config) is None
    assert config.library.read_bytes() == before


@pytest.mark.parametrize("damage", ["middle", "end", "header", "empty pages", "garbage"])
def test_a_damaged_library_is_made_again_and_the_old_one_kept(made: Path, config: Config, damage: str):
    with Opened(config) as library:
        before = library.found()
    data = bytearray(config.library.read_bytes())
    if damage == "middle":
        data[len(data) // 2 : len(data) // 2 + 8192] = b"\x55" * 8192
    elif damage == "end":
        del data[len(data) * 3 // 4 :]
    elif damage == "header":
        data[:100] = b"\x00" * 100
    elif damage == "empty pages":
        data[4096 * 3 :: 4096] = b"\x00" * len(data[4096 * 3 :: 4096])
    else:
        data[:] = b"this is not a database" * 500
    config.library.write_bytes(data)
    kept = mending.salvage_if_damaged(config)
    assert kept is not None
    assert kept.read_bytes() == data
    with Opened(config) as library:
        assert library.store.problems() == []
        if not library.store.roots():
            assert damage != "middle"  # nothing can be told any more
            library.assistant.add([made / "documents"])
        list(library.assistant.index())
        assert library.found() == before
        assert library.store.problems() == []
        if damage == "middle":
            assert library.assistant.spent.passages < library.store.passage_count()  # most vectors were taken over


def test_a_wal_of_the_damaged_file_is_not_applied_to_the_new_one(config: Config):
    """A process that was killed leaves it."""
    script = (
        "import os; from pathlib import Path; from engine.library.store import Store\n"
        f"store = Store(Path({str(config.library)!r})); store.set_meta('left', 'behind'); os._exit(1)"
    )
    subprocess.run([sys.executable, "-c", script], check=False)
    wal = config.library.with_name(f"{config.library.name}-wal")
    assert wal.stat().st_size
    data = bytearray(config.library.read_bytes())
    data[4096 * 4 : 4096 * 8] = b"\x55" * 4096 * 4
    config.library.write_bytes(data)
    assert mending.salvage_if_damaged(config) is not None
    assert not wal.exists()
    with Opened(config) as library:
        assert library.store.problems() == []


def test_a_backup_is_one_state_of_the_library_in_use(config: Config, tmp_path: Path):
    copy = tmp_path / "张 三" / "copy 🙂.sqlite"
    copy.parent.mkdir()
    with Opened(config) as library:
        wanted = library.store.database.all("SELECT * FROM passages")
        with library.store.database.writing():
            library.run("DELETE FROM keywords_docsize")  # not part of any state that others see
        assert library.assistant.backup(copy) == copy
        with pytest.raises(UsageError) as exists:
            library.assistant.backup(copy)
        assert exists.value.code is Code.FILE_EXISTS
        with pytest.raises(UsageError):
            library.assistant.backup(tmp_path / "no such" / "copy.sqlite")
    assert [path.name for path in copy.parent.iterdir()] == [copy.name]
    restored = Config.load(tmp_path / "restored")
    restored.library.write_bytes(copy.read_bytes())
    with Opened(restored) as library:
        assert library.store.database.all("SELECT * FROM passages") == wanted


def test_a_backup_that_cannot_be_written_leaves_nothing(config: Config, tmp_path: Path, monkeypatch):
    with Opened(config) as library:

        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("os.fsync", full)
        with pytest.raises(BrokenInstallation):
            library.assistant.backup(tmp_path / "copy.sqlite")
    assert not list(tmp_path.glob("copy*"))
