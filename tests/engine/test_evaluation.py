import json
from pathlib import Path

import pytest
import zstandard

from engine.assistant import Assistant
from engine.config import Config
from engine.evaluation import evaluate, said_in
from engine.question_sets import load
from engine.scores import Mean
from engine.types import Answer, Citation, Stop, Timings, Unit


@pytest.mark.parametrize(
    ("text", "mode", "stop", "said"),
    [
        ("For seven years. [1] Bananas. [?]", "generated", Stop.COMPLETE, "For seven years. Bananas."),
        (r"See \[2021\]. [12]", "generated", Stop.LENGTH, "See [2021]."),
        ("> quoted [1]", "extractive", Stop.COMPLETE, "word for word"),
        ("> quoted [1]", "extractive", Stop.NO_SOURCES, ""),
    ],
)
def test_what_is_scored_is_what_was_said(text: str, mode, stop: Stop, said: str):
    citation = Citation(1, Path("a.md"), "", Unit.LINE, 1, "word for word", (), 0.9)
    assert said_in(Answer("?", text, mode, stop, (citation,), Timings(1, 1, 1))) == said


def test_a_retrieval_folder_is_scored_through_the_product(tmp_path: Path):
    folder = tmp_path / "small_set"
    folder.mkdir()
    corpus = {"d1": "Audit logs are retained for seven years.", "d2": "备份策略每季度复核一次。", "d3": "Zebras run."}
    write_lines(folder / "corpus.jsonl.zst", [{"id": id, "title": "", "text": text} for id, text in corpus.items()])
    write_lines(
        folder / "queries.jsonl", [{"id": "q1", "text": "audit log retention"}, {"id": "q2", "text": "备份策略"}]
    )
    (folder / "qrels.tsv").write_text("q1\td1\t1\nq2\td2\t1\n")
    chosen = load(folder)
    assistant = Assistant.open(Config.load(tmp_path / "home"))
    scores = evaluate(assistant, chosen, tmp_path / "documents", lambda _: None, lambda _: None)
    assistant.close()
    assert (scores.name, scores.count, scores.answers) == ("small_set", 2, {})
    assert (
        scores.by["keyword"]
        == scores.by["hybrid"]
        == dict.fromkeys(["recall@1", "recall@10", "mrr@10", "ndcg@10"], 1.0)
    )
    assert set(scores.by) == {"keyword", "vector", "hybrid"}


def test_a_file_of_questions_is_scored_with_its_answers_and_refusals(tmp_path: Path):
    context = "The archive was founded in 1874. Audit logs are retained for seven years."
    rows = [
        {"question": "How long are audit logs retained?", "context": context, "answers": ["seven years"]},
        {"question": "Are audit logs retained?", "context": context, "answers": ["yes"]},
        {"question": "Which zebra won the chess tournament?", "context": context, "answers": [], "unanswerable": True},
    ]
    write_lines(tmp_path / "asked.jsonl", rows)
    assistant = Assistant.open(Config.load(tmp_path / "home"))
    scores = evaluate(assistant, load(tmp_path / "asked.jsonl"), tmp_path / "docs", lambda _: None, lambda _: None)
    assistant.close()
    assert scores.count == 3
    assert scores.by["hybrid"]["recall@1"] == 1.0  # of the two that have something relevant
    assert scores.answers["contains"] == Mean(0.5, 2)
    assert 0 < scores.answers["f1"].value < 1
    assert scores.answers["yes_no"] == Mean(0.0, 1)  # a quote does not begin with yes
    assert scores.answers["citation_precision"] == scores.answers["citation_recall"] == Mean(1.0, 2)
    assert scores.answers["right_refusals"] == Mean(1.0, 1)
    assert scores.answers["wrong_refusals"] == Mean(0.0, 2)


def write_lines(path: Path, rows: list[dict[str, object]]) -> None:
    data = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
    path.write_bytes(zstandard.compress(data) if path.suffix == ".zst" else data)
