"""The kept conversations as a Qt item model: pinned ones, then by age, each part below its name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from engine.types import Conversation

CONVERSATION = Qt.ItemDataRole.UserRole
Row = str | Conversation  # the name of a part, or what stands in it


class ConversationsModel(QAbstractListModel):
    """Signal: `renamed` with the id and the title that was typed."""

    renamed = Signal(object, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Row] = []
        self._shown: tuple[Sequence[Conversation], bool, date] | None = None

    def show(self, listed: Sequence[Conversation], found: bool = False, anew: bool = False) -> None:
        """`found` by words: in one part. `anew`: the parts' names are in another language now."""
        today = datetime.now().astimezone().date()
        if (listed, found, today) == self._shown and not anew:
            return
        self._shown = (listed, found, today)
        self.beginResetModel()
        self._rows = list(listed) if found else list(self._in_parts(listed, today))
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self._rows[index.row()]
        if isinstance(row, str):
            return row if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole) else None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole, Qt.ItemDataRole.ToolTipRole):
            return row.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.tr("Pinned: {title}").format(title=row.title) if row.pinned else row.title
        return row if role == CONVERSATION else None

    def setData(self, index: QModelIndex, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        row = self._rows[index.row()]
        if isinstance(row, str) or role != Qt.ItemDataRole.EditRole or str(value).strip() == row.title:
            return False
        self.renamed.emit(row.id, str(value))
        return True

    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        if isinstance(self._rows[index.row()], str):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEditable

    def row_of(self, id: int) -> int:
        """Where a conversation stands, or -1."""
        rows = enumerate(self._rows)
        return next((number for number, row in rows if isinstance(row, Conversation) and row.id == id), -1)

    def _in_parts(self, listed: Sequence[Conversation], today: date) -> Iterator[Row]:
        before = ""
        for one in listed:
            part = self.tr("Pinned") if one.pinned else self._age(one, today)
            if part != before:
                yield part
                before = part
            yield one

    def _age(self, one: Conversation, today: date) -> str:
        day = datetime.fromtimestamp(one.changed_ms / 1000).astimezone().date()
        if day >= today:
            return self.tr("Today")
        if day >= today - timedelta(days=7):
            return self.tr("Last 7 days")
        return self.tr("Earlier")
