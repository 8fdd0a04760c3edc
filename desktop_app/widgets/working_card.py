"""A card that says what is being done: a sentence, how far it is, a bar, and what can be done about it."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from desktop_app.widgets.basics import IconLabel, TextButton, label


class WorkingCard(QFrame):
    """`icon` is the button's; what each part says is whose card it is."""

    def __init__(self, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.icon = IconLabel("rotate-cw", 20, "muted")
        self.state = label("name", wrap=True)
        self.more = label("muted", wrap=True)
        self.button = TextButton("plain", icon)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self.state)
        texts.addWidget(self.more)
        row = QHBoxLayout()
        row.setSpacing(14)
        row.addWidget(self.icon)
        row.addLayout(texts, 1)
        row.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 12, 12, 12)
        column.setSpacing(10)
        column.addLayout(row)
        column.addWidget(self.bar)
