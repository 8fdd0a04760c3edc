"""A person at the screen: sees what is on it, moves the real mouse, presses the real keys."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from screen import Screen

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
LONG_S = 120.0  # a model loads and documents are read on a machine that may be busy
LOOK_S = 0.25
STEPS = 12  # of a drag

Part = dict[str, Any]


@dataclass
class Program:
    """A process with a window; its stdout is read here."""

    process: subprocess.Popen[str]

    def look(self) -> list[Part]:
        """What is in sight, or nothing when the program has ended."""
        try:
            print("look", file=self.process.stdin, flush=True)
        except (BrokenPipeError, ValueError):
            return []
        line = self.process.stdout.readline()
        return json.loads(line) if line else []

    def ended(self) -> int:
        """Waits until it ends by itself; its exit code."""
        self.process.stdin.close()
        return self.process.wait(LONG_S)


class Person:
    """`pictures` is the folder where the screen is kept when something does not come."""

    def __init__(self, screen: Screen, pictures: Path) -> None:
        self.screen = screen
        self._pictures = pictures
        self._started: list[subprocess.Popen[str]] = []

    def start(self, script: str, *words: str | Path) -> Program:
        """Start a program of this folder on the screen."""
        environment = {
            **os.environ,
            "DISPLAY": self.screen.display,
            "QT_QPA_PLATFORM": "xcb",
            "QT_LOGGING_RULES": "qt.qpa.*=false",
            "PYTHONPATH": str(ROOT),
        }
        command = [sys.executable, str(HERE / script), *map(str, words)]
        pipe = subprocess.PIPE
        process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, encoding="utf-8", env=environment)
        self._started.append(process)
        return Program(process)

    def leave(self) -> None:
        """End what still runs of what was started."""
        for process in self._started:
            if process.poll() is None:
                process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout):
                stream.close()

    def wait(self, program: Program, kind: str = "", text: str = "", name: str = "") -> Part:
        """Look until a part is there that can be used, of this kind, and whose text and name begin so."""
        return self.until(
            lambda: next((one for one in program.look() if fits(one, kind, text, name)), None),
            f"{kind} {text!r} {name!r}",
            program,
        )

    def wait_for_keys(self, program: Program, kind: str) -> None:
        """Look until a part of this kind takes what is typed."""
        self.until(
            lambda: any(one["focused"] and one["kind"] == kind for one in program.look()), f"focused {kind}", program
        )

    def until(self, find: Callable[[], Any], what: str, program: Program) -> Any:
        ends = time.monotonic() + LONG_S
        while time.monotonic() < ends:
            if found := find():
                return found
            time.sleep(LOOK_S)
        texts = [one["text"] or one["name"] for one in program.look()]
        picture = self._pictures / "screen.png"
        self.screen.picture(picture)
        raise AssertionError(f"{what} was not to be seen ({picture}); there was {[*filter(None, texts)]}")

    def click(self, part: Part) -> None:
        x, y = middle(part)
        self.screen.keys("mousemove", "--sync", str(x), str(y), "click", "1")

    def press(self, *keys: str) -> None:
        self.screen.keys("key", "--clearmodifiers", *keys)

    def type(self, text: str) -> None:
        self.screen.keys("type", "--clearmodifiers", "--delay", "8", text)

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Take what lies at one place to another and let it go, as slowly as a hand."""
        self.screen.keys("mousemove", "--sync", *map(str, start))
        self.screen.keys("mousedown", "1")
        for step in range(1, STEPS + 1):
            place = (round(a + (b - a) * step / STEPS) for a, b in zip(start, end, strict=True))
            self.screen.keys("mousemove", "--sync", *map(str, place))
            time.sleep(0.05)
        time.sleep(0.2)
        self.screen.keys("mouseup", "1")


def fits(part: Part, kind: str, text: str, name: str) -> bool:
    if kind and part["kind"] != kind:
        return False
    return part["enabled"] and part["text"].startswith(text) and part["name"].startswith(name)


def middle(part: Part) -> tuple[int, int]:
    left, top, width, height = part["rect"]
    return left + width // 2, top + height // 2
