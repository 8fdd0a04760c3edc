from __future__ import annotations

from pathlib import Path

import pytest

from engine.documents.blocks import Blocks
from engine.documents.delimited import open_document
from engine.documents.kinds import Kind
from engine.errors import UnreadableDocument
from engine.types import Reason, Unit


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "made.csv"


def read(path: Path, text: str, encoding: str = "utf-8") -> Blocks:
    path.write_bytes(text.encode(encoding))
    return open_document(str(path), Kind.TABLE)


def test_rows_are_called_by_their_numbers(path: Path) -> None:
    blocks = read(path, "Year,Revenue\n2020,3.1\n\n2021,3.4\n")
    assert (blocks.unit, blocks.unit_count) == (Unit.ROW, 3)
    assert blocks.lines == ("Year | Revenue", "Year: 2020 | Revenue: 3.1", "Year: 2021 | Revenue: 3.4")
    assert blocks.labels == ("1", "2", "4")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "，"])
def test_delimiter_is_recognised(path: Path, delimiter: str) -> None:
    text = delimiter.join(("姓名", "职务")) + "\n" + delimiter.join(("张三", "工程师")) + "\n"
    assert read(path, text).lines[1] == "姓名: 张三 | 职务: 工程师"


def test_commas_in_numbers_do_not_divide_semicolon_tables(path: Path) -> None:
    assert read(path, "Tea;Price\nAssam;3,5\nCeylon;4,25\n").lines[1] == "Tea: Assam | Price: 3,5"


def test_delimiter_may_be_named_in_the_first_line(path: Path) -> None:
    blocks = read(path, "sep=#\nTea#Price\nAssam#3,5\nCeylon#4\n")
    assert (blocks.labels[1], blocks.lines[1]) == ("3", "Tea: Assam | Price: 3,5")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030", "big5"])
def test_encodings(path: Path, encoding: str) -> None:
    text = "城市,天氣\n台北,下雨的日子很多\n高雄,天氣晴朗而且溫暖\n"
    assert read(path, text, encoding).lines[1] == "城市: 台北 | 天氣: 下雨的日子很多"


def test_quoted_cell_may_hold_lines_and_delimiters(path: Path) -> None:
    blocks = read(path, 'Name,Note\nAda,"one,\ntwo ""three"""\nGrace,four\n')
    assert (blocks.lines[1], blocks.labels) == ('Name: Ada | Note: one, two "three"', ("1", "2", "3"))


def test_mark_that_is_never_closed_swallows_nothing(path: Path) -> None:
    lines = [f"{number},tea" for number in range(300)]
    blocks = read(path, "\n".join(['Size,"Name', *lines]) + "\n")
    assert blocks.unit_count == 301


def test_lines_without_a_delimiter_stay_as_they_are(path: Path) -> None:
    assert read(path, "Tea\nMilk and sugar\n").lines == ("Tea", "Milk and sugar")


def test_what_is_no_text_is_refused(path: Path) -> None:
    path.write_bytes(b"\x00\x01\x02" * 50)
    with pytest.raises(UnreadableDocument) as caught:
        open_document(str(path), Kind.TABLE)
    assert caught.value.reason is Reason.NOT_TEXT
