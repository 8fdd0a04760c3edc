"""The models as a person manages them: their cards, what takes over when one goes, and which cannot go."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from bge_folders import make_folder as make_bge
from chatglm_folders import Tiny, make_folder
from small_readers import write_reader

from engine.assistant import Assistant
from engine.config import Config, Settings
from engine.errors import Code, UsageError
from engine.types import ModelFacts

SHIPPED = Settings().embedder


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    opened = Assistant.open(Config.load(tmp_path / "home"))
    yield opened
    opened.close()


def facts(assistant: Assistant, name: str) -> ModelFacts:
    return next(model for model in assistant.installed() if model.name == name)


def bring(assistant: Assistant, folder: Path) -> str:
    return assistant.models.add(folder).name


def test_card_says_what_the_model_says_of_itself(assistant):
    model = facts(assistant, SHIPPED)
    assert model.shipped
    assert model.in_use
    assert model.card
    assert model.card.licence
    assert model.card.dimension > 0
    assert {score.name for score in model.card.scores} >= {"int8_cosine_min"}
    assert "Apache" in model.card.notice


def test_shipped_model_stays(assistant):
    with pytest.raises(UsageError) as raised:
        assistant.remove_model(SHIPPED)
    assert raised.value.code is Code.SHIPPED_MODEL
    assert facts(assistant, SHIPPED)


def test_first_generator_is_chosen_measured_and_quotes_remain_when_it_goes(assistant, tmp_path):
    folder = make_folder(tmp_path / "tiny", Tiny(seq_length=4096))
    told: list[tuple[int, int]] = []
    name = assistant.import_model(folder, False, lambda *at: told.append(at), lambda: False)
    assert told[-1][0] == told[-1][1] > 0
    model = facts(assistant, name)
    assert (model.in_use, model.successor, model.speed) == (True, "", None)
    assert model.needed_bytes > 0
    speed = assistant.measure(name, lambda: False)
    assert speed
    assert speed.taken_in_per_second > 0
    assert facts(assistant, name).speed == speed
    assistant.remove_model(name)
    assert assistant.config.settings.generator == ""
    assert name not in {one.name for one in assistant.installed()}
    assert not (assistant.config.models / name).exists()


def test_reader_goes_and_the_usual_one_takes_over(assistant, tmp_path):
    usual = Settings().reader
    name = bring(assistant, write_reader(tmp_path / "own-reader"))
    assistant.change(reader=name)
    there = {model.name for model in assistant.installed()}
    assert facts(assistant, name).successor == (usual if usual in there else "")
    assistant.remove_model(name)
    assert assistant.config.settings.reader == (usual if usual in there else "")


def test_embedder_that_passages_are_searched_with_cannot_go(assistant, tmp_path):
    name = bring(assistant, make_bge(tmp_path / "other"))
    assistant.change(embedder=name)
    assert facts(assistant, name).successor == SHIPPED
    assistant.remove_model(name)  # nothing is embedded yet
    assert assistant.config.settings.embedder == SHIPPED
    bring(assistant, make_bge(tmp_path / "other again"))
    assistant.change(embedder="other-again")
    documents = tmp_path / "documents"
    documents.mkdir()
    (documents / "a.txt").write_text("red green blue", "utf-8")
    assistant.add([documents])
    list(assistant.index())
    assistant.change(embedder=SHIPPED)
    with pytest.raises(UsageError) as raised:
        assistant.remove_model("other-again")
    assert raised.value.code is Code.MODEL_SEARCHES
    list(assistant.index())
    assistant.remove_model("other-again")
