"""The child ends with its parent, however that ended."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.documents.kinds import Kind
from engine.documents.limits import CHILD_MEMORY_BYTES
from engine.documents.processes import Child, ChildEnded, ChildSilent
from engine.documents.protocol import Cut, Opened, ReadPages, RenderPage, Reply
from engine.types import Unit

Wait = Callable[..., None]

_PARENT = """
import sys, threading, time
from pathlib import Path
from engine.documents.reading import DocumentReader
from engine.types import Unit
reader = DocumentReader(deadline_s=300)
thread = threading.Thread(target=reader.read, args=(Path(sys.argv[1]),), daemon=True)
thread.start()
while not reader.child_pid:
    time.sleep(0.01)
print(reader.child_pid, flush=True)
print("reading", flush=True)
time.sleep(600)
"""


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the watchdog ends it, tested below")
def test_child_stuck_in_a_page_dies_with_a_killed_parent(hanging_pdf: Path, wait_for: Wait) -> None:
    command = [sys.executable, "-c", _PARENT, str(hanging_pdf)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        child = int(parent.stdout.readline())
        wait_for(lambda: _cpu_ticks(child) > 80)  # it works on the page that never ends
        assert is_alive(child)
        os.kill(parent.pid, signal.SIGKILL)
    wait_for(lambda: not is_alive(child), limit_s=10)


def _cpu_ticks(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11])


def test_idle_child_ends_when_its_input_ends() -> None:
    child = Child(5, CHILD_MEMORY_BYTES)
    process = child._child.process
    assert process
    assert process.stdin
    process.stdin.close()
    assert process.wait(timeout=30) == 0


def test_watchdog_ends_a_child_that_nobody_kills(hanging_pdf: Path) -> None:
    child = Child(0.5, CHILD_MEMORY_BYTES)
    child.ask(RenderPage(str(hanging_pdf), 2, 1.0))
    with pytest.raises(ChildEnded):
        _reply_at_last(child)


def _reply_at_last(child: Child) -> Reply:
    for _ in range(60):
        with contextlib.suppress(ChildSilent):
            return child.reply()
    raise AssertionError("it still runs")


def test_libraries_that_print_do_not_disturb(tmp_path: Path) -> None:
    """Python's own print and a C library's both go to descriptor 1."""
    script = (
        "import os, sys; from engine.documents import child\n"
        "answer = child._answer\n"
        "def noisy(request, passwords):\n"
        "    print('noise', flush=True); os.write(1, b'more noise'); yield from answer(request, passwords)\n"
        "child._answer = noisy\n"
        "child.main(sys.argv[1:])"
    )
    (tmp_path / "a.txt").write_text("quiet words")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("engine.documents.processes.child_command", lambda: [sys.executable, "-c", script])
        child = Child(20, CHILD_MEMORY_BYTES)
    child.ask(ReadPages(str(tmp_path / "a.txt"), Kind.TEXT))
    assert child.reply() == Opened("", 1, Unit.LINE, 1)
    reply = child.reply()
    assert isinstance(reply, Cut)
    assert reply.chunks[0].text == "quiet words"
    child.kill()
