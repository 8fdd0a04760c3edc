"""The program's icon in every size and form that a system wants, drawn from its own SVG.

    python packaging/inside/pictures.py FOLDER      (the Python of an environment with PySide6)

Writes inkstone-16.png ... inkstone-1024.png, inkstone.ico (Windows) and inkstone.icns (macOS). The last two are PNGs in
a frame of a few bytes each: https://en.wikipedia.org/wiki/ICO_(file_format), .../Apple_Icon_Image_format
"""

from __future__ import annotations

import os
import struct
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

SOURCE = Path(__file__).resolve().parents[2] / "desktop_app" / "resources" / "inkstone.svg"
SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512, 1024)  # pixels
ICO_SIZES = (16, 24, 32, 48, 64, 256)
ICNS_KINDS = {
    b"ic07": 128,
    b"ic08": 256,
    b"ic09": 512,
    b"ic10": 1024,
    b"ic11": 32,
    b"ic12": 64,
    b"ic13": 256,
    b"ic14": 512,
}


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    application = QGuiApplication([])
    drawn = {size: png(size) for size in SIZES}
    for size, data in drawn.items():
        (folder / f"inkstone-{size}.png").write_bytes(data)
    (folder / "inkstone.ico").write_bytes(ico({size: drawn[size] for size in ICO_SIZES}))
    (folder / "inkstone.icns").write_bytes(icns({kind: drawn[size] for kind, size in ICNS_KINDS.items()}))
    del application


def png(size: int) -> bytes:
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(str(SOURCE)).render(painter)
    painter.end()
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return data.data()


def ico(pictures: dict[int, bytes]) -> bytes:
    head, entries, offset = struct.pack("<HHH", 0, 1, len(pictures)), b"", 6 + 16 * len(pictures)
    for size, data in pictures.items():
        entries += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(data), offset)  # 0 stands for 256
        offset += len(data)
    return head + entries + b"".join(pictures.values())


def icns(pictures: dict[bytes, bytes]) -> bytes:
    body = b"".join(kind + struct.pack(">I", len(data) + 8) + data for kind, data in pictures.items())
    return b"icns" + struct.pack(">I", len(body) + 8) + body


if __name__ == "__main__":
    main(Path(sys.argv[1]))
