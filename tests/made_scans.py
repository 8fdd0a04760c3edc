"""Scans that the tests make themselves: a page of text becomes a picture, and that a PDF without any text."""

from __future__ import annotations

from pathlib import Path

import pymupdf
import pytest

from engine.documents.ocr_files import installed

needs_ocr = pytest.mark.skipif(installed() is None, reason="the extra `ocr` is not installed")

ENGLISH = ("Audit logs are retained for seven years.", "Backups are kept for ninety days.")
CHINESE = ("审计日志的保留期限为七年。", "备份策略每季度复核一次。")


def make_scan(path: Path, *pages: tuple[str, ...], turned: int = 0, dpi: int = 150) -> Path:
    """Each of `pages` is the lines of one; the picture stands turned by `turned` degrees clockwise."""
    written, scan = pymupdf.open(), pymupdf.open()
    for lines in pages:
        page = written.new_page(width=360, height=200)
        for row, text in enumerate(lines):
            font = "helv" if text.isascii() else "china-s"
            page.insert_text((40, 60 + 26 * row), text, fontsize=13, fontname=font)
        page.set_rotation(turned)
        picture = page.get_pixmap(dpi=dpi, colorspace=pymupdf.csGRAY)
        blank = scan.new_page(width=picture.width * 72 / dpi, height=picture.height * 72 / dpi)
        blank.insert_image(blank.rect, pixmap=picture)
    scan.save(path)
    return path
