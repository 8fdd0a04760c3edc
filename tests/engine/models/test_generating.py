"""The child's own work, in this process: loading, answering, and what it says when it cannot."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import ctranslate2
import pytest
from chatglm_folders import Tiny, make_folder
from refusing import reason

from engine.errors import BrokenInstallation, Code
from engine.models import generating
from engine.models.converting import convert
from engine.models.jobs import (
    Done,
    Failed,
    Forget,
    Generate,
    Idle,
    Loaded,
    Refused,
    Reply,
    Request,
    Setup,
    Token,
    Trying,
)

START = [260, 261, 262]


class EndOfScript(Exception):
    """Nothing more is asked."""


class Inbox:
    """Requests that are there from the beginning. A None among them: the limit passes."""

    def __init__(self, *requests: Request | None, abandoned: frozenset[int] = frozenset()) -> None:
        self._requests = [*requests]
        self._abandoned = abandoned
        self.limits: list[float | None] = []

    def next(self, limit_s: float | None) -> Request | None:
        self.limits.append(limit_s)
        if not self._requests:
            raise EndOfScript
        return self._requests.pop(0)

    def is_abandoned(self, job: int) -> bool:
        return job in self._abandoned


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("generating")
    convert(make_folder(place / "hub", Tiny()), place / "tiny", "float32")
    return place / "tiny"


def said(folder: Path, inbox: Inbox, idle_s: float = 0.0) -> list[Reply]:
    replies: list[Reply] = []
    with suppress(EndOfScript):
        generating.serve(Setup(str(folder), "cpu", "float32", 1, idle_s), inbox, replies.append)  # type: ignore[arg-type]
    return replies


def generate(job: int = 1, static: tuple[int, ...] = (), tokens: int = 5, end: tuple[int, ...] = (2,)) -> Generate:
    return Generate(job, [*static], START, [*end], tokens, 0.0, 1.0, 1.0)


@pytest.fixture(scope="module")
def expected(folder: Path) -> list[int]:
    """The five tokens that CTranslate2 itself gives."""
    model = ctranslate2.Generator(str(folder), compute_type="float32", intra_threads=1)
    (result,) = model.generate_batch([[*map(str, START)]], max_length=5, end_token=[], include_prompt_in_result=False)
    return [int(id) for id in result.sequences_ids[0]]


def test_it_says_what_it_loads_and_every_token(folder: Path, expected: list[int]):
    trying, loaded, *tokens, done = said(folder, Inbox(generate(end=(0,))))
    assert trying == Trying("cpu")
    assert isinstance(loaded, Loaded)
    assert (loaded.device, loaded.compute_type, loaded.notice) == ("cpu", "float32", None)
    assert loaded.spare_bytes
    assert tokens == [Token(1, id) for id in expected]
    assert done == Done(1, complete=False)


def test_an_end_token_ends_the_job_unsaid(folder: Path, expected: list[int]):
    _, _, *tokens, done = said(folder, Inbox(generate(end=(expected[2],))))
    before = expected[: expected.index(expected[2])]
    assert (tokens, done) == ([Token(1, id) for id in before], Done(1, complete=True))


def test_the_static_part_changes_nothing_and_is_found_again(folder: Path):
    static = tuple(range(260, 300))
    whole = Generate(1, [], [*static, *START], [0], 5, 0.0, 1.0, 1.0)
    replies = said(folder, Inbox(whole, generate(2, static, end=(0,)), generate(3, static, end=(0,))))
    texts = [[reply.id for reply in replies if isinstance(reply, Token) and reply.job == job] for job in (1, 2, 3)]
    assert len(texts[0]) == 5
    assert texts[0] == texts[1] == texts[2]


def test_what_is_abandoned_before_it_begins_is_not_computed(folder: Path):
    replies = said(folder, Inbox(generate(1), generate(2), abandoned=frozenset({1})))
    assert replies[2] == Done(1, complete=False)
    assert {reply.job for reply in replies if isinstance(reply, Token)} == {2}


def test_what_is_abandoned_on_the_way_ends_after_one_token(folder: Path):
    class Leaving(Inbox):
        def is_abandoned(self, job: int) -> bool:
            return any(isinstance(reply, Token) for reply in replies)

    replies: list[Reply] = []
    with pytest.raises(EndOfScript):
        generating.serve(
            Setup(str(folder), "cpu", "", 1, 0.0),
            Leaving(generate(tokens=500, end=(0,))),  # type: ignore[arg-type]
            replies.append,
        )
    assert [type(reply) for reply in replies[2:]] == [Token, Done]


def test_idleness_is_told_and_forgetting_waits_for_what_comes(folder: Path):
    inbox = Inbox(None, Forget(3.0), None, Forget(4.0), generate())
    replies = said(folder, inbox, idle_s=60.0)
    assert replies[2:4] == [Idle(again=False), Idle(again=True)]
    assert isinstance(replies[-1], Done)  # asked while it waited to forget: answered
    assert inbox.limits == [60.0, 60.0, 3.0, 60.0, 4.0, 60.0]


def test_what_the_library_refuses_is_its_last_word(folder: Path):
    inbox = Inbox(Generate(1, [], START, [2], 5, 0.7, 7.0, 1.0), generate(2))
    assert said(folder, inbox)[2:] == [Failed("The sampling_topp parameter must be between 0 and 1")]


@pytest.fixture
def damaged(folder: Path, tmp_path: Path) -> Iterator[Path]:
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes()[: 5000 if file.name == "model.bin" else None])
    return tmp_path


def refusal(folder: Path) -> BrokenInstallation:
    *_, refused = said(folder, Inbox(generate()))
    assert isinstance(refused, Refused)
    assert all(isinstance(fact, str) for fact in refused.facts.values())
    return BrokenInstallation(Code(refused.code), **refused.facts)


def test_damaged_weights_are_refused_in_the_librarys_words(damaged: Path):
    error = refusal(damaged)
    assert error.code is Code.BAD_MODEL
    assert reason(error).startswith('the library that runs it says "')


def test_another_kind_of_model_is_refused(folder: Path, tmp_path: Path):
    card = json.loads((folder / "model.json").read_text("utf-8"))
    card |= {"kind": "reader", "chat": None, "reading": {"scale": 1.0, "shift": 0.0, "bound": 0.5, "weight": 0.5}}
    (tmp_path / "model.json").write_text(json.dumps(card), "utf-8")
    assert reason(refusal(tmp_path)) == "it is of the kind 'reader', not 'generator'"


def test_too_little_memory_is_told_before_anything_is_loaded(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("engine.models.memory.needed_bytes", lambda *_: 10**18)
    monkeypatch.setattr(ctranslate2, "Generator", lambda *_, **__: pytest.fail("it was loaded"))
    assert refusal(folder).code is Code.NO_MEMORY_FOR_MODEL
