from __future__ import annotations

from pathlib import Path

import pytest

from engine.documents.budget import BUDGET
from engine.documents.chunking import split
from engine.documents.kinds import Kind
from engine.documents.source_code import SourceCode, open_document
from engine.errors import UnreadableDocument
from engine.types import Reason, Unit


def code(text: str) -> SourceCode:
    return SourceCode(tuple(text.split("\n")))


def definitions(text: str) -> list[str]:
    return [page.lines[0].text for page in code(text).pages() if page.lines[0].heading]


def test_lines_are_shown_as_they_are_and_found_without_their_indentation() -> None:
    document = code("def pour(cup):\n    if cup:\n\n        fill(cup)\n}")
    assert document.lines[3] == "        fill(cup)"
    assert [(page.number, page.lines[0].text) for page in document.pages(2)] == [(2, "if cup:"), (4, "fill(cup)")]


@pytest.mark.parametrize(
    "line",
    [
        "def pour(cup: Cup) -> None:",
        "    async def pour(self):",
        "class Kettle(Thing):",
        "export default function pour(cup) {",
        "pub(crate) fn pour<T>(cup: T) -> bool {",
        "func (k *Kettle) Pour() error {",
        "static int pour(struct cup *cup, int much)",
        "    public static void main(String[] args) throws Exception {",
        "impl Kettle for Pot {",
        "CREATE TABLE cups (",
        "create or replace view tea as",
    ],
)
def test_definitions_are_headings(line: str) -> None:
    assert definitions(f"x\n{line}\ny") == [line.strip()]


@pytest.mark.parametrize(
    "line",
    [
        "    pour(cup);",
        "for (int cup = 0; cup < 9; cup++) {",
        "if (cup) {",
        "return pour(cup)",
        "# classes of tea",
        'type: "object"',
        "structure of things",
        "x = function_of(y)",
    ],
)
def test_other_lines_are_none(line: str) -> None:
    assert definitions(f"x\n{line}\ny") == []


def test_passages_are_cut_at_definitions() -> None:
    body = "".join(f"    step_{number} = prepare(leaves, water, {number})\n" for number in range(12))
    chunks = split(tuple(code("".join(f"def brew_{n}():\n{body}\n" for n in range(6))).pages()))
    assert len(chunks) > 1
    assert all(chunk.text.startswith("def brew_") for chunk in chunks)
    assert chunks[1].heading == chunks[1].text.split("\n")[0]


def test_of_a_packed_line_only_its_beginning_is_found() -> None:
    document = code("var a=1;" * 100_000)
    assert len(document.lines[0]) == 800_000
    assert sum(len(page.lines[0].text) for page in document.pages()) <= 1000
    assert len(split(tuple(document.pages()))) <= 1000 // BUDGET * 4


def test_a_file_is_opened_with_its_lines(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes("print('茶')\r\n".encode("gb18030"))
    document = open_document(str(tmp_path / "a.py"), Kind.CODE)
    assert (document.lines, document.unit, document.unit_count) == (("print('茶')",), Unit.LINE, 1)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Reason.EMPTY),
        (b" \n", Reason.NO_TEXT),
        (b"\x00\xff" * 99, Reason.NOT_TEXT),
        (b"x\n" * 1_000_001, Reason.TOO_LARGE),
    ],
    ids=["empty", "blank", "binary", "large"],
)
def test_why_a_file_is_not_read(data: bytes, reason: Reason, tmp_path: Path) -> None:
    (tmp_path / "a.c").write_bytes(data)
    with pytest.raises(UnreadableDocument) as caught:
        open_document(str(tmp_path / "a.c"), Kind.CODE)
    assert caught.value.reason is reason
