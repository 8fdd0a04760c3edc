"""Chat samples as ids: the product's prompt, the answer behind it, and what has no room."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from chat_samples import chat, write

from engine.models.prompts import PromptWriter, Source
from training.chatglm.base import Base
from training.chatglm.samples import NoRoomError, Samples, SampleWriter, parsed
from training.errors import TrainingError


@pytest.fixture
def writer(folder: Path) -> SampleWriter:
    return SampleWriter(Base(folder))


def test_prompt_is_the_products_and_the_answer_ends(writer: SampleWriter) -> None:
    sample = chat(2)
    encoded = writer.encode(parsed(sample), 2000)
    sources = [Source(passage["title"], (passage["text"],)) for passage in sample["passages"]]
    prompt = PromptWriter(writer.tokens).build("en", sources, [], sample["question"], 2000)
    assert encoded.ids[: encoded.answer] == (*prompt.fixed, *prompt.passages, *prompt.question)
    assert encoded.ids[encoded.answer :] == (*writer.tokens.encode(sample["answer"]), 2)


def test_earlier_turns_stand_before_the_question(writer: SampleWriter) -> None:
    turns = [{"question": "Who reads?", "answer": "the red fox. [1]"}]
    with_turns, without = (writer.encode(parsed(chat(2) | {"history": history}), 2000) for history in (turns, []))
    text = writer.tokens.decode(with_turns.ids)
    assert text.count("Who reads?") == 1
    assert "the red fox. [1]" not in text  # as in the product, marks of earlier answers are taken away
    assert with_turns.answer > without.answer


def test_sentences_are_cut_as_in_the_product(writer: SampleWriter) -> None:
    sample = chat(2) | {"passages": [{"title": "a.txt", "text": "The fox reads. The whale asks."}], "cited": [1]}
    assert parsed(sample).sources[0].sentences == ("The fox reads. ", "The whale asks.")


# --- room --------------------------------------------------------------------------------------------------------


def citing(number: int, passages: int = 6) -> dict[str, Any]:
    sample = chat(2, passages=passages, words=12)
    return sample | {"answer": f"the red fox. [{number}]", "cited": [number]}


def test_passages_without_room_are_left_out_and_numbers_stay(writer: SampleWriter) -> None:
    whole = writer.encode(parsed(citing(1)), 5000)
    short = writer.encode(parsed(citing(1)), len(whole.ids) - 1)
    assert len(short.ids) < len(whole.ids)
    text = writer.tokens.decode(short.ids)
    assert "[1] a.txt" in text
    assert "[6]" not in text
    assert text.endswith("the red fox. [1]")


def test_answer_that_cites_what_has_no_room_is_left_out(writer: SampleWriter) -> None:
    whole = writer.encode(parsed(citing(6)), 5000)
    with pytest.raises(NoRoomError, match="cited passage"):
        writer.encode(parsed(citing(6)), len(whole.ids) - 1)


def test_answer_from_a_cut_passage_is_left_out(writer: SampleWriter) -> None:
    """The first passage loses its last sentences where it alone exceeds the room; the answer may stand in them."""
    text = " ".join(["The red fox reads the green book."] * 20)
    sample = citing(1, passages=1) | {"passages": [{"title": "a.txt", "text": text}]}
    whole = writer.encode(parsed(sample), 5000)
    with pytest.raises(NoRoomError, match="cited passage"):
        writer.encode(parsed(sample), len(whole.ids) - 1)


def test_no_sample_is_longer_than_allowed(writer: SampleWriter) -> None:
    for most in range(150, 700, 50):
        for number in range(6):
            try:
                assert len(writer.encode(parsed(chat(number, passages=5)), most).ids) <= most
            except NoRoomError:
                continue


# --- files -------------------------------------------------------------------------------------------------------


def test_samples_are_read_again_by_number(writer: SampleWriter, chats: Path) -> None:
    with Samples([chats, chats], writer, 2000, quiet=True) as samples:
        assert len(samples) == 24
        assert samples[15] == samples[3] == writer.encode(parsed(chat(3)), 2000)
        assert [*samples.lengths] == [len(samples[number].ids) for number in range(24)]


def test_what_has_no_room_is_counted(writer: SampleWriter, tmp_path: Path) -> None:
    most = len(writer.encode(parsed(citing(6)), 5000).ids) - 1
    path = write(tmp_path / "mixed.jsonl", [citing(1), citing(6), citing(2), citing(6)])
    with Samples([path], writer, most, quiet=True) as samples:
        assert len(samples) == 2
        assert samples.left_out == {"a cited passage": 2}
        assert samples[1] == writer.encode(parsed(citing(2)), most)


def test_digest_tells_samples_apart(writer: SampleWriter, tmp_path: Path) -> None:
    one, other = (write(tmp_path / f"{name}.jsonl", [chat(name)]) for name in (1, 2))
    digests = []
    for path in (one, one, other):
        with Samples([path], writer, 2000, quiet=True) as samples:
            digests.append(samples.digest)
    assert digests[0] == digests[1] != digests[2]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"lang": "fr"}, "'fr' as 'lang'"),
        ({"question": " "}, "no text as 'question'"),
        ({"answer": None}, "no text as 'answer'"),
        ({"passages": "none"}, "no list as 'passages'"),
        ({"passages": [{"text": "no title"}]}, "has no 'title'"),
        ({"cited": [3]}, r"\[3\] as 'cited' beside 2 passages"),
        ({"history": ["a turn"]}, "one of its 'history' is no object"),
    ],
)
def test_broken_line_is_named(writer: SampleWriter, tmp_path: Path, change: dict[str, Any], why: str) -> None:
    path = write(tmp_path / "broken.jsonl", [chat(0), chat(1) | change])
    with pytest.raises(TrainingError, match=rf"broken\.jsonl, line 2: .*{why}"):
        Samples([path], writer, 2000, quiet=True)


def test_nothing_that_has_room_is_an_error(writer: SampleWriter, chats: Path) -> None:
    with pytest.raises(TrainingError, match=r"No sample of .*chats\.jsonl has room in 40 tokens"):
        Samples([chats], writer, 40, quiet=True)
