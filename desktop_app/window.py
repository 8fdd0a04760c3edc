"""The main window: the rail, the pages, notices about the engine, and drops from anywhere."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QSettings, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
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
from desktop_app.pages.guide import GuidePage
from desktop_app.pages.library import LibraryPage
from desktop_app.pages.models import ModelsPage
from desktop_app.pages.search import SearchPage
from desktop_app.pages.settings import SettingsPage
from desktop_app.pages.welcome import WelcomePage
from desktop_app.shortcuts import CITATIONS, Bound
from desktop_app.widgets.drop_zone import DropZone, dropped_paths
from desktop_app.widgets.notice_bar import NoticeBar
from desktop_app.widgets.palette import Palette
from desktop_app.widgets.rail import CHAT, GUIDE, LIBRARY, MODELS, SEARCH, SETTINGS, Rail
from engine.config import Config, Setting
from engine.types import EVERYTHING, Scope

WELCOME = GUIDE + 1  # the one page that the rail does not lead to


class MainWindow(QMainWindow):
    """Signals, for whoever owns the application: `language_chosen`; `look_chosen` with a setting's name and value;
    `erase_wanted`, which was confirmed; `hidden_away` when it was closed and goes on; `ended` with the exit code.

    `stays` says whether a window that is closed goes on without being seen.
    """

    language_chosen = Signal(str)
    look_chosen = Signal(str, object)
    erase_wanted = Signal()
    hidden_away = Signal()
    ended = Signal(int)

    def __init__(self, config: Config, bridge: Bridge) -> None:
        super().__init__()
        self._config = config
        self._bridge = bridge
        self.stays: Callable[[], bool] = lambda: False
        self._exit_code: int | None = None  # of an end that was asked for, and not only the window closed
        self._memory = QSettings(str(config.home / "window.ini"), QSettings.Format.IniFormat)
        self.state = LibraryState(bridge, self)
        self.choices = Choices(config, bridge, self)
        self._build()
        self._connect()
        first_run = self._memory.value("welcomed") is None and self._memory.value("geometry") is None
        self._restore()
        self.go_to(WELCOME if first_run else CHAT)
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
        self._settings: SettingsPage | None = None
        settings_place = QWidget()
        self.pages = QStackedWidget()
        self.search = SearchPage(self._bridge, self.state)
        self.models = ModelsPage(self._bridge, self.state, self.choices)
        self.guide = GuidePage()
        self.welcome = WelcomePage(self._bridge, self.state, self.choices)
        for page in (self.chat, self.library, settings_place, self.search, self.models, self.guide, self.welcome):
            self.pages.addWidget(page)  # in the order of their numbers
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
        self.models.settings_wanted.connect(lambda: self.go_to(SETTINGS))
        self.models.guide_wanted.connect(self._show_guide_of_models)
        self.welcome.chosen.connect(self.choose)
        self.welcome.folder_wanted.connect(self.pick_folder)
        self.welcome.files_wanted.connect(self.pick_files)
        self.welcome.asked.connect(lambda question: self.ask(question, EVERYTHING))
        self.welcome.ended.connect(lambda: self.go_to(CHAT))
        self._bridge.restarting.connect(lambda: self.notice.tell(self._restarted))
        self._bridge.troubled.connect(self.tell_failure)
        self._bridge.stopped.connect(self._on_stopped)
        self.notice.acted.connect(self._start_again)
        self.shortcuts = Bound(self, self._acts())
        self.choices.kept.connect(self._on_kept)
        for number, keys in enumerate(CITATIONS, start=1):
            QShortcut(QKeySequence(keys), self).activated.connect(partial(self._open_citation, number))

    def _acts(self) -> dict[str, Callable[[], object]]:
        """What the window does by the names of `shortcuts.ACTIONS`."""
        return {
            "chat": lambda: self.go_to(CHAT),
            "search": lambda: self.go_to(SEARCH),
            "library": lambda: self.go_to(LIBRARY),
            "models": lambda: self.go_to(MODELS),
            "settings": lambda: self.go_to(SETTINGS),
            "guide": lambda: self.go_to(GUIDE),
            "question": self.focus_question,
            "new": self.begin,
            "palette": self.command_palette.open,
            "list": lambda: self._in_chat(self.chat.toggle_list),
            "rename": lambda: self._in_chat(self.chat.rename),
            "export": lambda: self._in_chat(self.chat.header.export_button.click),
            "find": self._find,
            "next": lambda: self._in_chat(lambda: self.chat.step(1)),
            "previous": lambda: self._in_chat(lambda: self.chat.step(-1)),
            "stop": self._escape,
            "quit": self.quit,
        }

    @property
    def settings(self) -> SettingsPage:
        """Made when it is first wanted: it is large, and a window that starts has other things to do."""
        if self._settings is None:
            page = self._settings = SettingsPage(self._bridge, self.choices, self._config)
            page.chosen.connect(self.choose)
            page.erase_wanted.connect(self.erase_wanted)
            place = self.pages.widget(SETTINGS)
            self.pages.insertWidget(SETTINGS, page)
            self.pages.removeWidget(place)
            place.deleteLater()
        return self._settings

    def go_to(self, page: int) -> None:
        if page == SETTINGS:
            self.settings.ensurePolished()
        self.pages.setCurrentIndex(page)
        self.rail.setVisible(page != WELCOME)
        if page != WELCOME:
            self.rail.show_page(page)
            self._memory.setValue("welcomed", 1)
        if page == CHAT:
            self.chat.question.setFocus()
        elif page == WELCOME:
            self.welcome.next.setFocus()
        else:
            self.pages.currentWidget().setFocus()

    def pick_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Choose a folder to watch"), str(Path.home()))
        if chosen:
            self._read([Path(chosen)])

    def pick_files(self) -> None:
        chosen, _ = QFileDialog.getOpenFileNames(self, self.tr("Choose documents to add"), str(Path.home()))
        if chosen:
            self._read([Path(path) for path in chosen])

    def _take(self, paths: list[Path]) -> None:
        """Something was dropped: the page in sight says what it is for."""
        if self.pages.currentIndex() == MODELS:
            self.models.import_folder(paths[0])
        else:
            self._read(paths)

    def _read(self, paths: list[Path]) -> None:
        """Add to the library what was dropped or picked; during the first run that is one of its steps."""
        if self.pages.currentIndex() == WELCOME:
            self.welcome.add(paths)
        else:
            self.add(paths)

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
            _accept_copying(event)
            self._show_drag(True)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        _accept_copying(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._show_drag(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._show_drag(False)
        paths = dropped_paths(event.mimeData())
        if paths:
            _accept_copying(event)
            self._take(paths)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.veil.setGeometry(self.centralWidget().rect())

    def quit(self, exit_code: int = 0) -> None:
        """End the program, whatever closing the window would do."""
        self._exit_code = int(exit_code)
        self.close()

    def leave_with_session(self) -> None:
        """The person logs out: a window that only hid would hold that up."""
        self._exit_code = 0

    def closeEvent(self, event: QCloseEvent) -> None:
        self._remember()
        if self._exit_code is None and self.stays():
            event.ignore()
            self.hide()
            self.hidden_away.emit()
            return
        self.hide()
        self._bridge.close()
        super().closeEvent(event)
        self.ended.emit(self._exit_code or 0)

    def _remember(self) -> None:
        self._memory.setValue("geometry", self.saveGeometry())
        self.chat.save(self._memory)
        self.search.save(self._memory)
        self._memory.sync()

    def _restore(self) -> None:
        geometry = self._memory.value("geometry")
        if geometry is None or not self.restoreGeometry(geometry):
            self.resize(1280, 820)
        self.chat.restore(self._memory)
        self.search.restore(self._memory)

    def _show_drag(self, over: bool) -> None:
        """Say that the things may be dropped: by the page's own zone where that is in sight, else by a veil."""
        zones = {
            LIBRARY: self.library.drop_zone,
            MODELS: self.models.bringing.zone,
            WELCOME: self.welcome.library.zone,
        }
        zone = zones.get(self.pages.currentIndex())
        has_own = zone is not None and zone.isVisible()
        if has_own:
            zone.set_hovered(over)
        self.veil.setVisible(over and not has_own)
        self.veil.raise_()

    def _show_guide_of_models(self) -> None:
        self.go_to(GUIDE)
        self.guide.show_part_about("BGE")

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

    def _open_citation(self, number: int) -> None:
        self._in_chat(lambda: self.chat.open_numbered(number))

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
        elif self.pages.currentIndex() == WELCOME:
            self.go_to(CHAT)

    def choose(self, name: str, value: Setting) -> None:
        """Another language or look: in sight at once, and kept."""
        self.choices.change(name, value)
        if name == "language":
            self.language_chosen.emit(value)
        else:
            self.look_chosen.emit(name, value)

    def _on_kept(self, name: str) -> None:
        if name == "shortcuts":
            self.shortcuts.use(self.choices.settings.shortcuts)

    def tell_failure(self, failure: Failure) -> None:
        self.notice.tell(lambda: wording.failure(failure))

    def tell_restarted(self, show_report: Callable[[], object]) -> None:
        self.notice.tell(self._restarted, lambda: self.tr("See the report"), show_report)

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


def _accept_copying(event: QDropEvent) -> None:
    """The documents stay where they are: a program that was told "moved" would delete them, or rather try to."""
    event.setDropAction(Qt.DropAction.CopyAction)
    event.accept()
