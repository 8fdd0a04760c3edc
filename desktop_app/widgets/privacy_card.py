"""What stays on this computer, said in one sentence, and how anybody can check it with a tool that is not ours."""

from __future__ import annotations

import sys

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from desktop_app.widgets.basics import Retranslated, label
from desktop_app.widgets.setting_row import SettingRow

WATCH = {  # prints every connection that is open; the system's own tools
    "linux": "ss -tuap | grep inkstone",
    "darwin": "lsof -nP -i | grep inkstone",
    "win32": "Get-NetTCPConnection | Where-Object OwningProcess -in (Get-Process inkstone*).Id",
}
APART = "unshare --map-current-user --net inkstone"  # no network interface exists for it


class PrivacyCard(Retranslated, QFrame):
    """There is nothing to choose: it is so."""

    def __init__(self, system: str = sys.platform, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._system = system
        self._title = label("heading")
        self.stays, self.watch, self.apart = SettingRow(), SettingRow(), SettingRow()
        rows = QVBoxLayout(self)
        rows.setContentsMargins(20, 18, 20, 18)
        rows.setSpacing(16)
        rows.addWidget(self._title)
        for row in (self.stays, self.watch, self.apart):
            rows.addWidget(row)
        self.apart.setVisible(system == "linux")
        self.retranslate()

    def retranslate(self) -> None:
        self._title.setText(self.tr("Privacy"))
        self.stays.say(
            self.tr("Everything stays on this computer"),
            self.tr(
                "Your documents, questions and answers are kept in the data folder and nowhere else. Inkstone opens no "
                "network connection: it sends nothing, fetches nothing, and does not look for updates."
            ),
        )
        self.watch.say(
            self.tr("Check it: watch"),
            self.tr("While you ask, this command in a terminal shows no connection of Inkstone: {command}").format(
                command=WATCH.get(self._system, WATCH["linux"])
            ),
        )
        self.apart.say(
            self.tr("Check it: cut it off"),
            self.tr("Started like this, Inkstone has no network at all, and everything works: {command}").format(
                command=APART
            ),
        )
