"""A page's cited words stay in sight while the window finds its size."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, Qt
from PySide6.QtGui import QImage

from desktop_app.widgets.page_view import PageView
from engine.types import Box, PageImage

BOX = Box(1, 72, 500, 300, 512)
WIDTH, HEIGHT = 595, 842


def test_mark_comes_back_into_sight_after_a_larger_window(qtbot):
    view = PageView()
    qtbot.addWidget(view)
    view.resize(627, 300)
    view.show()
    view.show_page(page(), [(BOX, True)], scroll=True)
    assert is_in_sight(view)
    view.resize(627, 900)  # all of the page: nothing to scroll
    view.resize(627, 250)
    assert is_in_sight(view)


def test_person_who_scrolled_away_is_left_there(qtbot):
    view = PageView()
    qtbot.addWidget(view)
    view.resize(627, 300)
    view.show()
    view.show_page(page(), [(BOX, True)], scroll=True)
    view.verticalScrollBar().setValue(0)
    view.resize(627, 250)
    assert not is_in_sight(view)


def is_in_sight(view: PageView) -> bool:
    return view.viewport().rect().contains(view.mark_rect(BOX).center().toPoint())


def page() -> PageImage:
    image = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return PageImage(1, 1, WIDTH, HEIGHT, 1.0, buffer.data().data())
