"""The whole way of a person with the real program: by mouse and drag, and by the keyboard alone.

Every click, key and drag goes through the X server; the highlighted words are looked for in the screen's own pixels.
"""

from __future__ import annotations

from pathlib import Path

import pymupdf
from journeys.conftest import QUESTION, WORDS
from journeys.drag_source import SIZE, TITLE
from journeys.person import LONG_S, Person, Program
from journeys.pixels import Marked, marked

ENTER = "Return"


def test_by_mouse_from_a_dragged_folder_to_everything_still_there(person: Person, documents: Path, tmp_path: Path):
    home = tmp_path / "home"
    program = start(person, home)
    person.click(person.wait(program, text="Skip"))
    source = person.start("drag_source.py", documents)
    window = person.screen.window(TITLE, LONG_S)
    left, top = place_of(person, window)
    person.drag((left + SIZE[0] // 2, top + SIZE[1] // 2), (800, 500))
    assert source.process.stdout.readline().strip() == "CopyAction"
    person.wait(program, text="Up to date · 2 documents")
    person.screen.window("Inkstone", LONG_S)

    person.click(person.wait(program, name="Ask"))
    person.click(person.wait(program, kind="QuestionEdit"))
    person.type(QUESTION)
    person.click(person.wait(program, name="Send the question"))
    assert seen_mark(person, program) is None
    person.click(person.wait(program, kind="mark", text="1"))
    assert_words_are_marked(person, program)

    exported = tmp_path / "mouse.md"
    person.click(person.wait(program, name="Export the conversation"))
    person.click(person.wait(program, kind="action", text="Export as Markdown"))
    save_as(person, program, exported)
    person.press("alt+F4")
    assert program.ended() == 0

    assert_all_is_still_there(person, home)


def test_by_keyboard_alone(person: Person, documents: Path, tmp_path: Path):
    home = tmp_path / "home"
    program = start(person, home)
    person.wait(program, text="Welcome to Inkstone")
    person.press("Escape")  # its three steps are skipped, for good
    person.wait_for_keys(program, "QuestionEdit")
    person.press("ctrl+k")
    person.wait_for_keys(program, "QLineEdit")
    person.type("add a folder")
    person.press(ENTER)
    person.wait(program, kind="QFileDialog")
    person.wait_for_keys(program, "QLineEdit")
    person.type(str(documents))
    person.press(ENTER)
    person.wait(program, text="Up to date · 2 documents")

    person.press("ctrl+l")
    person.wait_for_keys(program, "QuestionEdit")
    person.type(QUESTION)
    person.press(ENTER)
    person.wait(program, kind="mark", text="1")
    person.press("alt+1")
    assert_words_are_marked(person, program)

    exported = tmp_path / "keyboard.md"
    person.press("ctrl+e")
    person.wait(program, kind="action", text="Export as Markdown")
    person.press("Down", ENTER)
    save_as(person, program, exported)
    person.press("ctrl+q")
    assert program.ended() == 0

    assert_all_is_still_there(person, home)


def start(person: Person, home: Path) -> Program:
    program = person.start("program.py", "--home", home)
    person.wait(program, kind="MainWindow")
    person.screen.window("Inkstone", LONG_S)
    return program


def save_as(person: Person, program: Program, path: Path) -> None:
    person.wait(program, kind="QFileDialog")
    person.wait_for_keys(program, "QLineEdit")
    person.press("ctrl+a")
    person.type(str(path))
    person.press(ENTER)
    person.wait(program, text="The conversation was written to")
    text = path.read_text("utf-8")
    assert QUESTION in text
    assert WORDS in text


def assert_words_are_marked(person: Person, program: Program) -> None:
    """They stand on the yellow ground, which has the shape of their box on the page."""
    found = person.until(lambda: seen_mark(person, program), "a highlighted passage", program)
    box = words_box()
    assert abs(found.width / found.height / (box.width / box.height) - 1) < 0.25, found
    assert found.ink > 0.02 * found.yellow


def seen_mark(person: Person, program: Program) -> Marked | None:
    pages = [one for one in program.look() if one["kind"] == "page"]
    return marked(person.screen.rows(), tuple(pages[0]["rect"])) if pages else None


def words_box() -> pymupdf.Rect:
    """Of the words on a page like the one of the documents, in points."""
    with pymupdf.open() as document:
        page = document.new_page(width=595, height=842)
        page.insert_text((72, 300), WORDS, fontsize=11)
        return page.search_for(WORDS)[0]


def assert_all_is_still_there(person: Person, home: Path) -> None:
    program = start(person, home)
    person.wait(program, kind="mark", text="1")
    person.press("ctrl+3")
    person.wait(program, text="Up to date · 2 documents")
    person.press("ctrl+q")
    assert program.ended() == 0


def place_of(person: Person, window: str) -> tuple[int, int]:
    told = person.screen.keys("getwindowgeometry", "--shell", window)
    values = dict(line.split("=") for line in told.splitlines())
    return int(values["X"]), int(values["Y"])
