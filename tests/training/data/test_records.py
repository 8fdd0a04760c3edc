"""Reading questions, in both shapes, and saying where a file is broken."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import zstandard

from training.data.records import Record, Tally, read
from training.errors import TrainingError

OURS = {
    "id": "q1",
    "lang": "en",
    "question": "Who built the mill?",
    "answers": ["Anna", "Anna Lund"],
    "context": "The mill was built by Anna Lund.",
    "title": "Mill",
    "source": "mills",
    "split": "train",
    "license": "CC0",
}
RAW = {
    "QA": [{"question": "磨坊是谁建的？", "answer": "安娜"}],
    "positive_doc": [{"text": "磨坊是安娜建的。"}],
    "negative_doc": [{"text": "今天下雨。"}, {"text": "桥很长。"}],
}


def test_our_records(tmp_path: Path):
    [record] = records(tmp_path, OURS)
    assert record == Record(
        id="q1",
        lang="en",
        question="Who built the mill?",
        answers=("Anna", "Anna Lund"),
        positives=("The mill was built by Anna Lund.",),
        negatives=(),
        title="Mill",
        source="mills",
        license="CC0",
    )


def test_multi_doc_rows_are_recognised_by_their_content(tmp_path: Path):
    [ours, raw] = records(tmp_path, OURS, RAW)
    assert ours.id == "q1"
    assert (raw.lang, raw.question, raw.answers) == ("zh", "磨坊是谁建的？", ("安娜",))
    assert (raw.positives, raw.negatives) == (("磨坊是安娜建的。",), ("今天下雨。", "桥很长。"))
    assert raw.license == "not stated"


def test_several_json_files_of_a_folder_are_read_in_order(tmp_path: Path):
    for number in (2, 1):
        row = RAW | {"QA": [{"question": f"问题{number}？", "answer": "安娜"}]}
        (tmp_path / f"part-{number}.json").write_text(json.dumps(row), "utf-8")
    assert [record.question for record in read([tmp_path], Tally())] == ["问题1？", "问题2？"]


def test_compressed_lines(tmp_path: Path):
    path = tmp_path / "q.jsonl.zst"
    path.write_bytes(zstandard.compress(b"\n".join(json.dumps(OURS | {"id": n}).encode() for n in "ab")))
    assert [record.id for record in read([path], Tally())] == ["a", "b"]


def test_an_unanswerable_question_has_no_passage_that_answers(tmp_path: Path):
    [record] = records(tmp_path, OURS | {"unanswerable": True, "answers": []})
    assert (record.positives, record.negatives) == ((), ("The mill was built by Anna Lund.",))
    assert record.unanswerable


def test_documents_that_nobody_judged_answer_nothing(tmp_path: Path):
    [record] = records(tmp_path, OURS | {"context": "", "answers": [], "positive_docs": ["The mill is old."]})
    assert record.positives == ()


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('{"id": "q1", ', "no JSON"),
        ("[1, 2]", "no JSON object"),
        (json.dumps({key: value for key, value in OURS.items() if key != "context"}), "'context'"),
        (json.dumps(OURS | {"question": "  "}), "the question is empty"),
        (json.dumps(OURS | {"answers": "Anna"}), "the answers are no list"),
        (json.dumps(RAW | {"positive_doc": [{"text": 3}]}), "a text is expected"),
        (b'{"id": "\xff"}', "no JSON"),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, line: str | bytes, why: str):
    path = tmp_path / "q.jsonl"
    good = json.dumps(OURS).encode()
    path.write_bytes(b"\n".join([good, b"", line.encode() if isinstance(line, str) else line, good]))
    with pytest.raises(TrainingError, match=why) as raised:
        list(read([path], Tally()))
    assert f"{path}, line 3:" in str(raised.value)
    assert raised.value.exit_code == 2
    tally = Tally()
    assert len(list(read([path], tally, skip_broken=True))) == 2
    assert tally.dropped == {"a broken line": 1}


@pytest.mark.parametrize("content", [b"", b"\n\n"])
def test_an_empty_file_is_named(tmp_path: Path, content: bytes):
    (tmp_path / "q.jsonl").write_bytes(content)
    with pytest.raises(TrainingError, match=r"q\.jsonl is empty"):
        list(read([tmp_path / "q.jsonl"], Tally()))


def test_a_missing_file_and_a_folder_without_any(tmp_path: Path):
    with pytest.raises(TrainingError, match="There is no"):
        list(read([tmp_path / "none"], Tally()))
    with pytest.raises(TrainingError, match="holds no"):
        list(read([tmp_path], Tally()))


def test_a_compressed_file_that_was_cut_off(tmp_path: Path):
    path = tmp_path / "q.jsonl.zst"
    path.write_bytes(zstandard.compress(b"\n".join(json.dumps(OURS).encode() for _ in range(9)))[:-40])
    with pytest.raises(TrainingError):
        list(read([path], Tally()))


def test_a_limit_draws_lines_by_the_seed(tmp_path: Path):
    path = tmp_path / "q.jsonl"
    path.write_text("\n".join(json.dumps(OURS | {"id": str(n)}) for n in range(50)), "utf-8")
    drawn = [[record.id for record in read([path], Tally(), limit=5, seed=seed)] for seed in (1, 1, 2)]
    assert len(drawn[0]) == 5
    assert drawn[0] == drawn[1] != drawn[2]
    assert len(list(read([path], Tally(), limit=80))) == 50


def records(folder: Path, *rows: dict[str, Any]) -> list[Record]:
    path = folder / "questions.jsonl"
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    return list(read([path], Tally()))
