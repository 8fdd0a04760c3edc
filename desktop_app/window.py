"""The main window: the rail, the pages, notices about the engine, and drops from anywhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QSettings, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeySequence,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from desktop_app import language, wording
from desktop_app.bridge import Bridge, Failure
from desktop_app.choices import Choices
from desktop_app.commands import Commands
from desktop_app.library_state import LibraryState
from desktop_app.pages.chat import ChatPage
from desktop_app.pages.library import LibraryPage
from desktop_app.pages.search import SearchPage
from desktop_app.pages.settings import SettingsPage
from desktop_app.widgets.drop_zone import DropZone, dropped_paths
from desktop_app.widgets.notice_bar import NoticeBar
from desktop_app.widgets.palette import Palette
from desktop_app.widgets.rail import CHAT, LIBRARY, SEARCH, SETTINGS, Rail
from engine.config import Config
from engine.types import Scope


class MainWindow(QMainWindow):
    """Signals: `language_chosen` and `theme_chosen`, for whoever owns the application."""

    language_chosen = Signal(str)
    theme_chosen = Signal(str)

    def __init__(self, config: Config, bridge: Bridge) -> None:
        super().__init__()
        self._config = config
        self._bridge = bridge
        self._memory = QSettings(str(config.home / "window.ini"), QSettings.Format.IniFormat)
        self.state = LibraryState(bridge, self)
        self.choices = Choices(config, bridge, self)
        self._build()
        self._connect()
        self._restore()
        self.go_to(CHAT)
        self.retranslate()
        if not language.can_show_chinese():
            self.notice.tell(self._font_hint)

    def _build(self) -> None:
        self.setMinimumSize(840, 560)
        self.setAcceptDrops(True)
        self.rail = Rail()
        self.notice = NoticeBar()
        self.chat = ChatPage(self._bridge, self.state, self.choices)
        self.library = LibraryPage(self._bridge, self.state)
        self.settings = SettingsPage(self._bridge, self.choices, self._config.home)
        self.pages = QStackedWidget()
        self.search = SearchPage(self._bridge, self.state)
        for page in (self.chat, self.library, self.settings, self.search):  # in the order of their numbers
            self.pages.addWidget(page)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(self.notice)
        column.addWidget(self.pages, 1)
        root = QWidget()
        row = QHBoxLayout(root)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addLayout(column, 1)
        self.setCentralWidget(root)
        self.commands = Commands(self)
        self.command_palette = Palette(self.commands.offered, self)
        self.veil = DropZone(veil=True, parent=root)
        self.veil.hide()

    def _connect(self) -> None:
        self.rail.chosen.connect(self.go_to)
        self.chat.add_folder_wanted.connect(self.pick_folder)
        self.search.asked.connect(self.ask)
        self.chat.told.connect(self.notice.tell)
        self.chat.sessions.shown.connect(self._remember_chat)
        self.chat.sessions.noted.connect(self._remember_chat)
        self.library.add_folder_wanted.connect(self.pick_folder)
        self.library.add_files_wanted.connect(self.pick_files)
        self.settings.language_chosen.connect(self._choose_language)
        self.settings.theme_chosen.connect(self.choose_theme)
        self._bridge.restarting.connect(lambda: self.notice.tell(self._restarted))
        self._bridge.troubled.connect(lambda failure: self.notice.tell(lambda: wording.failure(failure)))
        self._bridge.stopped.connect(self._on_stopped)
        self.notice.acted.connect(self._start_again)
        for keys, act in (
            ("Ctrl+1", lambda: self.go_to(CHAT)),
            ("Ctrl+2", lambda: self.go_to(SEARCH)),
            ("Ctrl+3", lambda: self.go_to(LIBRARY)),
            ("Ctrl+,", lambda: self.go_to(SETTINGS)),
            ("Ctrl+L", self.focus_question),
            ("Ctrl+N", self.begin),
            ("Ctrl+K", self.command_palette.open),
            ("Ctrl+B", lambda: self._in_chat(self.chat.toggle_list)),
            ("F2", lambda: self._in_chat(self.chat.rename)),
            ("Ctrl+E", lambda: self._in_chat(self.chat.header.export_button.click)),
            ("Ctrl+F", self._find),
            ("Ctrl+PgDown", lambda: self._in_chat(lambda: self.chat.open_neighbour(1))),
            ("Ctrl+PgUp", lambda: self._in_chat(lambda: self.chat.open_neighbour(-1))),
            ("Esc", self._escape),
            (QKeySequence.StandardKey.Quit, self.close),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(act)

    def go_to(self, page: int) -> None:
        self.pages.setCurrentIndex(page)
        self.rail.show_page(page)
        if page == CHAT:
            self.chat.question.setFocus()
        else:
            self.pages.currentWidget().setFocus()

    def pick_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Choose a folder to watch"), str(Path.home()))
        if chosen:
            self.add([Path(chosen)])

    def pick_files(self) -> None:
        chosen, _ = QFileDialog.getOpenFileNames(self, self.tr("Choose documents to add"), str(Path.home()))
        if chosen:
            self.add([Path(path) for path in chosen])

    def add(self, paths: list[Path]) -> None:
        self.go_to(LIBRARY)
        self.library.add_paths(paths)

    def retranslate(self) -> None:
        self.setWindowTitle(self.tr("Inkstone"))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_paths(event.mimeData()):
            event.acceptProposedAction()
            self._show_drag(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._show_drag(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._show_drag(False)
        paths = dropped_paths(event.mimeData())
        if paths:
            event.setDropAction(Qt.DropAction.CopyAction)  # the documents stay where they are
            event.accept()
            self.add(paths)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.veil.setGeometry(self.centralWidget().rect())

    def closeEvent(self, event: QCloseEvent) -> None:
        self._memory.setValue("geometry", self.saveGeometry())
        self.chat.save(self._memory)
        self.search.save(self._memory)
        self._memory.sync()
        self.hide()
        self._bridge.close()
        super().closeEvent(event)

    def _restore(self) -> None:
        geometry = self._memory.value("geometry")
        if geometry is None or not self.restoreGeometry(geometry):
            self.resize(1280, 820)
        self.chat.restore(self._memory)
        self.search.restore(self._memory)

    def _show_drag(self, over: bool) -> None:
        """Say that the things may be dropped: by the library's own zone where it is in sight, else by a veil."""
        on_library = self.pages.currentIndex() == LIBRARY
        self.library.drop_zone.set_hovered(over and on_library)
        self.veil.setVisible(over and not on_library)
        self.veil.raise_()

    def focus_question(self) -> None:
        self.go_to(CHAT)
        self.chat.question.setFocus()

    def ask(self, words: str, scope: Scope) -> None:
        """What was searched for becomes a question, in a conversation of its own."""
        self.go_to(CHAT)
        self.chat.begin()
        self.chat.scope.use(scope)
        self.chat.ask(words)

    def search_for(self, words: str) -> None:
        self.go_to(SEARCH)
        self.search.words.setText(words)

    def begin(self) -> None:
        self.go_to(CHAT)
        self.chat.begin()

    def _find(self) -> None:
        """In the document that is open, else in what the page holds."""
        page = self.pages.currentIndex()
        if page == CHAT:
            self.chat.focus_search()
        elif page == SEARCH and self.search.source.isVisible():
            self.search.source.find.open()
        else:
            self.go_to(SEARCH)
            self.search.words.selectAll()

    def _in_chat(self, act: Callable[[], object]) -> None:
        if self.pages.currentIndex() == CHAT:
            act()

    def _remember_chat(self) -> None:
        """Which conversation is open outlives a kill."""
        self.chat.save(self._memory)

    def _escape(self) -> None:
        if self.chat.is_answering:
            self.chat.stop()
        elif self.pages.currentIndex() == CHAT:
            self.chat.close_source()
        elif self.pages.currentIndex() == SEARCH:
            self.search.close_source()

    def _choose_language(self, value: str) -> None:
        self.choices.change("language", value)
        self.language_chosen.emit(value)

    def choose_theme(self, value: str) -> None:
        self.choices.change("theme", value)
        self.theme_chosen.emit(value)

    def _on_stopped(self, failure: Failure) -> None:
        if failure.kind == "interrupted":
            self.notice.tell(self._ended, self._start_again_text)
        else:
            self.notice.tell(lambda: wording.failure(failure), self._start_again_text)

    def _start_again(self) -> None:
        self.notice.hide()
        QTimer.singleShot(0, self, self._bridge.start)

    def _restarted(self) -> str:
        return self.tr(
            "The engine stopped unexpectedly and was started again. Your library is safe; "
            "an unfinished answer can be asked for again."
        )

    def _ended(self) -> str:
        return self.tr("The engine keeps stopping. Your library and your documents are safe.")

    def _start_again_text(self) -> str:
        return self.tr("Start again")

    def _font_hint(self) -> str:
        return self.tr(
            "No installed font can show Chinese. Install one, such as Noto Sans CJK, to read Chinese documents."
        )
