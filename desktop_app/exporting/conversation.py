"""A conversation as a document of its own: Markdown, a web page or a PDF, each answer with its sources."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale, QMarginsF
from PySide6.QtGui import QFont, QPageLayout, QPageSize, QPdfWriter, QTextDocument
from PySide6.QtWidgets import QApplication

from desktop_app import language, scopes, wording
from desktop_app.exporting.hypertext import html_of
from engine.errors import BrokenInstallation, Code
from engine.types import Citation, Exchange

DOTS_AN_INCH = 1200
FONT_POINTS = 10.5
MARGIN_MM = 20

STYLE = """
body { font-family: system-ui, "Noto Sans", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; line-height: 1.55;
       max-width: 46rem; margin: 3rem auto; padding: 0 1rem; color: #16181d; background: #fff; }
h2 { margin-top: 2.4rem; font-size: 1.15rem; }
.when, .of { color: #5b626d; font-size: 0.9rem; }
blockquote { margin: 0.8rem 0; padding: 0.2rem 1rem; border-left: 3px solid #2a5be8; background: #f7f7f8; }
pre { background: #eff1f5; padding: 0.8rem; white-space: pre-wrap; }
code { background: #eff1f5; padding: 0 0.2rem; }
table { border-collapse: collapse; } th, td { border: 1px solid #e1e4e9; padding: 0.3rem 0.6rem; text-align: left; }
.sources { font-size: 0.9rem; } .sources q { color: #5b626d; }
sup a { text-decoration: none; }
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is exported."""

    title: str
    exchanges: Sequence[Exchange]


def write(path: Path, kept: Kept) -> None:
    """By the ending of its name: .md, .html or .pdf. Raises BrokenInstallation(CANNOT_WRITE)."""
    try:
        if path.suffix.lower() == ".pdf":
            _write_pdf(path, kept)
        else:
            text = as_html(kept) if path.suffix.lower() in (".html", ".htm") else as_markdown(kept)
            path.write_text(text, "utf-8", errors="replace")
    except OSError as error:
        raise BrokenInstallation(Code.CANNOT_WRITE, path=str(path), why=error.strerror or str(error)) from error


def as_markdown(kept: Kept) -> str:
    return "\n".join(_markdown(kept)).rstrip() + "\n"


def as_html(kept: Kept) -> str:
    body = "\n".join(_html(kept))
    head = f'<meta charset="utf-8"><title>{escape(kept.title)}</title><style>{STYLE}</style>'
    return f'<!doctype html>\n<html lang="{language.current()}"><head>{head}</head><body>\n{body}\n</body></html>\n'


def _markdown(kept: Kept) -> Iterator[str]:
    yield f"# {_one_line(kept.title)}\n"
    for exchange in kept.exchanges:
        yield f"## {_one_line(exchange.question)}\n"
        yield f"*{_when(exchange)}*\n"
        if of := scopes.sentence(exchange.scope):
            yield f"*{of}*\n"
        if exchange.answer is None:
            yield f"{_no_answer()}\n"
            continue
        yield exchange.answer.text.strip() + "\n"
        if exchange.answer.citations:
            yield f"**{_sources()}**\n"
            for one in exchange.answer.citations:
                yield f"- [{one.number}] {_one_line(wording.source(one))}: “{_one_line(one.quote)}”  "
                yield f"  `{one.path}`"
            yield ""


def _html(kept: Kept) -> Iterator[str]:
    yield f"<h1>{escape(kept.title)}</h1>"
    for number, exchange in enumerate(kept.exchanges, 1):
        yield f"<h2>{escape(exchange.question)}</h2>"
        yield f'<p class="when">{escape(_when(exchange))}</p>'
        if of := scopes.sentence(exchange.scope):
            yield f'<p class="of">{escape(of)}</p>'
        if exchange.answer is None:
            yield f"<p>{escape(_no_answer())}</p>"
            continue
        known = {str(one.number) for one in exchange.answer.citations}
        yield html_of(exchange.answer.text, lambda sign, number=number, known=known: _mark(number, sign, known))
        if exchange.answer.citations:
            yield f'<div class="sources"><p><strong>{escape(_sources())}</strong></p><ol>'
            yield from (_source(number, one) for one in exchange.answer.citations)
            yield "</ol></div>"


def _mark(exchange: int, sign: str, known: set[str]) -> str:
    if sign not in known:
        return f" [{sign}]"
    return f'<sup><a href="#s{exchange}-{sign}">[{sign}]</a></sup>'


def _source(exchange: int, one: Citation) -> str:
    quote = escape(_one_line(one.quote))
    place = f"{escape(wording.source(one))}<br><q>{quote}</q><br><code>{escape(str(one.path))}</code>"
    return f'<li value="{one.number}"><a name="s{exchange}-{one.number}" id="s{exchange}-{one.number}"></a>{place}</li>'


def _write_pdf(path: Path, kept: Kept) -> None:
    with path.open("ab"):  # the writer says nothing of a place that cannot be written
        pass
    writer = QPdfWriter(str(path))
    writer.setTitle(kept.title)
    writer.setCreator("Inkstone")
    writer.setResolution(DOTS_AN_INCH)
    writer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4),
            QPageLayout.Orientation.Portrait,
            QMarginsF(MARGIN_MM, MARGIN_MM, MARGIN_MM, MARGIN_MM),
            QPageLayout.Unit.Millimeter,
        )
    )
    document = QTextDocument()
    font = QFont(QApplication.font())
    font.setPointSizeF(FONT_POINTS)
    document.setDefaultFont(font)
    document.setHtml(as_html(kept).replace(f"<style>{STYLE}</style>", f"<style>{_PRINTED}</style>"))
    document.print_(writer)


_PRINTED = """
h1 { font-size: 17pt; } h2 { font-size: 13pt; margin-top: 18pt; }
.when, .of, .sources { font-size: 9pt; } .when, .of, q { color: #5b626d; }
blockquote { background-color: #f7f7f8; } pre, code { background-color: #eff1f5; } a { color: #2a5be8; }
"""


def _when(exchange: Exchange) -> str:
    return QLocale().toString(QDateTime.fromMSecsSinceEpoch(exchange.asked_ms), QLocale.FormatType.LongFormat)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _sources() -> str:
    return QCoreApplication.translate("Exporting", "Sources")


def _no_answer() -> str:
    return QCoreApplication.translate("Exporting", "This question was not answered.")
