"""What the settings say of privacy, and how it can be checked on each system."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel

from desktop_app.widgets.privacy_card import APART, WATCH, PrivacyCard


@pytest.mark.parametrize("system", ["linux", "darwin", "win32", "freebsd14"])
def test_each_system_is_told_its_own_command(qtbot, system: str) -> None:
    card = PrivacyCard(system)
    qtbot.addWidget(card)
    card.show()
    texts = "\n".join(each.text() for each in card.findChildren(QLabel) if each.isVisible())
    assert WATCH.get(system, WATCH["linux"]) in texts
    assert (APART in texts) is (system == "linux")


def test_settings_end_with_it(open_window) -> None:
    window = open_window(language="zh").window
    assert "不建立任何网络连接" in "".join(each.text() for each in window.settings.privacy.findChildren(QLabel))
