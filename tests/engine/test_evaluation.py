import json
from pathlib import Path

import pytest
import zstandard

from engine.assistant import Assistant
from engine.config import Config
from engine.errors import Code, UsageError
from engine.evaluation import evaluate, exact_match, f1, load, retrieval_scores, said_in
from engine.types import Answer, Citation, Stop, Timings, Unit


def test_retrieval_scores_by_hand():
    scores = retrieval_scores([0, 1, 9, 10, None])
    assert scores == {"recall@1": 0.2, "recall@10": 0.6, "mrr@10": round((1 + 1 / 2 + 1 / 10) / 5, 4)}


def test_f1_counts_words_in_english_and_characters_in_chinese():
    assert f1("seven whole years", ["seven years"]) == pytest.approx(0.8)
    assert f1("保留七年", ["七年"]) == pytest.approx(2 * 2 / 6)
    assert f1("nothing", ["seven years", "七年"]) == 0.0


def test_exact_match_overlooks_case_punctuation_and_articles():
    assert exact_match("The Audit Log.", ["audit log"]) == 1.0
    assert exact_match("audit logs", ["audit log"]) == 0.0


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
    assert (scores.name, scores.count, scores.answers) == ("small_set", 2, None)
    assert scores.by["keyword"] == scores.by["hybrid"] == {"recall@1": 1.0, "recall@10": 1.0, "mrr@10": 1.0}
    assert set(scores.by) == {"keyword", "vector", "hybrid"}


def test_a_file_of_questions_is_scored_with_its_answers(tmp_path: Path):
    context = "The archive was founded in 1874. Audit logs are retained for seven years."
    rows = [
        {"question": "How long are audit logs retained?", "context": context, "answers": ["seven years"]},
        {"question": "Who?", "context": context, "answers": [], "unanswerable": True},
    ]
    write_lines(tmp_path / "asked.jsonl", rows)
    assistant = Assistant.open(Config.load(tmp_path / "home"))
    scores = evaluate(assistant, load(tmp_path / "asked.jsonl"), tmp_path / "docs", lambda _: None, lambda _: None)
    assistant.close()
    assert scores.count == 1
    assert scores.answers
    assert scores.answers["contains"] == 1.0
    assert 0 < scores.answers["f1"] < 1


@pytest.mark.parametrize("broken", ["not json\n", '{"question": "without the rest"}\n', ""])
def test_what_is_no_set_is_refused(tmp_path: Path, broken: str):
    path = tmp_path / "broken.jsonl"
    path.write_text(broken)
    with pytest.raises(UsageError) as caught:
        load(path)
    assert caught.value.code is Code.BAD_SET


def write_lines(path: Path, rows: list[dict[str, object]]) -> None:
    data = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
    path.write_bytes(zstandard.compress(data) if path.suffix == ".zst" else data)
