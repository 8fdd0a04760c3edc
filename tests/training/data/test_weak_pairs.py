"""Weak pairs from a document's structure."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from training.data.records import Tally
from training.data.weak_pairs import PER_DOCUMENT, Section, pairs, read, sections
from training.errors import TrainingError

OTHER = (
    "The wheel is driven by the water of the small river behind the house. Its wooden buckets hold ten litres of water "
    "and empty themselves at the bottom. Every spring the miller greases the iron axle of the wheel with mutton fat."
)
BODY = (
    "Grain is poured into the hopper at the top of the mill by the miller every morning. It then falls slowly between "
    "two heavy stones of granite from the nearby mountains. Flour leaves through the wooden chute on the northern side."
)
CODE = "```\n# no heading\n```"
MARKDOWN = f"# The water mill\n\nShort.\n\n## How grain becomes flour\n\n{BODY}\n\n{CODE}\n\n## 2.1 Use\n\n{OTHER}\n"


def test_sections_go_by_headings_outside_code():
    assert [section.heading for section in sections(MARKDOWN)] == ["The water mill", "How grain becomes flour", "Use"]
    assert "# no heading" in sections(MARKDOWN)[1].body


def test_a_first_line_may_be_the_title():
    assert sections(f"水磨坊\n\n{BODY}") == [Section("水磨坊", BODY)]
    assert sections(BODY) == [Section("", BODY)]


def test_a_heading_asks_for_its_section():
    found = {record.question: record.positives[0] for record in pairs({"text": MARKDOWN}, "d")}
    assert found["How grain becomes flour"].startswith(BODY)
    assert found["The water mill Use"] == OTHER


def test_a_sentence_asks_for_the_rest_of_its_passage():
    [record] = pairs({"text": f"- {BODY}"}, "d")
    assert record.question in BODY
    assert record.question not in record.positives[0]
    assert all(other in record.positives[0] for other in BODY.split(". ") if other not in record.question)


def test_a_passage_gives_one_pair():
    passages = [record.positives[0] for record in pairs({"text": MARKDOWN}, "d")]
    assert len(passages) == 2


@pytest.mark.parametrize("number", ["第二十六条 ", "三、", "（四）", "2.1 ", "- ", "1) "])
def test_a_heading_is_asked_without_its_number(number: str):
    assert sections(f"## {number}磨坊的历史\n\n{BODY}\n")[0].heading == "磨坊的历史"


def test_pairs_of_one_document_stay_together_and_claim_no_answer():
    found = list(pairs({"text": MARKDOWN, "lang": "en", "license": "CC0", "source": "mills"}, "d"))
    assert len({record.document for record in found}) == len({""} | {record.document for record in found}) - 1 == 1
    assert all(record.weak and not record.answers for record in found)
    assert {(record.lang, record.license, record.source) for record in found} == {("en", "CC0", "mills")}


def test_a_long_document_gives_a_few():
    text = "\n".join(f"## The story of mill number {number}\n\n{number} {BODY}" for number in range(40))
    found = list(pairs({"text": text}, "d"))
    assert len(found) == 2 * PER_DOCUMENT
    assert found == list(pairs({"text": text}, "d"))
    assert found != list(pairs({"text": text}, "d", seed=1))


def test_markdown_files_and_lines_of_json(tmp_path: Path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "mill.md").write_text(MARKDOWN, "utf-8")
    (tmp_path / "t.jsonl").write_text(json.dumps({"text": MARKDOWN, "source": "mills"}), "utf-8")
    found = list(read([tmp_path / "docs", tmp_path / "t.jsonl"], Tally()))
    assert {record.source for record in found} == {"mill.md", "mills"}


def test_a_line_without_text_is_named(tmp_path: Path):
    (tmp_path / "t.jsonl").write_text('{"text": "One."}\n{"txt": "Two."}\n', "utf-8")
    with pytest.raises(TrainingError, match=r"t\.jsonl, line 2"):
        list(read([tmp_path / "t.jsonl"], Tally()))
    tally = Tally()
    assert list(read([tmp_path / "t.jsonl"], tally, skip_broken=True)) == []
    assert tally.dropped == {"a broken line": 1}
