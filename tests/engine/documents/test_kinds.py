from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

from engine.documents.kinds import Kind, kind_of
from engine.documents.opening import _MODULES
from engine.errors import Code
from engine.texts import say

# Every kind, by the word of the sentence that says what can be read.
NAMES = {
    Kind.PDF: "PDF",
    Kind.OFFICE: "Word",
    Kind.SHEET: "Excel",
    Kind.TABLE: "CSV",
    Kind.TEXT: ("plain text", "纯文本"),
    Kind.MARKDOWN: "Markdown",
    Kind.LATEX: "LaTeX",
    Kind.RESTRUCTURED: ("plain text", "纯文本"),
    Kind.ORG: ("plain text", "纯文本"),
    Kind.ASCIIDOC: ("plain text", "纯文本"),
    Kind.SUBTITLES: ("subtitles", "字幕"),
    Kind.CODE: ("source code", "源代码"),
    Kind.NOTEBOOK: "Jupyter",
    Kind.WEB_PAGE: ("web pages", "网页"),
    Kind.WEB_ARCHIVE: ("web pages", "网页"),
    Kind.EPUB: "EPUB",
    Kind.RTF: "RTF",
    Kind.MAIL: ("mails", "邮件"),
    Kind.OUTLOOK: ("mails", "邮件"),
    Kind.MAILBOX: ("mails", "邮件"),
}


@pytest.mark.parametrize("kind", Kind)
def test_people_are_told_of_every_kind(kind: Kind) -> None:
    name = NAMES[kind]
    english, chinese = (name, name) if isinstance(name, str) else name
    assert english in say(Code.NOT_A_DOCUMENT, "en", path="x")
    assert chinese in say(Code.NOT_A_DOCUMENT, "zh", path="x")


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.PDF])
def test_every_kind_has_a_module_that_opens_it(kind: Kind) -> None:
    assert callable(import_module(f"engine.documents.{_MODULES[kind]}").open_document)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.PDF", Kind.PDF),
        ("报告（终稿）.Docx", Kind.OFFICE),
        ("a.tar.gz", None),
        ("a.zip", None),
        ("README", None),
        (".py", None),
        ("page.min.js", Kind.CODE),
        ("a.html", Kind.WEB_PAGE),
        ("a.h", Kind.CODE),
    ],
)
def test_a_kind_is_told_by_the_name(name: str, kind: Kind | None) -> None:
    assert kind_of(Path(name)) is kind
