"""How long it takes to find out that nothing has changed, in a large tree of small files.

    python -m tests.benchmarks.rescanning [--files 100000] [--folder FOLDER] [--rounds 5]

Makes the tree (in a temporary folder, or in FOLDER, which is kept and used again) and a library that knows its files;
nothing is read or embedded. Prints seconds for each part of a listing that finds no change, and the memory it takes.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import psutil

from engine.documents.kinds import READING_VERSION, kind_of
from engine.library.choices import Choices
from engine.library.listers import Lister
from engine.library.listing import Wish
from engine.library.scanning import Changes, compare
from engine.library.stepping import changes_since
from engine.library.store import Root, Store
from engine.library.watching import make_watcher
from engine.types import Reading, Unit

_IN_A_FOLDER = 40


def make_tree(folder: Path, count: int) -> None:
    """Small texts, 40 to a folder, ten folders to a folder above."""
    for number in range(count):
        place = folder / f"{number // (_IN_A_FOLDER * 10):05}" / f"{number // _IN_A_FOLDER % 10}"
        if number % _IN_A_FOLDER == 0:
            place.mkdir(parents=True, exist_ok=True)
        (place / f"report {number}.txt").write_text(f"Report {number}.")


def fill(store: Store, root: Root, lister: Lister) -> None:
    """Let the library know every file as read; all hold one content, which is as good here."""
    changes = changes_since(store, lister, Wish(), lambda: False)
    with store.together():
        first, *others = changes.to_read
        kind = kind_of(first.path)
        assert kind
        store.put(first, "0" * 64, kind, READING_VERSION, Reading("", Unit.LINE, 1, 0, ()))
        content = store.content("0" * 64, kind, READING_VERSION)
        assert content is not None
        for file in others:
            store.link(file, content)
        store.mark_fresh((), (file.path for file in changes.to_read))


def timed(rounds: int, work: Callable[[], object]) -> str:
    """Wall time, and the processor's: on a busy machine the first says more of the others."""
    seconds, spent = [], []
    for _ in range(rounds):
        started, busy = time.perf_counter(), time.process_time()
        work()
        seconds.append(time.perf_counter() - started)
        spent.append(time.process_time() - busy)
    wall = f"{statistics.median(seconds):6.2f} s (least {min(seconds):.2f}, most {max(seconds):.2f})"
    return f"{wall}, {statistics.median(spent):5.2f} s of a core"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--files", type=int, default=100_000)
    arguments.add_argument("--folder", type=Path)
    arguments.add_argument("--rounds", type=int, default=5)
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = chosen.folder or Path(scratch) / "tree"
        if not folder.exists():
            make_tree(folder, chosen.files)
        store, lister = Store(Path(scratch) / "library.sqlite"), Lister()
        root = Root(folder, is_file=False)
        store.add_root(root)
        fill(store, root, lister)
        measure(store, root, lister, chosen.rounds)
        store.close()


def measure(store: Store, root: Root, lister: Lister, rounds: int) -> None:
    def never() -> bool:
        return False

    def look(wish: Wish) -> None:
        changes = changes_since(store, lister, wish, never)
        assert changes == Changes(volumes=changes.volumes), "something has changed meanwhile"

    known = store.known_files(READING_VERSION)
    files = [(each, list(batch)) for each, batch in lister.list([root], Wish(), never).files]
    listing = lister.list([], Wish(), never)

    def compare_alone() -> None:
        listing.files = files
        compare(listing, known, [root], {})

    print(f"{len(known)} files; load of the machine {os.getloadavg()[0]:.1f}; median of {rounds}")
    print("listing          ", timed(rounds, lambda: [*lister.list([root], Wish(), never).files]))
    print("known files      ", timed(rounds, lambda: store.known_files(READING_VERSION)))
    print("comparing        ", timed(rounds, compare_alone))
    print("all of it        ", timed(rounds, lambda: look(Wish())))
    rules = Wish(Choices("\n".join(f"*.draft{number}\n/old{number}/**/x" for number in range(20))))
    print("with 40 rules    ", timed(rounds, lambda: look(rules)))
    watcher = make_watcher(lambda: None, root.path)
    watcher.watch([root])
    print("watching, first  ", timed(1, lambda: look(Wish(entering=watcher.entering))), f"whole: {watcher.is_whole}")
    print("watching, again  ", timed(rounds, lambda: look(Wish(entering=watcher.entering))))
    watcher.close()
    known.clear()
    files.clear()
    before = psutil.Process().memory_info().rss
    tracemalloc.start()
    look(Wish())
    print(f"most memory at a time: {tracemalloc.get_traced_memory()[1] / 1e6:.0f} MB (Python's own objects)")
    tracemalloc.stop()
    print(f"resident after it: {(psutil.Process().memory_info().rss - before) / 1e6:+.0f} MB")


if __name__ == "__main__":
    main()
