from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from engine.documents import archives
from engine.documents.archives import check_archive, open_archive
from engine.errors import UnreadableDocument
from engine.types import Reason


def archive(path: Path, members: dict[str, bytes]) -> str:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return str(path)


def reason(path: str, **options: int) -> Reason:
    with pytest.raises(UnreadableDocument) as caught:
        check_archive(path, **options)
    return caught.value.reason


def test_members_are_read(tmp_path: Path) -> None:
    path = archive(tmp_path / "a", {"a.xml": b"<a/>", "b": b"x"})
    with open_archive(path) as opened:
        assert opened.read("a.xml") == b"<a/>"
        assert opened.names == {"a.xml", "b"} == check_archive(path)
        with pytest.raises(KeyError):
            opened.read("c")


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    data = Path(archive(tmp_path / "a", {"a.xml": b"<a/>" * 999})).read_bytes()
    for number, broken in enumerate((b"PK\x03\x04" + b"x" * 99, data[:40], data[:-30], b"text")):
        (tmp_path / str(number)).write_bytes(broken)
        assert reason(str(tmp_path / str(number))) is Reason.DAMAGED
    (tmp_path / "empty").write_bytes(b"")
    assert reason(str(tmp_path / "empty")) is Reason.EMPTY
    with pytest.raises(FileNotFoundError):
        check_archive(str(tmp_path / "missing"))


def test_a_damaged_member_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a"
    archive(path, {"a.xml": bytes(range(256)) * 20})
    data = path.read_bytes()
    path.write_bytes(data[:60] + b"\xff\xff\xff" + data[63:])
    with open_archive(str(path)) as opened, pytest.raises(UnreadableDocument) as caught:
        opened.read("a.xml")
    assert caught.value.reason is Reason.DAMAGED


def test_bombs_are_refused_before_they_are_unpacked(tmp_path: Path) -> None:
    big = archive(tmp_path / "a", {"a.xml": b" " * 70_000_000})
    with open_archive(big) as opened, pytest.raises(UnreadableDocument) as caught:
        opened.read("a.xml")
    assert caught.value.reason is Reason.TOO_LARGE
    assert reason(big, markup_bytes=60_000_000) is Reason.TOO_LARGE


def test_an_archive_of_countless_members_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_MEMBERS", 3)
    assert check_archive(archive(tmp_path / "a", {"1": b"", "2": b"", "3": b""}))
    assert reason(archive(tmp_path / "b", {"1": b"", "2": b"", "3": b"", "4": b""})) is Reason.TOO_LARGE


def test_a_member_never_gives_more_than_it_declares(tmp_path: Path) -> None:
    path = tmp_path / "a"
    archive(path, {"a.xml": b" " * 100_000})
    size = (100_000).to_bytes(4, "little")
    data = path.read_bytes()
    assert data.count(size) == 2
    path.write_bytes(data.replace(size, (10).to_bytes(4, "little")))
    with open_archive(str(path)) as opened, pytest.raises(UnreadableDocument) as caught:
        opened.read("a.xml")
    assert caught.value.reason is Reason.DAMAGED


def test_a_password_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a"
    archive(path, {"a": b"x"})
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    assert reason(str(path)) is Reason.ENCRYPTED
