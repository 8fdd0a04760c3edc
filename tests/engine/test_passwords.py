"""A document's password: given once, tried on others, on no disk; gone with the engine while the passages stay."""

from __future__ import annotations

import logging
import queue
from collections.abc import Callable, Iterator
from pathlib import Path

import pymupdf
import pytest

from engine import cli
from engine.assistant import Assistant
from engine.config import Config
from engine.errors import Code, UnreadableDocument, UsageError
from engine.types import Failed, Indexed, Reason

PASSWORD = "Grüner 茶 hunter2"
Lock = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "papers"
    made.mkdir()
    return made


@pytest.fixture
def lock(folder: Path) -> Lock:
    """lock(name, text, password=PASSWORD) -> an encrypted PDF."""

    def make(name: str, text: str, password: str = PASSWORD) -> Path:
        with pymupdf.open() as document:
            document.new_page().insert_text((50, 80), text)
            document.save(
                folder / name, encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw=password, owner_pw=password + "!"
            )
        return folder / name

    return make


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    opened = Assistant.open(Config.load(tmp_path / "home"))
    yield opened
    opened.close()


def reasons(assistant: Assistant) -> dict[str, Reason | None]:
    return {document.path.name: document.reason for document in assistant.status().failures}


def test_one_password_opens_all_that_it_fits(
    assistant: Assistant, folder: Path, lock: Lock, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    kettles = lock("kettles.pdf", "Kettles are descaled on Fridays.")
    lock("cups.pdf", "Cups are counted on Mondays.")
    lock("other.pdf", "Nobody knows.", password="another")
    assistant.add([folder])
    list(assistant.index())
    assert set(reasons(assistant).values()) == {Reason.ENCRYPTED}
    assert not assistant.unlock(kettles, "wrong")
    assert assistant.unlock(kettles, PASSWORD)
    list(assistant.index())
    assert reasons(assistant) == {"other.pdf": Reason.ENCRYPTED}
    assert assistant.search("descaled")[0].document.path == kettles
    assert assistant.page(kettles, 1, 1.0).page_count == 1
    held = [path.read_bytes() for path in (tmp_path / "home").rglob("*") if path.is_file()]
    assert not any(b"hunter2" in data for data in held)
    assert "hunter2" not in caplog.text


def test_a_running_engine_reads_the_document_at_once(assistant: Assistant, folder: Path, lock: Lock) -> None:
    path = lock("kettles.pdf", "Kettles are descaled on Fridays.")
    told: queue.Queue[object] = queue.Queue()
    assistant.add([folder])
    assistant.watch(told.put)
    wait_for(told, Failed)
    assert assistant.unlock(path, PASSWORD)
    wait_for(told, Indexed)


def wait_for(told: queue.Queue[object], kind: type) -> None:
    while not isinstance(told.get(timeout=60), kind):
        pass


def test_passages_stay_when_the_password_is_gone(
    assistant: Assistant, folder: Path, lock: Lock, tmp_path: Path
) -> None:
    path = lock("kettles.pdf", "Kettles are descaled on Fridays.")
    assistant.add([folder])
    assistant.remember([PASSWORD])
    list(assistant.index())
    later = Assistant.open(Config.load(tmp_path / "home"))
    try:
        list(later.index())
        assert later.search("descaled")[0].document.path == path
        with pytest.raises(UnreadableDocument) as caught:
            later.page(path, 1, 1.0)
        assert caught.value.reason is Reason.ENCRYPTED
        assert later.unlock(path, PASSWORD)
        assert later.page(path, 1, 1.0).page == 1
    finally:
        later.close()


def test_a_document_that_is_not_there_is_said(assistant: Assistant, folder: Path) -> None:
    with pytest.raises(UsageError) as caught:
        assistant.unlock(folder / "nowhere.pdf", PASSWORD)
    assert caught.value.code is Code.NO_SUCH_PATH


def run(home: Path, *words: str | Path) -> int:
    with pytest.raises(SystemExit) as ended:
        cli.main(["--home", str(home), *map(str, words)])
    return int(str(ended.value.code))


def test_index_takes_a_file_of_passwords(
    tmp_path: Path, folder: Path, lock: Lock, capsys: pytest.CaptureFixture[str]
) -> None:
    lock("kettles.pdf", "Kettles are descaled on Fridays.")
    passwords = tmp_path / "passwords.txt"
    passwords.write_text(f"\ufeffwrong\n\n{PASSWORD}\n", "utf-8")
    assert run(tmp_path / "home", "add", folder) == 0
    assert run(tmp_path / "home", "index") == 1
    assert "--password-file" in capsys.readouterr().err
    assert run(tmp_path / "home", "index", "--password-file", passwords) == 0
    assert "hunter2" not in "".join(capsys.readouterr())


def test_a_file_of_passwords_that_cannot_serve_is_said(tmp_path: Path) -> None:
    (tmp_path / "utf16.txt").write_bytes(PASSWORD.encode("utf-16"))
    assert run(tmp_path / "home", "index", "--password-file", tmp_path / "utf16.txt") == 2
    assert run(tmp_path / "home", "index", "--password-file", tmp_path / "nowhere.txt") == 2
