"""The panel beside the conversation: the document behind a citation, opened where the passage stands."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop_app import desktop, wording
from desktop_app.bridge import Bridge, Failure, Reply
from desktop_app.shortcuts import shown
from desktop_app.widgets.basics import ElidedLabel, IconButton, Retranslated, TextButton, label
from desktop_app.widgets.find_bar import FindBar
from desktop_app.widgets.page_view import PageView
from desktop_app.widgets.password_dialog import PasswordDialog
from desktop_app.widgets.text_view import TextView, cited_lines
from engine.types import Checked, Citation, PageImage, Place, Reason, Standing, TextLines, Unit

LINES_AT_ONCE = 1000
LINES_ABOVE = 200


class SourcePanel(Retranslated, QFrame):
    """Signals: `opened` with the citation that is shown; `closed`."""

    opened = Signal(object)
    closed = Signal()

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "source")
        self._bridge = bridge
        self._citation: Citation | None = None
        self._citations: tuple[Citation, ...] = ()  # those of its document
        self._all: tuple[Citation, ...] = ()  # and of all the others that its answer cites
        self._page = 1  # the page, or the first line, that is shown
        self._count: int | None = None  # pages or lines of the document
        self._last_line = 0
        self._reply: Reply | None = None
        self._failure: Failure | None = None
        self._scroll = False
        self._image: PageImage | None = None  # of the page that was drawn last
        self._standing = Standing.FRESH
        self._checking: Reply | None = None
        self._build()
        self._connect()
        self.retranslate()

    def _build(self) -> None:
        self.title = ElidedLabel("heading")
        self.previous_citation = IconButton("chevron-up", 18)
        self.next_citation = IconButton("chevron-down", 18)
        self.zoom_out = IconButton("zoom-out", 18)
        self.zoom_in = IconButton("zoom-in", 18)
        self.find_button = IconButton("text-search", 18)
        self.reveal = IconButton("folder-open", 18)
        self.open_outside = IconButton("external-link", 18)
        self.close_button = IconButton("x", 18)
        self.place = ElidedLabel("muted", Qt.TextElideMode.ElideRight)
        self.previous_page = IconButton("chevron-left", 18)
        self.next_page = IconButton("chevron-right", 18)
        self.find = FindBar(self._bridge)
        self.stale = label("stale", wrap=True)
        self.stale.hide()
        self.page_view = PageView()
        self.text_view = TextView()
        self.trouble = label("muted", wrap=True)
        self.trouble.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.trouble.setMargin(32)
        self.enter_password = TextButton("primary")
        self._trouble_page = QWidget()
        self._trouble_page.setProperty("role", "clear")
        middle = QVBoxLayout(self._trouble_page)
        middle.addStretch(1)
        middle.addWidget(self.trouble)
        middle.addWidget(self.enter_password, 0, Qt.AlignmentFlag.AlignHCenter)
        middle.addStretch(1)
        self.views = QStackedWidget()
        for view in (self.page_view, self.text_view, self._trouble_page):
            self.views.addWidget(view)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        document = (self.find_button, self.zoom_out, self.zoom_in, self.reveal, self.open_outside, self.close_button)
        moves = (self.previous_citation, self.next_citation, self.previous_page, self.next_page)
        column.addLayout(self._row((16, 14, 10, 0), self.title, *document))
        column.addLayout(self._row((16, 2, 10, 8), self.place, *moves))
        column.addWidget(self.find)
        column.addWidget(self.stale)
        column.addWidget(self.views, 1)

    def _row(self, margins: tuple[int, int, int, int], text: QWidget, *buttons: IconButton) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(*margins)
        row.setSpacing(2)
        row.addWidget(text, 1)
        for button in buttons:
            row.addWidget(button)
        return row

    def _connect(self) -> None:
        self.previous_citation.clicked.connect(lambda: self._step(-1))
        self.next_citation.clicked.connect(lambda: self._step(1))
        self.previous_page.clicked.connect(lambda: self._flip(-1))
        self.next_page.clicked.connect(lambda: self._flip(1))
        self.zoom_in.clicked.connect(lambda: self._zoom(1))
        self.zoom_out.clicked.connect(lambda: self._zoom(-1))
        self.open_outside.clicked.connect(self._open_outside)
        self.reveal.clicked.connect(lambda: self._citation and desktop.show_in_folder(self._citation.path))
        self.find_button.clicked.connect(self.find.open)
        self.find.found.connect(self._on_found)
        self.close_button.clicked.connect(self.close_source)
        self.page_view.scale_wanted.connect(self._draw_again)
        self.enter_password.clicked.connect(self.ask_password)

    @property
    def path(self) -> Path | None:
        """The document that is shown."""
        return self._citation.path if self._citation is not None else None

    def show_citation(self, citation: Citation, citations: tuple[Citation, ...]) -> None:
        """Open a citation's document at its passage; `citations` are all of its answer."""
        same = self._citation is not None and self._citation.path == citation.path
        self.find.use(citation.path)
        self._standing = Standing.FRESH
        self._check(citation)
        self._image = None
        self._citation = citation
        self._all = citations
        self._citations = tuple(one for one in citations if one.path == citation.path)
        self._count = self._count if same else None
        self._go(max(1, citation.page - LINES_ABOVE) if self._is_text else citation.page, scroll=True)
        self.opened.emit(citation)

    def step(self, by: int) -> None:
        """To the next citation (1) of the answer or the one before (-1), in whatever document that is."""
        at = next((index for index, one in enumerate(self._all) if one.number == self._citation.number), -1)
        if at >= 0 and 0 <= at + by < len(self._all):
            self.show_citation(self._all[at + by], self._all)

    def close_source(self) -> None:
        if self._citation is not None:
            self.find.use(self._citation.path)
        self._forget_reply()
        self._citation = None
        self.closed.emit()

    def ask_password(self) -> PasswordDialog:
        """The engine no longer knows the document's password, or never did: ask for it, then show the page."""
        dialog = PasswordDialog(self._bridge, self._citation.path, self.window())
        dialog.unlocked.connect(self._on_unlocked)
        dialog.open()
        return dialog

    def retranslate(self) -> None:
        self.previous_citation.say(self.tr("Previous citation"))
        self.next_citation.say(self.tr("Next citation"))
        self.zoom_out.say(self.tr("Zoom out"))
        self.zoom_in.say(self.tr("Zoom in"))
        self.find_button.say(self.tr("Search in the document"), shown("find"))
        self.reveal.say(self.tr("Show in folder"))
        self.open_outside.say(self.tr("Open in its own program"))
        self.close_button.say(self.tr("Close the document"))
        self.previous_page.say(self.tr("Previous lines") if self._is_text else self.tr("Previous page"))
        self.next_page.say(self.tr("Next lines") if self._is_text else self.tr("Next page"))
        self.page_view.setAccessibleName(self.tr("Page of the document"))
        self.place.setText(self._place_text())
        self.enter_password.say(self.tr("Enter password…"))
        self.stale.setText(wording.stale(self._standing))
        self.stale.setVisible(self._standing is not Standing.FRESH)
        if self._failure:
            self.trouble.setText(wording.failure(self._failure))

    @property
    def _is_text(self) -> bool:
        return self._citation is not None and self._citation.unit != Unit.PAGE

    def _place_text(self) -> str:
        if self._citation is None:
            return ""
        citations = self.tr("%Ln citation(s)", "", len(self._citations))
        number, count = wording.number(self._page), wording.number(self._count or 0)
        if self._count is None:
            return f"{wording.place(self._citation.unit, self._citation.page, self._citation.label)} · {citations}"
        if self._is_text:
            if self._citation.unit != Unit.LINE:
                return f"{wording.place(self._citation.unit, self._citation.page, self._citation.label)} · {citations}"
            line = wording.number(self._citation.page)
            return self.tr("line {line} of {count} · {citations}").format(line=line, count=count, citations=citations)
        return self.tr("page {page} of {count} · {citations}").format(page=number, count=count, citations=citations)

    def _go(self, page: int, scroll: bool) -> None:
        """Ask for a page, or for the lines from `page` on, and show a calm sheet until it comes."""
        self._page, self._scroll, self._failure = page, scroll, None
        self.title.setText(self._citation.path.name)
        self.title.setToolTip(str(self._citation.path))
        self.views.setCurrentWidget(self.text_view if self._is_text else self.page_view)
        if not self._is_text:
            self.page_view.await_page()
        self._request()
        self._update()

    def _request(self) -> None:
        self._forget_reply()
        path = self._citation.path
        if self._is_text:
            self._reply = self._bridge.request("lines", path=path, first=self._page, count=LINES_AT_ONCE)
        else:
            self._reply = self._bridge.request("page", path=path, page=self._page, scale=self.page_view.scale)
        self._reply.done.connect(self._on_lines if self._is_text else self._on_page)
        self._reply.failed.connect(self._on_failed)

    def _forget_reply(self) -> None:
        if self._reply is not None:
            self._reply.drop()
            self._reply = None

    def _on_page(self, image: PageImage) -> None:
        self._reply = None
        self._image = image
        self._count = image.page_count
        marks = [(box, one == self._citation) for one in self._citations for box in one.boxes if box.page == image.page]
        if self.find.places:
            found = ((box, place == self.find.current) for place in self.find.places for box in place.boxes)
            marks = [(box, strong) for box, strong in found if box.page == image.page]
        self.page_view.show_page(image, marks, self._scroll)
        self._scroll = False
        self._update()

    def _on_lines(self, lines: TextLines) -> None:
        self._reply = None
        self._count = lines.line_count
        self._last_line = lines.first + len(lines.lines) - 1
        cited: dict[int, bool] = {}
        for one in sorted(self._citations, key=lambda one: one == self._citation):
            if lines.first <= one.page <= self._last_line:
                cited |= dict.fromkeys(cited_lines(one, lines), one == self._citation)
        if self.find.places:
            cited = {place.page: place == self.find.current for place in self.find.places}
            cited |= {self.find.current.page: True} if self.find.current else {}
        self.text_view.show_lines(lines, cited, self._scroll)
        self._update()

    def _check(self, citation: Citation) -> None:
        """Whether its words still stand in the document, which may have changed since."""
        if self._checking is not None:
            self._checking.drop()
        self._checking = self._bridge.request("recheck", citations=(citation,))
        self._checking.done.connect(self._on_checked)

    def _on_checked(self, checked: tuple[Checked, ...]) -> None:
        self._checking = None
        if self._citation is None:
            return
        (one,) = checked
        self._standing = one.standing
        if one.citation != self._citation:  # the words stand elsewhere now
            self._citations = tuple(one.citation if own == self._citation else own for own in self._citations)
            self._citation = one.citation
            self._go(max(1, self._citation.page - LINES_ABOVE) if self._is_text else self._citation.page, scroll=True)
        else:
            self.retranslate()

    def _on_found(self, place: Place | None) -> None:
        """Go to where the searched words stand; None: the search is over."""
        if self._citation is None:
            return
        page = place.page if place is not None else self._page
        if place is not None and self._is_text:
            page = max(1, place.page - LINES_ABOVE)
        drawn = not self._is_text and self._reply is None and self._image is not None and self._image.page == page
        if drawn and self._page == page and not self._failure:
            self._scroll = place is not None
            self._on_page(self._image)  # the same picture with other marks
        else:
            self._go(page, scroll=place is not None)

    def _open_outside(self) -> None:
        if self._citation is not None:
            desktop.open_document(self._citation.path, 0 if self._is_text else self._page)

    def _on_failed(self, failure: Failure) -> None:
        self._reply = None
        self._failure = failure
        self.trouble.setText(wording.failure(failure))
        self.enter_password.setVisible(wording.unread(failure) is Reason.ENCRYPTED)
        self.views.setCurrentWidget(self._trouble_page)
        self._update()

    def _on_unlocked(self, path: Path) -> None:
        if self._citation is not None and self._citation.path == path:
            self._go(self._page, scroll=True)

    def _draw_again(self) -> None:
        """The same page at the scale that is sharp now."""
        if self._citation is not None and not self._is_text and not self._failure and self._reply is None:
            self._request()

    def _step(self, by: int) -> None:
        index = self._citations.index(self._citation) + by
        self.show_citation(self._citations[index], self._citations)

    def _flip(self, by: int) -> None:
        if self._is_text:
            self._go(max(1, self._page + by * LINES_AT_ONCE), scroll=False)
        else:
            self._go(self._page + by, scroll=False)
            self.page_view.verticalScrollBar().setValue(0)

    def _zoom(self, steps: int) -> None:
        self.views.currentWidget().zoom(steps)
        self._update()

    def _update(self) -> None:
        self.retranslate()
        index = self._citations.index(self._citation)
        last = self._last_line if self._is_text else self._page
        view = self.text_view if self._is_text else self.page_view
        smaller, larger = view.can_zoom
        self.previous_citation.setEnabled(index > 0)
        self.next_citation.setEnabled(index < len(self._citations) - 1)
        self.previous_page.setEnabled(self._page > 1)
        self.next_page.setEnabled(self._count is not None and last < self._count)
        self.zoom_out.setEnabled(smaller and not self._failure)
        self.zoom_in.setEnabled(larger and not self._failure)

    def mark_point(self) -> QPoint:
        """The middle of the first strong mark, in the page view's viewport."""
        box = next(box for box in self._citation.boxes if box.page == self._page)
        return self.page_view.mark_rect(box).center().toPoint()
