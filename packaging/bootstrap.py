"""Set up and start Inkstone, or its tests, from a fresh checkout: Python 3.11 or later is all it needs.

    python3 packaging/bootstrap.py run [arguments of inkstone]     the window, or the command that is given
    python3 packaging/bootstrap.py run demo                        three questions to the demo documents, no screen
    python3 packaging/bootstrap.py test [arguments of pytest]      ruff, mypy, and every test

The first time, each makes `.venv` in the checkout and installs what is needed; after that they start at once. What they
tell goes to stderr, so that the output of inkstone can be piped.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from setting_up import SetupFailed, said, step
from system_packages import ensure, missing_for_qt
from virtual_env import Environment

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / "packaging" / "demo"
OLDEST = (3, 11)
MOST_WORKERS = 4  # that run tests side by side: each holds torch and up to a gigabyte


def main() -> int:
    if sys.version_info < OLDEST:
        said(f"Inkstone needs Python {OLDEST[0]}.{OLDEST[1]} or later; this is {sys.version.split()[0]}.")
        return 2
    command, arguments = sys.argv[1:2], sys.argv[2:]
    if command not in (["run"], ["test"]):
        print(__doc__)
        return 0 if command in (["-h"], ["--help"]) else 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that a pip that is running ends with us
    try:
        return run(arguments) if command == ["run"] else test(arguments)
    except SetupFailed as failure:
        said(str(failure))
        return 1
    except KeyboardInterrupt:
        said("\nStopped. The next start goes on from here.")
        return 130


def run(arguments: list[str]) -> int:
    """Sets up the app, then becomes it."""
    environment = Environment(ROOT)
    environment.prepare(extras=("ocr",))
    if arguments == ["demo"]:
        return demo(environment)
    if opens_window(arguments):
        ensure(missing_for_qt(environment.site_packages, "xcb"))
    return become([str(environment.script("inkstone")), *arguments])


def opens_window(arguments: list[str]) -> bool:
    """Whether no command is among them, only options that every command takes."""
    words = iter(arguments)
    for word in words:
        if word == "--home":
            next(words, None)
        elif not word.startswith("--home="):
            return False
    return True


def demo(environment: Environment) -> int:
    """Indexes the demo documents into a library of its own, asks the demo questions, and leaves nothing behind."""
    with tempfile.TemporaryDirectory(prefix="inkstone-demo-") as home:
        inkstone = [str(environment.script("inkstone")), "--home", home]
        show("The demo documents (one of them is damaged on purpose)")
        call([*inkstone, "add", str(DEMO / "documents")], accepted=(0, 1))
        call([*inkstone, "index"], accepted=(0, 1))  # 1: some file could not be read
        call([*inkstone, "status"])
        for question in (DEMO / "questions.txt").read_text("utf-8").splitlines():
            show(question)
            call([*inkstone, "ask", question])
    return 0


def show(heading: str) -> None:
    print(f"\n── {heading}\n", flush=True)


def call(command: list[str], accepted: tuple[int, ...] = (0,)) -> None:
    code = subprocess.call(command)
    if code not in accepted:
        raise SetupFailed(f"That ended with the exit code {code}: {' '.join(command)}")


def test(arguments: list[str]) -> int:
    """Everything that has to hold before a change lands. The last line is pytest's."""
    environment = Environment(ROOT)
    environment.prepare(extras=("dev", "ocr", "training"), first=("torch==2.13.0",))
    ensure(missing_for_qt(environment.site_packages, "offscreen"))
    python = str(environment.python)
    step("Checking with ruff", [python, "-m", "ruff", "check", "."], ROOT)
    step("Checking the format", [python, "-m", "ruff", "format", "--check", "."], ROOT)
    step("Checking the types", [python, "-m", "mypy"], ROOT)
    said("Running the tests")
    cores = os.cpu_count() or 1
    workers = min(cores, MOST_WORKERS)
    threads = str(max(1, cores // workers))  # each: more only wait for each other
    return subprocess.call(
        [python, "-m", "pytest", "--numprocesses", str(workers), "--dist", "worksteal", *arguments],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "OMP_NUM_THREADS": threads},
    )


def become(command: list[str]) -> int:
    """This process goes on as `command`; on Windows, where that is not possible, it waits for it."""
    if os.name != "nt":
        os.execv(command[0], command)
    return subprocess.call(command)


if __name__ == "__main__":
    sys.exit(main())
