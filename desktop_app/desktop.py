"""What the window asks of the desktop around it: open a document, show where it lies."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from PySide6.QtCore import QProcess, QUrl
from PySide6.QtGui import QDesktopServices

ASKING_MS = 500  # for the viewer's name
# Viewers that can be told a page, by the beginning of their desktop file's name: {page} and {path} are filled in.
VIEWERS = {
    "org.gnome.evince": ("evince", "--page-label={page}", "{path}"),
    "evince": ("evince", "--page-label={page}", "{path}"),
    "org.gnome.papers": ("papers", "--page-label={page}", "{path}"),
    "atril": ("atril", "--page-label={page}", "{path}"),
    "xreader": ("xreader", "--page-label={page}", "{path}"),
    "okular": ("okular", "--page", "{page}", "{path}"),
    "org.kde.okular": ("okular", "--page", "{page}", "{path}"),
    "org.pwmt.zathura": ("zathura", "--page={page}", "{path}"),
    "qpdfview": ("qpdfview", "--unique", "{path}#{page}"),
    "mupdf": ("mupdf", "{path}", "{page}"),
    "firefox": ("firefox", "{url}#page={page}"),
    "chromium": ("chromium", "{url}#page={page}"),
    "google-chrome": ("google-chrome", "{url}#page={page}"),
}


def open_document(path: Path, page: int = 0) -> None:
    """Open a document in the program that the system has for it, at `page` where that program can be told one."""
    command = viewer_command(_pdf_viewer(), path, page) if page > 1 and path.suffix.lower() == ".pdf" else []
    if not command or not QProcess.startDetached(command[0], command[1:])[0]:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def viewer_command(desktop_file: str, path: Path, page: int) -> list[str]:
    """How a viewer is started at a page; empty where it is not known, or not there."""
    known = next((command for name, command in VIEWERS.items() if desktop_file.startswith(name)), ())
    if not known or not (program := shutil.which(known[0])):
        return []
    url = QUrl.fromLocalFile(str(path)).toString(QUrl.ComponentFormattingOption.FullyEncoded)
    return [program, *(part.format(page=page, path=path, url=url) for part in known[1:])]


def open_folder(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def show_in_folder(path: Path) -> None:
    """Open the folder of a document, with the document selected where the system can do that."""
    if sys.platform == "win32":
        QProcess.startDetached("explorer", [f"/select,{path}"])
    elif sys.platform == "darwin":
        QProcess.startDetached("open", ["-R", str(path)])
    else:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))


def _pdf_viewer() -> str:
    """The desktop file of the viewer that the person has chosen for PDFs, "" where nobody says."""
    if not sys.platform.startswith("linux") or not shutil.which("xdg-mime"):
        return ""
    asking = QProcess()
    asking.start("xdg-mime", ["query", "default", "application/pdf"])
    if not asking.waitForFinished(ASKING_MS):
        asking.kill()
        asking.waitForFinished(ASKING_MS)
        return ""
    return asking.readAllStandardOutput().data().decode("utf-8", "replace").strip().lower()
