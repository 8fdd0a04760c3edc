"""The table of a folder's documents, filled when it is opened."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QWidget

from desktop_app import desktop, theme
from desktop_app.models.documents import LENGTH, NAME, STATE, DocumentsModel
from desktop_app.widgets.basics import Fitted, Retranslated
from engine.types import Document

MOST_ROWS_IN_SIGHT = 8
ROW, LENGTH_WIDTH = 32, 110  # pixels


class DocumentsTable(Fitted, Retranslated, QTableView):
    """Signal: `text_wanted` with the Document whose text is to be seen as the program has it."""

    text_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.documents = DocumentsModel(self)
        self.setModel(self.documents)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(LENGTH, QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(STATE, QHeaderView.ResizeMode.Stretch)
        self.activated.connect(self._open)
        self.fit()
        self.retranslate()

    def show_documents(self, documents: Sequence[Document]) -> None:
        self.documents.show_documents(documents)
        self.fit()

    def fit(self) -> None:
        row = theme.scaled(ROW)
        rows = min(max(self.model().rowCount() if self.model() else 0, 1), MOST_ROWS_IN_SIGHT)
        self.verticalHeader().setDefaultSectionSize(row)
        self.horizontalHeader().resizeSection(LENGTH, theme.scaled(LENGTH_WIDTH))
        self.setFixedHeight(rows * row + self.horizontalHeader().sizeHint().height() + 6)

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Documents of this folder"))
        self.documents.retranslate()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done with a document; the menu key opens it too."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        if index.isValid():
            menu = self.menu_for(index)
            menu.aboutToHide.connect(menu.deleteLater)
            menu.popup(self.viewport().mapToGlobal(self.visualRect(index).bottomLeft() if by_key else event.pos()))

    def menu_for(self, index: QModelIndex) -> QMenu:
        document = self.documents.document(index.row())
        menu = QMenu(self)
        menu.addAction(self.tr("Open in its own program"), lambda: self._open(index))
        menu.addAction(self.tr("Show in its folder"), lambda: desktop.show_in_folder(document.path))
        menu.addAction(self.tr("Show what is read of it…"), lambda: self.text_wanted.emit(document))
        return menu

    def current_document(self) -> Document | None:
        index = self.currentIndex()
        return self.documents.document(index.row()) if index.isValid() else None

    def _open(self, index: QModelIndex) -> None:
        desktop.open_document(self.documents.document(index.row()).path)
