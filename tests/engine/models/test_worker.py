"""The engine's side of a child: what it learns from each word, and what it makes of a child that goes wrong."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from refusing import reason

from engine.errors import Code
from engine.models.jobs import Done, Failed, Idle, Loaded, Refused, Reply, Setup, Token, Trying, encode
from engine.models.manifest import Chat
from engine.models.prefixes import Split
from engine.models.worker import Job, Pace, Worker

CHAT = Chat({}, (2,), cache_values=1000, weight_bytes=1000)
LOADED = Loaded("cpu", "int8", 10**9)
SPLIT = Split((1, 2), (3,), 3)

# Says its last argument's frames, each once a request has come where there is a null before it; then waits, or leaves.
CHILD = """
import json, sys
from engine.children import own_pipes, read_frame, write_frame
source, out = own_pipes()
words, leaves = json.loads(sys.argv[1])
for word in words:
    if word is None:
        read_frame(source)
    else:
        write_frame(out, word.encode())
if leaves is not None:
    sys.exit(leaves)
sys.stdin.buffer.read()
"""


class Child:
    """A worker whose child says what it is told to say."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.changed = threading.Condition()
        self.pace = Pace()
        self.followed = 0
        self.worker: Worker
        self._patch = monkeypatch

    def says(self, *words: Reply | str | None, leaves: int | None = None) -> Worker:
        """`None`: wait for a request. A str is said as it is."""
        said = [encode(word).decode() if word and not isinstance(word, str) else word for word in words]
        script = CHILD.replace("sys.argv[1]", repr(json.dumps([said, leaves])))
        self._patch.setattr("engine.models.worker.child_command", lambda: [sys.executable, "-c", script])
        setup = Setup("folder", "", "", 1, 0.0)
        self.worker = Worker(setup, CHAT, 10**6, self.pace, self.changed, self._follow)
        return self.worker

    def until(self, ready: Callable[[], object]) -> None:
        with self.changed:
            assert self.changed.wait_for(ready, 20)

    def begins(self, split: Split = SPLIT) -> Job:
        with self.changed:
            return self.worker.begin(split, [2], 8)

    def _follow(self) -> None:
        self.followed += 1


@pytest.fixture
def child(monkeypatch: pytest.MonkeyPatch) -> Iterator[Child]:
    made = Child(monkeypatch)
    yield made
    made.worker.kill()
    made.until(lambda: made.worker.has_ended)


def test_a_job_is_its_tokens_and_its_end(child: Child):
    worker = child.says(Trying("cpu"), LOADED, None, Token(1, 70), Token(1, 71), Done(1, complete=False))
    child.until(lambda: worker.is_free)
    job = child.begins()
    assert not worker.is_free
    child.until(lambda: job.done)
    assert job.take() == [70, 71]
    assert job.take() == []
    assert (job.count, job.done, worker.job) == (2, Done(1, complete=False), None)
    assert worker.is_free
    assert worker.prefixes.has((1, 2))  # what its first token needed is kept from now on


def test_what_it_keeps_fits_into_the_memory_that_it_found(child: Child):
    worker = child.says(Loaded("cpu", "int8", spare_bytes=40_000))
    child.until(lambda: worker.loaded)
    assert worker.prefixes.limit == 10  # 1,000 float32 a token
    worker.kill()
    child.until(lambda: worker.has_ended)
    worker = child.says(Loaded("cuda", "float16", spare_bytes=None))
    child.until(lambda: worker.loaded)
    assert worker.prefixes.limit == 500  # the whole million that it may have, in float16


def test_an_end_without_a_token_is_an_answer_too(child: Child):
    worker = child.says(LOADED, None, Done(1, complete=True))
    child.until(lambda: worker.is_free)
    job = child.begins()
    child.until(lambda: job.done)
    assert job.first is not None
    assert worker.prefixes.has(SPLIT.static)


def test_an_abandoned_prompt_is_not_kept(child: Child):
    worker = child.says(LOADED, None, Done(1, complete=False))
    child.until(lambda: worker.is_free)
    job = child.begins()
    child.until(lambda: job.done)
    assert job.first is None
    assert not worker.prefixes.has(SPLIT.static)


@pytest.mark.parametrize(("leaves", "words"), [(0, "exit code 0"), (7, "exit code 7")])
def test_a_child_that_leaves_is_told_with_its_code(child: Child, leaves: int, words: str):
    worker = child.says(LOADED, None, leaves=leaves)
    child.until(lambda: worker.is_free)
    job = child.begins()
    child.until(lambda: worker.has_ended)
    assert (worker.job, job.done) == (None, None)
    assert worker.error.code is Code.GENERATOR_ENDED
    assert reason(worker.error) == words
    worker.abandon(job)  # nobody is there to hear it, and nothing is raised


def test_a_refusal_keeps_its_code_and_facts(child: Child):
    facts = {"path": "/glm", "why": "library_says", "words": "torn"}
    worker = child.says(Trying("cpu"), Refused("bad_model", facts), leaves=0)
    child.until(lambda: worker.has_ended)
    assert worker.has_failed_to_load
    assert (worker.error.code, worker.error.facts) == (Code.BAD_MODEL, facts)


def test_a_library_that_gives_up_is_quoted(child: Child):
    worker = child.says(LOADED, None, Failed("bad_alloc"), leaves=0)
    child.until(lambda: worker.is_free)
    child.begins()
    child.until(lambda: worker.has_ended)
    assert "bad_alloc" in reason(worker.error, "zh")


@pytest.mark.parametrize("nonsense", ["", "{}", '["rm", {}]', '["Token", {"job": 1}]'])
def test_nonsense_ends_the_child(child: Child, nonsense: str):
    worker = child.says(LOADED, nonsense)
    child.until(lambda: worker.has_ended)
    assert worker.is_killed
    assert worker.error.code is Code.GENERATOR_ENDED


def test_an_idle_child_goes_and_another_follows_where_it_is_to(child: Child):
    worker = child.says(LOADED, Idle(again=False))
    child.until(lambda: worker.has_ended)
    assert child.followed == 0
    worker = child.says(LOADED, Idle(again=True))
    child.until(lambda: worker.has_ended)
    assert child.followed == 1


def test_a_child_that_is_idle_though_it_was_just_asked_is_not_ended(child: Child):
    worker = child.says(LOADED, None, Idle(again=False), Token(1, 70), Done(1, complete=True))
    child.until(lambda: worker.is_free)
    job = child.begins()
    child.until(lambda: job.done)
    assert job.take() == [70]
    assert worker.is_free


def test_words_after_the_end_of_a_job_do_no_harm(child: Child):
    worker = child.says(LOADED, Token(9, 70), Done(9, complete=True), Trying("cpu"))
    child.until(lambda: worker._tried)
    assert worker.is_free


def test_a_card_that_ends_the_child_is_known_from_a_model_that_does(child: Child):
    worker = child.says(Trying("cuda"), leaves=1)
    child.until(lambda: worker.has_ended)
    assert worker.died_of_gpu
    worker = child.says(Trying("cuda"), Trying("cpu"), leaves=1)
    child.until(lambda: worker.has_ended)
    assert not worker.died_of_gpu
    assert worker.has_failed_to_load


def test_speeds_are_remembered_from_child_to_child(child: Child):
    split = Split(tuple(range(100)), (3,), 101)
    worker = child.says(LOADED, None, Token(1, 70), Token(1, 71), Done(1, complete=True))
    child.until(lambda: worker.is_free)
    began = time.monotonic()
    job = child.begins(split)
    child.until(lambda: job.done)
    spent = time.monotonic() - began
    assert child.pace.load_s is not None
    assert child.pace.prompt_tokens_per_s
    assert child.pace.prompt_tokens_per_s >= 101 / spent
    left = child.pace.first_token_s(1000)
    assert left is not None
    assert 0 < left <= 1000 / 101 * spent + spent
