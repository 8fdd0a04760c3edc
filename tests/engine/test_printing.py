"""What a terminal shows of an answer, to the end: nothing that was dropped is left standing as the answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.printing import AnswerPrinter
from engine.types import UNSUPPORTED, Answer, Citation, Notice, Piece, Quoted, Stop, Timings, Unit

CITATION = Citation(1, Path("policy.pdf"), "", Unit.PAGE, 4, "Logs are kept for seven years.", (), 1.0)
QUOTED = Quoted("**policy.pdf**\n\n> Logs are kept for seven years. [1]", (CITATION,))


def answer(text: str, mode: str, stop: Stop = Stop.COMPLETE) -> Answer:
    return Answer("How long?", text, mode, stop, (CITATION,), Timings(1, 2, 3))  # type: ignore[arg-type]


def test_a_written_answer_stands_between_the_quotes_and_its_sources(capsys: pytest.CaptureFixture[str]) -> None:
    printer = AnswerPrinter("en", quiet=False)
    for event in (QUOTED, Piece("Seven years."), Piece(" [1]", CITATION), Piece(" For ever."), Piece(UNSUPPORTED)):
        printer.show(event)
    printer.finish(answer("Seven years. [1] For ever. [?]", "generated", Stop.LENGTH))
    out, told = capsys.readouterr()
    written = out.index("Seven years. [1] For ever. [?]")
    assert out.index("Logs are kept") < written < out.index("[1] policy.pdf, page 4")
    assert "[?]" in told
    assert "cut" in told


@pytest.mark.parametrize("pieces", [(), (Piece("Bananas."), Piece(UNSUPPORTED))])
def test_quotes_that_remain_the_answer_are_printed_with_their_numbers(
    pieces: tuple[Piece, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    printer = AnswerPrinter("en", quiet=False)
    for event in (QUOTED, *pieces, Notice("model_unsupported", {})):
        printer.show(event)
    printer.finish(answer(QUOTED.text, "extractive"))
    lines = capsys.readouterr().out.splitlines()
    numbered = lines.index("> Logs are kept for seven years. [1]")
    assert numbered < lines.index("[1] policy.pdf, page 4")
    assert all(lines.index(line) < numbered for line in lines if "Bananas" in line)
