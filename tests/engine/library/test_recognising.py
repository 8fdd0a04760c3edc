from __future__ import annotations

import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fakes import WordEmbedder, chunk
from paper_scans import PaperLibrary

from engine.types import Document, Failed, Indexed, Reading, Reason, Removed, Stage, Status, Working


@pytest.fixture
def library(tmp_path: Path) -> Iterator[PaperLibrary]:
    made = PaperLibrary(tmp_path / "home", tmp_path / "papers")
    yield made
    assert made.store.problems() == []
    made.store.close()


def one(library: PaperLibrary) -> Document:
    (document,) = library.store.documents()
    return document


def test_scan_is_recognised_embedded_and_found(library: PaperLibrary) -> None:
    path = library.write("scan.txt", "~Audit logs are kept.", "~Backups are not.")
    events = library.run()
    assert [event for event in events if not isinstance(event, Working)] == [Indexed(path, 0), Indexed(path, 2)]
    assert library.texts() == [("scan.txt", 1, "Audit logs are kept."), ("scan.txt", 2, "Backups are not.")]
    assert len(library.store.keyword_hits('"backups"', 9)) == 1
    assert library.store.waiting_passages() == 0
    document = one(library)
    assert (document.status, document.scan_pages, document.scans_left, document.empty_pages) == (
        Status.INDEXED,
        2,
        0,
        0,
    )
    assert library.recogniser.rests == 1


def test_every_page_is_found_before_the_next_is_begun(library: PaperLibrary) -> None:
    library.write("scan.txt", "~first words", "~second words", "~third words")
    found: list[int] = []
    library.recogniser.during = lambda: found.append(len(library.store.keyword_hits('"words"', 9)))
    library.run()
    assert found == [0, 1, 2]


def test_progress_counts_pages_and_says_how_long(library: PaperLibrary) -> None:
    path = library.write("scan.txt", "~one", "~two", "~three")
    library.recogniser.pause_s = 0.01
    working = [event for event in library.each() if isinstance(event, Working)]
    pages = [event for event in working if event.stage is Stage.RECOGNISING]
    assert [(event.done, event.total) for event in pages] == [(0, 3), (1, 3), (2, 3)]
    assert all((event.path, event.folder) == (path, library.folder) for event in pages)
    assert pages[0].seconds_left is None
    assert pages[2].seconds_left
    assert working[-1].stage is Stage.IDLE


def test_document_of_scans_waits_while_pages_are_left_and_a_mixed_one_is_found_at_once(library: PaperLibrary) -> None:
    library.write("mixed.txt", "Written words.", "~Scanned words.")
    library.run(scans=False)
    document = one(library)
    assert (document.status, document.scan_pages, document.scans_left) == (Status.WAITING, 1, 1)
    assert library.texts() == [("mixed.txt", 1, "Written words.")]
    assert library.store.scans_left() == 1
    library.run()
    assert one(library).status is Status.INDEXED
    assert [text for *_, text in library.texts()] == ["Written words.", "Scanned words."]


def test_normal_files_come_first(library: PaperLibrary) -> None:
    library.write("a.txt", "~scanned")
    library.write("b.txt", "Written words.")
    library.recogniser.during = lambda: pytest.fail("b waits") if library.store.waiting_passages() else None
    library.run()
    assert len(library.texts()) == 2


def test_scan_without_text_has_failed(library: PaperLibrary) -> None:
    path = library.write("photo.txt", "~", "~")
    assert Failed(path, Reason.SCAN) in library.run()
    assert one(library).reason is Reason.SCAN
    assert library.run()[-1] == Working(Stage.IDLE, 0, 0)
    assert len(library.recogniser.seen) == 2


def test_same_content_in_two_places_is_recognised_once(library: PaperLibrary) -> None:
    first, second = library.write("a.txt", "~the same"), library.write("b.txt", "~the same")
    events = library.run()
    assert library.recogniser.seen == [("a.txt", 1)]
    assert {Indexed(first, 1), Indexed(second, 1)} <= set(events)
    assert [document.status for document in library.store.documents()] == [Status.INDEXED] * 2


def test_content_that_goes_takes_its_scans_along(library: PaperLibrary) -> None:
    path = library.write("scan.txt", "~one", "~two")
    library.run(scans=False)
    path.unlink()
    assert Removed(path) in library.run()
    assert library.recogniser.seen == []
    assert library.store.database.all("SELECT * FROM scans") == []


def test_move_costs_no_recognition(library: PaperLibrary) -> None:
    path = library.write("scan.txt", "~one")
    library.run()
    path.rename(library.folder / "moved.txt")
    library.run()
    assert library.recogniser.seen == [("scan.txt", 1)]
    assert library.texts() == [("moved.txt", 1, "one")]


def test_another_embedder_embeds_again_without_recognising(library: PaperLibrary) -> None:
    library.write("scan.txt", "~one", "~two")
    library.run()
    library.use(WordEmbedder("other@1"))
    library.run()
    assert library.embedder.embedded == 2
    assert len(library.recogniser.seen) == 2
    assert one(library).status is Status.INDEXED


# A change comes first


def test_change_leaves_the_page_at_hand_which_is_done_later(library: PaperLibrary) -> None:
    library.write("scan.txt", "~one", "~two")
    changed = [False]

    def save_another() -> None:
        if not changed[0]:
            changed[0] = True
            library.write("new.txt", "Just written.")

    library.recogniser.during = save_another
    events = library.run(changed=lambda: changed[0])
    assert Working(Stage.IDLE, 0, 0) not in events
    assert (library.texts(), library.store.scans_left()) == ([], 2)
    library.run()
    assert library.recogniser.seen == [("scan.txt", 1), ("scan.txt", 1), ("scan.txt", 2)]
    assert len(library.texts()) == 3


def test_changes_without_end_do_not_keep_pages_for_ever(library: PaperLibrary) -> None:
    library.write("scan.txt", "~one", "~two", "~three")
    for _ in range(6):
        library.run(changed=lambda: True)
    assert library.store.scans_left() == 0


def test_stop_leaves_even_a_page_that_was_left_before(library: PaperLibrary) -> None:
    library.write("scan.txt", "~one")
    stopped = [False]
    library.recogniser.during = lambda: stopped.__setitem__(0, True)
    for _ in range(3):
        stopped[0] = False
        for _ in library.indexer.run(stop=lambda: stopped[0]):
            pass
    assert library.store.scans_left() == 1


def test_file_that_changed_meanwhile_is_not_recognised_for_what_it_was(library: PaperLibrary) -> None:
    library.write("scan.txt", "~one", "~two")
    library.run(scans=False)
    library.write("scan.txt", "~quite another", "~text", "~now")
    assert [*library.recognition.run(lambda: False, lambda: False)] == []
    library.run()
    assert [text for *_, text in library.texts()] == ["quite another", "text", "now"]


# What cannot be recognised


def test_page_that_crashes_is_tried_twice_and_the_others_are_kept(library: PaperLibrary) -> None:
    path = library.write("scan.txt", "~one", f"~!{Reason.CRASHED}", "~three")
    assert Indexed(path, 2) in library.run()
    assert library.recogniser.seen.count(("scan.txt", 2)) == 2
    document = one(library)
    assert (document.status, document.scans_lost, document.empty_pages) == (Status.INDEXED, 1, 1)


def test_document_whose_pages_all_crash_is_given_up_after_some(library: PaperLibrary) -> None:
    path = library.write("scan.txt", *[f"~!{Reason.TOO_SLOW}"] * 50)
    assert Failed(path, Reason.TOO_SLOW) in library.run()
    assert len(library.recogniser.seen) == 6  # LOST_PAGES pages, twice each
    assert one(library).reason is Reason.TOO_SLOW


def test_retry_asks_again(library: PaperLibrary) -> None:
    path = library.write("scan.txt", "~one", f"~!{Reason.CRASHED}")
    library.run()
    library.recogniser.seen.clear()
    library.store.retry(path)
    library.store.retry_scans(path)
    library.run()
    assert set(library.recogniser.seen) == {("scan.txt", 2)}


def test_document_whose_password_is_not_known_now_waits(library: PaperLibrary) -> None:
    library.write("a.txt", f"~!{Reason.ENCRYPTED}")
    library.write("b.txt", "~one")
    library.run()
    assert (library.store.scans_left(), library.texts()) == (1, [("b.txt", 1, "one")])


# Without OCR


def test_without_ocr_a_scan_has_failed_until_there_is_some(library: PaperLibrary) -> None:
    path = library.write("scan.txt", "~one")
    library.has_ocr = False
    assert Failed(path, Reason.NO_OCR) in library.run()
    assert one(library).reason is Reason.NO_OCR
    assert library.store.scans_left() == 0
    library.has_ocr = True
    library.run()
    assert one(library).status is Status.INDEXED
    assert len(library.reader.read_paths) == 1


def test_pages_that_waited_stop_waiting_when_ocr_goes(library: PaperLibrary) -> None:
    library.write("mixed.txt", "Written words.", "~Scanned words.")
    library.run(scans=False)
    library.has_ocr = False
    library.run()
    document = one(library)
    assert (document.status, document.scans_left, document.empty_pages) == (Status.INDEXED, 0, 1)


def test_models_that_cannot_be_loaded_end_the_queue(library: PaperLibrary) -> None:
    library.write("a.txt", f"~!{Reason.NO_OCR}", "~two")
    library.run()
    assert library.recogniser.seen == [("a.txt", 1)]
    assert one(library).reason is Reason.NO_OCR


def test_garbage_that_was_kept_is_read_again_once_there_is_ocr(library: PaperLibrary) -> None:
    path = library.write("garbage.txt", "~good words")
    library.has_ocr = False
    read = library.reader.read

    def read_garbage(path: Path) -> Reading:
        return replace(read(path), chunks=() if library.has_ocr else (chunk("gxrb"),))

    library.reader.read = read_garbage
    library.run()
    assert library.texts() == [("garbage.txt", 1, "gxrb")]
    library.has_ocr = True
    assert Indexed(path, 1) in library.run()
    assert library.texts() == [("garbage.txt", 1, "good words")]


# Killed


def test_kill_loses_at_most_the_page_at_hand(tmp_path: Path) -> None:
    home, folder, pages = tmp_path / "home", tmp_path / "papers", 40
    folder.mkdir()
    for name in ("a.txt", "b.txt"):
        (folder / name).write_text("\n".join(f"~page {n} of {name}" for n in range(pages // 2)), "utf-8")
    moments, done = random.Random(2), 0
    for _ in range(4):
        process = subprocess.Popen([sys.executable, "-m", "tests.paper_scans", str(home), str(folder)])
        library = None
        while process.poll() is None:
            library = library or (PaperLibrary(home, folder) if (home / "library.sqlite").exists() else None)
            if library and len(library.texts()) >= done + moments.randint(1, 6):
                process.send_signal(signal.SIGKILL)
                process.wait()
        assert library
        before, done = done, len(library.texts())
        assert done >= before
        assert library.store.problems() == []
        library.store.close()
        if done == pages:
            break
    whole = PaperLibrary(home, folder)
    whole.run()
    assert len(whole.recogniser.seen) == pages - done  # nothing that was done is done again
    assert whole.texts() == [
        (name, n + 1, f"page {n} of {name}") for name in ("a.txt", "b.txt") for n in range(pages // 2)
    ]
    assert (whole.store.waiting_passages(), whole.store.problems()) == (0, [])
    whole.store.close()
