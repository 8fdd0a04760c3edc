"""What a search found as a Qt item model: each document, and below it the passages that hold the words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from desktop_app import wording
from engine.types import Citation, Found, Match

ROW = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class Row:
    """A document's own row has no match."""

    found: Found
    match: Match | None = None

    @property
    def citation(self) -> Citation:
        return (self.match or self.found.matches[0]).citation

    @property
    def citations(self) -> tuple[Citation, ...]:
        """All that is shown of its document."""
        return tuple(match.citation for match in self.found.matches)


class FoundModel(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self._rows: list[Row] = []

    def show(self, found: Sequence[Found]) -> None:
        self.beginResetModel()
        self._rows = [row for one in found for row in (Row(one), *(Row(one, match) for match in one.matches))]
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self._rows[index.row()]
        if role == ROW:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            if row.match is None:
                return row.found.path.name
            place = wording.place(row.citation.unit, row.citation.page, row.citation.label)
            return f"{place}: {' '.join(row.citation.quote.split())}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return str(row.found.path)
        return None
