from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.documents import notebooks
from engine.documents.blocks import Blocks
from engine.documents.kinds import Kind
from engine.documents.notebooks import open_document
from engine.errors import UnreadableDocument
from engine.types import Reason, Unit


def read(tmp_path: Path, notebook: Any) -> Blocks:
    path = tmp_path / "a.ipynb"
    path.write_text(notebook if isinstance(notebook, str) else json.dumps(notebook), "utf-8")
    return open_document(str(path), Kind.NOTEBOOK)


def code(source: str | list[str], *outputs: dict[str, Any]) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "outputs": list(outputs)}


def test_cells_with_their_numbers(tmp_path: Path) -> None:
    markdown = {"cell_type": "markdown", "source": ["# Tea\n", "\n", "Some\n", "words.\n"]}
    document = read(tmp_path, {"cells": [markdown, code("for cup in cups:\n    pour(cup)\n")]})
    assert document.lines == ("Tea", "Some", "words.", "for cup in cups:", "    pour(cup)")
    assert document.labels == ("1", "1", "1", "2", "2")
    assert (document.title, document.unit, document.unit_count) == ("Tea", Unit.CELL, 2)
    assert [page.lines[0].text for page in document.pages(5)] == ["pour(cup)"]
    assert [block.gap for block in document.blocks] == [True, True, False, True, True]


def test_what_cells_printed(tmp_path: Path) -> None:
    frame = "<table><thead><tr><th></th><th>Sum</th></tr></thead><tr><th>2021</th><td>3</td></tr></table>"
    document = read(
        tmp_path,
        {
            "cells": [
                code(
                    "x",
                    {"output_type": "stream", "text": ["\x1b[31mred\x1b[0m\n", "second\n"]},
                    {"output_type": "execute_result", "data": {"text/plain": "  Sum\n2021 3", "text/html": frame}},
                    {"output_type": "display_data", "data": {"image/png": "AAAA", "text/plain": "<Figure size 6x4>"}},
                    {"output_type": "error", "ename": "ValueError", "evalue": "no tea", "traceback": ["..."]},
                ),
                code("y", {"output_type": "stream", "text": "line\n" * 5000}),
            ]
        },
    )
    assert document.lines[:6] == ("x", "red", "second", "Sum", "2021 | Sum: 3", "ValueError: no tea")
    assert len(document.lines) < 100


def test_a_notebook_of_format_3(tmp_path: Path) -> None:
    cells = [{"cell_type": "heading", "source": "Tea"}, {"cell_type": "code", "input": ["pour()"], "outputs": []}]
    assert read(tmp_path, {"worksheets": [{"cells": cells}]}).lines == ("Tea", "pour()")


def test_embedded_pictures_are_left_out(tmp_path: Path) -> None:
    markdown = {"cell_type": "markdown", "source": f"A cup ![cup](data:image/png;base64,{'A' * 5000}) of tea"}
    assert read(tmp_path, {"cells": [markdown]}).lines == ("A cup ![cup] of tea",)


@pytest.mark.parametrize(
    ("notebook", "reason"),
    [
        ("", Reason.EMPTY),
        ("{", Reason.DAMAGED),
        ("[1, 2]", Reason.DAMAGED),
        ('{"cells": 3}', Reason.DAMAGED),
        ("[" * 200_000, Reason.DAMAGED),
        ("9" * 5000, Reason.DAMAGED),
        ({"cells": []}, Reason.NO_TEXT),
        ({"cells": [3, None, {"source": 7, "outputs": [1, {"data": []}]}, code("")]}, Reason.NO_TEXT),
    ],
    ids=["empty", "cut", "a list", "no cells", "deep", "a number", "nothing", "odd"],
)
def test_why_a_notebook_is_not_read(notebook: Any, reason: Reason, tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        read(tmp_path, notebook)
    assert caught.value.reason is reason


def test_a_notebook_without_end_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notebooks, "MAX_LINES", 100)
    assert len(read(tmp_path, {"cells": [code("x\n" * 100)]}).lines) == 100
    with pytest.raises(UnreadableDocument) as caught:
        read(tmp_path, {"cells": [code("x\n" * 101)]})
    assert caught.value.reason is Reason.TOO_LARGE
