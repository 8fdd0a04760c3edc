"""The composition root of the window: the one place where it is built and started."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication

from desktop_app import theme
from desktop_app.bridge import Bridge, engine_command
from desktop_app.instance import claim
from desktop_app.language import Speaking
from desktop_app.window import MainWindow
from engine.config import Config

RESOURCES = Path(__file__).parent / "resources"
FAMILIES = [
    "Inter",
    "Noto Sans",
    "Noto Sans CJK SC",
    "Microsoft YaHei",
    "PingFang SC",
    "WenQuanYi Micro Hei",
]


def run(config: Config, paths: Sequence[Path] = ()) -> int:
    """Show the window, with `paths` added to the library, until it is closed; returns the exit code.

    Where the data folder has a window already, that comes to the front and adds them.
    """
    instance = claim(config.home, paths)
    if instance is None:
        return 0
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    app = QApplication.instance() or QApplication(sys.argv[:1])
    if getattr(sys, "frozen", False):  # Qt has read them; another program with a Qt of its own must not
        for name in ("QT_PLUGIN_PATH", "QML2_IMPORT_PATH"):
            os.environ.pop(name, None)
    inkstone = Inkstone(app, config)
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, lambda *_: inkstone.window.close())
    heartbeat = QTimer(interval=500)  # lets Python see a signal while Qt waits
    heartbeat.timeout.connect(lambda: None)
    heartbeat.start()
    instance.called.connect(inkstone.come_forward)
    inkstone.start()
    if paths:
        inkstone.window.add([*paths])
    code = int(app.exec())
    instance.close()
    return code


class Inkstone(QObject):
    """Everything that one running window is made of."""

    def __init__(self, app: QApplication, config: Config, command: Sequence[str] | None = None) -> None:
        super().__init__()
        self._app = app
        self._theme = config.settings.theme
        app.setApplicationName("Inkstone")
        app.setDesktopFileName("inkstone")
        app.setWindowIcon(QIcon(str(RESOURCES / "inkstone.svg")))
        app.setStyle("Fusion")
        use_fonts(app)
        self.speaking = Speaking(app)
        self.speaking.use(config.settings.language)
        theme.apply(app, self._theme)
        self.bridge = Bridge(command or engine_command(config.home), self)
        self.window = MainWindow(config, self.bridge)
        self.window.language_chosen.connect(self.speaking.use)
        self.window.theme_chosen.connect(self.use_theme)
        app.styleHints().colorSchemeChanged.connect(self._on_system_scheme)
        if sys.platform == "darwin":  # a filter of the whole application costs a call for every event
            app.installEventFilter(self)

    def start(self) -> None:
        self.window.show()
        self.bridge.start()

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

    def use_theme(self, choice: str) -> None:
        self._theme = choice
        theme.apply(self._app, choice)

    def _on_system_scheme(self) -> None:
        if not self._theme:
            theme.apply(self._app, "")


def use_fonts(app: QApplication) -> None:
    for file in sorted((RESOURCES / "fonts").glob("*.otf")):
        QFontDatabase.addApplicationFont(str(file))
    font = QFont()
    font.setFamilies(FAMILIES)
    font.setPixelSize(14)
    app.setFont(font)
