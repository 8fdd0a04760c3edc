import json
from pathlib import Path

import pytest

from training.errors import TrainingError
from training.evaluating.passage_sets import holds, load

FILLER = "The archive keeps its papers in good order and shows them to whoever asks for them politely. " * 20


@pytest.mark.parametrize(
    ("passage", "answer", "held"),
    [
        ("kept for seven\nyears", "Seven years", True),
        ("kept for seventeen years", "seven", False),
        ("about 2.2 of them", "2.2", True),
        ("about 12.25 of them", "2.2", False),
        ("保留七年。", "七年", True),
        ("sent to C++ readers", "C++", True),
        ("anything", "  ", False),
    ],
)
def test_an_answer_stands_in_a_passage_in_whole_words(passage: str, answer: str, held: bool) -> None:
    assert holds(passage, answer) is held


def test_a_paper_is_cut_and_the_passages_with_the_answer_are_relevant(tmp_path: Path) -> None:
    paper = f"{FILLER}\n\nLogs are kept for seven years.\n\n{FILLER}"
    rows = [
        {"question": "How long?", "context": paper, "answers": ["seven years", "7 years"]},
        {"question": "Where?", "context": paper, "answers": ["on the moon"]},
        {"question": "Who?", "context": "Kept for seven years.", "answers": [], "unanswerable": True},
    ]
    loaded = load(written(tmp_path / "papers.jsonl", rows))
    [(question, relevant)] = loaded.questions
    assert question == "How long?"
    assert len(loaded.passages) > 3
    assert all("seven years" in loaded.passages[id] for id in relevant)
    assert [*relevant.values()] == [1.0]  # the other document holds the words too, but the question is not about it
    assert loaded.without == 2


def test_the_draw_is_a_function_of_the_seed_and_changes_the_fingerprint(tmp_path: Path) -> None:
    rows = [{"question": f"{number}?", "context": f"It is {number}.", "answers": [str(number)]} for number in range(30)]
    path = written(tmp_path / "asked.jsonl", rows)
    first, again, other, whole = load(path, 5, 1), load(path, 5, 1), load(path, 5, 2), load(path)
    assert first == again
    assert len(first.questions) == 5
    assert len(first.passages) == len(whole.passages) == 30
    assert first.questions != other.questions
    assert len({each.fingerprint for each in (first, other, whole)}) == 3
    assert load(path, 99) == whole


def test_a_set_without_an_answer_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "asked.jsonl", [{"question": "?", "context": "Nothing.", "answers": ["elsewhere"]}])
    with pytest.raises(TrainingError, match="answers any of its questions"):
        load(path)


def test_a_broken_line_is_said_in_the_engines_words(tmp_path: Path) -> None:
    (tmp_path / "asked.jsonl").write_text("{}\n")
    with pytest.raises(TrainingError, match=r"line 1 of asked\.jsonl is broken") as caught:
        load(tmp_path / "asked.jsonl")
    assert caught.value.exit_code == 2


def written(path: Path, rows: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def test_triplets_bring_their_passages(tmp_path: Path) -> None:
    path = tmp_path / "triplets.dev.jsonl"
    rows = [{"query": "a?", "pos": ["A"], "neg": ["B", "C"]}, {"query": "b?", "pos": ["B"], "neg": ["A"]}]
    path.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    found = load(path)
    assert (found.name, [*found.passages.values()]) == ("triplets.dev", ["A", "B", "C"])
    assert [(query, [found.passages[id] for id in relevant]) for query, relevant in found.questions] == [
        ("a?", ["A"]),
        ("b?", ["B"]),
    ]


def test_a_broken_triplet_is_named(tmp_path: Path) -> None:
    path = tmp_path / "triplets.dev.jsonl"
    path.write_text('{"query": "a?", "pos": ["A"], "neg": []}\n{"query": "b?", "pos": ["B"]}\n', "utf-8")
    with pytest.raises(TrainingError, match="line 2: it is no triplet"):
        load(path)
