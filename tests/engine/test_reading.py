"""The reader through the product: imported, used, asked, changed, damaged."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from small_readers import write_reader

from engine.assistant import Assistant
from engine.cli import main
from engine.config import SHIPPED_MODELS, Config
from engine.errors import BrokenInstallation, Code
from engine.evaluation import evaluate
from engine.models.catalog import Models
from engine.question_sets import load
from engine.types import Answer, Finished, Notice, Stop

POLICY = "Audit logs record who opened which file. Audit logs are retained for seven years.\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a few indexed documents and a reader."""
    folder = tmp_path_factory.mktemp("made")
    config = Config.load(folder / "home")
    documents = folder / "documents"
    documents.mkdir()
    (documents / "policy.txt").write_text(POLICY, "utf-8")
    (documents / "日志.txt").write_text("审计日志记录谁打开了哪个文件。审计日志的保留期限为七年。\n", "utf-8")
    (documents / "water.txt").write_text("Water boils at a hundred degrees. Files are blue.\n", "utf-8")
    assistant = Assistant.open(config)
    assistant.models.add(write_reader(folder / "table"))
    assistant.add([documents])
    list(assistant.index())
    assistant.close()
    return config.home


@pytest.fixture
def config(made: Path, tmp_path: Path) -> Config:
    """The same home, a copy for each test, the reader in use."""
    shutil.copytree(made, tmp_path / "home")
    return Config.load(tmp_path / "home").change(reader="table")


@pytest.fixture
def assistant(config: Config) -> Iterator[Assistant]:
    opened = Assistant.open(config)
    yield opened
    opened.close()


def asked(assistant: Assistant, question: str) -> tuple[Answer, list[Notice]]:
    *before, last = assistant.ask(question)
    assert isinstance(last, Finished)
    return last.answer, [event for event in before if isinstance(event, Notice)]


def test_the_words_that_answer_are_quoted_in_their_sentence(assistant: Assistant):
    answer, notices = asked(assistant, "How long are audit logs retained?")
    assert (answer.stop, notices) == (Stop.COMPLETE, [])
    best = answer.citations[0]
    assert (best.path.name, best.quote, best.answer) == (
        "policy.txt",
        "Audit logs are retained for seven years.",
        "seven years",
    )
    assert "for **seven years**." in answer.text


def test_chinese_is_answered_by_the_same_reader(assistant: Assistant):
    answer, _ = asked(assistant, "审计日志要保留多久？")
    assert (answer.citations[0].path.name, answer.citations[0].answer) == ("日志.txt", "七年")


def test_what_nothing_answers_is_declined(assistant: Assistant):
    answer, _ = asked(assistant, "Who opened the file?")
    assert answer.stop is Stop.NO_SOURCES


def test_searching_reads_nothing(assistant: Assistant, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("engine.models.reader.Reader.read", None)
    assert assistant.search("audit logs")[0].document.path.name == "policy.txt"


def test_another_reader_is_used_from_the_next_question_on(assistant: Assistant):
    asked(assistant, "How long are audit logs retained?")
    assistant.change(reader="")
    answer, _ = asked(assistant, "How long are audit logs retained?")
    assert answer.citations[0].answer == ""
    assistant.rest()


def test_only_a_reader_can_be_chosen(assistant: Assistant):
    with pytest.raises(BrokenInstallation) as caught:
        assistant.change(reader="inkstone-embed-small")
    assert caught.value.code is Code.BAD_MODEL
    assert assistant.config.settings.reader == "table"


def test_a_damaged_reader_is_told_once_and_answers_go_on(config: Config):
    (config.models / "table" / "tokenizer.json").write_text("{}", "utf-8")
    assistant = Assistant.open(config)
    try:
        answer, notices = asked(assistant, "How long are audit logs retained?")
        assert (answer.stop, [notice.code for notice in notices]) == (Stop.COMPLETE, ["bad_model"])
        assert asked(assistant, "How long are audit logs retained?")[1] == []
    finally:
        assistant.close()


def inkstone(capsys: pytest.CaptureFixture[str], home: Path, *words: str) -> tuple[int, dict]:
    with pytest.raises(SystemExit) as ended:
        main(["--home", str(home), "--json", *words])
    return int(ended.value.code or 0), json.loads(capsys.readouterr().out or "{}")


def test_commands_know_readers(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    home, folder = tmp_path / "home", write_reader(tmp_path / "table")
    assert inkstone(capsys, home, "models", "import", str(folder)) == (0, {"imported": "table"})
    assert inkstone(capsys, home, "models", "check", "table") == (0, {"checked": "table"})
    _, listed = inkstone(capsys, home, "models", "list")
    assert {"name": "table", "kind": "reader", "in_use": True} in listed["models"]
    assert inkstone(capsys, home, "models", "use", "no-reader") == (0, {"used": "no-reader"})
    assert Config.load(home).settings.reader == ""
    assert inkstone(capsys, home, "models", "use", "table") == (0, {"used": "table"})
    assert Config.load(home).settings.reader == "table"


def test_asking_keeps_its_contract(config: Config, capsys: pytest.CaptureFixture[str]):
    code, given = inkstone(capsys, config.home, "ask", "How long are audit logs retained?")
    assert code == 0
    assert [*given] == ["question", "answer", "mode", "stop", "citations", "timings_ms"]
    assert given["mode"] == "extractive"
    assert "answer" not in given["citations"][0]
    assert given["citations"][0]["quote"] == "Audit logs are retained for seven years."


def test_evaluation_ranks_and_answers_by_the_reader(made: Path, tmp_path: Path):
    row = {"question": "How long are audit logs retained?", "context": POLICY, "answers": ["seven years"]}
    (tmp_path / "asked.jsonl").write_text(json.dumps(row) + "\n", "utf-8")
    models = Models(SHIPPED_MODELS, made / "models")
    assistant = Assistant.open(Config.load(tmp_path / "own").change(reader="table"), models)
    try:
        scores = evaluate(assistant, load(tmp_path / "asked.jsonl"), tmp_path / "docs", lambda _: None, lambda _: None)
    finally:
        assistant.close()
    assert [*scores.by] == ["keyword", "vector", "hybrid", "reader"]
    assert {name: scores.answers[name].value for name in ("em", "f1", "contains")} == {"em": 1, "f1": 1, "contains": 1}
