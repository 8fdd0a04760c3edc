"""The composition root of the window: the one place where it is built and started."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication, QWidget

from desktop_app import shortcuts, theme
from desktop_app.bridge import Bridge, Failure, engine_command
from desktop_app.crashes import Crashes
from desktop_app.instance import Instance, claim
from desktop_app.language import Speaking
from desktop_app.presence import Presence
from desktop_app.reporting import Reporting
from desktop_app.starting import AtLogin
from desktop_app.window import MainWindow
from engine.config import Config, Setting
from engine.erasing import erase
from engine.errors import EngineError

LOOK = ("theme", "accent", "font_percent")  # settings, in the order that `theme.apply` takes them
RESOURCES = Path(__file__).parent / "resources"
FAMILIES = [
    "Inter",
    "Noto Sans",
    "Noto Sans CJK SC",
    "Microsoft YaHei",
    "PingFang SC",
    "WenQuanYi Micro Hei",
]


ERASING = 1000  # the exit code of a window after which everything is erased and a new one comes


def run(config: Config, paths: Sequence[Path] = (), hidden: bool = False) -> int:
    """Show the window, with `paths` added to the library, until it is closed; returns the exit code.

    `hidden`: in the tray, or minimised. Where the data folder has a window already, that comes to the front and adds
    them.
    """
    instance = claim(config.home, paths)
    if instance is None:
        return 0
    if QApplication.instance() is None:
        QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    app = QApplication.instance() or QApplication(sys.argv[:1])
    if getattr(sys, "frozen", False):  # Qt has read them; another program with a Qt of its own must not
        for name in ("QT_PLUGIN_PATH", "QML2_IMPORT_PATH"):
            os.environ.pop(name, None)
    heartbeat = QTimer(interval=500)  # lets Python see a signal while Qt waits
    heartbeat.timeout.connect(lambda: None)
    heartbeat.start()
    code = _live(app, config, instance, paths, hidden)
    while code == ERASING:
        failed = _erase(config)
        code = _live(app, Config.load(config.home), instance, failed=failed)
    instance.close()
    return code


def _live(
    app: QApplication,
    config: Config,
    instance: Instance,
    paths: Sequence[Path] = (),
    hidden: bool = False,
    failed: EngineError | None = None,
) -> int:
    """One window from its first moment to its last."""
    crashes = Crashes(config.home)
    left = crashes.watch()
    inkstone = Inkstone(app, config, crashes=crashes)
    fill_small_screen(inkstone.window)
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, lambda *_: inkstone.window.quit())
    instance.called.connect(inkstone.come_forward)
    inkstone.window.ended.connect(app.exit)
    inkstone.start(hidden)
    if paths:
        inkstone.window.add([*paths])
    if left is not None:
        inkstone.reporting.tell_of_last_run(left)
    if failed is not None:
        inkstone.window.tell_failure(Failure("told", failed))
    code = int(app.exec())
    instance.called.disconnect(inkstone.come_forward)
    inkstone.close()
    crashes.end()
    return code


def fill_small_screen(window: QWidget) -> None:
    """A window that its screen cannot hold fills it: what stands at the lower edge would be out of reach."""
    room = window.screen().availableGeometry()
    if window.width() > room.width() or window.height() > room.height():
        window.setWindowState(window.windowState() | Qt.WindowState.WindowMaximized)


def _erase(config: Config) -> EngineError | None:
    """Everything in the data folder, and the start at login; what went wrong, if something did."""
    try:
        erase(config)
        AtLogin(config.home).turn(False)
    except EngineError as error:
        return error
    return None


class Inkstone(QObject):
    """Everything that one running window is made of."""

    def __init__(
        self,
        app: QApplication,
        config: Config,
        command: Sequence[str] | None = None,
        crashes: Crashes | None = None,
    ) -> None:
        super().__init__()
        self._app = app
        self._look: dict[str, Setting] = {name: getattr(config.settings, name) for name in LOOK}
        app.setApplicationName("Inkstone")
        app.setDesktopFileName("inkstone")
        app.setWindowIcon(QIcon(str(RESOURCES / "inkstone.svg")))
        app.setStyle("Fusion")
        use_fonts(app)
        self.speaking = Speaking(app)
        self.speaking.use(config.settings.language)
        shortcuts.use(config.settings.shortcuts)
        self._dress()
        self.bridge = Bridge(command or engine_command(config.home), self)
        self.window = MainWindow(config, self.bridge)
        self.window.language_chosen.connect(self.speaking.use)
        self.window.look_chosen.connect(self.use_look)
        self.window.erase_wanted.connect(lambda: self.window.quit(ERASING))
        self.presence = Presence(self.window, self.bridge, app.windowIcon())
        self.presence.open_wanted.connect(self.come_forward)
        self.presence.ask_wanted.connect(self._come_to_ask)
        self.reporting = Reporting(crashes or Crashes(config.home), self.bridge, self.window)
        app.commitDataRequest.connect(self.window.leave_with_session)
        app.styleHints().colorSchemeChanged.connect(self._on_system_scheme)
        if sys.platform == "darwin":  # a filter of the whole application costs a call for every event
            app.installEventFilter(self)

    def start(self, hidden: bool = False) -> None:
        self._app.setQuitOnLastWindowClosed(False)  # the window says when it has ended, and may be in the tray
        self.presence.begin(hidden)
        self.bridge.start()

    def close(self) -> None:
        """What a window leaves in the application goes with it."""
        self._app.styleHints().colorSchemeChanged.disconnect(self._on_system_scheme)
        self._app.removeEventFilter(self)
        self.presence.close()
        self.window.deleteLater()

    def come_forward(self, paths: Sequence[Path] = ()) -> None:
        """Somebody started the program again, perhaps with files to open."""
        window = self.window
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.show()
        window.raise_()
        window.activateWindow()
        if paths:
            window.add([*paths])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FileOpen:  # how macOS says "open with"
            self.come_forward([Path(event.file())])
            return True
        return super().eventFilter(watched, event)

    def use_look(self, name: str, value: Setting) -> None:
        """Another theme, accent or size of text."""
        if self._look[name] != value:
            self._look[name] = value
            self._dress()

    def _dress(self) -> None:
        theme.apply(self._app, *(self._look[name] for name in LOOK))

    def _come_to_ask(self) -> None:
        self.come_forward()
        self.window.focus_question()

    def _on_system_scheme(self) -> None:
        if not self._look["theme"]:
            self._dress()


def use_fonts(app: QApplication) -> None:
    for file in sorted((RESOURCES / "fonts").glob("*.otf")):
        QFontDatabase.addApplicationFont(str(file))
    font = QFont()
    font.setFamilies(FAMILIES)
    font.setPixelSize(theme.FONT_PIXELS)
    app.setFont(font)
