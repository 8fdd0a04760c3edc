from __future__ import annotations

import struct
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from office_files import sheet_parts, zipped
from openpyxl import Workbook

from engine.documents import grids, sheets
from engine.documents.blocks import Blocks
from engine.documents.kinds import Kind
from engine.documents.office import open_document
from engine.errors import UnreadableDocument
from engine.types import Reason, Unit

Make = Callable[[Callable[[Workbook], object]], Blocks]


@pytest.fixture
def read(tmp_path: Path) -> Make:
    """read(fill) -> the blocks of a new workbook with one sheet after `fill(workbook)`."""

    def made(fill: Callable[[Workbook], object]) -> Blocks:
        workbook = openpyxl.Workbook()
        fill(workbook)
        workbook.save(tmp_path / "made.xlsx")
        return opened(tmp_path / "made.xlsx")

    return made


def opened(path: Path) -> Blocks:
    blocks = open_document(str(path), Kind.SHEET)
    assert isinstance(blocks, Blocks)
    return blocks


def rows(workbook: Workbook, *rows: tuple[object, ...], name: str = "") -> None:
    sheet = workbook.active
    assert sheet
    sheet.title = name or sheet.title
    for row in rows:
        sheet.append(row)


def test_rows_are_called_by_sheet_and_number(read: Make) -> None:
    def fill(workbook: Workbook) -> None:
        workbook.properties.title = "Annual figures"
        rows(workbook, ("Year", "Revenue"), (2020, 3.1), (), (2021, 3.4), name="Sales")
        workbook.create_sheet("客户").append(["茶馆"])

    blocks = read(fill)
    assert (blocks.title, blocks.unit, blocks.unit_count) == ("Annual figures", Unit.ROW, 4)
    assert blocks.lines == (
        *("Sales", "Year | Revenue", "Year: 2020 | Revenue: 3.1", "Year: 2021 | Revenue: 3.4"),
        *("", "客户", "茶馆"),
    )
    assert blocks.labels == ("Sales", "Sales!1", "Sales!2", "Sales!4", "", "客户", "客户!1")
    assert [block.text for block in blocks.blocks if block.heading] == ["Sales", "客户"]


def test_sheet_whose_name_says_nothing_has_no_heading(read: Make) -> None:
    assert read(lambda workbook: rows(workbook, ("Tea",), name="Sheet1")).lines == ("Tea",)


def test_values_are_as_shown(read: Make) -> None:
    def fill(workbook: Workbook) -> None:
        rows(workbook, (date(2021, 3, 31), datetime(2021, 3, 31, 14, 30), 0.125, 1234.5, True, " a \n b "))
        sheet = workbook.active
        assert sheet
        sheet["C1"].number_format, sheet["D1"].number_format = "0.0%", "#,##0.00"

    assert read(fill).lines == ("2021-03-31 | 2021-03-31 14:30:00 | 12.5% | 1,234.50 | TRUE | a b",)


def test_hidden_sheets_are_kept(read: Make) -> None:
    def fill(workbook: Workbook) -> None:
        rows(workbook, ("Tea",), name="Sheet1")
        hidden = workbook.create_sheet("Sheet2")
        hidden.append(["Milk"])
        hidden.sheet_state = "hidden"

    assert read(fill).labels == ("Sheet1!1", "", "Sheet2!1")


def test_merged_cells_come_once_across_and_as_labels_down(read: Make) -> None:
    def fill(workbook: Workbook) -> None:
        rows(workbook, ("Region", "Sales", None), (None, "Tea", "Cake"), ("North", 3, 4), (None, 5, 6), name="Sheet1")
        sheet = workbook.active
        assert sheet
        for area in ("B1:C1", "A3:A4", "A1:A2"):
            sheet.merge_cells(area)

    assert read(fill).lines[2:] == (
        *("Region: North | Sales Tea: 3 | Sales Cake: 4", "Region: North | Sales Tea: 5 | Sales Cake: 6"),
    )


def test_formula_is_what_it_came_to(tmp_path: Path) -> None:
    cells = '<c r="A1"><f>1+2</f><v>3</v></c><c r="B1" t="str"><f>A1&amp;"x"</f><v>3x</v></c>'
    cells += '<c r="C1" t="e"><v>#REF!</v></c>'
    zipped(tmp_path / "a.xlsx", sheet_parts(f'<row r="1">{cells}</row>'))
    assert opened(tmp_path / "a.xlsx").lines == ("Tea", "3 | 3x")


def test_cells_that_do_not_say_where_they_stand(tmp_path: Path) -> None:
    cell = '<c t="inlineStr"><is><r><t>te</t></r><r><t>a</t></r><rPh><t>chá</t></rPh></is></c>'
    zipped(tmp_path / "a.xlsx", sheet_parts(f"<row>{cell}<c><v>2</v></c></row><row>{cell}</row>"))
    assert opened(tmp_path / "a.xlsx").labels == ("Tea", "Tea!1", "Tea!2")
    assert opened(tmp_path / "a.xlsx").lines[1:] == ("tea | 2", "tea")


def test_a_million_empty_rows_are_nothing(tmp_path: Path) -> None:
    empty = "".join(f'<row r="{number}"><c r="A{number}" s="1"/></row>' for number in range(2, 20_000))
    last = '<row r="1048576"><c r="XFD1048576"><v>7</v></c></row>'
    merged = '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    zipped(tmp_path / "a.xlsx", sheet_parts(empty + last, merged))
    assert opened(tmp_path / "a.xlsx").labels == ("Tea", "Tea!1048576")


def test_too_many_cells_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    zipped(tmp_path / "a.xlsx", sheet_parts('<row r="1">' + "<c><v>1</v></c>" * 11 + "</row>"))
    assert opened(tmp_path / "a.xlsx").unit_count == 1
    monkeypatch.setattr(grids, "MAX_CELLS", 10)
    with pytest.raises(MemoryError):
        opened(tmp_path / "a.xlsx")
    for name, limit in (("MAX_CELLS", 10), ("MAX_SHEET_BYTES", 100)):
        monkeypatch.setattr(sheets, name, limit)
        with pytest.raises(UnreadableDocument) as caught:
            opened(tmp_path / "a.xlsx")
        assert caught.value.reason is Reason.TOO_LARGE


def test_workbook_whose_sheets_are_missing_has_no_lines(tmp_path: Path) -> None:
    parts = sheet_parts("")
    del parts["xl/worksheets/sheet1.xml"]
    assert opened(zipped(tmp_path / "a.xlsx", parts)).lines == ()


def test_old_workbook(tmp_path: Path) -> None:
    """A bare one of Excel 2: a sheet as a row of records, each with its kind and its length."""

    def record(kind: int, data: bytes) -> bytes:
        return struct.pack("<HH", kind, len(data)) + data

    def place(row: int, column: int) -> bytes:
        return struct.pack("<HH3x", row, column)

    cells = b""
    for row, (label, value) in enumerate((("Year", "Revenue"), (2020, 3.1), (2021, 3.4))):
        for column, content in enumerate((label, value)):
            if isinstance(content, str):
                cells += record(4, place(row, column) + bytes([len(content)]) + content.encode("ascii"))
            else:
                cells += record(3, place(row, column) + struct.pack("<d", content))
    (tmp_path / "a.xls").write_bytes(record(9, struct.pack("<HH", 2, 0x10)) + cells + record(10, b""))
    assert opened(tmp_path / "a.xls").lines == (
        *("Year | Revenue", "Year: 2020 | Revenue: 3.1", "Year: 2021 | Revenue: 3.4"),
    )


def test_excel_s_xml_of_2003(tmp_path: Path) -> None:
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    cells = "".join(
        f'<Cell{extra}><Data ss:Type="{kind}">{text}</Data></Cell>'
        for extra, kind, text in (
            *(("", "String", "茶"), (' ss:Index="3"', "Number", "3.40")),
            *(("", "DateTime", "2021-03-31T00:00:00.000"), ("", "Error", "#N/A")),
        )
    )
    (tmp_path / "a.xls").write_text(
        f'<?xml version="1.0"?><Workbook xmlns="{space}" xmlns:ss="{space}"><Worksheet ss:Name="Tea"><Table>'
        f'<Row ss:Index="5">{cells}</Row></Table></Worksheet></Workbook>',
        "utf-8",
    )
    assert [*zip(opened(tmp_path / "a.xls").labels, opened(tmp_path / "a.xls").lines, strict=True)] == [
        *(("Tea", "Tea"), ("Tea!5", "茶 | 3.4 | 2021-03-31")),
    ]
