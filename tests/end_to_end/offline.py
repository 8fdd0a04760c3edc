"""The whole journey without any network, every socket watched: add, index, scans, ask, the window.

    python -m tests.end_to_end.offline [--no-ocr] [--program inkstone] [--trace FILE]

Each step runs under `unshare --net` (no interface exists, not even loopback's) and `strace` of every network call, with
its children. Exits with 1 at any socket that is not local, at any local one that is connected to somewhere unexpected,
and where a step fails. What was seen is printed by kind. Linux, with strace; as root, or where user namespaces may be
made.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = ROOT / "packaging" / "demo" / "documents"
QUESTION = (ROOT / "packaging" / "demo" / "questions.txt").read_text("utf-8").splitlines()[0]
STEP_S = 1800.0

# Local sockets that a program of the desktop opens, by what they are connected to. Everything else is a finding.
LOCAL = {
    "screen": re.compile(r'sun_path=@?"/tmp/\.X11-unix/'),
    "wayland": re.compile(r'sun_path="/run/user/\d+/wayland-\d+"'),
    "session's bus": re.compile(r'sun_path=@?"/(run/user/\d+/bus|tmp/dbus-)'),
    "system's bus": re.compile(r'sun_path="(/var)?/run/dbus/system_bus_socket"'),
    "names of users": re.compile(r'sun_path="/var/run/nscd/socket"'),  # glibc asks there first, whoever asks for a name
    "one instance": re.compile(r'sun_path="[^"]*inkstone[^"]*"'),
}
_CALL = re.compile(r"(?:^|\s|\])(socket|socketpair|connect|bind|sendto|sendmsg|recvfrom|accept4?|listen)\((.*)$")


@dataclass(frozen=True)
class Seen:
    """`expected` is the kind of what may be there, "" for what may not."""

    call: str
    expected: str
    line: str


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--no-ocr", action="store_true", help="leave the scan out")
    parser.add_argument("--program", help="an installed `inkstone` instead of this checkout's; leaves the window out")
    parser.add_argument("--trace", type=Path, help="keep what strace wrote in this file")
    options = parser.parse_args()
    program = [options.program] if options.program else [sys.executable, "-c", "from engine.cli import main; main()"]
    with tempfile.TemporaryDirectory(prefix="inkstone-offline-") as folder:
        home, papers, trace = Path(folder) / "home", Path(folder) / "papers", options.trace or Path(folder) / "trace"
        shutil.copytree(DOCUMENTS, papers)
        inkstone = [*program, "--home", str(home)]
        steps: dict[str, list[str]] = {
            "doctor": [*inkstone, "doctor"],
            "add": [*inkstone, "add", str(papers)],
            "index": [*inkstone, "index", *(["--no-ocr"] if options.no_ocr else [])],
            "search": [*inkstone, "search", QUESTION, "--json"],
            "ask": [*inkstone, "ask", QUESTION, "--json"],
        }
        if not options.program:
            steps["window"] = [sys.executable, "-m", "tests.end_to_end.offline_window", str(home), QUESTION]
        if not options.no_ocr:
            make_scan(papers / "scan.pdf")
        trace.write_text("", "utf-8")
        for name, command in steps.items():
            done = run_apart(command, trace)
            print(f"{name}: exit code {done.returncode}", flush=True)
            if done.returncode not in (0, 1):  # 1: one of the demo's documents is damaged on purpose
                print(done.stdout, done.stderr, sep="\n")
                return 1
            if name == "ask" and not json.loads(done.stdout)["citations"]:
                print("no citation:", done.stdout)
                return 1
        seen = [*read(trace.read_text("utf-8", "replace").splitlines())]
    for (call, kind), count in sorted(Counter((each.call, each.expected) for each in seen).items()):
        print(f"{count:6} {call}: {kind or 'NOT EXPECTED'}")
    wrong = [each.line for each in seen if not each.expected]
    print(*wrong[:20], sep="\n")
    print("no socket but local ones" if not wrong else f"{len(wrong)} calls that should not be")
    return 1 if wrong else 0


def run_apart(command: Sequence[str], trace: Path) -> subprocess.CompletedProcess[str]:
    """Without a network, with its calls appended to `trace`."""
    apart = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--map-current-user", "--net"]
    watched = ["strace", "-f", "-qq", "--seccomp-bpf", "-s", "200", "-e", "trace=%network", "-A", "-o", str(trace)]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"}
    return subprocess.run(
        [*apart, *watched, *command],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        cwd=ROOT,
        timeout=STEP_S,
    )


def make_scan(path: Path) -> None:
    """A page that is a picture."""
    import pymupdf  # the command's own --help must not need it

    drawn = pymupdf.open()
    drawn.new_page().insert_text((72, 100), "The Merlin compressor needs oil of grade ISO 68.", fontsize=16)
    made = pymupdf.open()
    page = made.new_page()
    page.insert_image(page.rect, pixmap=drawn[0].get_pixmap(dpi=150))
    made.save(path)


def read(lines: Iterable[str]) -> Iterator[Seen]:
    """What strace wrote: every call that opens, names or uses a socket by an address."""
    for line in lines:
        if match := _CALL.search(line):
            call, rest = match.groups()
            kind = _kind(call, rest)
            if kind is not None:
                yield Seen(call, kind, line)


def _kind(call: str, rest: str) -> str | None:
    """None for calls on sockets that were told of before and carry no address."""
    if call in ("socket", "socketpair"):
        return "local" if rest.startswith(("AF_UNIX", "AF_LOCAL")) else ""
    if "sa_family=" not in rest:
        return None
    if "sa_family=AF_UNIX" not in rest:
        return ""
    if call not in ("connect", "bind"):
        return "local"
    return next((name for name, place in LOCAL.items() if place.search(rest)), "")


if __name__ == "__main__":
    sys.exit(main())
