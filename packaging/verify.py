"""Try the packages where nothing is prepared for them: a minimal Debian, as somebody who has just installed it.

    sudo python3 packaging/verify.py [--version 0.1.0] [--older 0.0.9] [--pictures FOLDER]

It takes what build.py left in `dist/` and `build/package`, and wants debootstrap, Xvfb, openbox and xdotool. In a root
of its own it installs the package with what that depends on; then, as an ordinary person and without any network
interface, it asks the doctor, adds a folder with documents made on the spot, asks in both languages and checks answers
and citations, opens the window on an Xvfb outside, types a question there, takes pictures, and notes how long the
window took to come and what memory it takes at rest; hands a file over as a file manager does ("open with"); installs
OCR and reads a scan; starts the portable one; removes everything and looks for leftovers. With --older (`build.py
--version 0.0.9 --only deb --again --loose`) it first installs that, makes a library of the very first schema, and
installs the newer one over it.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import clean_root
import made_documents
from clean_root import CleanRoot
from project import DIST, ROOT, WORK, version
from screen import Screen, changed, shown
from setting_up import SetupFailed, said
from virtual_env import Environment

WINDOW_S, ANSWER_S, END_S = 300.0, 300.0, 60.0  # a busy machine takes its time
# what every desktop has and a minimal Debian has not: who opens what, and letters for Chinese
DESKTOP = ("desktop-file-utils", "shared-mime-info", "libglib2.0-bin", "fonts-wqy-microhei")
MENU = Path("usr/share/applications")
A_LOT = 0.02  # of the screen's points: a question with its answer
FEWEST_COLOURS = 20  # an empty or broken window has fewer


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--version", default=version())
    parser.add_argument("--older", help="a version to update from")
    parser.add_argument("--pictures", type=Path, default=WORK / "pictures of the trial")
    parser.add_argument("--suite", default="bookworm")
    parser.add_argument("--mirror", default="http://deb.debian.org/debian")
    options = parser.parse_args()
    try:
        Trial(options).run()
    except SetupFailed as failure:
        said(str(failure))
        return 1
    said("Everything is as it should be.")
    return 0


class Trial:
    """The way of a package from its installation to its end. What is not as it should be raises SetupFailed."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._options = options

    def run(self) -> None:
        lower = clean_root.base(WORK / f"debian-{self._options.suite}", self._options.suite, self._options.mirror)
        with (
            shown() as screen,
            clean_root.fresh(lower, WORK / "trial", {"DISPLAY": screen.display}, Path("/tmp/.X11-unix")) as clean,
        ):
            self._done("made it a desktop", lambda: clean.add(*DESKTOP))
            before = clean.files()
            if self._options.older:
                self._done("installed the older version", lambda: clean.install(self._deb(self._options.older)))
                self._done("left a library of the first schema", lambda: self._leave_old_library(clean))
            self._done("installed", lambda: clean.install(self._deb(self._options.version)))
            if self._options.older:
                self._done("took the older library over, and kept a backup", lambda: check_update(clean))
            self._done("the doctor finds nothing wrong", lambda: check_doctor(clean))
            self._done("answers with citations", lambda: check_answers(clean))
            self._done("the window answers", lambda: self._use_window(clean, screen))
            self._done("takes files from other programs", lambda: self._open_with(clean, screen))
            self._done("reads a scan with inkstone-ocr", lambda: self._read_scan(clean))
            for file in sorted(DIST.glob(f"inkstone-{self._options.version}-linux-*.tar.xz")):
                self._done("the portable one answers too", lambda file=file: try_portable(clean, file))
            self._done("removed, without leftovers", lambda: check_removal(clean, before))

    def _done(self, what: str, do: Callable[[], object]) -> None:
        start = time.monotonic()
        do()
        said(f"{what} ({time.monotonic() - start:.0f} s)")

    def _deb(self, named: str, package: str = "inkstone") -> Path:
        found = sorted(DIST.glob(f"{package}_{named}_*.deb"))
        if not found:
            raise SetupFailed(f"There is no {package}_{named} in dist/: run packaging/build.py first.")
        return found[0]

    def _leave_old_library(self, clean: CleanRoot) -> None:
        home = clean.home / ".local/share/inkstone"
        home.mkdir(parents=True)
        watched = clean.home / "earlier"
        made_documents.write_note(watched)
        inside = f"/home/{clean_root.PERSON}/earlier"
        python = Environment(ROOT, WORK / "venv").python
        script = ROOT / "packaging/inside/old_library.py"
        words = [str(home / "library.sqlite"), inside, made_documents.NOTE_NAME, made_documents.NOTE]
        done = subprocess.run([str(python), str(script), *words], capture_output=True, text=True, check=False, cwd=ROOT)
        if done.returncode:
            raise SetupFailed(done.stderr)
        for path in (clean.home / ".local", *(clean.home / ".local").rglob("*"), watched, *watched.rglob("*")):
            shutil.chown(path, 1000, 1000)

    def _use_window(self, clean: CleanRoot, screen: Screen) -> None:
        pictures: Path = self._options.pictures
        with opened(clean, screen, f"/home/{clean_root.PERSON}/papers"):
            screen.settled(WINDOW_S)
            screen.keys("key", "ctrl+1")
            screen.settled(WINDOW_S)
            screen.keys("type", "--delay", "60", made_documents.QUESTION)
            typed = screen.settled(WINDOW_S)
            screen.keys("key", "Return")
            wait_for(lambda: changed(typed, screen.rows()) > A_LOT, ANSWER_S, "The window's question was not answered.")
            screen.settled(ANSWER_S)
            expect(screen.picture(pictures / "answer.png") >= FEWEST_COLOURS, "The window shows next to nothing.")
            screen.keys("key", "ctrl+3")
            screen.settled(WINDOW_S)
            expect(screen.picture(pictures / "library.png") >= FEWEST_COLOURS, "The window shows next to nothing.")
        said(f"  pictures in {pictures.relative_to(ROOT) if pictures.is_relative_to(ROOT) else pictures}: look at them")

    def _open_with(self, clean: CleanRoot, screen: Screen) -> None:
        made_documents.write_handed(clean.home / "elsewhere")
        handed = f"/home/{clean_root.PERSON}/elsewhere/{made_documents.HANDED_NAME}"
        kind = clean.run("gio", "info", "-a", "standard::content-type", handed).split()[-1]
        expect(kind == "text/asciidoc", f"The system takes {handed} for {kind}.")
        for each in (kind, "application/pdf", "inode/directory"):
            expect("inkstone.desktop" in clean.run("gio", "mime", each), f"Inkstone is not offered for {each}.")
        with opened(clean, screen):
            screen.settled(WINDOW_S)
            said(f"  at rest it takes {clean.memory_bytes() / 1e6:.0f} MB")
            clean.run("gio", "launch", f"/{MENU}/inkstone.desktop", handed)
            wait_for(lambda: found(clean, made_documents.HANDED_WORD), WINDOW_S, "The file handed over was not read.")

    def _read_scan(self, clean: CleanRoot) -> None:
        clean.install(self._deb(self._options.version, "inkstone-ocr"))
        made_documents.write_scan(clean.home / "papers", Environment(ROOT, WORK / "venv").python)
        clean.run("inkstone", "index", codes=(0,))
        told = asked(clean, made_documents.SCAN_QUESTION)
        expect(made_documents.SCAN_ANSWER in told["answer"], f"The scan was not read: {told}")


@contextlib.contextmanager
def opened(clean: CleanRoot, screen: Screen, *paths: str) -> Iterator[None]:
    """The window, opened with `paths`; in the end it is asked to close."""
    start = time.monotonic()
    window = subprocess.Popen(clean.command(("inkstone", *(("open", *paths) if paths else ()))))
    try:
        screen.window("Inkstone", WINDOW_S)
        took = time.monotonic() - start
        said(f"  the window came after {took:.1f} s, {clean.processor_s():.1f} s of them computing")
        yield
        expect(window.poll() is None, "The window has ended by itself.")
        window.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            window.wait(END_S)
        expect(window.poll() is not None, "The window does not end when it is told to.")
    finally:
        window.kill()
        window.wait()


def check_doctor(clean: CleanRoot) -> None:
    told = json.loads(clean.run("inkstone", "doctor", "--json"))
    wrong = [finding for finding in told["findings"] if not finding["ok"]]
    expect(not wrong, f"The doctor complains: {wrong}")


def check_answers(clean: CleanRoot) -> None:
    folder = clean.home / "papers"
    made_documents.write(folder)
    clean.run("inkstone", "add", f"/home/{clean_root.PERSON}/papers")
    clean.run("inkstone", "index")
    told = asked(clean, made_documents.QUESTION)
    expect(made_documents.ANSWER in told["answer"], f"Another answer was expected: {told}")
    first = told["citations"][0]
    place = (Path(first["path"]).name, first["page"])
    expect(place == (made_documents.PDF_NAME, made_documents.PAGE), f"It cites {place}.")
    expect(made_documents.ANSWER in first["quote"] and first["boxes"], f"It quotes {first}.")
    told = asked(clean, made_documents.CHINESE_QUESTION)
    expect(made_documents.CHINESE_ANSWER in told["answer"], f"Another answer was expected: {told}")


def check_update(clean: CleanRoot) -> None:
    names = found(clean, made_documents.NOTE_WORD)
    expect(names == [made_documents.NOTE_NAME], f"It finds {names}.")
    backups = sorted((clean.home / ".local/share/inkstone/backups").glob("library-schema1-*.sqlite"))
    expect(len(backups) == 1, f"{len(backups)} backups are there.")


def try_portable(clean: CleanRoot, file: Path) -> None:
    subprocess.run(["tar", "-xf", str(file), "-C", str(clean.home)], check=True)
    program = f"/home/{clean_root.PERSON}/{file.name.removesuffix('.tar.xz')}/inkstone"
    told = asked(clean, made_documents.QUESTION, program)
    expect(made_documents.ANSWER in told["answer"], f"Another answer was expected: {told}")


def check_removal(clean: CleanRoot, before: set[str]) -> None:
    clean.run("apt-get", "purge", "-yq", "inkstone", "inkstone-ocr", root=True)
    left = sorted(name for name in clean.files() - before if "inkstone" in name.lower())
    expect(not left, f"Left behind: {left}")
    offered = clean.folder / MENU / "mimeinfo.cache"
    expect("inkstone" not in offered.read_text("utf-8"), "What is gone is still offered to open documents with.")
    clean.run("apt-get", "autoremove", "--purge", "-yq", root=True)
    expect((clean.home / ".local/share/inkstone/library.sqlite").exists(), "The person's library is gone.")


def found(clean: CleanRoot, word: str) -> list[str]:
    """The names of the documents that have it."""
    hits = json.loads(clean.run("inkstone", "search", word, "--json", codes=(0, 1)))["hits"]
    return [Path(hit["path"]).name for hit in hits]


def asked(clean: CleanRoot, question: str, program: str = "inkstone") -> dict[str, Any]:
    told: dict[str, Any] = json.loads(clean.run(program, "ask", question, "--json"))
    expect(bool(told["citations"]), f"No citation: {told}")
    return told


def wait_for(is_so: Callable[[], bool], limit_s: float, otherwise: str) -> None:
    until = time.monotonic() + limit_s
    while not is_so():
        expect(time.monotonic() < until, otherwise)
        time.sleep(0.5)


def expect(is_so: bool, otherwise: str) -> None:
    if not is_so:
        raise SetupFailed(otherwise)


if __name__ == "__main__":
    sys.exit(main())
