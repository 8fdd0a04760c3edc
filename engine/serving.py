"""An `Assistant` behind a pipe: JSON lines in, JSON lines out (`engine.wire`); it ends with its parent.

A request is `{"id": 7, "do": NAME, ...arguments}`. Every reply carries the request's id and is one of

    {"id": 7, "event": VALUE}        zero or more, in order; VALUE is one of `engine.types`
    {"id": 7, "done": VALUE}         the last one: VALUE as in the table, null where nothing is returned
    {"id": 7, "error": CODE, "facts": {...}, "exit_code": N}     instead of "done" (`engine.errors`)

Requests run side by side: a page is rendered while an answer streams. Without a request come
`{"id": 0, "event": ...}` with the events of indexing (Working, Indexed, Removed, Failed), and once, first of all,
`{"id": 0, "ready": true}`, or `{"id": 0, "error": ...}` when the library cannot be opened (the process then ends).

| do | arguments | events | done |
|---|---|---|---|
| status | | | LibraryStatus |
| documents | folder (null: all) | | tuple of Document, by path |
| passages | path, first (from 0), count | | tuple of Passage: what was read of a document, in its order |
| add | paths | | tuple of the paths that are now watched |
| remove | paths | | null |
| ignore | path (of a document that is to be passed over from now on) | | null |
| retry | path (null: every failed one) | | null |
| password | path, password | | whether it opens the document; then it is read, and others are tried with it |
| search | query, k, scope (Scope; may be absent) | | tuple of Hit |
| ask | question; history (tuple of Turn) and scope may be absent | as `AnswerEvent` says, but for Finished | Answer |
| | conversation (0: a new one), replaces (an exchange, or 0): to keep it | a Noted before all others | |
| stop | request (the id of an `ask`) | | null; that `ask` ends with stop `stopped` |
| draft | question as typed so far, history and scope (as in `ask`) | | null, soon; the model may then work ahead |
| conversations | words ("": all) | | tuple of Conversation: pinned ones, then the latest |
| exchanges | conversation | | tuple of Exchange, oldest first |
| rename | conversation, title ("": its first question) | | null |
| pin | conversation, pinned | | null |
| delete, restore | conversation | | null; for an hour it can be restored |
| take_back | exchange | | null; what it replaced stands there again |
| judge | exchange, verdict, why | | null |
| feedback | path | | how many judged answers were written there, as JSON lines |
| recheck | citations (tuple of Citation) | | tuple of Checked, in their order |
| look_up | words, documents (how many), scope | | tuple of Found, best first; the last word may be half typed |
| places | path, words | | tuple of Place: where they stand in that document |
| page | path, page, scale (pixels a point) | | PageImage |
| lines | path, first, count | | TextLines |
| models | | | tuple of ModelFacts |
| import_model | folder, small (an embedder becomes int8) | Arriving | the model's name; null when stopped |
| measure | model | | Speed; null when stopped |
| remove_model | model | | null; what the settings named it for goes over to another one, or to none |
| graphics | | | Notice: which libraries a graphics card misses; null where none does |
| need | embedder | | AnewNeed: what embedding the library with it takes; null where nothing is to be embedded |
| sample | | | the folder of sample documents, which is watched from now on |
| settings | | | the settings as an object |
| instructions | | | what empty instruction_en and instruction_zh stand for: {"en": ..., "zh": ...} |
| preview | language, template ("": our own), style | | what the model is told, with passages as an example |
| backup | path (of no file yet) | | where the copy of the library is |
| change | any setting=value, of the type that `settings` gives | | null; in use from the next question on |
| quit | | | null; then the process ends |

Indexing and watching start by themselves; where another process indexes, this one only searches and answers, and
takes over when that process ends.
"""

from __future__ import annotations

import argparse
import contextlib
import faulthandler
import logging
import logging.handlers
import os
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

from engine.assistant import Assistant
from engine.config import Config
from engine.conversations.keeping import kept
from engine.errors import EngineError
from engine.machine import be_considerate
from engine.models.errands import Stopped
from engine.types import EVERYTHING, Answer, AnswerEvent, Arriving, Finished, IndexEvent, Noted, Verdict
from engine.wire import from_line, to_line

logger = logging.getLogger(__name__)

Request = dict[str, Any]

_SIDE_BY_SIDE = 4  # requests: an answer, a page, a status and one more
_LONG = ("import_model", "measure", "remove_model")


class Server:
    """Takes requests from `source` until it ends, and writes replies to `sink`."""

    def __init__(self, assistant: Assistant, source: BinaryIO, sink: BinaryIO) -> None:
        self._assistant = assistant
        self._source = source
        self._sink = sink
        self._writing = threading.Lock()
        self._stopped: set[int] = set()
        self._calls: dict[str, Callable[[Request], object]] = {
            "status": lambda _: assistant.status(),
            "documents": lambda ask: assistant.documents(_path(ask["folder"])),
            "passages": lambda ask: assistant.passages(Path(ask["path"]), ask["first"], ask["count"]),
            "add": lambda ask: assistant.add([Path(path) for path in ask["paths"]]),
            "remove": lambda ask: assistant.remove([Path(path) for path in ask["paths"]]),
            "ignore": lambda ask: assistant.ignore(Path(ask["path"])),
            "retry": lambda ask: assistant.retry(_path(ask["path"])),
            "password": lambda ask: assistant.unlock(Path(ask["path"]), ask["password"]),
            "search": lambda ask: assistant.search(ask["query"], ask["k"], ask.get("scope", EVERYTHING)),
            "ask": self._answer,
            "stop": lambda ask: self._stopped.add(ask["request"]),
            "draft": lambda ask: assistant.draft(ask["question"], ask.get("history", ()), ask.get("scope", EVERYTHING)),
            **self._kept_calls(assistant),
            "page": lambda ask: assistant.page(Path(ask["path"]), ask["page"], ask["scale"]),
            "lines": lambda ask: assistant.lines(Path(ask["path"]), ask["first"], ask["count"]),
            **self._model_calls(assistant),
            "sample": lambda _: assistant.add_sample(),
            "settings": lambda _: asdict(assistant.renewed()),
            "instructions": lambda _: assistant.instructions(),
            "preview": lambda ask: assistant.preview(ask["language"], ask["template"], ask["style"]),
            "backup": lambda ask: assistant.backup(Path(ask["path"])),
            "change": self._change,
        }

    def run(self) -> None:
        """Returns when the parent asks to quit, or is gone."""
        self._send({"id": 0, "ready": True})
        self._assistant.watch(self._tell)
        try:
            # Changes go one after the other, in their order: each reads and writes the same file.
            # Work on models takes minutes: it must not take a question's place.
            with (
                ThreadPoolExecutor(_SIDE_BY_SIDE, "request") as pool,
                ThreadPoolExecutor(1, "settings") as settings,
                ThreadPoolExecutor(2, "models") as models,
            ):
                apart = dict.fromkeys(("change", "settings"), settings) | dict.fromkeys(_LONG, models)
                try:
                    self._take_requests(pool, apart)
                finally:
                    self._stopped = _Everything()
                    self._assistant.interrupt()
        finally:
            self._assistant.close()  # after the last request: the library must not be closed under it

    def _take_requests(self, pool: ThreadPoolExecutor, apart: dict[str, ThreadPoolExecutor]) -> None:
        for line in self._source:
            try:
                request = from_line(line)
                id, name = request["id"], request["do"]
            except (ValueError, KeyError, TypeError):  # cut off: its writer was killed
                logger.warning("a request could not be read")
                continue
            if name == "quit":
                self._send({"id": id, "done": None})
                return
            if name == "stop":  # at once: the pool may be full of what is to be stopped
                self._serve(request)
            else:
                apart.get(name, pool).submit(self._serve, request)

    def _serve(self, request: Request) -> None:
        id = request["id"]
        try:
            self._send({"id": id, "done": self._calls[request["do"]](request)})
        except EngineError as error:
            self._send({"id": id, **_described(error)})
        except Exception:  # the thread's edge: the window must hear that its request has ended
            logger.exception("request %s failed", request["do"])
            self._send({"id": id, "error": "internal", "facts": {}, "exit_code": 3})

    def _answer(self, request: Request) -> Answer | None:
        id = request["id"]
        answer = None
        try:
            for event in self._events(request):
                if isinstance(event, Finished):
                    answer = event.answer
                else:
                    self._send({"id": id, "event": event})
        finally:
            self._stopped.discard(id)
        return answer

    def _events(self, request: Request) -> Iterator[AnswerEvent | Noted]:
        id, question = request["id"], request["question"]
        history, scope = request.get("history", ()), request.get("scope", EVERYTHING)
        events = self._assistant.ask(question, lambda: id in self._stopped, history, scope)
        if "conversation" not in request:
            return events
        where = (request["conversation"], question, scope, self._assistant.config.settings.generator)
        return kept(events, self._assistant.conversations, *where, request.get("replaces", 0))

    def _kept_calls(self, assistant: Assistant) -> dict[str, Callable[[Request], object]]:
        """What is done with conversations that are kept."""
        return {
            "conversations": lambda ask: assistant.conversations.all(ask["words"]),
            "exchanges": lambda ask: assistant.conversations.exchanges(ask["conversation"]),
            "rename": lambda ask: assistant.conversations.rename(ask["conversation"], ask["title"]),
            "pin": lambda ask: assistant.conversations.pin(ask["conversation"], ask["pinned"]),
            "delete": lambda ask: assistant.conversations.delete(ask["conversation"]),
            "restore": lambda ask: assistant.conversations.restore(ask["conversation"]),
            "take_back": lambda ask: assistant.conversations.take_back(ask["exchange"]),
            "judge": lambda ask: assistant.judge(ask["exchange"], Verdict(ask["verdict"]), ask["why"]),
            "feedback": lambda ask: assistant.write_feedback(Path(ask["path"])),
            "recheck": lambda ask: assistant.recheck(ask["citations"]),
            "look_up": lambda ask: assistant.look_up(ask["words"], ask["documents"], ask["scope"]),
            "places": lambda ask: assistant.places(Path(ask["path"]), ask["words"]),
        }

    def _model_calls(self, assistant: Assistant) -> dict[str, Callable[[Request], object]]:
        return {
            "models": lambda _: assistant.installed(),
            "import_model": self._import_model,
            "measure": lambda ask: self._unless_stopped(ask, lambda stop: assistant.measure(ask["model"], stop)),
            "remove_model": lambda ask: assistant.remove_model(ask["model"]),
            "graphics": lambda _: assistant.graphics(),
            "need": lambda ask: assistant.need(ask["embedder"]),
        }

    def _import_model(self, ask: Request) -> object:
        def tell(done: int, total: int) -> None:
            self._send({"id": ask["id"], "event": Arriving(done, total)})

        folder, small = Path(ask["folder"]), ask["small"]
        return self._unless_stopped(ask, lambda stop: self._assistant.import_model(folder, small, tell, stop))

    def _unless_stopped(self, ask: Request, work: Callable[[Callable[[], bool]], object]) -> object:
        """What long work gives; None when it was stopped."""
        try:
            return work(lambda: ask["id"] in self._stopped)
        except Stopped:
            return None
        finally:
            self._stopped.discard(ask["id"])

    def _change(self, request: Request) -> None:
        self._assistant.change(**{key: value for key, value in request.items() if key not in ("id", "do")})

    def _tell(self, event: IndexEvent | EngineError) -> None:
        if isinstance(event, EngineError):
            self._send({"id": 0, **_described(event)})
        else:
            self._send({"id": 0, "event": event})

    def _send(self, message: dict[str, object]) -> None:
        # A parent that is gone has closed the pipe: `run` notices by itself, whoever writes just ends.
        with self._writing, contextlib.suppress(BrokenPipeError, ValueError):
            self._sink.write(to_line(message))
            self._sink.flush()


class _Everything(set[int]):
    """Every answer is to stop: the process ends."""

    def __contains__(self, _: object) -> bool:
        return True


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--home", type=Path)
    home = arguments.parse_args().home
    source, sink = sys.stdin.buffer, _private_stdout()
    be_considerate()  # everything here gives way to the window and to the person's other programs
    try:
        config = Config.load(home)
        _log_to(config)
        _trace_crashes(config)
        assistant = Assistant.open(config)
    except EngineError as error:
        sink.write(to_line({"id": 0, **_described(error)}))
        sink.flush()
        sys.exit(error.exit_code)
    Server(assistant, source, sink).run()


def _described(error: EngineError) -> dict[str, object]:
    return {"error": error.code, "facts": error.facts, "exit_code": error.exit_code}


def _path(path: str | None) -> Path | None:
    return Path(path) if path else None


def _private_stdout() -> BinaryIO:
    """The pipe to the parent, out of the reach of libraries that print: they get stderr instead."""
    sink = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return sink


def _trace_crashes(config: Config) -> None:
    """Where a crash of a library leaves the lines of ours that it came from; the window makes a report of it."""
    with contextlib.suppress(OSError):
        folder = config.home / "crashes"
        folder.mkdir(exist_ok=True)
        trace = (folder / "engine.fault").open("w", encoding="utf-8")
        faulthandler.enable(trace, all_threads=True)


def _log_to(config: Config) -> None:
    try:
        config.logs.mkdir(exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(
            config.logs / "engine.log", maxBytes=2**20, backupCount=2, encoding="utf-8", errors="backslashreplace"
        )
    except OSError:
        return  # an engine without a log is better than none
    logging.basicConfig(
        level=logging.INFO, handlers=[handler], format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )


if __name__ == "__main__":
    main()
