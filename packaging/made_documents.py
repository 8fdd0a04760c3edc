"""Documents for trying an installed program: a PDF of two pages written by hand, notes in two languages, a scan."""

from __future__ import annotations

import subprocess
from pathlib import Path

PDF_NAME, PAGE = "Kestrel pump.pdf", 2
QUESTION, ANSWER = "How long is the warranty of the Kestrel pump?", "36 months"
CHINESE_NAME = "水泵说明.md"
CHINESE_QUESTION, CHINESE_ANSWER = "水泵的滤网多久清洗一次？", "每两周清洗一次"
NOTE_NAME, NOTE_WORD = "earlier.md", "heliograph"
NOTE = "The heliograph was repaired in March."
SCAN_NAME = "scan.pdf"
SCAN_QUESTION, SCAN_ANSWER = "Which oil does the Merlin compressor need?", "ISO 68"
HANDED_NAME, HANDED_WORD = "handed over.adoc", "sextant"
_SCANNED = ("Merlin compressor", "The Merlin compressor needs mineral oil of grade ISO 68.")

PAGES = (
    ("Kestrel pump: installation", "The Kestrel pump is mounted on a level floor.", "It needs 230 volts."),
    ("Warranty and service", "The warranty of the Kestrel pump is 36 months from delivery.", "Seals are not covered."),
)
_CHINESE = "# 水泵说明\n\n水泵应安装在平整的地面上。水泵的滤网每两周清洗一次。密封件不在保修范围内。\n"


def write(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / PDF_NAME).write_bytes(pdf(PAGES))
    (folder / CHINESE_NAME).write_text(_CHINESE, "utf-8")


def write_note(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / NOTE_NAME).write_text(NOTE + "\n", "utf-8")


def write_handed(folder: Path) -> None:
    """A kind that the system knows by our package alone."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / HANDED_NAME).write_text("= Instruments\n\nThe sextant lies in the third drawer.\n", "utf-8")


def write_scan(folder: Path, python: Path) -> None:
    """A page without any text layer; `python` has PyMuPDF, which draws it."""
    program = (
        "import pymupdf, sys\n"
        "drawn = pymupdf.open('pdf', sys.stdin.buffer.read())\n"
        "made = pymupdf.open()\n"
        "page = made.new_page(width=595, height=842)\n"
        "page.insert_image(page.rect, pixmap=drawn[0].get_pixmap(dpi=150))\n"
        "made.save(sys.argv[1])\n"
    )
    subprocess.run([str(python), "-c", program, str(folder / SCAN_NAME)], input=pdf([_SCANNED]), check=True)


def pdf(pages: list[tuple[str, ...]] | tuple[tuple[str, ...], ...]) -> bytes:
    """A PDF of lines of Latin text, after ISO 32000-1, 7.5."""
    kids = " ".join(f"{4 + 2 * index} 0 R" for index in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for index, lines in enumerate(pages):
        text = "BT /F1 14 Tf 72 760 Td 24 TL " + " ".join(f"({line}) Tj T*" for line in lines) + " ET"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * index} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        objects.append(f"<< /Length {len(text)} >>\nstream\n{text}\nendstream".encode())
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    tail = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(data))
    return data + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + tail
