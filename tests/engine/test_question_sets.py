import json
from pathlib import Path

import pytest
import zstandard
from refusing import reason

from engine.errors import Code, UsageError
from engine.question_sets import load


def write_folder(folder: Path, qrels: str = "q1\td1\t2\nq1\td2\t1\nq2\td1\t0\n") -> Path:
    folder.mkdir()
    corpus = [{"id": "d1", "title": "Logs", "text": "Kept for seven years."}, {"id": "d2", "text": "备份"}]
    write_lines(folder / "corpus.jsonl.zst", corpus)
    write_lines(folder / "queries.jsonl", [{"id": "q1", "text": "logs?"}, {"id": "q2", "text": "unjudged?"}])
    (folder / "qrels.tsv").write_text(qrels)
    return folder


def test_a_folder_keeps_grades_and_leaves_out_what_is_not_judged(tmp_path: Path):
    loaded = load(write_folder(tmp_path / "small"))
    assert loaded.name == "small"
    assert loaded.documents == {"d1": "Logs\nKept for seven years.", "d2": "备份"}
    assert [(each.text, each.relevant) for each in loaded.questions] == [("logs?", {"d1": 2.0, "d2": 1.0})]


def test_judgements_may_begin_with_the_names_of_their_columns(tmp_path: Path):
    loaded = load(write_folder(tmp_path / "small", "query\tdocument\trelevance\nq1\td2\t1\n"))
    assert loaded.questions[0].relevant == {"d2": 1.0}


def test_questions_share_their_document_and_keep_what_cannot_be_answered(tmp_path: Path):
    rows = [
        {"question": "How long?", "context": "Seven years.", "answers": ["seven years"]},
        {"question": "Who?", "context": "Seven years.", "answers": [], "unanswerable": True},
        {"question": "Nobody knows?", "context": "Another.", "answers": []},
    ]
    write_lines(tmp_path / "asked.jsonl", rows)
    loaded = load(tmp_path / "asked.jsonl")
    assert loaded.documents == {"0": "Seven years.", "1": "Another."}
    assert [(each.text, [*each.relevant], each.unanswerable) for each in loaded.questions] == [
        ("How long?", ["0"], False),
        ("Who?", [], True),
    ]
    assert len(load(tmp_path / "asked.jsonl", 1).questions) == 1


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        ('{"question": "?", "context": "c", "answers": ["a"]}\nnot json\n', "line 2 of broken.jsonl is broken"),
        ('{"question": "without the rest", "answers": []}\n', "'context' is missing"),
        ('{"question": "?", "context": "c", "answers": "a"}\n', "'answers' is no list"),
        ('{"question": "?", "context": 7, "answers": ["a"]}\n', "a text is expected where 7 stands"),
        ('"a text"\n', "line 1 of broken.jsonl is broken"),
        ("", "there are no questions in it"),
    ],
)
def test_what_is_no_set_is_refused_with_the_reason(tmp_path: Path, broken: str, why: str):
    path = tmp_path / "broken.jsonl"
    path.write_text(broken)
    with pytest.raises(UsageError) as caught:
        load(path)
    assert caught.value.code is Code.BAD_SET
    assert why in reason(caught.value)


def test_a_folder_without_judgements_is_refused(tmp_path: Path):
    folder = write_folder(tmp_path / "small")
    (folder / "qrels.tsv").unlink()
    with pytest.raises(UsageError) as caught:
        load(folder)
    assert caught.value.code is Code.BAD_SET


def test_a_path_that_does_not_exist_is_said(tmp_path: Path):
    with pytest.raises(UsageError) as caught:
        load(tmp_path / "nothing")
    assert caught.value.code is Code.NO_SUCH_PATH


def write_lines(path: Path, rows: list[dict[str, object]]) -> None:
    data = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
    path.write_bytes(zstandard.compress(data) if path.suffix == ".zst" else data)
