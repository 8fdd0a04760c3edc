"""One sentence at the top of the window about the program itself, with at most one thing to do."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from desktop_app.widgets.basics import IconButton, IconLabel, Retranslated, TextButton, label


class NoticeBar(Retranslated, QFrame):
    """Signal: `acted` when its button was pressed. The texts are functions, so that they follow the language."""

    acted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "notice")
        self._say: Callable[[], str] = str
        self._offer: Callable[[], str] | None = None
        self._act: Callable[[], object] | None = None
        self.text = label("plain", wrap=True)
        self.action = TextButton("plain")
        self.dismiss = IconButton("x", 16)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 10, 8)
        row.setSpacing(10)
        row.addWidget(IconLabel("info", 18, "text"))
        row.addWidget(self.text, 1)
        row.addWidget(self.action)
        row.addWidget(self.dismiss)
        self.action.clicked.connect(self._on_action)
        self.dismiss.clicked.connect(self.hide)
        self.hide()
        self.retranslate()

    def tell(
        self,
        say: Callable[[], str],
        offer: Callable[[], str] | None = None,
        act: Callable[[], object] | None = None,
    ) -> None:
        """Show a sentence; `offer` is the name of the button that `acted` stands for, or `act`, which may be left."""
        self._say, self._offer, self._act = say, offer, act
        self.retranslate()
        self.show()

    def retranslate(self) -> None:
        self.dismiss.say(self.tr("Close this notice"))
        self.text.setText(self._say())
        self.action.setVisible(self._offer is not None)
        self.dismiss.setVisible(self._offer is None or self._act is not None)
        if self._offer is not None:
            self.action.say(self._offer())

    def _on_action(self) -> None:
        if self._act is None:
            self.acted.emit()
            return
        self.hide()
        self._act()
