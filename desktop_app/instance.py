"""One window for each data folder: a second start hands its files to the first, which comes to the front, and ends.

A lock file says who is first; it goes with its process, however that ended. What is handed over goes through a socket
in the data folder (a pipe with a name on Windows), as JSON, to who knows the key that lies in the data folder too.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import secrets
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Listener
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, Signal

logger = logging.getLogger(__name__)

FAMILY = "AF_PIPE" if sys.platform == "win32" else "AF_UNIX"  # never one that reaches another computer
LOCK_MS = 200
REACH_S = 5.0  # the first may be starting just now
AGAIN_S = 0.1
MOST_BYTES = 2**20
LONGEST_SOCKET = 100  # bytes of its path that every system takes


class Instance(QObject):
    """The first window of a data folder. Signal: `called` with the paths of a later start, which may be none."""

    called = Signal(object)

    def __init__(self, home: Path, lock: QLockFile | None) -> None:
        """`lock` is None for a window beside a first one that does not answer: it hears of no other."""
        super().__init__()
        self._lock = lock
        self._home = home
        self._listener: Listener | None = None
        if lock is None:
            return
        try:
            if sys.platform != "win32":
                Path(address(home)).unlink(missing_ok=True)  # of a process that was killed: the lock is ours
            self._listener = Listener(address(home), FAMILY, authkey=_key(home))
        except OSError as error:  # a file system without sockets: later starts open a window of their own
            logger.warning("later starts cannot be heard: %s", error)
            return
        self._thread = threading.Thread(target=self._listen, args=[self._listener], name="instance", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Let the next start be the first."""
        listener, self._listener = self._listener, None
        if listener is not None:
            with contextlib.suppress(OSError, EOFError, AuthenticationError):
                Client(
                    address(self._home), FAMILY, authkey=_key(self._home)
                ).close()  # wakes the thread, which then ends
            self._thread.join(REACH_S)
            listener.close()
        if self._lock is not None:
            self._lock.unlock()

    def _listen(self, listener: Listener) -> None:
        while self._listener is listener:
            try:
                with listener.accept() as connection:
                    paths = json.loads(connection.recv_bytes(MOST_BYTES))
                    connection.send_bytes(b"heard")
            except (AuthenticationError, EOFError, ValueError) as error:
                logger.warning("a start could not be understood: %s", error)
                continue
            except OSError:  # closed, or who called has gone
                time.sleep(AGAIN_S)
                continue
            if self._listener is listener:
                self.called.emit(tuple(Path(path) for path in paths))


def claim(home: Path, paths: Sequence[Path] = ()) -> Instance | None:
    """The instance, if this is the first; None once the first has heard of `paths`.

    A first one that does not answer is not waited for: then this is another window on the same library, which works.
    """
    lock = QLockFile(str(home / "window.lock"))
    lock.setStaleLockTime(0)  # only its process tells whether it still holds
    if lock.tryLock(LOCK_MS):
        return Instance(home, lock)
    return None if hand_over(home, paths) else Instance(home, None)


def hand_over(home: Path, paths: Sequence[Path]) -> bool:
    """Tell the first window; whether it has heard."""
    ends = time.monotonic() + REACH_S
    while time.monotonic() < ends:
        try:
            with Client(address(home), FAMILY, authkey=_key(home)) as connection:
                connection.send_bytes(json.dumps([str(path) for path in paths]).encode("ascii"))
                return connection.poll(REACH_S) and connection.recv_bytes(MOST_BYTES) == b"heard"
        except (OSError, EOFError, AuthenticationError):
            time.sleep(AGAIN_S)
    return False


def address(home: Path) -> str:
    name = hashlib.sha256(os.fsencode(home.resolve())).hexdigest()[:16]
    if sys.platform == "win32":
        return rf"\\.\pipe\inkstone-{name}"
    near = home / "inkstone.socket"
    if len(os.fsencode(near)) <= LONGEST_SOCKET:
        return str(near)
    return str(Path(tempfile.gettempdir()) / f"inkstone-{name}.socket")


def _key(home: Path) -> bytes:
    """Made once, and readable by nobody else."""
    file = home / "window.key"
    try:
        made = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return file.read_bytes()
    with os.fdopen(made, "wb") as stream:
        stream.write(secrets.token_bytes(32))
    return file.read_bytes()
