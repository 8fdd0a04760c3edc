from __future__ import annotations

import random

from engine.documents.budget import BUDGET, token_count
from engine.documents.chunking import split
from engine.types import Box, Chunk, Line, Page

SENTENCE = "The kettle stands on the stove and sings a song that nobody hears. "


def page(number: int, *lines: Line) -> Page:
    return Page(number, lines, 600, 800)


def line(text: str, number: int = 1, row: int = 0, size: float = 10, **more: bool) -> Line:
    return Line(text, Box(number, 50, 100 + row * 14, 300, 112 + row * 14), size, **more)


def paragraph(text: str, number: int = 1) -> Line:
    return line(text, number, gap=True)


def assert_true_to(pages: tuple[Page, ...], chunks: tuple[Chunk, ...]) -> None:
    """Spans lie in order, cover the text but for joints, and hold what their lines hold."""
    for chunk in chunks:
        assert chunk.spans[0].start == 0
        assert chunk.spans[-1].end == len(chunk.text)
        for before, after in zip(chunk.spans, chunk.spans[1:], strict=False):
            assert chunk.text[before.end : after.start] in ("", " ", "\n")
        for span in chunk.spans:
            held = chunk.text[span.start : span.end]
            assert any(held in line.text for page in pages if page.number == span.page for line in page.lines)


def test_short_document_is_one_passage() -> None:
    (chunk,) = split((page(1, paragraph("Boil water."), paragraph("Wait.")),))
    assert chunk.text == "Boil water.\nWait."
    assert [(span.start, span.end) for span in chunk.spans] == [(0, 11), (12, 17)]


def test_nothing_has_no_passages() -> None:
    assert split(()) == ()
    assert split((page(1), page(2))) == ()


def test_passage_never_exceeds_budget_and_ends_with_a_sentence() -> None:
    pages = tuple(page(n, *(paragraph(SENTENCE * 7) for _ in range(6))) for n in range(1, 5))
    chunks = split(pages)
    assert all(token_count(chunk.text) <= BUDGET for chunk in chunks)
    assert all(chunk.text.endswith("hears.") for chunk in chunks)
    assert sum(chunk.text.count("kettle") for chunk in chunks) == 4 * 6 * 7
    assert_true_to(pages, chunks)


def test_sentence_without_end_is_cut_at_blanks_and_a_word_without_end_anywhere() -> None:
    words = split((page(1, paragraph("word " * 900)),))
    assert all(token_count(chunk.text) <= BUDGET for chunk in words)
    assert " ".join(chunk.text for chunk in words) == ("word " * 900).strip()
    code = "a1B" * 3000
    pieces = split((page(1, paragraph(code)),))
    assert all(token_count(chunk.text) <= BUDGET for chunk in pieces)
    assert "".join(chunk.text for chunk in pieces) == code


def test_lines_are_joined_by_their_language() -> None:
    pages = (
        page(
            1,
            *(paragraph("The kettle is very"), line("hot today.")),
            *(paragraph("茶壶今天非常"), line("烫手。")),
            *(paragraph("It is an exam-"), line("ple of a well-known"), line("story and a well-"), line("known joke.")),
        ),
    )
    (chunk,) = split(pages)
    assert chunk.text.split("\n") == [
        "The kettle is very hot today.",
        "茶壶今天非常烫手。",
        "It is an example of a well-known story and a well-known joke.",
    ]
    assert_true_to(pages, (chunk,))


def test_sentence_goes_on_over_the_page() -> None:
    pages = (page(1, paragraph("This sentence does not", 1)), page(2, paragraph("end on its page.", 2)))
    (chunk,) = split(pages)
    assert chunk.text == "This sentence does not end on its page."
    assert (chunk.page_first, chunk.page_last) == (1, 2)


def test_passage_has_the_nearest_heading_above() -> None:
    text = [paragraph(SENTENCE * 7) for _ in range(2)]
    pages = (
        page(
            1,
            line("Tea", size=18, gap=True),
            *text,
            line("4.2 Kettles", bold=True, gap=True),
            *text,
            line("第三章 茶杯", gap=True),
            *text,
        ),
    )
    chunks = split(pages)
    assert [chunk.heading for chunk in chunks] == ["Tea", "4.2 Kettles", "第三章 茶杯"]
    assert chunks[1].text.startswith("4.2 Kettles\nThe kettle")


def test_heading_never_ends_a_passage() -> None:
    rng = random.Random(7)
    lines = []
    for number in range(60):
        lines.append(line(f"Section {number}", size=16, gap=True))
        lines += [paragraph(SENTENCE * rng.randint(1, 5)) for _ in range(rng.randint(1, 3))]
    chunks = split((page(1, *lines),))
    assert all(chunk.text.endswith("hears.") for chunk in chunks)
    assert_true_to((page(1, *lines),), chunks)


def test_bold_paragraph_is_no_heading() -> None:
    bold = [line("Every word of this paragraph is bold and", bold=True, gap=True)]
    bold.append(line("it goes on for some lines, because whoever", bold=True))
    bold.append(line("wrote it meant it to be read.", bold=True))
    (chunk,) = split((page(1, *bold, paragraph("The end of it.")),))
    assert chunk.heading == ""


def test_contents_are_no_headings() -> None:
    (chunk,) = split((page(1, line("2.1 Kettles . . . . . 40", bold=True, gap=True), paragraph("And so on.")),))
    assert chunk.heading == ""


def test_few_words_at_the_end_join_the_passage_before() -> None:
    chunks = split((page(1, *(paragraph(SENTENCE * 13), paragraph("The end."))),))
    assert len(chunks) == 1


def test_places_of_a_text_file_are_its_lines() -> None:
    pages = (Page(3, (Line("# no", gap=True),)), Page(7, (Line("Tea is hot.", gap=True),)))
    (chunk,) = split(pages)
    assert [(span.page, span.box) for span in chunk.spans] == [(3, None), (7, None)]


def test_any_lines_at_all_stay_true_to_their_spans() -> None:
    rng = random.Random(11)
    letters = "ab中文。.!? -1,\u00ad“”…"
    for _ in range(300):
        pages = tuple(
            page(
                number,
                *(
                    line(text, number, row, size=rng.choice((10, 10, 14)), gap=rng.random() < 0.3)
                    for row in range(rng.randint(0, 6))
                    if (text := "".join(rng.choices(letters, k=rng.randint(1, 200))).strip())
                ),
            )
            for number in range(1, 4)
        )
        chunks = split(pages)
        assert all(0 < token_count(chunk.text) <= BUDGET for chunk in chunks)
        assert_true_to(pages, chunks)
