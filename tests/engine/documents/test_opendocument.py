from __future__ import annotations

from pathlib import Path

from office_files import opendocument_parts, zipped

from engine.documents.blocks import Blocks
from engine.documents.kinds import Kind
from engine.documents.office import open_document
from engine.types import Unit


def read(tmp_path: Path, kind: str, content: str, styles: str = "", title: str = "") -> Blocks:
    path = zipped(tmp_path / "made.odt", opendocument_parts(kind, content, styles, title))
    blocks = open_document(str(path), Kind.OFFICE)
    assert isinstance(blocks, Blocks)
    return blocks


def cell(text: str, **attributes: int) -> str:
    said = "".join(f" table:number-{name.replace('_', '-')}='{value}'" for name, value in attributes.items())
    return f"<table:table-cell{said}><text:p>{text}</text:p></table:table-cell>"


def row(*cells: str, repeated: int = 1) -> str:
    """Of cells, or of their texts."""
    inside = "".join(one if one.startswith("<") else cell(one) for one in cells)
    return f"<table:table-row table:number-rows-repeated='{repeated}'>{inside}</table:table-row>"


def table(*rows: str, name: str = "Sheet1") -> str:
    return f"<table:table table:name='{name}'>{''.join(rows)}</table:table>"


COVERED = "<table:covered-table-cell/>"
NOTE = (
    "<text:note><text:note-citation>1</text:note-citation>"
    "<text:note-body><text:p>Assam</text:p></text:note-body></text:note>"
)


def test_headings_lists_notes_and_tables_in_their_order(tmp_path: Path) -> None:
    content = (
        "<text:tracked-changes><text:changed-region><text:p>deleted</text:p></text:changed-region></text:tracked-changes>"
        "<text:h text:outline-level='1'>茶馆</text:h>"
        f"<text:p>Tea<text:s text:c='3'/>with<text:tab/><text:span>milk</text:span>{NOTE} is ready</text:p>"
        "<text:list><text:list-item><text:p>one</text:p></text:list-item></text:list>"
        + table(row("Year", "Revenue"), row("2020", "3.1"), row("2021", "3.4"))
        + "<text:p>Box<draw:frame><draw:text-box><text:p>inside</text:p></draw:text-box></draw:frame></text:p>"
    )
    blocks = read(tmp_path, "text", content, title="Tea house")
    assert (blocks.title, blocks.unit) == ("Tea house", Unit.PARAGRAPH)
    assert [block.text for block in blocks.blocks if block.heading] == ["茶馆"]
    assert blocks.lines == (
        *("茶馆", "Tea with milk is ready", "Assam", "one", "Year | Revenue"),
        *("Year: 2020 | Revenue: 3.1", "Year: 2021 | Revenue: 3.4", "Box", "inside"),
    )


def test_paragraph_in_the_style_of_a_title_is_the_title(tmp_path: Path) -> None:
    style = "<style:style style:name='P1' style:parent-style-name='Title'/>"
    blocks = read(tmp_path, "text", "<text:p text:style-name='P1'>Tea house</text:p><text:p>Tea</text:p>", style)
    assert (blocks.title, [block.heading for block in blocks.blocks]) == ("Tea house", [True, False])


def test_header_rows_that_the_table_names(tmp_path: Path) -> None:
    header = f"<table:table-header-rows>{row('Name', 'Role')}</table:table-header-rows>"
    assert read(tmp_path, "text", table(header, row("Ada", "Boss"))).lines[1] == "Name: Ada | Role: Boss"


def test_rows_of_a_sheet_are_called_by_their_numbers(tmp_path: Path) -> None:
    empty = row("<table:table-cell table:number-columns-repeated='16384'/>", repeated=1_000_000)
    date = "<table:table-cell office:date-value='2021-03-31'><text:p>31.3.21</text:p></table:table-cell>"
    blocks = read(tmp_path, "spreadsheet", table(row("Day", "Tea"), empty, row(date, "3"), name="Sales"))
    assert blocks.labels == ("Sales", "Sales!1", "Sales!1000002")
    assert blocks.lines == ("Sales", "Day | Tea", "2021-03-31 | 3")


def test_repeated_and_merged_cells_of_a_sheet(tmp_path: Path) -> None:
    rows = (
        row(cell("Region", rows_spanned=2), cell("Sales", columns_spanned=2), COVERED),
        row(COVERED, "Tea", "Cake"),
        row("North", cell("3", columns_repeated=2)),
        row("South", "5", "6"),
    )
    lines = ("Region: North | Sales Tea: 3 | Sales Cake: 3", "Region: South | Sales Tea: 5 | Sales Cake: 6")
    assert read(tmp_path, "spreadsheet", table(*rows)).lines[2:] == lines
    assert read(tmp_path, "text", table(*rows)).lines[2:] == lines


def test_slides_with_titles_and_notes(tmp_path: Path) -> None:
    def frame(text: str, x: int, y: int, role: str = "") -> str:
        box = f"<draw:text-box><text:p>{text}</text:p></draw:text-box>"
        place = f"svg:x='{x}cm' svg:y='{y}cm' svg:width='5cm' svg:height='2cm' presentation:class='{role}'"
        return f"<draw:frame {place}>{box}</draw:frame>"

    notes = f"<presentation:notes>{frame('slowly', 1, 1, 'notes')}</presentation:notes>"
    first = frame("right", 9, 5) + frame("left", 1, 5) + frame("茶", 1, 9, "title") + notes
    pages = f"<draw:page>{first}</draw:page><draw:page>{frame('end', 1, 1)}</draw:page>"
    blocks = read(tmp_path, "presentation", pages)
    assert (blocks.unit, blocks.unit_count) == (Unit.SLIDE, 2)
    assert blocks.lines == ("茶", "left", "right", "slowly", "", "end")
    assert blocks.labels == ("1", "1", "1", "1", "", "2")
