"""The documents of one folder as the rows of a table."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from desktop_app import language, wording
from engine.texts import say_reason
from engine.types import Document, Status, Unit

NAME, LENGTH, STATE = range(3)
Index = QModelIndex | QPersistentModelIndex


class DocumentsModel(QAbstractTableModel):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._documents: tuple[Document, ...] = ()

    def show_documents(self, documents: Sequence[Document]) -> None:
        self.beginResetModel()
        self._documents = tuple(documents)
        self.endResetModel()

    def retranslate(self) -> None:
        if self._documents:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._documents) - 1, STATE))
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, STATE)

    def document(self, row: int) -> Document:
        return self._documents[row]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own signature)
        return 0 if parent.isValid() else len(self._documents)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 3

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        document = self._documents[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return (self._name, self._length, self._state)[index.column()](document)
        if role == Qt.ItemDataRole.ToolTipRole:
            return str(document.path) if index.column() == NAME else self._state(document)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return (self.tr("Document"), self.tr("Length"), self.tr("State"))[section]

    def _name(self, document: Document) -> str:
        if document.path.is_relative_to(document.folder) and document.path != document.folder:
            return str(document.path.relative_to(document.folder))
        return document.path.name

    def _length(self, document: Document) -> str:
        if not document.page_count:
            return ""
        return {
            Unit.PAGE: self.tr("%Ln page(s)", "", document.page_count),
            Unit.LINE: self.tr("%Ln line(s)", "", document.page_count),
            Unit.PARAGRAPH: self.tr("%Ln paragraph(s)", "", document.page_count),
            Unit.SLIDE: self.tr("%Ln slide(s)", "", document.page_count),
            Unit.ROW: self.tr("%Ln row(s)", "", document.page_count),
            Unit.SECTION: self.tr("%Ln section(s)", "", document.page_count),
            Unit.CELL: self.tr("%Ln cell(s)", "", document.page_count),
        }[document.unit]

    def _state(self, document: Document) -> str:
        if document.status == Status.FAILED and document.reason:
            return say_reason(document.reason, language.current())
        if document.away:
            return self.tr("Cannot be reached now; what was read of it stays searchable")
        if document.status == Status.WAITING:
            return self._waiting(document)
        if document.empty_pages and document.unit == Unit.PAGE:
            pages = wording.number(document.page_count)
            return self.tr("Searchable, but %Ln of its {pages} pages have no text", "", document.empty_pages).format(
                pages=pages
            )
        return self.tr("Searchable")

    def _waiting(self, document: Document) -> str:
        if not document.scans_left:
            return self.tr("Waiting")
        if document.empty_pages >= document.page_count:
            return self.tr("Waiting; %Ln scanned page(s) to recognise", "", document.scans_left)
        done = wording.number(document.scan_pages - document.scans_left)
        return self.tr("Searchable; {done} of %Ln scanned page(s) are recognised", "", document.scan_pages).format(
            done=done
        )
