"""Reports: what is in them, what never is, and how the person hears of them."""

from __future__ import annotations

import faulthandler
import logging
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication

from desktop_app import crashes
from desktop_app.crashes import Crashes, bare, described

SECRET = "the merger with Contoso"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def watching(tmp_path, qapp):
    """Reports of a home, with the hooks of the interpreter; they go back afterwards."""
    traced = faulthandler.is_enabled()
    hooks = sys.excepthook, threading.excepthook
    made = Crashes(tmp_path)
    made._before = (lambda *_: None, threading.excepthook)
    made.watch()
    yield made
    made.end()
    sys.excepthook, threading.excepthook = hooks
    logging.getLogger("desktop_app").setLevel(logging.NOTSET)
    if traced:
        faulthandler.enable()


def failing(error: Exception) -> tuple:
    try:
        raise error
    except type(error):
        return sys.exc_info()


def test_failure_nobody_caught_becomes_a_report(watching, qtbot):
    with qtbot.waitSignal(watching.reported) as reported:
        sys.excepthook(*failing(AttributeError("no attribute 'page'")))
    text = reported.args[0].read_text("utf-8")
    assert "AttributeError: no attribute 'page'" in text
    assert "test_crashes.py" in text
    assert "PySide6: " in text


def test_failure_of_a_thread_is_heard_in_the_windows_thread(watching, qtbot):
    def fail() -> None:
        raise KeyError(SECRET)

    with qtbot.waitSignal(watching.reported) as reported:
        thread = threading.Thread(target=fail)
        thread.start()
        thread.join()
    assert "in fail" in reported.args[0].read_text("utf-8")


@pytest.mark.parametrize("error", [ValueError(SECRET), KeyError(SECRET), RuntimeError(SECRET), OSError(SECRET)])
def test_words_of_documents_stay_out(error):
    text = described(*failing(error))
    assert SECRET not in text
    assert text.endswith(type(error).__name__)


def test_log_keeps_places_and_loses_words():
    lines = [
        "2026-01-01 10:00:00,000 INFO engine.library: read /x/secret.pdf: 3 passages",
        "2026-01-01 10:00:01,000 ERROR engine.serving: request ask failed",
        "Traceback (most recent call last):",
        '  File "engine/serving.py", line 3, in _serve',
        "    self._send(x)",
        f"ValueError: {SECRET}",
        SECRET,
        "2026-01-01 10:00:02,000 ERROR desktop_app.bridge: The engine failed: internal {'why': '" + SECRET + "'}",
        f"    {SECRET}",
    ]
    kept = "\n".join(bare(lines))
    assert SECRET not in kept
    assert "secret.pdf" not in kept
    assert "_serve" in kept
    assert "ValueError" in kept
    assert "internal {…}" in kept


def test_home_is_written_as_a_tilde(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", "/home/somebody")
    report = Crashes(tmp_path).report("It failed", 'File "/home/somebody/inkstone/x.py"')
    assert "/home/somebody" not in report
    assert "~/inkstone/x.py" in report


def test_same_failure_is_told_once(watching):
    failed = failing(ValueError("x"))
    heard = []
    watching.reported.connect(heard.append)
    for _ in range(3):
        sys.excepthook(*failed)
    assert len(heard) == 1


def test_old_reports_go(tmp_path, monkeypatch):
    monkeypatch.setattr(crashes, "MOST_REPORTS", 2)
    made = Crashes(tmp_path)
    for _ in range(4):
        made.write("It failed", "somewhere")
    assert len(list(made.folder.glob("report-*.txt"))) == 2


def test_crash_of_a_library_is_told_at_the_next_start(tmp_path, qapp):
    code = (
        "import ctypes, sys; from pathlib import Path; from desktop_app.crashes import Crashes;"
        "Crashes(Path(sys.argv[1])).watch(); ctypes.string_at(0)"
    )
    died = subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, capture_output=True, check=False)
    assert died.returncode != 0
    made = Crashes(tmp_path)
    report = made.left_behind()
    assert "Segmentation fault" in report.read_text("utf-8")
    assert made.left_behind() is None


def test_run_that_ended_well_leaves_nothing(tmp_path, watching):
    watching.end()
    assert Crashes(tmp_path).left_behind() is None


def test_engine_that_died_is_reported_by_a_notice(filled, qtbot):
    window = filled.window
    os.kill(filled.bridge.process_id, signal.SIGKILL)
    qtbot.waitUntil(window.notice.action.isVisible, timeout=20_000)
    assert "was started again" in window.notice.text.text()
    window.notice.action.click()
    dialog = filled.reporting.dialog
    assert "ended by itself (signal 9)" in dialog.text.toPlainText()
    dialog.copy.click()
    assert QGuiApplication.clipboard().text() == dialog.text.toPlainText()
    assert str(dialog.report.name) in dialog.where.text()
    names = [part.accessibleName() for part in (dialog.text, dialog.copy, dialog.reveal, dialog.close_button)]
    assert all(names)
    dialog.close_button.click()
    assert filled.reporting.dialog is None


def test_last_run_is_told_with_its_report(inkstone, tmp_path):
    report = tmp_path / "report.txt"
    report.write_text("where it was")
    inkstone.reporting.tell_of_last_run(report)
    assert "ended unexpectedly" in inkstone.window.notice.text.text()
    assert inkstone.window.notice.dismiss.isVisible()
    inkstone.window.notice.action.click()
    assert inkstone.reporting.dialog.text.toPlainText() == "where it was"
    inkstone.reporting.dialog.accept()
