"""What the window knows of the models, and the long work on them: one import at a time, one measuring at a time."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desktop_app.bridge import Bridge, Failure, Reply
from desktop_app.choices import Choices
from engine.types import Arriving, ModelFacts, Notice

KINDS = ("embedder", "reader", "generator")


class ModelsState(QObject):
    """Signals: `changed` when anything here is another; `arrived` with the name of a model that was imported."""

    changed = Signal()
    arrived = Signal(str)

    def __init__(self, bridge: Bridge, choices: Choices, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.models: tuple[ModelFacts, ...] | None = None  # None: not heard yet
        self.graphics: Notice | None = None  # why the graphics card is not used
        self.importing: Path | None = None
        self.progress = Arriving(0, 0)
        self.measuring = ""  # the model's name
        self.import_failure: Failure | None = None
        self.failures: dict[str, Failure] = {}  # by the models' names
        self._bridge = bridge
        self._choices = choices
        self._import: Reply | None = None
        self._measure: Reply | None = None
        self._chosen = dict.fromkeys(KINDS, "")  # who hears of a refusal
        choices.kept.connect(self._on_kept)
        choices.refused.connect(self._on_refused)
        bridge.ready.connect(self._on_ready)

    def refresh(self) -> None:
        """Ask what there is: the command line may have brought one."""
        self._bridge.request("models").done.connect(self._on_models)
        self._bridge.request("graphics").done.connect(self._on_graphics)

    def of_kind(self, kind: str) -> tuple[ModelFacts, ...]:
        return tuple(model for model in self.models or () if model.kind == kind)

    def choose(self, kind: str, name: str) -> None:
        """Use a model for what it is there for; "" for none."""
        self._chosen[kind] = name or getattr(self._choices.settings, kind)
        self.failures.pop(self._chosen[kind], None)
        self._choices.change(kind, name)

    def import_folder(self, folder: Path, small: bool) -> None:
        if self.importing is not None:
            return
        self.importing, self.progress, self.import_failure = folder, Arriving(0, 0), None
        self._import = self._bridge.request("import_model", folder=folder, small=small)
        self._import.event.connect(self._on_progress)
        self._import.done.connect(self._on_imported)
        self._import.failed.connect(self._on_import_failed)
        self.changed.emit()

    def cancel_import(self) -> None:
        """Nothing of it stays; `changed` follows when it has ended."""
        if self._import is not None:
            self._bridge.request("stop", request=self._import.number)

    def forget_import(self) -> None:
        """The person has read why it was refused."""
        self.import_failure = None
        self.changed.emit()

    def measure(self, name: str) -> None:
        if self.measuring:
            return
        self.measuring = name
        self.failures.pop(name, None)
        self._measure = self._bridge.request("measure", model=name)
        self._measure.done.connect(self._on_measured)
        self._measure.failed.connect(lambda failure: self._on_measured(None, failure))
        self.changed.emit()

    def stop_measuring(self) -> None:
        if self._measure is not None:
            self._bridge.request("stop", request=self._measure.number)

    def remove(self, name: str) -> None:
        reply = self._bridge.request("remove_model", model=name)
        reply.done.connect(self._on_removed)
        reply.failed.connect(lambda failure: self.fail(name, failure))

    def _on_models(self, models: tuple[ModelFacts, ...]) -> None:
        self.models = models
        self.changed.emit()

    def _on_graphics(self, notice: Notice | None) -> None:
        self.graphics = notice
        self.changed.emit()

    def _on_ready(self) -> None:
        """Another engine: what it shows is asked for again where it was shown before."""
        if self.models is not None:
            self.refresh()

    def _on_progress(self, progress: object) -> None:
        if isinstance(progress, Arriving):
            self.progress = progress
            self.changed.emit()

    def _on_imported(self, name: str | None) -> None:
        self.importing = self._import = None
        self._choices.refresh()  # the first of its kind was chosen at once
        self.refresh()
        self.changed.emit()
        if name:
            self.arrived.emit(name)

    def _on_import_failed(self, failure: Failure) -> None:
        self.importing = self._import = None
        self.import_failure = failure
        self.changed.emit()

    def _on_measured(self, speed: object, failure: Failure | None = None) -> None:
        name, self.measuring, self._measure = self.measuring, "", None
        if failure is not None:
            self.failures[name] = failure
        self.refresh()
        self.changed.emit()

    def _on_removed(self) -> None:
        self._choices.refresh()
        self.refresh()

    def fail(self, name: str, failure: Failure) -> None:
        """Show on a model's card why something was not done with it."""
        self.failures[name] = failure
        self.changed.emit()

    def _on_kept(self, name: str) -> None:
        if name in KINDS and self.models is not None:
            self.refresh()

    def _on_refused(self, name: str, failure: Failure) -> None:
        if name in KINDS and self._chosen[name]:
            self.fail(self._chosen[name], failure)
