from __future__ import annotations

from pathlib import Path

import pytest

from engine.documents.kinds import Kind
from engine.documents.rich_text import open_document
from engine.documents.rtf import Rtf
from engine.errors import UnreadableDocument
from engine.types import Reason, Unit

FONTS = r"{\fonttbl{\f0\fnil Times;}{\f1\fnil\fcharset134 SimSun;}{\f2\fnil\fcharset136{\*\falt x}MingLiU;}}"


def rtf(body: str, head: str = r"\ansicpg1252") -> Rtf:
    return Rtf(("{\\rtf1\\ansi" + head + FONTS + body + "}").encode("ascii"))


def texts(body: str, head: str = r"\ansicpg1252") -> list[str]:
    return [block.text for block in rtf(body, head).blocks]


def escaped(text: str, encoding: str) -> str:
    """As programs write it: bytes beyond ASCII in hexadecimal, the others as they are."""
    plain = {*range(0x20, 0x80)} - {*b"\\{}"}
    return "".join(chr(byte) if byte in plain else f"\\'{byte:02x}" for byte in text.encode(encoding))


def test_paragraphs_and_breaks() -> None:
    blocks = rtf(r"\pard One\line more\par Two\tab{\b bold}\~x\par\par \emdash\'e9\par").blocks
    assert [(block.text, block.gap) for block in blocks] == [
        *(("One", True), ("more", False)),
        *(("Two bold x", True), ("—é", True)),
    ]


@pytest.mark.parametrize(
    ("text", "encoding", "font"),
    [("知识产权丂刓镕", "gbk", 1), ("功能與許可", "big5", 2)],
)
def test_chinese_by_its_font(text: str, encoding: str, font: int) -> None:
    """Some second bytes are ASCII letters, which stand as they are, or backslashes, which do not."""
    assert any(byte < 0x80 for byte in text.encode(encoding))
    assert texts(rf"\f{font} {escaped(text, encoding)}\par") == [text]


def test_chinese_by_the_documents_code_page() -> None:
    assert texts(escaped("知识助手", "gbk") + r"\par", head=r"\ansicpg936") == ["知识助手"]


def test_unicode_with_what_older_programs_show_instead() -> None:
    assert texts(r"\uc1\u30693?\u-29754\'3f\uc2\u29992\'d3\'c3.\uc0\u-10179\u-8704\par") == ["知识用.😀"]


def test_headings_by_style_and_by_outline() -> None:
    body = (
        r"{\stylesheet{\s0 Normal;}{\s1\outlinelevel0 heading 1;}{\s2 Title;}{\*\cs3 Heading 2 Char;}{\s4 \u26631?"
        r"\u-26410?\ 2;}}\pard\s2 A title\par\pard\s1 A heading\par\pard\s0 Text.\par\pard\outlinelevel1 Another\par"
    ).replace("\\ 2", "2")
    assert [(block.text, block.heading) for block in rtf(body).blocks] == [
        *(("A title", True), ("A heading", True)),
        *(("Text.", False), ("Another", True)),
    ]


def test_rows_stand_beside_their_header() -> None:
    rows = "".join(
        rf"\trowd\cellx1\cellx2\pard\intbl {a}\cell {b}\cell\row " for a, b in [("Year", "Sum"), (2021, 3), (2022, 4)]
    )
    assert texts(rows + r"\pard after\par") == ["Year | Sum", "Year: 2021 | Sum: 3", "Year: 2022 | Sum: 4", "after"]


def test_what_is_not_the_text_is_left_out() -> None:
    body = (
        r"{\colortbl;\red0;}{\*\generator x;}{\info{\title The whole}{\author nobody}}{\header head\par}"
        r"{\pict\wmetafile8 0123456789abcdef}{\field{\*\fldinst HYPERLINK x}{\fldrslt shown}}{\v hidden}"
        r"{\upr{ansi}{\*\ud{\u30693?}}}{\shp{\*\shpinst{\sp{\sn a}{\sv 1}}{\shptxt boxed\par}}{\shprslt again}}"
        r" end{\footnote The note.}\par"
    )
    found = rtf(body)
    assert found.title == "The whole"
    assert [block.text for block in found.blocks] == ["shown知boxed", "end", "The note."]


def test_binary_pictures_are_skipped() -> None:
    data = b"{\\rtf1 a{\\pict\\bin8 }}}{{\\x\\}b\\par}after the end"
    assert [block.text for block in Rtf(data).blocks] == ["ab"]


def test_a_file_that_ends_early_gives_what_is_there() -> None:
    assert [block.text for block in Rtf(b"{\\rtf1 {\\b One\\par Tw\\'").blocks] == ["One", "Tw"]


def test_a_document(tmp_path: Path) -> None:
    path = tmp_path / "a.rtf"
    path.write_bytes(b"{\\rtf1\\ansi{\\info{\\title Tea for all}}\\pard One\\par Two\\par}")
    document = open_document(str(path), Kind.RTF)
    assert (document.title, document.unit, document.unit_count) == ("Tea for all", Unit.PARAGRAPH, 2)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Reason.EMPTY),
        (b"no rich text", Reason.DAMAGED),
        (b"{\\rtf1\\ansi}", Reason.NO_TEXT),
        (b"{\\rtf1 " + b"{" * 100_000 + b"deep", Reason.DAMAGED),
    ],
)
def test_why_a_file_is_not_read(data: bytes, reason: Reason, tmp_path: Path) -> None:
    (tmp_path / "a.rtf").write_bytes(data)
    with pytest.raises(UnreadableDocument) as caught:
        open_document(str(tmp_path / "a.rtf"), Kind.RTF)
    assert caught.value.reason is reason


def test_hostile_files_end() -> None:
    assert (
        Rtf(b"{\\rtf1\\ansicpg99999\\u99999999999\\uc-5\\bin-7\\f-1\\s999999999 ok\\par}").blocks[0].text.endswith("ok")
    )
    assert Rtf(b"{\\rtf1 " + b"\\" * 10_001).blocks
    assert len(Rtf(b"{\\rtf1 " + b"{}" * 50_000 + b"\\cell" * 50_000 + b"}").blocks) <= 1
