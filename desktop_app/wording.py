"""Small texts that several parts of the window share. Every one goes through the translations."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import QCoreApplication, QLocale, QObject

from desktop_app import language
from desktop_app.bridge import Failure
from engine.errors import Code
from engine.texts import say_error, say_reason
from engine.types import Citation, Reason, Standing, Unit

TIP_LENGTH = 420  # characters of a passage
TIP_WIDTH = 380  # pixels


def number(value: int) -> str:
    return QLocale().toString(value)


def place(unit: Unit, page: int, label: str = "") -> str:
    """Where in a document: "p. 2", "line 12", "row Sales!14" where people call the place so."""
    return _places()[unit].format(number=label or number(page))


def _places() -> dict[Unit, str]:
    return {
        Unit.PAGE: QCoreApplication.translate("Wording", "p. {number}"),
        Unit.LINE: QCoreApplication.translate("Wording", "line {number}"),
        Unit.PARAGRAPH: QCoreApplication.translate("Wording", "paragraph {number}"),
        Unit.SLIDE: QCoreApplication.translate("Wording", "slide {number}"),
        Unit.ROW: QCoreApplication.translate("Wording", "row {number}"),
        Unit.SECTION: QCoreApplication.translate("Wording", "{number}"),
        Unit.CELL: QCoreApplication.translate("Wording", "cell {number}"),
    }


def source(citation: Citation) -> str:
    """A citation's document and place: "backup.md · line 12"."""
    return f"{citation.path.name} · {place(citation.unit, citation.page, citation.label)}"


def passage_tip(citation: Citation, standing: Standing = Standing.FRESH) -> str:
    """What a citation's mark shows when the mouse or the keyboard is on it: its source, and the words themselves."""
    quote = " ".join(citation.quote.split())
    shown = quote if len(quote) <= TIP_LENGTH else quote[:TIP_LENGTH].rstrip() + "…"
    told = f"<p><i>{escape(stale(standing))}</i></p>" if standing is not Standing.FRESH else ""
    # a table of one cell is the only thing that Qt's tool tips keep to a width
    return (
        f'<table width="{TIP_WIDTH}"><tr><td><p><b>{escape(source(citation))}</b></p>'
        f"<p>{escape(shown)}</p>{told}</td></tr></table>"
    )


def stale(standing: Standing) -> str:
    """What became of a citation's document; "" where its words still stand in it."""
    if standing is Standing.CHANGED:
        return QCoreApplication.translate(
            "Wording", "This file was changed after it was cited, and these words are no longer in it."
        )
    if standing is Standing.GONE:
        return QCoreApplication.translate("Wording", "This file was deleted or moved after it was cited.")
    return ""


def documents(count: int) -> str:
    return _Counted().documents(count)


def passages(count: int) -> str:
    return _Counted().passages(count)


def time_left(seconds: float | None) -> str:
    """ "about 4 minutes left", or nothing while nothing is known."""
    if seconds is None:
        return ""
    minutes = round(seconds / 60)
    if minutes < 1:
        return QCoreApplication.translate("Wording", "less than a minute left")
    if minutes < 90:
        return _Counted().minutes_left(minutes)
    return _Counted().hours_left(round(minutes / 60))


def duration(seconds: float) -> str:
    """ "12 s" or "3 min"."""
    if seconds < 90:
        return QCoreApplication.translate("Wording", "{count} s").format(count=number(round(seconds)))
    return QCoreApplication.translate("Wording", "{count} min").format(count=number(round(seconds / 60)))


def size(count: int) -> str:
    """Bytes as people read them: "45 MB"."""
    return QLocale().formattedDataSize(count, 1 if count >= 10**9 else 0, QLocale.DataSizeFormat.DataSizeSIFormat)


def languages(codes: Sequence[str]) -> str:
    """ "English, Chinese"; a code that has no name here stands for itself."""
    names = {
        "en": QCoreApplication.translate("Wording", "English"),
        "zh": QCoreApplication.translate("Wording", "Chinese"),
    }
    return QCoreApplication.translate("Wording", ", ").join(names.get(code, code) for code in codes)


def no_support() -> str:
    return QCoreApplication.translate("Wording", "No passage in your documents supports this sentence.")


def unread(what: Failure) -> Reason | None:
    """Why a document could not be read, if that is what went wrong."""
    if what.error is None or what.error.code != Code.UNREADABLE or what.error.facts.get("reason") not in set(Reason):
        return None
    return Reason(what.error.facts["reason"])


def failure(what: Failure) -> str:
    """Why something was not done, as a sentence that says what to do."""
    if reason := unread(what):
        return say_reason(reason, language.current())
    if what.error is not None:
        return say_error(what.error, language.current())
    if what.kind == "bug":
        return QCoreApplication.translate(
            "Wording", "Something went wrong inside Inkstone. The logs in its data folder say more. Please try again."
        )
    return QCoreApplication.translate("Wording", "The engine stopped before it was done. Please try again.")


class _Counted(QObject):
    """Texts with a count: lupdate takes no plural out of `QCoreApplication.translate`."""

    def documents(self, count: int) -> str:
        return self.tr("%Ln document(s)", "", count)

    def passages(self, count: int) -> str:
        return self.tr("%Ln passage(s)", "", count)

    def minutes_left(self, count: int) -> str:
        return self.tr("about %Ln minute(s) left", "", count)

    def hours_left(self, count: int) -> str:
        return self.tr("about %Ln hour(s) left", "", count)
