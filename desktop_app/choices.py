"""The settings as the window knows them. The engine keeps a change; where it cannot be asked, the window does."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from desktop_app.bridge import Bridge, Failure
from engine.config import Config, Setting, Settings
from engine.errors import EngineError


class Choices(QObject):
    """Signals: `kept` with a setting's name; `refused` with its name and the Failure, when it stays as it was."""

    kept = Signal(str)
    refused = Signal(str, object)

    def __init__(self, config: Config, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.settings: Settings = config.settings
        self._config = config
        self._bridge = bridge

    def change(self, name: str, value: Setting) -> None:
        """Choose something else; `kept` or `refused` follows."""
        reply = self._bridge.request("change", **{name: value})
        reply.done.connect(lambda: self._keep(name, value))
        reply.failed.connect(lambda failure: self._on_failed(name, value, failure))

    def refresh(self) -> None:
        """Take over what another program, like the command line, has changed meanwhile."""
        self._bridge.request("settings").done.connect(self._take)

    def _take(self, found: dict[str, Setting]) -> None:
        changed = [name for name, value in found.items() if getattr(self.settings, name) != value]
        self.settings = replace(self.settings, **found)
        for name in changed:
            self.kept.emit(name)

    def _keep(self, name: str, value: Setting) -> None:
        self.settings = replace(self.settings, **{name: value})
        self.kept.emit(name)

    def _on_failed(self, name: str, value: Setting, failure: Failure) -> None:
        if failure.kind == "interrupted":
            try:
                self._config.change(**{name: value})
            except EngineError as error:
                failure = Failure("told", error)
            else:
                self._keep(name, value)
                return
        self.refused.emit(name, failure)
