"""Asks for the password of one document, and lets the engine try it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop_app import wording
from desktop_app.bridge import Bridge, Failure, Reply
from desktop_app.widgets.basics import ElidedLabel, Retranslated, TextButton, label

_WIDTH = 420


class PasswordDialog(Retranslated, QDialog):
    """Stays until a password fits or the person leaves. Signal: `unlocked` with the path."""

    unlocked = Signal(object)

    def __init__(self, bridge: Bridge, path: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._path = path
        self._reply: Reply | None = None
        self._result: Failure | bool = True  # what came of the last one that was tried
        self._build()
        self.field.textEdited.connect(self._on_edited)
        self.cancel.clicked.connect(self.reject)
        self.open_document.clicked.connect(self._try)
        self.retranslate()

    def _build(self) -> None:
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(_WIDTH)
        self._name = ElidedLabel("name")
        self._name.setText(self._path.name)
        self._name.setToolTip(str(self._path))
        self._asked = label("plain", wrap=True)
        self.field = QLineEdit()
        self.field.setProperty("role", "field")
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.trouble = label("danger", wrap=True)
        self._kept = label("muted", wrap=True)
        self.cancel = TextButton("plain")
        self.open_document = TextButton("primary")
        self.open_document.setDefault(True)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch(1)
        foot.addWidget(self.cancel)
        foot.addWidget(self.open_document)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(10)
        for part in (self._name, self._asked, self.field, self.trouble, self._kept):
            column.addWidget(part)
        column.addLayout(foot)

    def retranslate(self) -> None:
        self.setWindowTitle(self.tr("Password"))
        self._asked.setText(self.tr("This document is protected. Which password opens it?"))
        self.field.setAccessibleName(self.tr("Password of {name}").format(name=self._path.name))
        self._kept.setText(
            self.tr(
                "It is tried on other protected documents too. Inkstone never writes it down: "
                "it is forgotten when Inkstone is closed, and asked for again when it is needed."
            )
        )
        self.cancel.say(self.tr("Cancel"))
        self.open_document.say(self.tr("Open"))
        self._show_state()

    def done(self, result: int) -> None:
        if self._reply is not None:
            self._reply.drop()
        self.field.clear()
        super().done(result)

    def _try(self) -> None:
        self._reply = self._bridge.request("password", path=self._path, password=self.field.text())
        self._reply.done.connect(self._on_done)
        self._reply.failed.connect(self._on_failed)
        self._result = True
        self._show_state()

    def _on_done(self, fits: bool) -> None:
        self._reply, self._result = None, fits
        if fits:
            self.unlocked.emit(self._path)
            self.accept()
            return
        self._show_state()
        self.field.selectAll()
        self.field.setFocus()

    def _on_failed(self, failure: Failure) -> None:
        self._reply, self._result = None, failure
        self._show_state()

    def _on_edited(self) -> None:
        self._result = True
        self._show_state()

    def _show_state(self) -> None:
        self.open_document.setEnabled(bool(self.field.text()) and self._reply is None)
        self.trouble.setVisible(self._result is not True)
        if isinstance(self._result, Failure):
            self.trouble.setText(wording.failure(self._result))
        elif not self._result:
            self.trouble.setText(self.tr("This password does not open it. Check capitals and the keyboard's language."))
        self.trouble.setAccessibleName(self.trouble.text())
