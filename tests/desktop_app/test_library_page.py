"""The library page, used as a person does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QMimeData

from desktop_app.models.documents import DocumentsModel
from desktop_app.widgets.rail import CHAT, LIBRARY
from engine.types import Document, Folder, Reason, Stage, Status, Unit, Working


def test_folder_dropped_anywhere_appears_in_the_library(inkstone, folder, qtbot, person, dragged):
    window = inkstone.window
    data = dragged(folder)
    person.drag_over(window, data)
    assert window.veil.isVisible()
    person.drop(window, data)
    assert not window.veil.isVisible()
    assert window.pages.currentIndex() == LIBRARY
    qtbot.waitUntil(lambda: folder in window.library.cards)
    qtbot.waitUntil(lambda: "Up to date · 2 documents" in window.library.cards[folder].state.text())
    assert "1 folder · 3 documents · 14 passages" in window.library.counts.text()


def test_drop_zone_shows_what_hovers_over_it(inkstone, folder, person, dragged):
    window = inkstone.window
    window.go_to(LIBRARY)
    data = dragged(folder)
    person.drag_over(window, data)
    assert window.library.drop_zone.is_hovered
    assert not window.veil.isVisible()


def test_text_dragged_over_the_window_is_not_taken(inkstone, person):
    data = QMimeData()
    data.setText("only words")
    person.drag_over(inkstone.window, data)
    assert not inkstone.window.veil.isVisible()


def test_empty_library_says_what_to_do(inkstone):
    window = inkstone.window
    assert window.chat.start.add_folder.isVisible()
    window.go_to(LIBRARY)
    assert window.library.hint.isVisible()


def test_progress_is_shown_above_the_folders_and_what_is_at_hand_in_one(filled, folder):
    window = filled.window
    window.go_to(LIBRARY)
    card, progress = window.library.cards[folder], window.library.progress
    paper = folder / "neural-ranking.pdf"
    filled.bridge.event.emit(Working(Stage.READING, 1027, 1630, paper, folder, seconds_left=244.0))
    assert (progress.bar.value(), progress.bar.maximum()) == (1027, 1630)
    assert progress.more.text() == "1,027 of 1,630 documents · about 4 minutes left"
    assert card.state.text() == "Reading neural-ranking.pdf"
    filled.bridge.event.emit(Working(Stage.RECOGNISING, 2, 9, paper, folder, seconds_left=118.0))
    assert (progress.state.text(), progress.more.text()) == ("Recognising scans", "2 of 9 pages · about 2 minutes left")
    assert card.state.text() == "Recognising neural-ranking.pdf"
    filled.bridge.event.emit(Working(Stage.SCANNING, 2110, 0, folder=folder))
    assert card.state.text() == "Scanning… 2,110 files"
    assert progress.bar.maximum() == 0
    filled.bridge.event.emit(Working(Stage.IDLE, 0, 0))
    assert not progress.isVisible()


def test_new_folder_says_that_its_documents_are_looked_for(filled, folder):
    card = filled.window.library.cards[folder]
    filled.bridge.event.emit(Working(Stage.SCANNING, 0, 0))
    assert card.state.text() == "Up to date · 2 documents"
    card.show_folder(Folder(folder, False, True, 0, 0, 0), None, ())
    filled.bridge.event.emit(Working(Stage.SCANNING, 0, 0))
    assert card.state.text() == "Looking for documents…"


def test_waiting_documents_are_mentioned_where_questions_are_asked(filled):
    window = filled.window
    status = window.state.status
    window.state._on_status(type(status)(status.folders, 1240, 0, 7660, 9, (), "fake", False))
    assert window.chat.quiet.text() == "1,240 of 8,900 documents are searchable so far."
    assert window.chat.quiet.isVisible()


def test_folder_that_cannot_be_reached_says_so(filled, folder):
    card = filled.window.library.cards[folder]
    card.show_folder(Folder(folder, False, False, 2, 0, 0), None, ())
    assert "Cannot be reached" in card.state.text()


def test_unreadable_document_is_listed_with_its_reason_and_retried(filled, folder, qtbot, person):
    window = filled.window
    window.go_to(LIBRARY)
    card = window.library.cards[folder]
    person.click(card.show_failures)
    row = card.failures.rows()[0]
    assert row.isVisible()
    assert row.document.path == folder / "empty.txt"
    with qtbot.waitSignal(card.retry_wanted) as wanted:
        person.click(row.retry)
    assert wanted.args == [folder / "empty.txt"]


def test_documents_of_a_folder_are_listed_when_asked_for(filled, folder, qtbot, person):
    window = filled.window
    window.go_to(LIBRARY)
    card = window.library.cards[folder]
    person.click(card.show_documents)
    model = card.table.documents
    qtbot.waitUntil(lambda: model.rowCount() == 3)
    rows = [[model.data(model.index(row, column)) for column in range(3)] for row in range(3)]
    assert ["rules.pdf", "6 pages", "Searchable"] in rows
    assert ["empty.txt", "6 lines", "The file is empty."] in rows


def test_a_document_whose_drive_is_away_says_so(qapp):
    model = DocumentsModel()
    folder = Path("/drive")
    away = Document(1, folder / "a.txt", folder, "a", "00", 1, 0, Unit.LINE, 6, 0, Status.INDEXED, away=True)
    model.show_documents([away])
    assert model.data(model.index(0, 2)) == "Cannot be reached now; what was read of it stays searchable"


def test_folder_is_removed_after_one_question(filled, folder, qtbot, person):
    window = filled.window
    window.go_to(LIBRARY)
    box = window.library.confirm_removal(folder)
    assert "never touched" in box.informativeText()
    remove = next(button for button in box.buttons() if button.text() == "Remove")
    person.click(remove)
    qtbot.waitUntil(lambda: folder not in window.library.cards)
    assert (folder / "rules.pdf").exists()


def test_path_that_does_not_exist_is_explained(inkstone, qtbot, tmp_path):
    inkstone.window.add([tmp_path / "nowhere"])
    qtbot.waitUntil(lambda: "does not exist" in inkstone.window.library.trouble.text())
    assert inkstone.window.library.trouble.isVisible()
    inkstone.window.go_to(CHAT)


def test_indexing_is_paused_and_goes_on(filled, folder, qtbot, person):
    window = filled.window
    window.go_to(LIBRARY)
    card = window.library.progress
    assert not card.isVisible()
    filled.bridge.event.emit(Working(Stage.EMBEDDING, 1200, 9000, folder / "rules.pdf", folder, seconds_left=244.0))
    assert card.isVisible()
    assert (card.state.text(), card.more.text()) == (
        "Preparing search by meaning",
        "1,200 of 9,000 passages · about 4 minutes left",
    )
    person.click(card.button)
    qtbot.waitUntil(lambda: window.state.paused)
    assert card.state.text() == "Indexing is paused"
    assert card.button.text() == "Resume"
    assert not card.bar.isVisible()
    person.click(card.button)
    qtbot.waitUntil(lambda: not window.state.paused)
    qtbot.waitUntil(lambda: not card.isVisible())


def test_a_pause_is_told_where_questions_are_asked(filled):
    window = filled.window
    status = window.state.status
    counts = (status.folders, 1240, 0, 7660, 9, (), "fake", False)
    window.state._on_status(type(status)(*counts, paused=True))
    assert window.chat.quiet.text() == "1,240 of 8,900 documents are searchable so far. Indexing is paused."
    assert "7,660 documents wait" in window.library.progress.more.text()


def test_an_unreadable_document_is_ignored(filled, folder, qtbot, person):
    window = filled.window
    window.go_to(LIBRARY)
    card = window.library.cards[folder]
    person.click(card.show_failures)
    person.click(card.failures.rows()[0].ignore)
    qtbot.waitUntil(lambda: not card.show_failures.isVisible())


def test_what_is_read_of_a_document_is_shown_with_its_places(filled, folder, qtbot, person):
    window = filled.window
    window.go_to(LIBRARY)
    card = window.library.cards[folder]
    person.click(card.show_documents)
    qtbot.waitUntil(lambda: card.table.documents.rowCount() == 3, timeout=20_000)
    assert not card.show_text.isEnabled()
    rows = [card.table.documents.document(row).path.name for row in range(3)]
    card.table.setCurrentIndex(card.table.documents.index(rows.index("rules.pdf"), 0))
    with qtbot.waitSignal(card.text_wanted) as wanted:
        person.click(card.show_text)
    dialog = window.library.show_text(*wanted.args)
    qtbot.waitUntil(lambda: dialog.told.text() == "3 passages: this is what is searched and quoted.", timeout=20_000)
    shown = dialog.text.toPlainText().splitlines()
    assert shown[:2] == ["1 · p. 1 · Rules", "Audit logs are retained for seven years."]
    assert shown[-2:] == ["3 · p. 2", "The end."]
    assert not dialog.more.isVisible()
    assert [action.text() for action in card.table.menu_for(card.table.currentIndex()).actions()][-1].startswith("Show")
    dialog.close()


def test_scans_that_nobody_may_recognise_can_be_recognised(filled, folder, qtbot, person, tmp_path):
    window = filled.window
    window.go_to(LIBRARY)
    card = window.library.cards[folder]
    scan = Document(9, folder / "scan.pdf", folder, "", "", 1, 0, Unit.PAGE, 2, 2, Status.FAILED, Reason.NO_OCR)
    card.show_folder(card.folder, None, [scan])
    card.show_failures.setChecked(True)
    row = card.failures.rows()[0]
    assert row.recognise.isVisible()
    person.click(row.recognise)
    changed = tmp_path / "home" / "changed.json"
    qtbot.waitUntil(lambda: changed.exists() and changed.read_text() == '{"ocr": true}', timeout=20_000)


def test_room_on_the_disk_is_told(filled):
    window = filled.window
    window.state._on_status(replace(window.state.status, stored_bytes=45_300_000))
    assert "14 passages · 45 MB on the disk" in window.library.counts.text()
