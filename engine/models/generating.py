"""The generator's child: holds the model and turns token ids into token ids. Run as a module, spoken to by pipes.

The door to CTranslate2's runtime. A prompt that CTranslate2 computes cannot be interrupted, a process that takes too
much memory is killed, and one that ends in the middle of a generation may abort: so all of it happens here, where the
engine can end it at any time. It uses no network, writes nothing, and leaves by `os._exit`, never through CTranslate2's
destructors.
"""

from __future__ import annotations

import os
import queue
import signal
import sys
import threading
from collections.abc import Callable, Collection
from pathlib import Path
from typing import BinaryIO

import ctranslate2

from engine.children import end_with, own_pipes, read_frame, write_frame
from engine.errors import EngineError
from engine.models import cuda, devices, memory
from engine.models.devices import Placed, place
from engine.models.flaws import refused
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
    Request,
    Setup,
    Token,
    Trying,
    decode,
    encode,
)
from engine.models.manifest import Chat, Manifest
from engine.types import Notice

Tell = Callable[[Reply], None]


def main(arguments: list[str]) -> None:
    """`arguments`: the parent's process id, and a `Setup` as JSON."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole terminal: the engine ends this process
    parent, setup = int(arguments[0]), decode(arguments[1])
    assert isinstance(setup, Setup)
    source, out = own_pipes()
    end_with(parent)
    inbox = Inbox(source)

    def tell(reply: Reply) -> None:
        try:
            write_frame(out, encode(reply))
        except OSError:  # nobody is left to hear it
            os._exit(0)

    serve(setup, inbox, tell)
    os._exit(0)


class Inbox:
    """Requests in their order; what is abandoned is known at once. The process ends when its input does."""

    def __init__(self, source: BinaryIO) -> None:
        self._requests: queue.SimpleQueue[Request] = queue.SimpleQueue()
        self._abandoned: set[int] = set()
        threading.Thread(target=self._listen, args=(source,), daemon=True).start()

    def next(self, limit_s: float | None) -> Request | None:
        """None when nothing came within the limit."""
        try:
            return self._requests.get(timeout=limit_s)
        except queue.Empty:
            return None

    def is_abandoned(self, job: int) -> bool:
        return job in self._abandoned

    def _listen(self, source: BinaryIO) -> None:
        while (frame := read_frame(source)) is not None:
            match decode(frame):
                case Abandon(job):
                    self._abandoned.add(job)
                case (Generate() | Forget()) as request:
                    self._requests.put(request)
        os._exit(0)  # also in the middle of a generation


def serve(setup: Setup, inbox: Inbox, tell: Tell) -> None:
    """Loads, says so, and answers until something fails."""
    try:
        model = _load(setup, tell)
    except EngineError as error:
        tell(Refused(error.code.value, {key: str(value) for key, value in error.facts.items()}))
        return
    try:
        _answer(model, setup.idle_s or None, inbox, tell)
    except (RuntimeError, ValueError, MemoryError) as error:
        tell(Failed(str(error) or type(error).__name__))


def _load(setup: Setup, tell: Tell) -> ctranslate2.Generator:
    """Raises BrokenInstallation(BAD_MODEL or NO_MEMORY_FOR_MODEL)."""
    folder = Path(setup.folder)
    manifest = Manifest.load(folder)
    if manifest.chat is None:
        raise refused(folder, "another_kind", kind=manifest.kind, wanted="generator")
    machine = ThisMachine(folder, manifest.chat, manifest.precision, setup.threads, Path(setup.cuda or folder))
    try:
        placed = place(
            machine, setup.device, setup.compute_type, manifest.precision, lambda device: tell(Trying(device))
        )
    except MemoryError as error:
        raise memory.too_little(manifest.chat, manifest.precision) from error
    except (RuntimeError, ValueError) as error:
        if "alloc" in str(error).lower():
            raise memory.too_little(manifest.chat, manifest.precision) from error
        raise refused(folder, "library_says", words=error) from error
    tell(_loaded(placed, machine.spare_bytes))
    return placed.model


def _loaded(placed: Placed[ctranslate2.Generator], spare_bytes: int) -> Loaded:
    spare = spare_bytes if placed.device == "cpu" else None
    if placed.notice:
        return Loaded(placed.device, placed.compute_type, spare, placed.notice.code, placed.notice.facts)
    return Loaded(placed.device, placed.compute_type, spare)


class ThisMachine:
    """The devices that CTranslate2 finds here."""

    def __init__(self, folder: Path, chat: Chat, precision: str, threads: int, cuda_folder: Path) -> None:
        self._folder = folder
        self._cuda_folder = cuda_folder
        self._chat = chat
        self._precision = precision
        self._threads = threads
        self.spare_bytes = 0  # of memory, beside a model on the CPU

    def gpus(self) -> int:
        return int(ctranslate2.get_cuda_device_count())

    def has_driver(self) -> bool:
        return cuda.has_driver()

    def missing(self) -> Notice | None:
        names = cuda.load(self._cuda_folder)
        return devices.missing(names, self._cuda_folder) if names else None

    def compute_types(self, device: str) -> Collection[str]:
        return frozenset(ctranslate2.get_supported_compute_types(device))

    def load(self, device: str, compute_type: str) -> ctranslate2.Generator:
        if device == "cpu":
            needed = memory.needed_bytes(self._chat, self._precision, compute_type)
            self.spare_bytes = memory.spare_bytes(needed)
        model = ctranslate2.Generator(
            str(self._folder), device, compute_type=compute_type, intra_threads=self._threads, inter_threads=1
        )
        start = [str(self._chat.end_ids[0])]
        model.generate_batch([start], max_length=1, include_prompt_in_result=False)  # a missing library shows only now
        return model


def _answer(model: ctranslate2.Generator, idle_s: float | None, inbox: Inbox, tell: Tell) -> None:
    """Until the engine ends this process, which it does when told that it is idle and nothing is asked for."""
    after: Request | None = None
    while True:
        request = after or inbox.next(idle_s)
        after = None
        match request:
            case None:
                tell(Idle(again=False))
            case Generate():
                _generate(model, request, inbox, tell)
            case Forget(after_s):
                after = inbox.next(after_s)
                if after is None:
                    tell(Idle(again=True))


def _generate(model: ctranslate2.Generator, job: Generate, inbox: Inbox, tell: Tell) -> None:
    ends = frozenset(job.end)
    complete = False

    def take(step: ctranslate2.GenerationStepResult) -> bool:
        nonlocal complete
        if step.token_id in ends:
            complete = True
        else:
            tell(Token(job.job, step.token_id))
        return inbox.is_abandoned(job.job)

    if not inbox.is_abandoned(job.job):
        model.generate_batch(
            [[str(id) for id in job.start]],
            static_prompt=[str(id) for id in job.static] or None,
            cache_static_prompt=True,
            include_prompt_in_result=False,
            end_token=job.end,
            max_length=job.max_new_tokens,
            beam_size=1,
            sampling_topk=0 if job.temperature else 1,
            sampling_topp=job.top_p if job.temperature else 1,
            sampling_temperature=job.temperature or 1,
            repetition_penalty=job.repetition_penalty,
            callback=take,
        )
    tell(Done(job.job, complete))


if __name__ == "__main__":
    main(sys.argv[1:])
