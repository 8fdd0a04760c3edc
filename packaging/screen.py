"""A screen that nobody sees, and a person at it: Xvfb with a window manager, keys by xdotool, and pictures of it."""

from __future__ import annotations

import contextlib
import os
import struct
import subprocess
import tempfile
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from setting_up import SetupFailed

SIZE = (1280, 800)
_A_CARET = 0.001  # of the screen's points
_CALM = 3  # looks, two seconds apart


@dataclass(frozen=True)
class Screen:
    """`display` as X names it; `memory` is the file in which Xvfb keeps what is seen (XWD)."""

    display: str
    memory: Path

    def keys(self, *words: str) -> str:
        """One command of xdotool. Raises SetupFailed."""
        done = subprocess.run(
            ["xdotool", *words],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "DISPLAY": self.display},
        )
        if done.returncode:
            raise SetupFailed(f"xdotool {' '.join(words)}: {done.stderr.strip()}")
        return done.stdout.strip()

    def window(self, name: str, limit_s: float) -> str:
        """Waits for a window and brings it up; returns X's number of it."""
        until = time.monotonic() + limit_s
        while time.monotonic() < until:
            with contextlib.suppress(SetupFailed):
                found = self.keys("search", "--onlyvisible", "--name", name).split()[0]
                self.keys("windowactivate", "--sync", found)
                return found
            time.sleep(0.05)
        raise SetupFailed(f"No window named {name} came within {limit_s:.0f} s.")

    def rows(self) -> list[bytes]:
        """What is seen now, as rows of RGB."""
        return rows_of(self.memory.read_bytes())

    def settled(self, limit_s: float) -> list[bytes]:
        """What is seen once it has stayed the same for some seconds, but for a caret; raises SetupFailed."""
        until, last, calm = time.monotonic() + limit_s, self.rows(), 0
        while calm < _CALM:
            if time.monotonic() > until:
                raise SetupFailed(f"The screen has not come to rest within {limit_s:.0f} s.")
            time.sleep(2)
            now = self.rows()
            calm = calm + 1 if changed(last, now) < _A_CARET else 0
            last = now
        return last

    def picture(self, file: Path) -> int:
        """A PNG of all that is seen; returns how many colours it has."""
        rows = self.rows()
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(png(rows))
        return len({row[at : at + 3] for row in rows[::4] for at in range(0, len(row), 12)})


@contextlib.contextmanager
def shown() -> Iterator[Screen]:
    """Raises SetupFailed when there is no Xvfb."""
    with tempfile.TemporaryDirectory(prefix="inkstone-screen-") as folder, contextlib.ExitStack() as running:
        reader, writer = os.pipe()
        depth = f"{SIZE[0]}x{SIZE[1]}x24"
        command = [
            "Xvfb",
            "-displayfd",
            str(writer),
            "-screen",
            "0",
            depth,
            "-nolisten",
            "tcp",
            "-ac",
            "-fbdir",
            folder,
        ]
        try:
            server = subprocess.Popen(command, pass_fds=[writer], stderr=subprocess.DEVNULL)
        except OSError as error:
            raise SetupFailed("Xvfb is not installed.") from error
        running.callback(server.wait)
        running.callback(server.terminate)
        os.close(writer)
        with os.fdopen(reader) as told:
            display = f":{told.readline().strip()}"
        with contextlib.suppress(OSError):
            manager = subprocess.Popen(["openbox"], env={**os.environ, "DISPLAY": display}, stderr=subprocess.DEVNULL)
            running.callback(manager.wait)
            running.callback(manager.terminate)
        yield Screen(display, Path(folder) / "Xvfb_screen0")


def changed(one: list[bytes], other: list[bytes]) -> float:
    """The share of points that differ."""
    count = sum(
        a[at : at + 3] != b[at : at + 3]
        for a, b in zip(one, other, strict=True)
        if a != b
        for at in range(0, len(a), 3)
    )
    return count * 3 / max(1, sum(map(len, one)))


def rows_of(dump: bytes) -> list[bytes]:
    """Rows of RGB out of an XWD file with four bytes a pixel (X11/XWDFile.h)."""
    head = struct.unpack(">25I", dump[:100])
    header_bytes, width, height, row_bytes, colours = head[0], head[4], head[5], head[12], head[19]
    start = header_bytes + 12 * colours
    rows = []
    for y in range(height):
        pixels = dump[start + y * row_bytes : start + y * row_bytes + 4 * width]  # blue, green, red, nothing
        row = bytearray(3 * width)
        row[0::3], row[1::3], row[2::3] = pixels[2::4], pixels[1::4], pixels[0::4]
        rows.append(bytes(row))
    return rows


def png(rows: list[bytes]) -> bytes:
    """Of rows of RGB."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", len(rows[0]) // 3, len(rows), 8, 2, 0, 0, 0)
    body = zlib.compress(b"".join(b"\0" + row for row in rows), 6)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
