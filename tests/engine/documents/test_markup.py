from __future__ import annotations

import pytest

from engine.documents.kinds import Kind
from engine.documents.markup import headed_lines

TEXTS = {
    Kind.LATEX: "\\title{Tea}\n% a note\nOne\ntwo.\n\n\\section*{Green \\& black} % why\nThree.\n\\item four",
    Kind.RESTRUCTURED: "===\nTea\n===\n\nOne\ntwo.\n\nGreen & black\n-------------\nThree.\n\n- four\n  more\n\n----",
    Kind.ORG: "#+title: Tea\nOne\ntwo.\n\n** TODO Green & black :leaf:\nThree.\n- four",
    Kind.ASCIIDOC: "= Tea\n\nOne\ntwo.\n\n== Green & black\nThree.\n\n* four",
}


@pytest.mark.parametrize("kind", TEXTS)
def test_headings_and_paragraphs(kind: Kind) -> None:
    lines = [line for _, line in headed_lines(tuple(TEXTS[kind].split("\n")), kind)]
    headings = [line.text.replace("\\&", "&") for line in lines if line.heading]
    assert headings == ["Tea", "Green & black"]
    gaps = {line.text: line.gap for line in lines}
    assert (gaps["One"], gaps["two."], gaps["Three."]) == (True, False, True)
    four = next(line for line in lines if line.text.endswith("four"))
    assert four.gap


def test_lines_keep_their_numbers() -> None:
    found = [(number, line.text) for number, line in headed_lines(("Tea", "===", "", "One"), Kind.RESTRUCTURED)]
    assert found == [(1, "Tea"), (4, "One")]
