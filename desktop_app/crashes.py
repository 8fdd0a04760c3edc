"""What went wrong inside the program, written to a file in the data folder for whoever is to mend it, and sent nowhere.

A report has versions, the lines of the program that the failure came through, and the last warnings of the logs, which
may name files. It has no text of documents and no questions: of a failure's own words only those are kept that Python
made of the program's names, facts in braces are left out, and the home folder is written as `~`.
"""

from __future__ import annotations

import faulthandler
import logging
import platform
import re
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import TextIO

from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, Signal, qInstallMessageHandler, qVersion

logger = logging.getLogger(__name__)

MOST_REPORTS = 20  # that are kept
MOST_A_RUN = 5  # a failure in what is painted comes sixty times a second
LINES = 60  # of each log
FAULTS = ("window.fault", "engine.fault")  # where a crash of a library leaves its lines
# whose words are names in the program; any other failure may hold a text that it stumbled over
_NAMING = (AttributeError, NameError, ImportError, RecursionError, ZeroDivisionError, NotImplementedError, MemoryError)
_NAMING_NAMES = {kind.__name__ for kind in _NAMING} | {"ModuleNotFoundError", "UnboundLocalError"}
_LOGGED = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
_SAID = re.compile(r"((?:[\w]+\.)*\w*(?:Error|Exception|Interrupt|Warning|Ended|Exit))(?:: .*)?$")
_FACTS = re.compile(r"\{.*")
_PLACE = re.compile(r'  File ".*", line \d+|Traceback |  \[Previous line|During handling|The above exception')


class LastLines(logging.Handler):
    """The window's last lines of log, in memory."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        self.lines: deque[str] = deque(maxlen=LINES)

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


class Crashes(QObject):
    """Signal: `reported` with the path of a new report about the window, from whatever thread it came."""

    reported = Signal(object)

    def __init__(self, home: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._home = home
        self.folder = home / "crashes"
        self._lines = LastLines()
        self._known: set[str] = set()
        self._trace: TextIO | None = None
        self._before = (sys.excepthook, threading.excepthook)

    def watch(self) -> Path | None:
        """From now on hear of every failure that nobody caught. Returns the report on the last run, if that crashed."""
        logging.getLogger().addHandler(self._lines)
        logging.getLogger("desktop_app").setLevel(logging.INFO)
        sys.excepthook = self._on_failure
        threading.excepthook = lambda failed: self._on_failure(failed.exc_type, failed.exc_value, failed.exc_traceback)
        qInstallMessageHandler(_log_qt)
        left = self.left_behind()
        self._trace_faults()
        return left

    def end(self) -> None:
        """The program ends as it should."""
        sys.excepthook, threading.excepthook = self._before
        qInstallMessageHandler(None)
        logging.getLogger().removeHandler(self._lines)
        faulthandler.disable()
        if self._trace is not None:
            self._trace.close()
        (self.folder / FAULTS[0]).unlink(missing_ok=True)

    def left_behind(self) -> Path | None:
        """Make a report of what a crash of the last run left; None where it ended well."""
        fault = self.folder / FAULTS[0]
        try:
            text = fault.read_text("utf-8", "replace").strip()
            fault.unlink()
        except OSError:
            return None
        return self.write("The window's process crashed", text) if text else None

    def on_engine_death(self, code: int, by_signal: bool) -> Path | None:
        """A report on the engine, which has just died."""
        try:
            trace = (self.folder / FAULTS[1]).read_text("utf-8", "replace").strip()
        except OSError:
            trace = ""
        how = f"signal {code}" if by_signal else f"exit code {code}"
        return self.write(f"The engine's process ended by itself ({how})", trace or "It left no lines of the program.")

    def write(self, what: str, trace: str) -> Path | None:
        """A report as a file of its own; None where the disk takes none."""
        name = f"report-{time.strftime('%Y%m%d-%H%M%S')}"
        try:
            self.folder.mkdir(exist_ok=True)
            path = self.folder / f"{name}.txt"
            number = 2
            while path.exists():
                path, number = self.folder / f"{name}-{number}.txt", number + 1
            path.write_text(self.report(what, trace), "utf-8", errors="replace")
            for old in sorted(self.folder.glob("report-*.txt"))[:-MOST_REPORTS]:
                old.unlink(missing_ok=True)
        except OSError as error:
            logger.warning("no report could be written: %s", error)
            return None
        return path

    def report(self, what: str, trace: str) -> str:
        versions = "\n".join(f"{name}: {version}" for name, version in _versions())
        engine = bare(_tail(self._home / "logs" / "engine.log"))
        window = bare(line for entry in self._lines.lines for line in entry.splitlines())
        parts = {
            "Versions": versions,
            "Where": trace,
            "The window's log": "\n".join(window) or "(nothing)",
            "The engine's log": "\n".join(engine) or "(nothing)",
        }
        body = "\n\n".join(f"## {title}\n{text}" for title, text in parts.items())
        return without_home(f"# {what}, {time.strftime('%Y-%m-%d %H:%M:%S')}\n\n{body}\n")

    def _on_failure(self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        """Called by Python, in the thread that failed. The window goes on."""
        if issubclass(kind, KeyboardInterrupt | SystemExit):
            self._before[0](kind, error or kind(), trace)
            return
        text = described(kind, error, trace)
        logger.error("nobody caught a failure: %s", kind.__name__)
        if text in self._known or len(self._known) >= MOST_A_RUN:
            return
        self._known.add(text)
        if path := self.write("The window failed at something", text):
            self.reported.emit(path)

    def _trace_faults(self) -> None:
        try:
            self.folder.mkdir(exist_ok=True)
            self._trace = (self.folder / FAULTS[0]).open("w", encoding="utf-8")
            faulthandler.enable(self._trace, all_threads=True)
        except OSError as error:
            logger.warning("crashes are not traced: %s", error)


def described(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> str:
    """The lines of the program that a failure came through, and what it is; not its words, but for names."""
    lines = traceback.format_tb(trace)
    said = f": {error}" if issubclass(kind, _NAMING) else ""
    return "".join(lines) + f"{kind.__module__}.{kind.__qualname__}{said}".removeprefix("builtins.")


def bare(lines: Iterable[str]) -> list[str]:
    """Lines of a log without what failures say in their own words; what goes on over several lines is cut."""
    kept = []
    in_trace = False
    for line in lines:
        if _LOGGED.match(line):
            in_trace = False
            if " INFO " not in line:  # a line for each document
                kept.append(_FACTS.sub("{…}", line))
        elif _PLACE.match(line):
            in_trace = True
            kept.append(line)
        elif in_trace and line.startswith("    "):  # the program's own line
            kept.append(line)
        elif in_trace and (said := _SAID.match(line)):
            in_trace = False
            kept.append(line if said[1].rpartition(".")[2] in _NAMING_NAMES else said[1])
    return kept[-LINES:]


def without_home(text: str) -> str:
    home = str(Path.home())
    return text.replace(home, "~") if len(home) > 1 else text


def _versions() -> Iterable[tuple[str, str]]:
    yield "Inkstone", _version("inkstone")
    yield "Python", platform.python_version()
    yield "Qt", qVersion()
    yield "PySide6", _version("PySide6-Essentials")
    yield "System", f"{platform.system()} {platform.release()} {platform.machine()}"


def _version(name: str) -> str:
    from importlib.metadata import PackageNotFoundError, version  # 40 ms of every start, for a report that seldom comes

    try:
        return version(name)
    except PackageNotFoundError:
        return "?"


def _tail(path: Path) -> list[str]:
    try:
        return path.read_text("utf-8", "replace").splitlines()[-4 * LINES :]
    except OSError:
        return []


def _log_qt(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    """Qt's own messages go where ours go; after a fatal one Qt ends the process, which leaves its lines."""
    if kind == QtMsgType.QtDebugMsg:
        return
    serious = kind in (QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg)
    logging.getLogger("qt").log(logging.ERROR if serious else logging.WARNING, "%s", text)
