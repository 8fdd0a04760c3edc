"""The engine's side of one generator child: what is known of it, and the job that it computes."""

from __future__ import annotations

import contextlib
import itertools
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from engine import children
from engine.children import ChildEnded, ChildProcess
from engine.errors import BrokenInstallation, Code, EngineError
from engine.models import memory
from engine.models.flaws import told
from engine.models.jobs import (
    Abandon,
    Done,
    Failed,
    Forget,
    Generate,
    Idle,
    Loaded,
    Refused,
    Reply,
    Setup,
    Token,
    Trying,
    decode,
    encode,
)
from engine.models.manifest import Chat
from engine.models.prefixes import Prefixes, Split

_WORTH_MEASURING = 32  # tokens; computing fewer says little about the speed

_GPU_CACHE_BYTES = 10**9  # a card computes passages in a moment; its memory is the scarce thing


def child_command() -> list[str]:
    return children.command("engine.models.generating")


class Pace:
    """How this model runs here, child after child; speeds are moving averages. None while nothing is known."""

    def __init__(self) -> None:
        self.last: Loaded | None = None
        self.load_s: float | None = None
        self.prompt_tokens_per_s: float | None = None
        self.token_s: float | None = None  # one new token

    def first_token_s(self, computed: int) -> float | None:
        """How long a job takes until its first token when `computed` tokens are new to the child."""
        if self.prompt_tokens_per_s is None:
            return None
        return computed / self.prompt_tokens_per_s + (self.token_s or 0)

    def loaded(self, seconds: float) -> None:
        self.load_s = _average(self.load_s, seconds)

    def prompted(self, tokens: int, seconds: float) -> None:
        if tokens >= _WORTH_MEASURING:
            alone_s = max(seconds - (self.token_s or 0), 1e-4)
            self.prompt_tokens_per_s = _average(self.prompt_tokens_per_s, tokens / alone_s)

    def told(self, tokens: int, seconds: float) -> None:
        if tokens:
            self.token_s = _average(self.token_s, seconds / tokens)


def _average(old: float | None, new: float) -> float:
    return new if old is None else (old + new) / 2


@dataclass(slots=True)
class Job:
    number: int
    split: Split
    began: float  # time.monotonic()
    first: float | None = None  # when its first token came
    last: float = 0.0
    count: int = 0  # of its tokens so far
    ids: list[int] = field(default_factory=list)  # those that nobody has taken yet
    done: Done | None = None

    def take(self) -> list[int]:
        ids, self.ids = self.ids, []
        return ids


class Worker:
    """One child. Everything here is read and changed while holding `changed`, which is notified of every change."""

    def __init__(
        self,
        setup: Setup,
        chat: Chat,
        cache_bytes: int,
        pace: Pace,
        changed: threading.Condition,
        follow: Callable[[], object],
    ) -> None:
        """`follow` is called when it has ended and another one should be loaded."""
        self.loaded: Loaded | None = None  # None while it loads
        self.job: Job | None = None  # what it computes now
        self.prefixes = Prefixes(0)  # what it keeps computed
        self.is_killed = False
        self.is_to_follow = False  # killed for what it keeps: another one should be loaded
        self.has_ended = False  # its memory is free again
        self._error: EngineError | None = None
        self._tried = ""  # the device that it tries to load on
        self._chat = chat
        self._cache_bytes = cache_bytes
        self._pace = pace
        self._changed = changed
        self._follow = follow
        self._numbers = itertools.count(1)
        self._load_began = time.monotonic()
        try:
            self._child = ChildProcess(child_command(), [encode(setup).decode()], self._hear, _environment(chat))
        except ChildEnded as error:
            raise ended("no_start") from error

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def is_free(self) -> bool:
        return self.loaded is not None and self.job is None and not self.is_killed and not self.has_ended

    @property
    def error(self) -> EngineError:
        """Why it has ended."""
        return self._error or _cause(self._child.exit_code)

    @property
    def died_of_gpu(self) -> bool:
        """Whether it ended over a graphics card: libraries that are missing there end the process without a word, and
        its memory may be too small for the prompts."""
        if not self.has_ended or self.is_killed or self._tried != "cuda":
            return False
        return self.loaded.device == "cuda" if self.loaded else self._error is None

    @property
    def has_failed_to_load(self) -> bool:
        return self.has_ended and self.loaded is None and not self.is_killed and not self.died_of_gpu

    def begin(
        self,
        split: Split,
        end: list[int],
        max_new_tokens: int,
        temperature: float = 0.0,
        top_p: float = 1.0,
        repetition_penalty: float = 1.0,
    ) -> Job:
        """Hand a job to a free child. Should it have died, `has_ended` tells soon."""
        self.job = Job(next(self._numbers), split, time.monotonic())
        static, start = list(split.static), list(split.start)
        sampling = (temperature, top_p, repetition_penalty)
        self._send(Generate(self.job.number, static, start, end, max_new_tokens, *sampling))
        return self.job

    def abandon(self, job: Job) -> None:
        if not job.done and not self.has_ended:
            self._send(Abandon(job.number))

    def forget(self, after_s: float) -> None:
        self._send(Forget(after_s))

    def kill(self) -> None:
        """End it now; `has_ended` tells when it is gone."""
        self.is_killed = True
        self._child.kill()

    def load_left_s(self) -> float | None:
        """Until it is loaded; once it is killed, until another one is."""
        load_s = self._pace.load_s
        if load_s is None or self.is_killed:
            return load_s
        return max(0.0, load_s - (time.monotonic() - self._load_began))

    def job_left_s(self) -> float | None:
        """Until the present job, given up, leaves the child free; 0 when it is. None while nothing was measured."""
        if self.job is None:
            return 0.0
        if self.job.first is not None:
            return self._pace.token_s
        needs_s = self._pace.first_token_s(self.job.split.computed)
        return None if needs_s is None else max(0.0, needs_s - (time.monotonic() - self.job.began))

    def _send(self, request: Generate | Abandon | Forget) -> None:
        with contextlib.suppress(ChildEnded):  # its end is on its way to `_hear`
            self._child.send(encode(request))

    def _hear(self, frame: bytes | None) -> None:
        with self._changed:
            try:
                self._take(None if frame is None else decode(frame))  # type: ignore[arg-type]
            except ValueError as error:
                self._error = ended("library_says", words=error)
                self.kill()
            self._changed.notify_all()

    def _take(self, reply: Reply | None) -> None:
        match reply:
            case None:
                self._end()
            case Token(_, id):
                self._take_token(id)
            case Done():
                self._take_done(reply)
            case Trying(device):
                self._tried = device
            case Loaded():
                self._take_loaded(reply)
            case Refused(code, facts):
                self._error = BrokenInstallation(Code(code), **facts)
            case Failed(why):
                self._error = ended("library_says", words=why)
            case Idle(again):
                self._take_idle(again)

    def _take_idle(self, again: bool) -> None:
        if self.job is None:  # else it has not yet seen what it was asked
            self.is_to_follow = again
            self.kill()

    def _take_loaded(self, loaded: Loaded) -> None:
        self.loaded = self._pace.last = loaded
        self._pace.loaded(time.monotonic() - self._load_began)
        spare = min(self._cache_bytes, _GPU_CACHE_BYTES if loaded.spare_bytes is None else loaded.spare_bytes)
        self.prefixes = Prefixes(spare // memory.token_bytes(self._chat, loaded.compute_type))

    def _take_token(self, id: int) -> None:
        if self.job is None:
            return
        self.job.last = time.monotonic()
        if self.job.first is None:
            self._mark_first(self.job)
        self.job.count += 1
        self.job.ids.append(id)

    def _mark_first(self, job: Job) -> None:
        job.first = time.monotonic()
        self._pace.prompted(job.split.computed, job.first - job.began)
        self.prefixes.add(job.split.static)

    def _take_done(self, done: Done) -> None:
        job, self.job = self.job, None
        if job is None:
            return
        if job.first is not None:
            self._pace.told(job.count - 1, job.last - job.first)
        elif done.complete:  # its first token was the end
            self._mark_first(job)
        job.done = done

    def _end(self) -> None:
        self.has_ended = True
        self.job = None
        if self.is_to_follow:
            self._follow()


def _environment(chat: Chat) -> dict[str, str]:
    """CTranslate2 reads it when it is imported."""
    return {} if memory.loads_with_mkl(chat) else {"CT2_USE_MKL": "0"}


def ended(why: str, **facts: object) -> BrokenInstallation:
    """The child has ended: `why` is a key of `engine.refusals`."""
    return BrokenInstallation(Code.GENERATOR_ENDED, why=why, **told(facts))


def _cause(exit_code: int | None) -> BrokenInstallation:
    if exit_code is not None and exit_code < 0:
        return ended("signal", number=-exit_code)
    return ended("exit_code", number=exit_code)
