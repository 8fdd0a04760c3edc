from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pymupdf
import pytest

from engine.documents.passwords import Passwords
from engine.documents.protocol import TryPassword, UsePasswords, decode_request, encode_request
from engine.documents.reading import DocumentReader
from engine.errors import UnreadableDocument
from engine.types import Reason

MakePdf = Callable[..., Path]
ENCRYPTIONS = (pymupdf.PDF_ENCRYPT_RC4_128, pymupdf.PDF_ENCRYPT_AES_128, pymupdf.PDF_ENCRYPT_AES_256)


@pytest.fixture(scope="module")
def known() -> Passwords:
    return Passwords()


@pytest.fixture(scope="module")
def reader(known: Passwords) -> Iterator[DocumentReader]:
    reader = DocumentReader(passwords=known)
    yield reader
    reader.close()


def locked(make_pdf: MakePdf, password: str, encryption: int = pymupdf.PDF_ENCRYPT_AES_256) -> Path:
    return make_pdf(["The kettle is secret."], encryption=encryption, user_pw=password, owner_pw=password + "!")


def test_encrypted_document_is_refused_until_its_password_is_known(
    reader: DocumentReader, known: Passwords, make_pdf: MakePdf
) -> None:
    path = locked(make_pdf, "茶 tea")
    with pytest.raises(UnreadableDocument) as caught:
        reader.read(path)
    assert caught.value.reason is Reason.ENCRYPTED
    known.remember(["wrong", "茶 tea"])  # the child that is running hears of it too
    assert reader.read(path).chunks[0].text == "The kettle is secret."
    assert reader.render(path, 1, 1.0).page_count == 1


@pytest.mark.parametrize("encryption", ENCRYPTIONS)
def test_password_is_tried_without_being_remembered(reader: DocumentReader, make_pdf: MakePdf, encryption: int) -> None:
    path = locked(make_pdf, "pässword", encryption)
    assert not reader.opens(path, "password")
    assert reader.opens(path, "pässword")
    with pytest.raises(UnreadableDocument):
        reader.read(path)


def test_document_without_a_password_opens_with_any(reader: DocumentReader, make_pdf: MakePdf) -> None:
    assert reader.opens(make_pdf(["Nothing to hide"]), "any")


def test_what_is_damaged_is_not_called_a_wrong_password(reader: DocumentReader, tmp_path: Path) -> None:
    (tmp_path / "no.pdf").write_bytes(b"not a PDF at all")
    with pytest.raises(UnreadableDocument) as caught:
        reader.opens(tmp_path / "no.pdf", "any")
    assert caught.value.reason is Reason.DAMAGED


def test_latest_passwords_come_first_and_once() -> None:
    known = Passwords()
    known.remember(["one", "two"])
    known.remember(["two", "three"])
    assert known.all() == ("two", "three", "one")


def test_nothing_shows_a_password() -> None:
    known = Passwords()
    known.remember(["hunter2"])
    for shown in (known, TryPassword("a.pdf", "hunter2"), UsePasswords(("hunter2",))):
        assert "hunter2" not in repr(shown)


@pytest.mark.parametrize("request_", [TryPassword("张三/a.pdf", "茶 \n\t'\""), UsePasswords(("", "a b", "密码"))])
def test_passwords_arrive_as_they_are(request_: TryPassword | UsePasswords) -> None:
    assert decode_request(encode_request(request_)) == request_
