"""The sample documents: asked for, read from the data folder, answered from, and gone like any other folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.assistant import Assistant
from engine.config import Config
from engine.samples import SHIPPED
from engine.types import Finished, Stop

# What the window proposes to ask (desktop_app.widgets.first_question), and what must come.
ASKED = (
    ("How long is a repair guaranteed?", "twelve months"),
    ("When are broad beans sown?", "first week of March"),
    ("What does borrowing a green bicycle cost?", "four euros"),
    ("绿茶用多少度的水冲泡？", "八十度"),
    ("青石岭环线全程多少公里？", "十四公里"),
    ("红茶可以保存多久？", "一年半"),
)


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    opened = Assistant.open(Config.load(tmp_path_factory.mktemp("sample") / "home"))
    opened.add_sample()
    list(opened.index())
    yield opened
    opened.close()


def test_every_sample_document_is_read_from_the_data_folder(assistant):
    names = {document.path.name for document in assistant.documents() if not document.reason}
    assert names == {path.name for path in SHIPPED.iterdir()}
    assert {path.suffix for path in SHIPPED.iterdir()} == {".md", ".pdf"}


@pytest.mark.parametrize(("question", "words"), ASKED)
def test_proposed_question_is_answered(assistant, question, words):
    *_, finished = assistant.ask(question)
    assert isinstance(finished, Finished)
    assert finished.answer.stop is Stop.COMPLETE
    assert words in finished.answer.text


def test_asked_for_twice_and_removed_like_any_folder(assistant: Assistant, tmp_path: Path):
    again = assistant.add_sample()
    assert [folder.path for folder in assistant.status().folders] == [again]
    assistant.remove([again])
    assert assistant.documents() == ()
