"""Files that are not what their names say, and those made to do harm: each is read as what it is, or refused."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from office_files import WORD, opendocument_parts, sheet_parts, word_parts, zipped
from ole_files import compound_file

from engine.documents import archives
from engine.documents.kinds import kind_of
from engine.documents.office import open_document
from engine.documents.reading import DocumentReader
from engine.errors import UnreadableDocument
from engine.types import Reason, Unit

Refusal = Callable[[str, bytes], Reason]
TEA = "<w:p><w:r><w:t>Tea</w:t></w:r></w:p>"


def lines(path: Path) -> tuple[str, ...]:
    kind = kind_of(path)
    assert kind
    return open_document(str(path), kind).lines


def reason(path: Path) -> Reason:
    with pytest.raises(UnreadableDocument) as caught:
        lines(path)
    return caught.value.reason


@pytest.fixture
def refusal(tmp_path: Path) -> Refusal:
    def of(name: str, data: bytes) -> Reason:
        (tmp_path / name).write_bytes(data)
        return reason(tmp_path / name)

    return of


# --- not what the name says ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a.doc", "a.xls", "a.PPTX", "a.csv", "a.odt", "a.docm"])
def test_word_s_file_is_read_under_any_office_name(tmp_path: Path, name: str) -> None:
    assert lines(zipped(tmp_path / name, word_parts(TEA))) == ("Tea",)


def test_sheet_under_the_name_of_a_text_table(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.csv", sheet_parts('<row r="1"><c r="A1"><v>7</v></c></row>'))
    assert lines(path) == ("Tea", "7")


def test_text_table_under_the_name_of_a_sheet(tmp_path: Path) -> None:
    (tmp_path / "a.xls").write_bytes("年份\t收入\n2020\t3.1\n2021\t3.4\n".encode("gb18030"))
    assert lines(tmp_path / "a.xls")[2] == "年份: 2021 | 收入: 3.4"


def test_web_page_under_the_name_of_a_sheet(tmp_path: Path) -> None:
    page = "<table><tr><th>Year</th><th>Revenue</th></tr><tr><td>2021</td><td>3.4</td></tr></table>"
    (tmp_path / "a.xls").write_text(f"<html><body>{page}</body></html>", "utf-8")
    assert lines(tmp_path / "a.xls")[1] == "Year: 2021 | Revenue: 3.4"


def test_rich_text_and_plain_text_under_word_s_name(tmp_path: Path) -> None:
    (tmp_path / "a.doc").write_bytes(rb"{\rtf1\ansi The kettle sings.}")
    assert lines(tmp_path / "a.doc") == ("The kettle sings.",)
    (tmp_path / "b.doc").write_text("水烧开了。", "utf-8")
    assert lines(tmp_path / "b.doc") == ("水烧开了。",)


# --- old and encrypted --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "stream"), [("a.doc", "WordDocument"), ("a.ppt", "PowerPoint Document")])
def test_formats_of_before_2007_are_refused_by_their_name(refusal: Refusal, name: str, stream: str) -> None:
    assert refusal(name, compound_file({stream: b"\xec\xa5" + b"\0" * 60})) is Reason.OLD_FORMAT


def test_encrypted_files(refusal: Refusal, tmp_path: Path) -> None:
    assert refusal("a.docx", compound_file({"EncryptedPackage": b"1" * 60, "EncryptionInfo": b"2"})) is Reason.ENCRYPTED
    spaces = 'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
    entry = "<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"
    parts = opendocument_parts("text", "") | {"META-INF/manifest.xml": f"<manifest:m {spaces}>{entry}</manifest:m>"}
    assert reason(zipped(tmp_path / "a.odt", {**parts, "content.xml": b"\x93\x01\xfe"})) is Reason.ENCRYPTED


# --- broken -------------------------------------------------------------------------------------------------------


def test_rubbish_is_damaged(refusal: Refusal) -> None:
    rubbish = random.Random(1).randbytes(5000)
    assert refusal("a.docx", rubbish) is Reason.DAMAGED
    assert refusal("a.xlsx", b"PK\x03\x04" + rubbish) is Reason.DAMAGED
    assert refusal("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + rubbish) is Reason.DAMAGED
    assert refusal("a.xls", b"\x09\x00\x04\x00" + rubbish) is Reason.DAMAGED
    assert refusal("a.pptx", b"") is Reason.EMPTY


def test_zip_that_is_no_office_file(tmp_path: Path) -> None:
    assert reason(zipped(tmp_path / "a.docx", {"readme.txt": "Tea"})) is Reason.DAMAGED


def test_cut_off_file_is_damaged(tmp_path: Path, refusal: Refusal) -> None:
    whole = zipped(tmp_path / "a.docx", word_parts(TEA)).read_bytes()
    assert refusal("b.docx", whole[: len(whole) // 2]) is Reason.DAMAGED


def test_broken_text_is_damaged_and_a_broken_side_part_is_left_out(tmp_path: Path) -> None:
    parts = word_parts(TEA, styles="<w:styles", numbering="", footnotes="\x00")
    assert lines(zipped(tmp_path / "a.docx", parts)) == ("Tea",)
    assert reason(zipped(tmp_path / "b.docx", parts | {"word/document.xml": f"<w:document {WORD}>"})) is Reason.DAMAGED


def test_file_without_relations_is_found_by_its_usual_parts(tmp_path: Path) -> None:
    parts = word_parts(TEA)
    assert lines(zipped(tmp_path / "a.docx", {"word/document.xml": parts["word/document.xml"]})) == ("Tea",)


def test_relations_that_go_in_a_circle_or_out_of_the_file(tmp_path: Path) -> None:
    numbered = (
        f'<w:styles {WORD}><w:style w:styleId="a"><w:basedOn w:val="b"/></w:style>'
        '<w:style w:styleId="b"><w:basedOn w:val="a"/></w:style></w:styles>'
    )
    parts = word_parts(TEA.replace("<w:p>", '<w:p><w:pPr><w:pStyle w:val="a"/></w:pPr>'), styles=numbered)
    parts["word/_rels/document.xml.rels"] = parts["word/_rels/document.xml.rels"].replace(
        "</Rel", '<Relationship Id="x" Type="http://x/header" Target="../../../../etc/passwd"/></Rel', 1
    )
    assert lines(zipped(tmp_path / "a.docx", parts)) == ("Tea",)


# --- harmful ------------------------------------------------------------------------------------------------------


def entity_parts(declared: str, text: str) -> dict[str, str]:
    body = f"<w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body>"
    document = f"<!DOCTYPE w:document [{declared}]><w:document {WORD}>{body}</w:document>"
    return word_parts("") | {"word/document.xml": document}


def test_entities_that_swell_are_refused(tmp_path: Path) -> None:
    swelling = "".join(f'<!ENTITY {name} "{f"&{inner};" * 10}">' for inner, name in pairwise("abcdefghij"))
    path = zipped(tmp_path / "a.docx", entity_parts(f'<!ENTITY a "lol">{swelling}', "Tea &j;"))
    assert reason(path) is Reason.DAMAGED


def test_no_entity_brings_in_another_file(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("hidden words", "utf-8")
    secret = f'<!ENTITY outer SYSTEM "{(tmp_path / "secret.txt").as_uri()}">'
    assert lines(zipped(tmp_path / "a.docx", entity_parts(secret, "Tea &outer;"))) == ("Tea",)


@pytest.mark.parametrize("number", ["²", "-1", "", "1e9", "9" * 5000, "nan"])
def test_numbers_that_are_none(tmp_path: Path, number: str) -> None:
    paragraph = f'<w:p><w:pPr><w:numPr><w:ilvl w:val="{number}"/><w:numId w:val="1"/></w:numPr></w:pPr>{TEA[5:]}'
    cell = f'<w:tc><w:tcPr><w:gridSpan w:val="{number}"/></w:tcPr>{paragraph}</w:tc>'
    lists = (
        f'<w:numbering {WORD}><w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="{number}"/></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num></w:numbering>'
    )
    parts = word_parts(f"<w:tbl><w:tr>{cell}</w:tr></w:tbl>", numbering=lists)
    assert lines(zipped(tmp_path / "a.docx", parts)) == ("Tea",)
    cells = f'<row r="{number}"><c r="{number}" t="s" s="{number}"><v>{number}</v></c><c><v>7</v></c></row>'
    assert lines(zipped(tmp_path / "a.xlsx", sheet_parts(cells)))[-1] == "7"


def test_too_much_to_unpack_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = zipped(tmp_path / "a.docx", word_parts(TEA) | {"word/media/film.bin": bytes(1_000_000)})
    monkeypatch.setattr(archives, "MAX_UNPACKED_BYTES", 900_000)
    assert reason(path) is Reason.TOO_LARGE


def test_large_pictures_cost_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = zipped(tmp_path / "a.docx", word_parts(TEA) | {"word/media/film.bin": bytes(1_000_000)})
    monkeypatch.setattr(archives, "MAX_MARKUP_BYTES", 10_000)
    assert lines(path) == ("Tea",)


def test_tables_within_tables_end(tmp_path: Path) -> None:
    def nested(depth: int) -> dict[str, str]:
        return word_parts("<w:tbl><w:tr><w:tc>" * depth + TEA + "</w:tc></w:tr></w:tbl>" * depth)

    assert lines(zipped(tmp_path / "a.docx", nested(50))) == ("Tea",)
    assert reason(zipped(tmp_path / "b.docx", nested(2000))) is Reason.DAMAGED


def test_child_outlives_a_file_that_swells(tmp_path: Path, reader: DocumentReader) -> None:
    span = "<w:tcPr><w:gridSpan w:val='999999999'/></w:tcPr>"
    row = f"<w:tr>{f'<w:tc>{span}{TEA}</w:tc>' * 20}</w:tr>"
    read = reader.read(zipped(tmp_path / "a.docx", word_parts(f"<w:tbl>{row * 50}</w:tbl>")))
    assert (read.unit, read.page_count) == (Unit.PARAGRAPH, 50)
    empty = '<table:table-row table:number-rows-repeated="1048576">'
    cells = '<table:table-cell table:number-columns-repeated="16384"><text:p>Tea</text:p></table:table-cell>'
    sheet = f"<table:table>{empty}{cells}</table:table-row></table:table>"
    with pytest.raises(UnreadableDocument) as caught:
        reader.read(zipped(tmp_path / "a.ods", opendocument_parts("spreadsheet", sheet)))
    assert caught.value.reason is Reason.TOO_LARGE
