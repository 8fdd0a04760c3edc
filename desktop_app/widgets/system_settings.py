"""The settings about the system around the window: start at login, the tray, notifications."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from desktop_app import tray
from desktop_app.bridge import Failure
from desktop_app.choices import Choices
from desktop_app.starting import AtLogin
from desktop_app.widgets.controls import Tick, show_value
from desktop_app.widgets.setting_row import SettingRow
from desktop_app.widgets.settings_card import SettingsCard
from engine.errors import EngineError


class SystemSettings(SettingsCard):
    """`at_login` is asked anew whenever the page is shown: the desktop's own tools change it too."""

    def __init__(
        self,
        choices: Choices,
        at_login: AtLogin,
        has_tray: Callable[[], bool] = tray.is_there,
        parent: QWidget | None = None,
    ) -> None:
        self.tray, self.notify = Tick(), Tick()
        super().__init__(choices, {"tray": self.tray, "notify": self.notify}, parent)
        self._at_login = at_login
        self._has_tray = has_tray
        self.login = Tick()
        self._login_row = SettingRow(self.login)
        self.column.insertWidget(self.column.indexOf(self.rows["tray"]), self._login_row)
        self.login.toggled.connect(self._turn_login)
        self.retranslate()

    def refresh(self) -> None:
        show_value(self.login, self._at_login.is_on())
        self.tray.setEnabled(self._has_tray() or self.tray.isChecked())
        self.retranslate()

    def retranslate(self) -> None:
        super().retranslate()
        self.title.setText(self.tr("System"))
        self._login_row.say(
            self.tr("Start when I log in"),
            self.tr("In the tray where that is on, else minimised; your folders are then always up to date."),
        )
        has_tray = self._has_tray()
        self.rows["tray"].say(
            self.tr("Go on in the tray"),
            self.tr("Closing the window keeps Inkstone running; quit it by the tray's menu.")
            if has_tray
            else self.tr("This desktop has no tray, so closing the window ends Inkstone."),
        )
        self.rows["notify"].say(
            self.tr("Notifications"),
            self.tr(
                "When a long indexing has ended or a question is answered while you look elsewhere; "
                "they never show words of your documents."
            ),
        )

    def _turn_login(self, on: bool) -> None:
        try:
            self._at_login.turn(on)
        except EngineError as error:
            self.tell(Failure("told", error))
        else:
            self.tell(None)
        show_value(self.login, self._at_login.is_on())
