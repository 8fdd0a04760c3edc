"""A small random model behind the whole of it: a real child process, real pipes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import ctranslate2
import numpy as np
import psutil
import pytest
from chatglm_folders import Tiny, make_folder
from refusing import reason

from engine.errors import BrokenInstallation, Code, UsageError
from engine.models.catalog import Models
from engine.models.converting import convert
from engine.models.generator import Generator, Runtime, Sampling
from engine.models.manifest import Manifest
from engine.models.prompts import Prompt
from engine.types import Stop, Wait, Waiting

ONE = Sampling(max_new_tokens=1)
TWELVE = Sampling(max_new_tokens=12)
CPU = Runtime(device="cpu", threads=1)


def ids(seed: int, count: int) -> tuple[int, ...]:
    return tuple(int(id) for id in np.random.default_rng(seed).integers(262, 400, count))


# a prompt of this length takes the model below most of a second, so that there is something to stop
LONG = Prompt(ids(1, 60), ids(2, 1800), ids(3, 20), ())
SHORT = Prompt(LONG.fixed, ids(4, 40), ids(5, 10), ())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("generator")
    tiny = Tiny(layers=4, hidden=512, heads=8, channels=64, ffn=1024)
    convert(make_folder(place / "hub", tiny), place / "small", "float32")
    return place / "small"


@pytest.fixture
def generator(folder: Path) -> Iterator[Generator]:
    opened = Generator.open(folder, CPU)
    yield opened
    opened.close()


def told(generator: Generator, prompt: Prompt, sampling: Sampling = TWELVE) -> list[Waiting | str | Stop]:
    return list(generator.stream(prompt, sampling, lambda: False))


def text_of(events: list[Waiting | str | Stop]) -> str:
    return "".join(event for event in events if type(event) is str)


def waits(events: list[Waiting | str | Stop]) -> list[Wait]:
    return [event.wait for event in events if isinstance(event, Waiting)]


def pid_of(generator: Generator) -> int:
    assert generator._worker
    return generator._worker.pid


def ready(generator: Generator) -> Generator:
    told(generator, SHORT, ONE)
    return generator


def until(generator: Generator, condition: Callable[[], bool]) -> None:
    with generator._changed:
        assert generator._changed.wait_for(condition, 60)


# --- the text


@pytest.fixture(scope="module")
def plain(folder: Path) -> ctranslate2.Generator:
    return ctranslate2.Generator(str(folder), compute_type="float32", intra_threads=1, inter_threads=1)


def plainly(plain: ctranslate2.Generator, folder: Path, prompt: Prompt, count: int = 12) -> list[int]:
    start = [str(id) for id in prompt.fixed + prompt.passages + prompt.question]
    ends = list(Manifest.load(folder).chat.end_ids)
    result = plain.generate_batch([start], include_prompt_in_result=False, max_length=count, end_token=ends)
    return list(result[0].sequences_ids[0])


def test_text_is_what_ctranslate2_gives_whether_static_or_not(
    generator: Generator, plain: ctranslate2.Generator, folder: Path
) -> None:
    events = told(generator, SHORT)
    expected = generator.tokens.decode(plainly(plain, folder, SHORT)).lstrip()
    assert waits(events) == [Wait.LOADING, Wait.PASSAGES]
    assert [event for event in events if isinstance(event, Stop)] == [events[-1]] == [Stop.LENGTH]
    assert text_of(events) == expected
    assert text_of(told(generator, SHORT)) == expected  # the passages are there now
    uncached = Generator.open(folder, replace(CPU, cache_bytes=0))
    assert text_of(told(uncached, SHORT)) == expected
    uncached.close()


def test_an_end_token_completes_the_answer(
    folder: Path, tmp_path: Path, plain: ctranslate2.Generator, generator: Generator
) -> None:
    answer = plainly(plain, folder, SHORT)
    generator._chat = replace(generator._chat, end_ids=(2, answer[4]))
    events = told(generator, SHORT)
    assert events[-1] is Stop.COMPLETE
    assert text_of(events) == generator.tokens.decode(answer[: answer.index(answer[4])]).lstrip()


def test_sampling_reaches_the_library(generator: Generator) -> None:
    wild = Sampling(temperature=50.0, top_p=1.0, max_new_tokens=12)
    assert len({text_of(told(generator, SHORT, wild)) for _ in range(4)}) > 1
    greedy = text_of(told(generator, SHORT))
    assert text_of(told(generator, SHORT, replace(TWELVE, repetition_penalty=100.0))) != greedy


def test_nothing_goes_beyond_the_models_length(generator: Generator) -> None:
    room = generator.manifest.max_tokens
    with pytest.raises(UsageError) as caught:
        told(generator, Prompt((), (), ids(1, room), ()))
    assert caught.value.code is Code.QUESTION_TOO_LONG
    assert generator._bounded(Prompt((), (), ids(1, room - 3), ()), TWELVE).max_new_tokens == 3
    assert generator.prompt_budget(0, 256) == 1200
    assert generator.prompt_budget(900, 256) == 900
    assert generator.prompt_budget(10**6, 256) == room - 256


# --- what is computed ahead


def test_passages_are_computed_ahead_once(generator: Generator) -> None:
    assert not generator.prepare(LONG)  # not loaded
    generator.load()
    until(generator, lambda: bool(generator._worker and generator._worker.is_free))
    assert not generator.is_ready(LONG)
    assert generator.prepare(LONG)
    assert not generator.prepare(SHORT)  # busy
    events = told(generator, LONG)  # waits for it, as for its own prompt
    assert waits(events) == [Wait.PASSAGES]
    assert generator.is_ready(LONG)
    assert not generator.prepare(LONG)
    seconds = next(event.seconds for event in told(generator, LONG) if isinstance(event, Waiting))
    cold = generator.pace.first_token_s(len(LONG.fixed + LONG.passages + LONG.question))
    assert seconds is not None
    assert cold is not None
    assert seconds < cold / 3


def test_a_full_cache_is_given_back_by_a_new_child(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.models.generator._RELOAD_AFTER_S", 0.0)
    chat = Manifest.load(folder).chat
    assert chat
    room = len(SHORT.fixed) + 100
    generator = Generator.open(folder, replace(CPU, cache_bytes=4 * chat.cache_values * room))
    first = pid_of(ready(generator))
    other = Prompt(SHORT.fixed, ids(9, 60), SHORT.question, ())
    assert not generator.prepare(other)  # no room
    told(generator, other, ONE)
    until(generator, lambda: bool(generator._worker and generator._worker.is_free and pid_of(generator) != first))
    # the new child may have come before the question, which then has computed the passages in it
    assert generator.prepare(other) or generator.is_ready(other)
    generator.close()


# --- stopping


def test_stop_acts_at_once_though_the_prompt_is_still_computed(generator: Generator) -> None:
    ready(generator)
    generator.pace.load_s = 1e9  # never quicker anew
    child = psutil.Process(pid_of(generator))
    began = child.cpu_times().user
    events = list(generator.stream(LONG, TWELVE, lambda: child.cpu_times().user > began + 0.02))
    assert waits(events[:-1]) == [Wait.PASSAGES]
    assert events[1:] == [Stop.STOPPED]
    worker = generator._worker
    assert worker
    assert worker.job  # it still computes
    assert waits(told(generator, SHORT)) == [Wait.QUEUED, Wait.PASSAGES]
    assert pid_of(generator) == child.pid
    assert generator.is_ready(LONG)  # the work was not for nothing


def test_a_new_child_is_started_where_that_is_quicker(generator: Generator) -> None:
    ready(generator)
    generator.pace.load_s = 0.0
    generator.pace.prompt_tokens_per_s = 100.0
    pid = pid_of(generator)
    stream = generator.stream(LONG, TWELVE, lambda: False)
    next(stream)
    stream.close()
    assert waits(told(generator, SHORT)) == [Wait.LOADING, Wait.PASSAGES]
    assert pid_of(generator) != pid


def test_stop_between_tokens_leaves_a_child_that_answers(generator: Generator) -> None:
    stream = generator.stream(SHORT, Sampling(max_new_tokens=500), lambda: False)
    assert any(type(event) is str for event in stream)
    stream.close()
    until(generator, lambda: bool(generator._worker and generator._worker.job is None))
    assert told(generator, SHORT)[-1] is Stop.LENGTH


def test_a_second_question_waits_for_its_turn(generator: Generator) -> None:
    first = generator.stream(ready(generator) and SHORT, TWELVE, lambda: False)
    next(first)
    second = generator.stream(SHORT, TWELVE, lambda: False)
    assert next(second) == Waiting(Wait.QUEUED)
    expected = text_of(list(first))
    assert text_of(list(second)) == expected
    third, fourth = generator.stream(SHORT, TWELVE), generator.stream(SHORT, TWELVE, lambda: True)
    next(third)
    assert list(fourth) == [Waiting(Wait.QUEUED), Stop.STOPPED]


def test_a_stream_that_was_thrown_out_of_holds_nobody_up(generator: Generator) -> None:
    stream = generator.stream(ready(generator) and SHORT, Sampling(max_new_tokens=1500))
    next(stream)
    with pytest.raises(RuntimeError) as caught:
        stream.throw(RuntimeError("nobody is there to tell"))
    late = time.monotonic() + 60
    assert list(generator.stream(SHORT, TWELVE, lambda: time.monotonic() > late))[-1] is Stop.LENGTH
    assert caught.traceback  # which keeps the frames of the first stream


# --- the child's end


def test_a_killed_child_is_one_clear_error_and_the_next_question_works(generator: Generator) -> None:
    stream = generator.stream(SHORT, Sampling(max_new_tokens=1500), lambda: False)
    assert any(type(event) is str for event in stream)
    os.kill(pid_of(generator), signal.SIGTERM)
    with pytest.raises(BrokenInstallation) as caught:
        list(stream)
    assert caught.value.code is Code.GENERATOR_ENDED
    assert told(generator, SHORT)[-1] is Stop.LENGTH


def test_an_idle_child_gives_its_memory_back(folder: Path) -> None:
    generator = Generator.open(folder, replace(CPU, idle_s=0.05))
    pid = pid_of(ready(generator))
    until(generator, lambda: bool(generator._worker and generator._worker.has_ended))
    assert told(generator, SHORT)[-1] is Stop.LENGTH
    assert pid_of(generator) != pid
    generator.close()


def test_closing_ends_a_stream_and_all_later_ones(generator: Generator) -> None:
    stream = generator.stream(SHORT, Sampling(max_new_tokens=1500), lambda: False)
    assert any(type(event) is str for event in stream)
    generator.close()
    assert list(stream)[-1] is Stop.STOPPED
    assert told(generator, SHORT) == [Stop.STOPPED]
    generator.load()
    assert not generator.prepare(SHORT)
    assert not generator.is_ready(SHORT)
    generator.close()


_LEAVING = """
import sys
from pathlib import Path
from engine.models.generator import Generator, Runtime, Sampling
from engine.models.prompts import Prompt
generator = Generator.open(Path(sys.argv[1]), Runtime(device="cpu", threads=1))
prompt = Prompt((), (300,) * int(sys.argv[2]), (301,), ())
for event in generator.stream(prompt, Sampling(max_new_tokens=400)):
    if type(event).__name__ == sys.argv[3]:
        print(generator._worker.pid, flush=True)
        break
sys.exit(0)
"""


@pytest.mark.parametrize(("tokens", "event"), [("9", "str"), ("1500", "Waiting")])
def test_leaving_in_the_middle_never_aborts(folder: Path, tokens: str, event: str) -> None:
    command = [sys.executable, "-c", _LEAVING, str(folder), tokens, event]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_model_that_does_not_fit_is_said_before_it_is_loaded(folder: Path, tmp_path: Path) -> None:
    manifest = Manifest.load(folder)
    assert manifest.chat
    for file in folder.iterdir():
        (tmp_path / file.name).symlink_to(file)
    (tmp_path / "model.json").unlink()
    replace(manifest, chat=replace(manifest.chat, weight_bytes=10**15)).save(tmp_path)
    generator = Generator.open(tmp_path, CPU)
    with pytest.raises(BrokenInstallation) as caught:
        told(generator, SHORT)
    assert caught.value.code is Code.NO_MEMORY_FOR_MODEL
    generator.close()


def test_weights_cut_short_are_refused(folder: Path, tmp_path: Path) -> None:
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes()[: 200_000 if file.name == "model.bin" else None])
    generator = Generator.open(tmp_path, CPU)
    with pytest.raises(BrokenInstallation) as caught:
        generator.check()
    assert caught.value.code is Code.BAD_MODEL
    generator.close()


def test_check_is_content_with_a_sound_model(generator: Generator) -> None:
    generator.check()
    assert generator.notice is None


def test_models_run_a_generator_as_it_is_wanted(folder: Path, tmp_path: Path) -> None:
    models = Models(shipped=folder.parent, installed=tmp_path)
    assert models.check("small").kind == "generator"
    assert models.run("small", CPU) is None
    notice = models.run("small", replace(CPU, compute_type="float16"))
    assert notice
    assert (notice.code, notice.facts["wanted"]) == ("compute_type_replaced", "float16")


_DYING = """
import os, sys
from engine.models import generating, jobs
from engine.children import own_pipes, write_frame
if jobs.decode(sys.argv[2]).device == "cpu":
    generating.main(sys.argv[1:])
write_frame(own_pipes()[1], jobs.encode(jobs.Trying("cuda")))
os.abort()
"""


def test_a_graphics_card_that_kills_the_child_is_left_with_the_reason(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.models.worker.child_command", lambda: [sys.executable, "-c", _DYING])
    generator = Generator.open(folder, Runtime(threads=1))
    assert told(generator, SHORT)[-1] is Stop.LENGTH
    assert generator.notice
    assert generator.notice.code == "gpu_unusable"
    assert generator.notice.facts["why"] == "signal"
    generator.close()


def test_a_child_that_dies_while_loading_is_one_error(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.models.worker.child_command", lambda: [sys.executable, "-c", "import sys; sys.exit(7)"])
    generator = Generator.open(folder, CPU)
    with pytest.raises(BrokenInstallation) as caught:
        told(generator, SHORT)
    assert caught.value.code is Code.GENERATOR_ENDED
    assert reason(caught.value) == "exit code 7"
    generator.close()
