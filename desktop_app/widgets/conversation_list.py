"""The kept conversations beside the chat: a new one, a search through all of them, and the list."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHBoxLayout, QLineEdit, QListView, QMenu, QVBoxLayout, QWidget

from desktop_app import theme
from desktop_app.conversations_state import ConversationsState
from desktop_app.models.conversations import CONVERSATION, ConversationsModel
from desktop_app.shortcuts import keys_of, named
from desktop_app.widgets.basics import Fitted, Retranslated, TextButton, label
from desktop_app.widgets.conversation_delegate import ConversationDelegate
from engine.types import Conversation

WIDTH = 248


class ConversationList(Fitted, Retranslated, QFrame):
    """Signals: `chosen` with a conversation's id; `new_wanted`."""

    chosen = Signal(object)
    new_wanted = Signal()

    def __init__(self, state: ConversationsState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "list-panel")
        self.fit()
        self._state = state
        self.new = TextButton("plain", "square-pen")
        self.search = QLineEdit()
        self.search.setProperty("role", "field")
        self.search.setClearButtonEnabled(True)
        self.model = ConversationsModel(self)
        self.delegate = ConversationDelegate(self)
        self.list = _List()
        self.list.setModel(self.model)
        self.list.setItemDelegate(self.delegate)
        self.hint = label("muted", wrap=True)
        self.hint.setMargin(10)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 12, 8, 10)
        column.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(self.new, 1)
        column.addLayout(head)
        column.addWidget(self.search)
        column.addWidget(self.hint)
        column.addWidget(self.list, 1)
        self._connect()
        self.retranslate()

    def _connect(self) -> None:
        self.new.clicked.connect(self.new_wanted)
        self.search.textChanged.connect(self._state.search)
        self._state.changed.connect(self._show)
        self.model.renamed.connect(self._state.rename)
        self.list.clicked.connect(self._choose)
        self.list.activated.connect(self._choose)
        self.list.delete_wanted.connect(self._delete)
        self.list.menu_wanted.connect(self._open_menu)
        self.delegate.menu_wanted.connect(self._open_menu)

    def fit(self) -> None:
        self.setFixedWidth(theme.scaled(WIDTH))

    def mark_open(self, conversation: int) -> None:
        """Show which one is in sight; 0: none of them."""
        self.delegate.opened = conversation
        row = self.model.row_of(conversation)
        if row >= 0:
            flag = QItemSelectionModel.SelectionFlag.NoUpdate
            self.list.selectionModel().setCurrentIndex(self.model.index(row), flag)
        self.list.viewport().update()

    def menu_for(self, index: QModelIndex) -> QMenu:
        """What can be done with a conversation."""
        one: Conversation = index.data(CONVERSATION)
        menu = QMenu(self)
        menu.addAction(self.tr("Rename"), keys_of("rename"), lambda: self.list.edit(index))
        if one.pinned:
            menu.addAction(self.tr("Unpin"), lambda: self._state.pin(one.id, False))
        else:
            menu.addAction(self.tr("Pin to the top"), lambda: self._state.pin(one.id, True))
        menu.addSeparator()
        menu.addAction(self.tr("Delete"), "Del", lambda: self._state.delete(one))
        return menu

    def rename(self, conversation: int) -> None:
        row = self.model.row_of(conversation)
        if row >= 0:
            self.list.edit(self.model.index(row))

    def neighbour(self, conversation: int, step: int) -> int:
        """The conversation that stands so many rows below (above), or 0."""
        ids = [self.model.index(row).data(CONVERSATION) for row in range(self.model.rowCount())]
        ids = [one.id for one in ids if one is not None]
        at = ids.index(conversation) + step if conversation in ids else (0 if step > 0 else len(ids) - 1)
        return ids[at] if 0 <= at < len(ids) else 0

    def retranslate(self) -> None:
        self.new.say(self.tr("New conversation"))
        self.new.setToolTip(named(self.tr("New conversation"), "new"))
        self.search.setPlaceholderText(self.tr("Search conversations"))
        self.search.setAccessibleName(self.tr("Search conversations"))
        self.list.setAccessibleName(self.tr("Conversations"))
        self.model.show(self._state.listed, bool(self._state.words), anew=True)
        self._show()

    def _show(self) -> None:
        if self.list.state() == QAbstractItemView.State.EditingState:
            return  # the name that is being typed would go; what comes of it refreshes the list again
        self.model.show(self._state.listed, bool(self._state.words))
        if self._state.words:
            self.hint.setText(self.tr("No conversation says this."))
        else:
            self.hint.setText(self.tr("What you ask is kept here, on this computer. Write your first question below."))
        self.hint.setVisible(self._state.is_known and not self._state.listed)
        self.mark_open(self.delegate.opened)

    def _choose(self, index: QModelIndex) -> None:
        one = index.data(CONVERSATION)
        if one is not None:
            self.chosen.emit(one.id)

    def _delete(self, index: QModelIndex) -> None:
        one = index.data(CONVERSATION)
        if one is not None:
            self._state.delete(one)

    def _open_menu(self, index: QModelIndex, place: QPoint) -> None:
        if index.data(CONVERSATION) is None:
            return
        self.list.setCurrentIndex(index)
        menu = self.menu_for(index)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)


class _List(QListView):
    """Signals: `delete_wanted` with an index; `menu_wanted` with an index and a place on the screen."""

    delete_wanted = Signal(object)
    menu_wanted = Signal(object, object)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "clear-list")
        self.setMouseTracking(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        at_work = self.state() == QAbstractItemView.State.EditingState  # a name is typed, whose keys come by here too
        if at_work or not self.currentIndex().isValid():
            super().keyPressEvent(event)
            return
        if event.key() == Qt.Key.Key_Delete:
            self.delete_wanted.emit(self.currentIndex())
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.activated.emit(self.currentIndex())  # some systems activate with a double click alone
            return
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        if index.isValid():
            place = self.visualRect(index).bottomLeft() if by_key else event.pos()
            self.menu_wanted.emit(index, self.viewport().mapToGlobal(place))
