"""Where a model's folder is dropped, how far its import is, and why it was refused."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from desktop_app import wording
from desktop_app.bridge import Failure
from desktop_app.models_state import ModelsState
from desktop_app.widgets.basics import ElidedLabel, IconButton, IconLabel, Retranslated, TextButton, label
from desktop_app.widgets.controls import Tick
from desktop_app.widgets.drop_zone import DropZone
from engine.errors import Code

THOUSANDTHS = 1000


class ModelDropZone(DropZone):
    def retranslate(self) -> None:
        self._title.setText(self.tr("Drop a model’s folder here"))
        self._hint.setText(
            self.tr("A ChatGLM3 or a BGE as it is downloaded, or a model made for Inkstone. Its folder is only read.")
        )


class ImportCard(Retranslated, QWidget):
    """Signals: `cancel_wanted`; `forget_wanted` when a refusal was read."""

    cancel_wanted = Signal()
    forget_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state: ModelsState | None = None
        self._build()
        self.cancel.clicked.connect(self.cancel_wanted)
        self.dismiss.clicked.connect(self.forget_wanted)
        self.retranslate()

    def _build(self) -> None:
        self.zone = ModelDropZone()
        self.zone.setMinimumHeight(120)
        self.small = Tick()
        self.name = ElidedLabel("name")
        self.more = label("muted", wrap=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.cancel = TextButton("plain", "x")
        self.trouble = label("danger", wrap=True)
        self.dismiss = IconButton("x", 16)
        self.refusal = QWidget()
        row = QHBoxLayout(self.refusal)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(IconLabel("triangle-alert", 18, "danger"))
        row.addWidget(self.trouble, 1)
        row.addWidget(self.dismiss)
        self.work = QFrame()
        self.work.setProperty("role", "card")
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self.name)
        texts.addWidget(self.more)
        head = QHBoxLayout()
        head.addLayout(texts, 1)
        head.addWidget(self.cancel)
        work = QVBoxLayout(self.work)
        work.setContentsMargins(18, 12, 12, 12)
        work.setSpacing(10)
        work.addLayout(head)
        work.addWidget(self.bar)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for part in (self.refusal, self.work, self.zone, self.small):
            column.addWidget(part)

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """Of the Tab key, in its order."""
        return self.dismiss, self.cancel, self.small

    def show_state(self, state: ModelsState) -> None:
        self._state = state
        at_work = state.importing is not None
        self.work.setVisible(at_work)
        self.zone.setVisible(not at_work)
        self.small.setVisible(not at_work)
        self.refusal.setVisible(state.import_failure is not None)
        done, total = state.progress.done, state.progress.total
        self.bar.setRange(0, THOUSANDTHS if total else 0)  # 0 of 0: nobody knows how far it is
        self.bar.setValue(round(THOUSANDTHS * done / total) if total else 0)
        self.retranslate()

    def retranslate(self) -> None:
        self.bar.setAccessibleName(self.tr("Progress of the import"))
        self.cancel.say(self.tr("Cancel"), self.tr("Cancel the import"))
        self.dismiss.say(self.tr("Close this message"))
        self.small.setAccessibleName(self.tr("Make embedding models small (int8)"))
        self.small.setText(self.tr("Make embedding models small (int8): a quarter of the size, twice as quick"))
        if self._state is None:
            return
        if self._state.importing is not None:
            self.name.setText(self.tr("Importing {name}").format(name=self._state.importing.name))
            self.more.setText(self._how_far())
        failure = self._state.import_failure
        self.trouble.setText(self._why(failure) if failure else "")

    def _how_far(self) -> str:
        progress = self._state.progress
        if not progress.total:
            return self.tr("Its files are read and checked. You can ask meanwhile.")
        done, total = wording.size(progress.done), wording.size(progress.total)
        return self.tr("{done} of {total} written. You can ask meanwhile.").format(done=done, total=total)

    def _why(self, failure: Failure) -> str:
        """The engine's sentence; where that speaks of the command line, one about this page."""
        error = failure.error
        if error is not None and error.code == Code.MODEL_EXISTS:
            return self.tr(
                "A model named {name} is there already. Remove that one first, or rename the folder."
            ).format(name=error.facts.get("name", ""))
        if error is not None and error.code == Code.BAD_MODEL and error.facts.get("why") == "no_file":
            return self.tr(
                "“{path}” holds no model: {file} is missing. Drop the folder that holds config.json and the weights. "
                "Folders of documents belong on the library’s page."
            ).format(path=error.facts.get("path", ""), file=error.facts.get("file", ""))
        return wording.failure(failure)
