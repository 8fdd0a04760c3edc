"""In the child: a page becomes a picture, its text is recognised, and what is found is cut into passages."""

from __future__ import annotations

from functools import cache

import numpy as np

from engine.documents import pdf
from engine.documents.chunking import passages
from engine.documents.cleaning import clean
from engine.documents.limits import OCR_PIXELS
from engine.documents.ocr import Recogniser
from engine.documents.ocr_files import installed
from engine.documents.protocol import Cut, NoSuchPage, RecognisePage
from engine.documents.scanned import page_of
from engine.errors import UnreadableDocument
from engine.types import Page, Reason

DOTS_PER_INCH = 200.0


def recognise(request: RecognisePage, passwords: tuple[str, ...] = ()) -> Cut | NoSuchPage:
    """Raises FileNotFoundError, UnreadableDocument: NO_OCR where the models cannot be loaded, what opening says."""
    document = pdf.Pdf(request.path, passwords)
    if not 1 <= request.page <= document.page_count:
        return NoSuchPage()
    try:
        recogniser = _recogniser(request.threads)
    except (OSError, RuntimeError, ImportError) as error:
        raise UnreadableDocument(request.path, Reason.NO_OCR) from error
    return Cut(tuple(passages(clean((recognised(document, request.page, recogniser),)))))


def recognised(document: pdf.Pdf, number: int, recogniser: Recogniser, dots_per_inch: float = DOTS_PER_INCH) -> Page:
    """Page `number` with the lines that are recognised in its picture."""
    picture = document.picture(number, dots_per_inch / 72, OCR_PIXELS)
    grey = np.frombuffer(picture.grey, np.uint8).reshape(picture.height, picture.width)
    return page_of(number, recogniser.text(grey), picture.width, picture.height, picture.scale)


@cache
def _recogniser(threads: int) -> Recogniser:
    files = installed()
    if files is None:
        raise ImportError("rapidocr")
    return Recogniser(files, threads)
