"""Jupyter notebooks: the lines of their cells and of what the cells printed; a place's label is its cell's number."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from engine.documents.blocks import Block, Blocks
from engine.documents.characters import tidy
from engine.documents.decoding import decode
from engine.documents.files import bytes_of
from engine.documents.hypertext import read_html
from engine.documents.kinds import Kind
from engine.documents.limits import MAX_LINES
from engine.documents.plain import marked_lines, split_lines
from engine.errors import UnreadableDocument
from engine.types import Reason, Unit

_OUTPUT_LINES = 60  # of a cell: more of a log is found by its first lines
_LINE_CHARACTERS = 2000  # of code or output: longer ones are data
_TEXTS = ("text/markdown", "text/plain", "text")  # what a result may be shown as, the best first
_COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_EMBEDDED = re.compile(r"\(data:[^)\s]{200,}\)|\(attachment:[^)]*\)")
_OBJECT = re.compile(r"<[\w.]+(?: [^<>\n]*)?>")  # "<Figure size 640x480 with 1 Axes>"


def open_document(path: str, kind: Kind) -> Blocks:
    """Raises FileNotFoundError; UnreadableDocument: empty, too large, no access, damaged, no text."""
    try:
        notebook = json.loads(decode(bytes_of(path)) or "")
    except (ValueError, RecursionError) as error:
        raise UnreadableDocument(path, Reason.DAMAGED) from error
    cells = _cells(notebook)
    if cells is None:
        raise UnreadableDocument(path, Reason.DAMAGED)
    blocks = tuple(islice(_blocks(cells), MAX_LINES + 1))
    if not blocks or len(blocks) > MAX_LINES:
        raise UnreadableDocument(path, Reason.TOO_LARGE if blocks else Reason.NO_TEXT)
    title = next((block.text for block in blocks if block.heading), "")
    return Blocks(title, Unit.CELL, len(cells), blocks)


def _cells(notebook: Any) -> list[Any] | None:
    """The cells of a notebook of format 4, or of 3, where they stand in worksheets; None if it is none."""
    if not isinstance(notebook, dict):
        return None
    if isinstance(notebook.get("cells"), list):
        return [*notebook["cells"]]
    sheets = notebook.get("worksheets")
    if not isinstance(sheets, list):
        return None
    return [cell for sheet in sheets if isinstance(sheet, dict) for cell in _list(sheet.get("cells"))]


def _blocks(cells: list[Any]) -> Iterator[Block]:
    for number, cell in enumerate(cells, 1):
        if not isinstance(cell, dict):
            continue
        label = str(number)
        source = _text(cell.get("source", cell.get("input")))
        if cell.get("cell_type") == "markdown":
            yield from _markdown(source, label)
        elif cell.get("cell_type") == "heading":
            yield from (Block(tidy(line), heading=True, label=label) for line in split_lines(source) if tidy(line))
        else:
            yield from _code(source, label)
        yield from islice(_outputs(cell, label), _OUTPUT_LINES)


def _markdown(source: str, label: str) -> Iterator[Block]:
    for _, line in marked_lines(split_lines(_EMBEDDED.sub("", source))):
        yield Block(line.text, line.heading, line.gap, label)


def _code(source: str, label: str) -> Iterator[Block]:
    for raw in split_lines(source):
        text = tidy(raw[:_LINE_CHARACTERS])
        if text:
            yield Block(text, label=label, shown=raw.rstrip().expandtabs(4))


def _outputs(cell: dict[str, Any], label: str) -> Iterator[Block]:
    for output in _list(cell.get("outputs")):
        if isinstance(output, dict):
            yield from _output(output, label)


def _output(output: dict[str, Any], label: str) -> Iterator[Block]:
    data = output.get("data")
    shown: dict[str, Any] = data if isinstance(data, dict) else output
    if "ename" in output:
        yield from _code(f"{_text(output.get('ename'))}: {_text(output.get('evalue'))}", label)
        return
    html = _text(shown.get("text/html", shown.get("html")))
    if "<table" in html:  # a data frame, whose plain form loses what stands over what
        yield from (Block(block.text, label=label) for block in read_html(html).blocks)
        return
    text = next((_text(shown[name]) for name in _TEXTS if name in shown), "")
    if not _OBJECT.fullmatch(text.strip()):
        yield from _code(_COLOURS.sub("", text), label)


def _text(value: Any) -> str:
    """A notebook's text is one string, or one for each line."""
    if isinstance(value, list):
        return "".join(part for part in value if isinstance(part, str))
    return value if isinstance(value, str) else ""


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
