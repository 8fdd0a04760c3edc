"""The page that finds words as they are typed, without any model, with what is found beside it."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QSettings, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListView, QSplitter, QVBoxLayout, QWidget

from desktop_app import wording
from desktop_app.bridge import Bridge, Failure, Reply
from desktop_app.library_state import LibraryState
from desktop_app.models.found import ROW, FoundModel, Row
from desktop_app.widgets.basics import Retranslated, label
from desktop_app.widgets.found_delegate import FoundDelegate
from desktop_app.widgets.search_filters import SearchFilters
from desktop_app.widgets.source_panel import SourcePanel
from engine.types import Found, Scope

DOCUMENTS = 30  # that are listed
WORD = 3  # letters: what is shorter is rarely a word
PREVIEW_MS = 120  # a row that is only passed by is not opened


class SearchPage(Retranslated, QWidget):
    """Signal: `asked` with the words and the Scope when Enter makes a question of them; `shown` when a list is."""

    asked = Signal(str, object)
    shown = Signal()

    def __init__(self, bridge: Bridge, state: LibraryState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self._bridge = bridge
        self._state = state
        self._reply: Reply | None = None
        self._again = False  # something was typed while the engine looked
        self._found: tuple[Found, ...] | None = None
        self._failure: Failure | None = None
        self._build(state)
        self._preview = QTimer(self, singleShot=True, interval=PREVIEW_MS)
        self._connect()
        self.retranslate()

    def _build(self, state: LibraryState) -> None:
        self.words = _Words()
        self.filters = SearchFilters(self._bridge, state)
        self.told = label("muted", wrap=True)
        self.model = FoundModel()
        self.list = QListView()
        self.list.setProperty("role", "clear-list")
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setMouseTracking(True)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setModel(self.model)
        self.list.setItemDelegate(FoundDelegate(self.list))
        self.source = SourcePanel(self._bridge)
        self.source.setMinimumWidth(330)
        self.source.hide()
        left = QWidget()
        left.setProperty("role", "page")
        left.setMinimumWidth(400)
        column = QVBoxLayout(left)
        column.setContentsMargins(28, 18, 16, 12)
        column.setSpacing(10)
        for part in (self.words, self.filters, self.told):
            column.addWidget(part)
        column.addWidget(self.list, 1)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(5)
        self.splitter.addWidget(left)
        self.splitter.addWidget(self.source)
        self.splitter.setStretchFactor(0, 11)
        self.splitter.setStretchFactor(1, 8)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.splitter)
        self.setFocusProxy(self.words)

    def _connect(self) -> None:
        self.words.textChanged.connect(self.look_up)
        self.words.returnPressed.connect(self._ask)
        self.words.left_downward.connect(self._enter_list)
        self.filters.changed.connect(self.look_up)
        self.list.selectionModel().currentChanged.connect(self._on_current)
        self._preview.timeout.connect(self._open_current)
        self.source.closed.connect(self._close_source)
        self._state.changed.connect(self._on_library)

    def look_up(self) -> None:
        """Find what is typed; one request is under way at a time, so that none is overtaken."""
        if self._reply is not None:
            self._again = True
            return
        self._again = False
        words = self.words.text()
        if not words.strip():
            self._show(None)
            return
        scope = self.filters.scope
        self._reply = self._bridge.request("look_up", words=words, documents=DOCUMENTS, scope=scope)
        self._reply.done.connect(self._on_found)
        self._reply.failed.connect(self._on_failed)

    def save(self, memory: QSettings) -> None:
        memory.setValue("search_splitter", self.splitter.saveState())

    def restore(self, memory: QSettings) -> None:
        if (splitter := memory.value("search_splitter")) is not None:
            self.splitter.restoreState(splitter)

    def close_source(self) -> bool:
        """Close the document beside the list; says whether there was one."""
        if not self.source.isVisible():
            return False
        self.source.close_source()
        return True

    def retranslate(self) -> None:
        self.words.setPlaceholderText(self.tr("Search your documents"))
        self.words.setAccessibleName(self.tr("Words to search for"))
        self.list.setAccessibleName(self.tr("What was found"))
        self.told.setText(self._sentence())

    def _sentence(self) -> str:
        if self._failure is not None:
            return wording.failure(self._failure)
        if self._state.is_empty:
            return self.tr("There is nothing to search yet. Add a folder in the library first.")
        if self._found is None:
            return self.tr("Every word is looked up as you type. Enter asks the same words as a question.")
        if not self._found:
            return self.tr("No document holds these words. Enter asks them as a question, which also finds meanings.")
        passages = sum(len(one.matches) + one.more for one in self._found)
        return self.tr("{passages} in {documents}").format(
            passages=wording.passages(passages), documents=wording.documents(len(self._found))
        )

    def _on_found(self, found: tuple[Found, ...]) -> None:
        self._reply, self._failure = None, None
        if self._again:
            self.look_up()  # and what has come is shown until then
        words = self.words.text().strip()
        begun = not found and len(words) < WORD  # nothing to be told of yet
        self._show(found if words and not begun else None)

    def _on_failed(self, failure: Failure) -> None:
        self._reply, self._failure = None, failure
        self._show(())

    def _show(self, found: tuple[Found, ...] | None) -> None:
        if found is None or found:
            self._failure = None
        self._found = found
        self.model.show(found or ())
        self.list.scrollToTop()
        self.retranslate()
        self.shown.emit()

    def _ask(self) -> None:
        if words := self.words.text().strip():
            self.asked.emit(words, Scope(self.filters.places.scope.paths))

    def _enter_list(self) -> None:
        if self.model.rowCount():
            self.list.setFocus()
            self.list.setCurrentIndex(self.model.index(min(1, self.model.rowCount() - 1)))

    def _on_current(self, index: QModelIndex) -> None:
        if index.isValid():
            self._preview.start()

    def _open_current(self) -> None:
        row: Row | None = self.list.currentIndex().data(ROW)
        if row is None:
            return
        if not self.source.isVisible():
            self.source.show()
            if self.splitter.sizes()[1] < self.source.minimumWidth():
                self.splitter.setSizes([round(self.width() * 0.56), round(self.width() * 0.44)])
        self.source.show_citation(row.citation, row.citations)

    def _close_source(self) -> None:
        self.source.hide()
        self.words.setFocus()

    def _on_library(self) -> None:
        """What was read meanwhile is found too."""
        self.told.setText(self._sentence())
        if self.isVisible() and self.words.text().strip() and not self.list.hasFocus():
            self.look_up()


class _Words(QLineEdit):
    """Signal: `left_downward` by the arrow that goes into the list."""

    left_downward = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "search")
        self.setClearButtonEnabled(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down:
            self.left_downward.emit()
            return
        super().keyPressEvent(event)
