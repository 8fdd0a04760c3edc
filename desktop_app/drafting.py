"""Tells the engine what is being typed, so that it may work ahead: often, but never faster than it takes it in."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from desktop_app.bridge import Bridge, Reply
from desktop_app.widgets.question_box import QuestionEdit
from engine.types import Scope, Turn

OFTEN_MS = 250  # while the text changes
SETTLED_MS = 600  # after the last change: the passages of an unfinished question are seldom those of the whole
SHORTEST = 3  # characters; "工资?" is a question


class Drafting(QObject):
    """Signal: `considered` whenever the text was looked at, whether or not there was something to tell."""

    considered = Signal()

    def __init__(
        self,
        bridge: Bridge,
        edit: QuestionEdit,
        history: Callable[[], tuple[Turn, ...]],
        scope: Callable[[], Scope],
    ) -> None:
        super().__init__(edit)
        self._bridge = bridge
        self._edit = edit
        self._history = history
        self._scope = scope
        self._reply: Reply | None = None
        self._told = False  # the engine knows of something that is typed
        self._held = False  # the person waits for an answer: nothing may slow it down
        self._often = QTimer(self, singleShot=True, interval=OFTEN_MS)
        self._settled = QTimer(self, singleShot=True, interval=SETTLED_MS)
        self._often.timeout.connect(self._consider)
        self._settled.timeout.connect(self._consider)
        edit.textChanged.connect(self._on_change)

    def hold(self, held: bool) -> None:
        """Say nothing while an answer is made."""
        self._held = held
        self._told = False
        if not held:
            self._settled.start()

    def _on_change(self) -> None:
        if not self._often.isActive():
            self._often.start()
        self._settled.start()

    def _consider(self) -> None:
        self._tell()
        self.considered.emit()

    def _tell(self) -> None:
        question = self._edit.toPlainText().strip()
        if len(question) < SHORTEST:
            question = ""  # calls off what was told before
        if self._held or self._edit.is_composing or not (question or self._told):
            return
        if self._reply is not None:  # the engine still looks at the one before
            self._settled.start()
            return
        self._told = bool(question)
        self._reply = self._bridge.request("draft", question=question, history=self._history(), scope=self._scope())
        self._reply.done.connect(self._on_end)
        self._reply.failed.connect(self._on_end)  # a draft that fails costs nobody anything

    def _on_end(self) -> None:
        self._reply = None
