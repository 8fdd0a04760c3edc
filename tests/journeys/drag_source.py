"""Another program: a small window with a folder that can be dragged out of it. Run with the folder's path."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QDrag, QMouseEvent
from PySide6.QtWidgets import QApplication, QLabel

TITLE = "Other program"
SIZE = (220, 120)


class Folder(QLabel):
    def __init__(self, path: Path) -> None:
        super().__init__(path.name)
        self._path = path
        self.setWindowTitle(TITLE)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFixedSize(*SIZE)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(self._path))])
        drag = QDrag(self)
        drag.setMimeData(data)
        print(drag.exec(Qt.DropAction.CopyAction | Qt.DropAction.MoveAction).name, flush=True)


if __name__ == "__main__":
    app = QApplication([])
    folder = Folder(Path(sys.argv[1]))
    folder.move(20, 40)
    folder.show()
    sys.exit(app.exec())
