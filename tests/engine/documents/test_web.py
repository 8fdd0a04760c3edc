from __future__ import annotations

from pathlib import Path

import pytest

from engine.documents.blocks import Block
from engine.documents.hypertext import read_html
from engine.documents.kinds import Kind
from engine.documents.web import html_text, open_document
from engine.errors import UnreadableDocument
from engine.types import Reason, Unit


def texts(html: str) -> list[str]:
    return [block.text for block in read_html(html).blocks]


def test_headings_paragraphs_and_lists() -> None:
    html = """<html><head><title>Tea in the garden</title></head><body>
        <h1>Tea</h1><p>The <b>kettle</b>&nbsp;sings.<p>Then it stops.
        <ul><li>green<li>black<ol><li>first flush</ol></ul><ol start=3><li>pour</ol></body></html>"""
    page = read_html(html)
    assert page.title == "Tea in the garden"
    assert [block.text for block in page.blocks if block.heading] == ["Tea"]
    assert texts(html)[1:] == ["The kettle sings.", "Then it stops.", "• green", "• black", "1. first flush", "3. pour"]


def test_words_are_divided_by_elements_only_where_a_reader_sees_it() -> None:
    assert texts("<p>Ink<b>stone</b></p><div>one<div>two</div>three</div>") == ["Inkstone", "one", "two", "three"]


def test_a_line_break_does_not_end_a_paragraph_and_two_do() -> None:
    blocks = read_html("<p>one<br>two<br><br>three</p>").blocks
    assert [(block.text, block.gap) for block in blocks] == [("one", True), ("two", False), ("three", True)]


def test_preformatted_text_keeps_its_lines() -> None:
    blocks = read_html("<pre>def tea():\n    pour()\n\ntea()</pre><p>after\nall</p>").blocks
    assert [(block.text, block.gap) for block in blocks] == [
        *(("def tea():", True), ("pour()", False)),
        *(("tea()", True), ("after all", True)),
    ]


def test_what_no_reader_sees_is_left_out() -> None:
    html = """<body><nav><a href=/>Home</a></nav><script>var a = "<p>code</p>";</script><style>p {}</style>
        <div role="navigation">menu</div><p hidden>gone</p><p style="color: red; display:none">gone too</p>
        <article><p>Read me.</p><footer>Signed.</footer></article><footer>Imprint</footer><!-- note --></body>"""
    assert texts(html) == ["Read me.", "Signed."]


def test_a_page_of_navigation_only_is_read() -> None:
    assert texts("<nav><a href=a>Chapter one</a></nav><footer>Imprint</footer>") == ["Chapter one", "Imprint"]


def test_pictures_say_what_they_show() -> None:
    assert texts('<p>See<img src=a alt="a cup of tea">here<img alt="IMG_1.jpg"></p>') == ["See a cup of tea here"]


@pytest.mark.parametrize(
    "head", ["<thead><tr><th>Year<th>Revenue</thead>", "<tr><th>Year</th><th>Revenue</th></tr>"], ids=["thead", "th"]
)
def test_each_cell_stands_beside_its_header(head: str) -> None:
    html = f"<table>{head}<tr><td>2021</td><td>3.4</td></tr><tr><td>2022<td></td></tr></table>"
    assert texts(html) == ["Year | Revenue", "Year: 2021 | Revenue: 3.4", "2022"]


def test_cells_over_several_rows_and_columns() -> None:
    html = """<table><caption>Sales</caption><tr><th>Region<th>Year<th>Sum</tr>
        <tr><td rowspan=2>North<td>2021<td>3</tr><tr><td>2022<td>4</tr><tr><td colspan=99999999>none</tr></table>"""
    assert texts(html) == [
        "Sales",
        "Region | Year | Sum",
        "Region: North | Year: 2021 | Sum: 3",
        "Region: North | Year: 2022 | Sum: 4",
        "none",
    ]


def test_tables_that_only_place_things_are_read_cell_by_cell() -> None:
    html = "<table><tr><td><table><tr><td>Dear all,<td>2021</table><td><p>yours</p></tr></table>"
    assert "yours" in texts(html)
    assert texts("<table role=presentation><tr><td>left<td>right</table>") == ["left", "right"]


@pytest.mark.parametrize(
    ("declaration", "encoding"),
    [
        ('<meta charset="gb2312">', "gb18030"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=big5">', "big5"),
        ("", "utf-8"),
        ('<meta charset="utf-8">', "gb18030"),  # it lies
        ("", "utf-16"),
    ],
)
def test_the_encoding_is_found(declaration: str, encoding: str, tmp_path: Path) -> None:
    said = (
        "知識助手離線工作，文件不會離開這臺電腦。" if encoding == "big5" else "知识助手离线工作，文档不会离开这台电脑。"
    )
    path = tmp_path / "页面.html"
    path.write_bytes(f"<html><head>{declaration}<title>{said[:4]}</title></head><p>{said}</p></html>".encode(encoding))
    document = open_document(str(path), Kind.WEB_PAGE)
    assert (document.title, document.lines) == (said[:4], (said,))
    assert (document.unit, document.unit_count) == (Unit.PARAGRAPH, 1)


def test_xhtml_says_its_encoding_too() -> None:
    page = '<?xml version="1.0" encoding="gbk"?><html xmlns="http://www.w3.org/1999/xhtml"><p>茶</p></html>'
    assert read_html(html_text(page.encode("gbk")) or "").blocks == (Block("茶"),)


def test_a_web_archive_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.mhtml"
    path.write_bytes(
        b"From: <Saved by a browser>\nMIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n"
        b"--x\nContent-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n\n"
        b"<meta charset=3Dutf-8><h1>=E8=8C=B6</h1><p>Tea.</p>\n--x\nContent-Type: image/png\n\nxx\n--x--\n"
    )
    assert open_document(str(path), Kind.WEB_ARCHIVE).lines == ("茶", "Tea.")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Reason.EMPTY),
        (b"<html><body><script>1</script></body></html>", Reason.NO_TEXT),
        (b"\x00\x01\x02\xff" * 99, Reason.NOT_TEXT),
    ],
)
def test_why_a_page_is_not_read(data: bytes, reason: Reason, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(data)
    with pytest.raises(UnreadableDocument) as caught:
        open_document(str(tmp_path / "a.html"), Kind.WEB_PAGE)
    assert caught.value.reason is reason


@pytest.mark.parametrize("depth", [300, 100_000])
def test_elements_nested_beyond_sense_still_give_their_words(depth: int) -> None:
    html = "<body>" + "<div>" * depth + "deep &amp; down<script>no</script>" + "</div>" * depth + "<p>after</p>"
    assert texts(html) == ["deep & down", "after"]


def test_hostile_pages_end() -> None:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    assert texts(f'<!DOCTYPE html [<!ENTITY a0 "ha">{entities}]><p>&a11; end</p>')[-1].endswith("end")
    assert texts("<p>x</p>" + "<table><tr><td>" * 200)[0] == "x"
    assert texts(f"<img src='data:image/png;base64,{'A' * 11_000_000}'>after") == ["after"]
    assert texts("<p>" + "word " * 2_100_000)[0].startswith("word word")
    assert len(texts("<table>" + "<tr><td rowspan=9999>a<td>b" * 300 + "</table>")) == 300
    spans = texts("<table>" + "<tr><td rowspan=999 colspan=99>a" * 3000 + "<td>b</table>")
    assert (len(spans), spans[-1][-5:]) == (3000, "a | b")
    assert texts("<p>\x00nul</p>") == ["nul"]
    assert texts("<!--" * 500_000) == []
    assert texts("<div>" * 300 + "<!-- a --><style>p {}</style>kept<!--") == ["kept"]
