from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from office_files import WORD, word_parts, zipped

from engine.documents.blocks import Blocks
from engine.documents.kinds import Kind
from engine.documents.office import open_document
from engine.documents.word_numbers import formatted
from engine.types import Unit

Make = Callable[[Callable[[Document], object]], Blocks]


@pytest.fixture
def read(tmp_path: Path) -> Make:
    """read(fill) -> the blocks of a new document after `fill(document)`."""

    def made(fill: Callable[[Document], object]) -> Blocks:
        document = docx.Document()
        fill(document)
        document.save(str(tmp_path / "made.docx"))
        blocks = open_document(str(tmp_path / "made.docx"), Kind.OFFICE)
        assert isinstance(blocks, Blocks)
        return blocks

    return made


def add(document: Document, markup: str) -> Any:
    """A piece of WordprocessingML at the document's end."""
    element = parse_xml(markup.replace(">", f" {nsdecls('w', 'm')}>", 1))
    document.element.body.insert(len(document.element.body) - 1, element)
    return element


def test_headings_paragraphs_and_tables_in_their_order(read: Make) -> None:
    def fill(document: Document) -> None:
        document.core_properties.title = "茶馆报告"
        document.add_heading("Tea house", 0)
        document.add_paragraph("The kettle sings.\tAnd then?")
        document.add_heading("收入", 1)
        table = document.add_table(0, 2)
        for cells in (("Year", "Revenue"), ("2020", "3.1"), ("2021", "3.4")):
            for cell, text in zip(table.add_row().cells, cells, strict=True):
                cell.text = text
        document.add_paragraph("结束。")

    blocks = read(fill)
    assert (blocks.title, blocks.unit, blocks.unit_count) == ("茶馆报告", Unit.PARAGRAPH, 7)
    assert [block.text for block in blocks.blocks if block.heading] == ["Tea house", "收入"]
    assert blocks.lines == (
        *("Tea house", "The kettle sings. And then?", "收入"),
        *("Year | Revenue", "Year: 2020 | Revenue: 3.1", "Year: 2021 | Revenue: 3.4", "结束。"),
    )


def test_title_is_the_paragraph_in_its_style_where_the_file_says_none(read: Make) -> None:
    assert read(lambda document: document.add_heading("Tea house", 0)).title == "Tea house"


def test_style_with_an_outline_level_makes_headings(read: Make) -> None:
    def fill(document: Document) -> None:
        style = document.styles.add_style("Kapitel", 1)
        style.element.get_or_add_pPr().append(parse_xml(f'<w:outlineLvl {nsdecls("w")} w:val="1"/>'))
        document.styles.add_style("Unterkapitel", 1).base_style = style
        document.add_paragraph("Der Kessel", "Unterkapitel")
        document.add_paragraph("Er singt.")

    assert [block.heading for block in read(fill).blocks] == [True, False]


def test_insertions_are_kept_and_deletions_are_not(read: Make) -> None:
    blocks = read(
        lambda document: add(
            document,
            "<w:p><w:r><w:t>Tea </w:t></w:r><w:ins><w:r><w:t>with milk</w:t></w:r></w:ins>"
            "<w:del><w:r><w:delText>with gin</w:delText></w:r></w:del></w:p>",
        )
    )
    assert blocks.lines == ("Tea with milk",)


def test_hidden_text_field_codes_and_readings_are_left_out(read: Make) -> None:
    blocks = read(
        lambda document: add(
            document,
            "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r>"
            '<w:r><w:fldChar w:fldCharType="begin"/><w:instrText>HYPERLINK "x"</w:instrText></w:r>'
            '<w:r><w:fldChar w:fldCharType="separate"/><w:t>see </w:t></w:r>'
            "<w:r><w:ruby><w:rt><w:r><w:t>chá</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>茶</w:t></w:r></w:rubyBase></w:ruby></w:r>"
            "<m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath></w:p>",
        )
    )
    assert blocks.lines == ("see 茶1/2",)


def test_contents_are_left_out(read: Make) -> None:
    def fill(document: Document) -> None:
        document.styles.add_style("toc 1", 1)
        document.add_paragraph("Tea 3", "toc 1")
        document.add_heading("Tea", 1)

    assert read(fill).lines == ("Tea",)


def test_text_boxes_follow_their_paragraph_once(read: Make) -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:txbxContent>"
    markup = (
        '<w:p><w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f"<mc:Choice Requires='wps'><w:drawing>{box.format('in a box')}</w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict>{box.format('in a box')}</w:pict></mc:Fallback></mc:AlternateContent>"
        "<w:t>Before</w:t></w:r></w:p>"
    )
    assert read(lambda document: add(document, markup)).lines == ("Before", "in a box")


def test_headers_and_footers_come_once_and_page_numbers_do_not(read: Make) -> None:
    def fill(document: Document) -> None:
        document.add_paragraph("Tea")
        document.sections[0].header.paragraphs[0].text = "Internal paper 7/2021"
        document.add_section().header.is_linked_to_previous = False
        document.sections[1].header.paragraphs[0].text = "Internal paper 7/2021"
        document.sections[0].footer.paragraphs[0].text = "Page 1 of 3"

    assert read(fill).lines == ("Tea", "Internal paper 7/2021")


def test_numbers_that_word_counts_are_written(read: Make) -> None:
    def fill(document: Document) -> None:
        for text, style in (("one", "List Number"), ("two", "List Number"), ("dot", "List Bullet")):
            document.add_paragraph(text, style)

    assert read(fill).lines == ("1. one", "2. two", "• dot")


@pytest.mark.parametrize(
    ("style", "number", "text"),
    [
        *(("decimal", 12, "12"), ("upperLetter", 28, "BB"), ("lowerRoman", 14, "xiv"), ("decimalZero", 7, "07")),
        *(("chineseCounting", 10, "十"), ("chineseCounting", 12, "十二"), ("chineseCounting", 105, "一百零五")),
        *(("chineseCountingThousand", 2010, "二千零一十"), ("ideographTraditional", 3, "丙"), ("unheard of", 3, "3")),
    ],
)
def test_ways_to_write_a_number(style: str, number: int, text: str) -> None:
    assert formatted(style, number) == text


def test_merged_cells_come_once_across_and_as_labels_down(read: Make) -> None:
    def fill(document: Document) -> None:
        table = document.add_table(4, 3)
        for row, cells in enumerate(
            (("Region", "Sales", ""), ("", "Tea", "Cake"), ("North", "3", "4"), ("", "5", "6"))
        ):
            for column, text in enumerate(cells):
                table.cell(row, column).text = text
        table.cell(0, 1).merge(table.cell(0, 2))
        table.cell(2, 0).merge(table.cell(3, 0))

    assert read(fill).lines == (
        *("Region | Sales", "Tea | Cake"),
        *("Region: North | Sales Tea: 3 | Sales Cake: 4", "Region: North | Sales Tea: 5 | Sales Cake: 6"),
    )


def test_repeated_header_row_is_believed(read: Make) -> None:
    def fill(document: Document) -> None:
        table = document.add_table(2, 2)
        for cell, text in zip(table._cells, ("Name", "Role", "Ada", "Engineer"), strict=True):
            cell.text = text
        table.rows[0]._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))

    assert read(fill).lines == ("Name | Role", "Name: Ada | Role: Engineer")


def test_table_that_only_places_paragraphs_is_read_as_paragraphs(read: Make) -> None:
    def fill(document: Document) -> None:
        cell = document.add_table(1, 2).cell(0, 0)
        cell.paragraphs[0].style = document.styles["Heading 1"]
        cell.paragraphs[0].text = "Tea"
        cell.add_paragraph("It is ready.")

    assert [(block.text, block.heading) for block in read(fill).blocks] == [("Tea", True), ("It is ready.", False)]


def test_notes_follow_the_paragraph_that_refers_to_them(tmp_path: Path) -> None:
    notes = (
        f'<w:footnotes {WORD}><w:footnote w:type="separator" w:id="0"><w:p><w:r><w:t>___</w:t></w:r></w:p></w:footnote>'
        '<w:footnote w:id="1"><w:p><w:r><w:t>From Assam.</w:t></w:r><w:r><w:footnoteReference w:id="1"/></w:r></w:p>'
        "</w:footnote></w:footnotes>"
    )
    body = '<w:p><w:r><w:t>Tea</w:t><w:footnoteReference w:id="1"/></w:r></w:p><w:p><w:r><w:t>Milk</w:t></w:r></w:p>'
    zipped(tmp_path / "a.docx", word_parts(body, footnotes=notes))
    assert open_document(str(tmp_path / "a.docx"), Kind.OFFICE).lines == ("Tea", "From Assam.", "Milk")
