"""A language model that answers prompts, as the rest of the engine sees it.

The model runs in a child process (`generating`): it can be killed, gives its memory back, and never takes the engine
down. Stopping is leaving a computation to itself: the child ends it after one token, but a prompt being computed runs
to its end first. The next question waits for that, or starts a new child where that is quicker.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from collections.abc import Generator as Steps
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from engine.errors import Code, EngineError, UsageError
from engine.models import devices, memory
from engine.models.flaws import refused, told
from engine.models.jobs import Setup
from engine.models.manifest import Chat, Manifest
from engine.models.prefixes import Split
from engine.models.prompts import Prompt
from engine.models.tokens import Tokens
from engine.models.worker import Job, Pace, Worker
from engine.types import Notice, Stop, Wait, Waiting

_POLL_S = 0.04  # so often at least it is asked whether to stop
_RELOAD_AFTER_S = 20.0  # without a question: long enough that a person reads, and a follow-up finds its passages
_END_S = 5.0  # until a killed child is gone
_PROMPT_TOKENS = {"cpu": 1200, "cuda": 3500}  # 12 to 16 s on two cores


@dataclass(frozen=True, slots=True)
class Sampling:
    temperature: float = 0.0  # 0: the likeliest token, always
    top_p: float = 1.0
    repetition_penalty: float = 1.0
    max_new_tokens: int = 256


@dataclass(frozen=True, slots=True)
class Runtime:
    device: str = ""  # "": a graphics card if one works, else the CPU
    compute_type: str = ""  # "": the fastest for the device and the model
    threads: int = 2
    idle_s: float = 600.0  # without work for so long, the memory is given back; 0: never
    cuda: str = ""  # a folder where CUDA's libraries may lie (`cuda`)
    cache_bytes: int = 3 * 10**9  # for the beginnings of prompts: two or three of 1,200 tokens for ChatGLM3 6B


class Generator:
    """One generator, loaded when it is first needed. Its methods may be called from any thread."""

    def __init__(self, folder: Path, manifest: Manifest, chat: Chat, tokens: Tokens, runtime: Runtime) -> None:
        self.manifest = manifest
        self.tokens = tokens
        self.pace = Pace()
        self._chat = chat
        self._setup = Setup(
            str(folder), runtime.device, runtime.compute_type, runtime.threads, runtime.idle_s, runtime.cuda
        )
        self._cache_bytes = runtime.cache_bytes
        self._changed = threading.Condition()  # guards all that follows, and the worker
        self._worker: Worker | None = None
        self._gpu_notice: Notice | None = None
        self._has_turn = False  # somebody's stream is under way
        self._is_closed = False

    @classmethod
    def open(cls, folder: Path, runtime: Runtime) -> Generator:
        """Reads `model.json` and the tokenizer; the weights are neither read nor verified, and nothing starts.

        Raises BrokenInstallation(BAD_MODEL) with the reason in words.
        """
        manifest = Manifest.load(folder)
        if manifest.kind != "generator" or manifest.chat is None:
            raise refused(folder, "another_kind", kind=manifest.kind, wanted="generator")
        return cls(folder, manifest, manifest.chat, Tokens.open(folder, manifest.chat), runtime)

    @property
    def notice(self) -> Notice | None:
        """What could not be had as it was wanted, and why; known once the model is loaded."""
        with self._changed:
            return self._gpu_notice or (self.pace.last.notice if self.pace.last else None)

    def prompt_budget(self, chosen: int, max_new_tokens: int) -> int:
        """Tokens for a prompt: `chosen`, or 0 for what the device computes in bearable time; less if memory is short.

        The answer has the rest of what the model can hold, but no more than half of it is kept free for one.
        """
        loaded = self.pace.last
        wanted = chosen or _PROMPT_TOKENS[loaded.device if loaded else "cpu"]
        if loaded and loaded.spare_bytes is not None:
            wanted = min(wanted, memory.prompt_tokens(self._chat, loaded.spare_bytes))
        whole = self.manifest.max_tokens
        return max(1, min(wanted, whole - min(max_new_tokens, whole // 2)))

    def load(self) -> None:
        """Begin to load in the background. What goes wrong is told by the next `stream`."""
        with self._changed, suppress(EngineError):
            worker = self._worker
            if not self._is_closed and (worker is None or (worker.has_ended and not worker.has_failed_to_load)):
                self._worker = self._start()

    def is_ready(self, prompt: Prompt) -> bool:
        """Whether the prompt's fixed part and passages are computed."""
        with self._changed:
            worker = self._worker
            return worker is not None and worker.is_free and worker.prefixes.has(prompt.fixed + prompt.passages)

    def prepare(self, prompt: Prompt) -> bool:
        """Compute the fixed part and the passages ahead, in the background.

        False when that is not begun: there already, no room for it, not loaded, or busy.
        """
        static = prompt.fixed + prompt.passages
        with self._changed:
            worker = self._worker
            if worker is None or not worker.is_free or self._has_turn or self._is_closed:
                return False
            if worker.prefixes.would_fit_anew(static):
                worker.forget(0.0)  # nobody waits for it now: the new child will have room
                return False
            if not static or worker.prefixes.has(static) or not worker.prefixes.fits(static):
                return False
            start = prompt.question[:1] or static[-1:]
            self._begin(worker, Split(static, start, len(static) + len(start)), Sampling(max_new_tokens=1))
            return True

    def stream(
        self, prompt: Prompt, sampling: Sampling, stop: Callable[[], bool] = lambda: False
    ) -> Steps[Waiting | str | Stop, None, None]:
        """The answer's text, in pieces of whole characters, with a Waiting at the start of each wait; at last a Stop.

        `stop` is asked at least every 50 ms; once it says True, Stop.STOPPED comes at once. One stream at a time runs;
        another waits for its turn; closing it ends it. Raises BrokenInstallation: BAD_MODEL, NO_MEMORY_FOR_MODEL,
        GENERATOR_ENDED.
        """
        last: Wait | None = None
        with closing(self._turn(prompt, sampling, stop)) as steps:  # at once, also when this stream is abandoned
            while True:
                try:
                    event = next(steps)
                except StopIteration as end:
                    yield end.value
                    return
                wait = event.wait if isinstance(event, Waiting) else None
                if wait is None or wait is not last:
                    yield event
                last = wait

    def check(self) -> None:
        """Load and generate one token. Raises as `stream` does."""
        start = tuple(self._chat.special_ids.values())[:2]
        for _ in self.stream(Prompt((), (), start, ()), Sampling(max_new_tokens=1)):
            pass

    def close(self) -> None:
        """End the child at once; a stream under way ends with Stop.STOPPED, and so does every later one."""
        with self._changed:
            self._is_closed = True
            worker = self._worker
            if worker:
                worker.kill()
                self._changed.notify_all()
                self._changed.wait_for(lambda: worker.has_ended, _END_S)

    # The steps of a stream: each hands out what it tells, and returns what it comes to.

    def _turn(self, prompt: Prompt, sampling: Sampling, stop: Callable[[], bool]) -> Steps[Waiting | str, None, Stop]:
        with self._changed:
            is_mine = self._take_turn()
        if not is_mine:
            yield Waiting(Wait.QUEUED)
            if not self._wait(self._take_turn, stop):
                return Stop.STOPPED
        try:
            return (yield from self._answer(prompt, sampling, stop))
        finally:
            with self._changed:
                self._has_turn = False
                self._changed.notify_all()

    def _take_turn(self) -> bool:
        if self._has_turn:
            return False
        self._has_turn = True
        return True

    def _answer(self, prompt: Prompt, sampling: Sampling, stop: Callable[[], bool]) -> Steps[Waiting | str, None, Stop]:
        sampling = self._bounded(prompt, sampling)
        begun = yield from self._begun(prompt, sampling, stop)
        if begun is None:
            return Stop.STOPPED
        worker, job = begun
        try:
            yield Waiting(Wait.PASSAGES, self.pace.first_token_s(job.split.computed))
            return (yield from self._text(worker, job, stop))
        finally:
            self._leave(worker, job, prompt)

    def _begun(
        self, prompt: Prompt, sampling: Sampling, stop: Callable[[], bool]
    ) -> Steps[Waiting, None, tuple[Worker, Job] | None]:
        """The job, begun as soon as a child is free for it; None when stopped.

        Raises why the child that was waited for could not load.
        """
        awaited: Worker | None = None
        while True:
            with self._changed:
                if self._is_closed:
                    return None
                worker = self._present(prompt, awaited)
                if worker.is_free:
                    return worker, self._begin(worker, worker.prefixes.split(prompt), sampling)
                waiting = self._why_wait(worker, prompt)
            yield waiting
            awaited = worker
            if not self._wait(lambda worker=worker: worker.is_free or worker.has_ended, stop):  # type: ignore[misc]
                return None

    def _present(self, prompt: Prompt, awaited: Worker | None) -> Worker:
        """The child there is, or a new one where there is none or that is quicker."""
        worker = self._worker
        if worker is None or worker.has_ended:
            if worker and worker is awaited and worker.loaded is None and not worker.died_of_gpu:
                self._worker = None
                raise worker.error
            return self._start()
        if worker.job and self._is_quicker_anew(worker, prompt):
            worker.kill()  # the next one is started when it has given its memory back
        return worker

    def _start(self) -> Worker:
        before = self._worker
        if before and before.died_of_gpu:
            self._gpu_notice = devices.unusable(**told(before.error.facts))
            self._setup = replace(self._setup, device="cpu")
        self._worker = Worker(self._setup, self._chat, self._cache_bytes, self.pace, self._changed, self.load)
        return self._worker

    def _is_quicker_anew(self, worker: Worker, prompt: Prompt) -> bool:
        """Whether loading and computing everything ends before the present job, and what is left to do then, does."""
        assert worker.job
        static = prompt.fixed + prompt.passages
        will_have = worker.prefixes.has(static) or worker.job.split.static == static
        left = len(prompt.question) if will_have else worker.prefixes.split(prompt).computed
        here = _sum(worker.job_left_s(), self.pace.first_token_s(left))
        anew = _sum(self.pace.load_s, self.pace.first_token_s(len(static) + len(prompt.question)))
        return here is not None and anew is not None and anew < here

    def _why_wait(self, worker: Worker, prompt: Prompt) -> Waiting:
        if worker.job is None or worker.is_killed:
            return Waiting(Wait.LOADING, worker.load_left_s())
        left_s = worker.job_left_s()
        if worker.job.split.static == prompt.fixed + prompt.passages:  # being prepared: this is our own work
            return Waiting(Wait.PASSAGES, _sum(left_s, self.pace.first_token_s(len(prompt.question))))
        return Waiting(Wait.QUEUED, left_s)

    def _begin(self, worker: Worker, split: Split, sampling: Sampling) -> Job:
        return worker.begin(
            split,
            list(self._chat.end_ids),
            sampling.max_new_tokens,
            sampling.temperature,
            sampling.top_p,
            sampling.repetition_penalty,
        )

    def _bounded(self, prompt: Prompt, sampling: Sampling) -> Sampling:
        room = self.manifest.max_tokens - len(prompt.fixed) - len(prompt.passages) - len(prompt.question)
        if room < 1:
            raise UsageError(Code.QUESTION_TOO_LONG)
        return replace(sampling, max_new_tokens=max(1, min(sampling.max_new_tokens, room)))

    def _text(self, worker: Worker, job: Job, stop: Callable[[], bool]) -> Steps[str, None, Stop]:
        stream = self.tokens.stream()
        has_begun = False
        while True:
            if not self._wait(lambda: job.ids or job.done or worker.has_ended, stop):
                return Stop.STOPPED
            with self._changed:
                ids, done, has_ended = job.take(), job.done, worker.has_ended
            text = "".join([stream.text(id) for id in ids]) + (stream.rest() if done else "")
            if not has_begun:
                text = text.lstrip()
                has_begun = text != ""
            if text:
                yield text
            if done:
                return Stop.COMPLETE if done.complete else Stop.LENGTH
            if has_ended:
                raise worker.error

    def _leave(self, worker: Worker, job: Job, prompt: Prompt) -> None:
        with self._changed:
            worker.abandon(job)
            if worker.prefixes.would_fit_anew(prompt.fixed + prompt.passages):
                worker.forget(_RELOAD_AFTER_S)

    def _wait(self, ready: Callable[[], object], stop: Callable[[], bool]) -> bool:
        """Until `ready`, which is asked under the lock. False when stopped or closed first."""
        while not (stop() or self._is_closed):
            with self._changed:
                if self._changed.wait_for(ready, _POLL_S):
                    return True
        return False


def _sum(*seconds: float | None) -> float | None:
    known = [each for each in seconds if each is not None]
    return sum(known) if len(known) == len(seconds) else None
