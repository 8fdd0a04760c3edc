from pathlib import Path

import pytest

from engine.types import (
    Answer,
    Box,
    Citation,
    Document,
    ModelFacts,
    Notice,
    PageImage,
    Piece,
    Quoted,
    Reason,
    Stage,
    Status,
    Stop,
    Timings,
    Turn,
    Unit,
    Wait,
    Waiting,
    Working,
)
from engine.wire import from_line, to_line

CITATION = Citation(1, Path("/张 三/a.pdf"), "A", Unit.PAGE, 3, "quote", (Box(3, 0.5, 1.0, 2.0, 3.0),), 0.5)

VALUES = [
    Working(Stage.READING, 3, 9, Path("/a/b.pdf"), Path("/a"), 12.5),
    Working(Stage.IDLE, 0, 0),
    Answer("q", "text [1]", "extractive", Stop.COMPLETE, (CITATION,), Timings(1.0, 2.0, 3.0)),
    Document(1, Path("/a"), Path("/"), "t", "", 1, 2, Unit.LINE, 0, 0, Status.FAILED, Reason.DAMAGED),
    PageImage(1, 2, 3, 4, 1.5, b"\x89PNG\x00\xff"),
    (CITATION, CITATION),
    Quoted("> quote [1]", (CITATION,)),
    Waiting(Wait.LOADING, 2.5),
    Notice("no_memory_for_model", {"needed": "7.1", "free": "3.0"}),
    Piece(" [1]", CITATION),
    (Turn("q", "a [1]"),),
    ModelFacts("glm", "generator", True, 6_200_000_000, "int8", ("zh", "en")),
    None,
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_everything_comes_back_as_it_was(value: object):
    line = to_line({"id": 7, "done": value})
    assert line.count(b"\n") == 1
    assert from_line(line) == {"id": 7, "done": value}


def test_a_file_name_that_is_no_text_survives():
    path = Path(b"/a/\xff\xfe.pdf".decode("utf-8", "surrogateescape"))
    assert from_line(to_line({"event": Working(Stage.READING, 0, 1, path)}))["event"].path == path


def test_a_name_that_is_not_ours_is_refused():
    with pytest.raises(KeyError):
        from_line(b'{"event": {"is": "Popen", "args": "ls"}}')
