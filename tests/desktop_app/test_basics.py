"""One line of text stands at the side where it belongs, in both directions of writing."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from desktop_app.widgets.basics import ElidedLabel

Align, Direction = Qt.AlignmentFlag, Qt.LayoutDirection


@pytest.mark.parametrize(
    ("alignment", "direction", "at_left"),
    [
        (Align.AlignLeft, Direction.LeftToRight, True),
        (Align.AlignRight, Direction.LeftToRight, False),
        (Align.AlignLeft, Direction.RightToLeft, False),
        (Align.AlignRight, Direction.RightToLeft, True),
    ],
)
def test_line_stands_at_its_side(qtbot, alignment: Align, direction: Direction, at_left: bool) -> None:
    label = ElidedLabel("muted")
    qtbot.addWidget(label)
    label.setAlignment(alignment)
    label.setLayoutDirection(direction)
    label.setText("up to date")
    label.resize(400, 24)
    picture = label.grab().toImage()
    ground = picture.pixel(picture.width() // 2, 0)
    inked = [x for x in range(picture.width()) if any(picture.pixel(x, y) != ground for y in range(picture.height()))]
    middle = (inked[0] + inked[-1]) / 2
    assert (middle < picture.width() / 2) == at_left
