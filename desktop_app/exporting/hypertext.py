"""An answer's Markdown as HTML that says what things are, and nothing of how they look."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape

from PySide6.QtGui import QTextBlock, QTextDocument, QTextFrame, QTextListFormat, QTextTable

from desktop_app.widgets.markdown import FEATURES, JOINER, MARK, guarded, is_code, is_quote

Link = Callable[[str], str]  # what stands between the brackets of a mark → the HTML that stands for it


def html_of(markdown: str, link: Link) -> str:
    document = QTextDocument()
    document.setMarkdown(guarded(markdown), FEATURES)
    return "\n".join(_parts(document.rootFrame(), link))


def _parts(frame: QTextFrame, link: Link) -> Iterator[str]:
    """The HTML of everything within a frame, in order."""
    opened: list[str] = []  # what has to be closed before something else comes
    step = frame.begin()
    while not step.atEnd():
        inner, block = step.currentFrame(), step.currentBlock()
        if isinstance(inner, QTextTable):
            yield from _closed(opened, 0)
            yield _table(inner, link)
        elif block.isValid():
            yield from _block(block, opened, link)
        step += 1
    yield from _closed(opened, 0)


def _block(block: QTextBlock, opened: list[str], link: Link) -> Iterator[str]:
    wanted = _around(block)
    for level, name in enumerate(opened[: len(wanted) - 1]):
        if {name, wanted[level]} == {"ol", "ul"}:  # the list that a deeper one stands in may be of the other kind
            wanted[level] = name
    same = 0
    while same < min(len(opened), len(wanted)) and opened[same] == wanted[same]:
        same += 1
    yield from _closed(opened, same)
    for name in wanted[same:]:
        opened.append(name)
        yield f"<{name}>"
    if is_code(block):
        yield escape(block.text())
    elif block.textList() is not None:
        yield f"<li>{_inline(block, link)}</li>"
    elif level := block.blockFormat().headingLevel():
        yield f"<h{level + 2}>{_inline(block, link)}</h{level + 2}>"  # below those of the conversation
    elif block.text().strip():
        yield f"<p>{_inline(block, link)}</p>"


def _around(block: QTextBlock) -> list[str]:
    """The elements that a block stands in."""
    if is_code(block):
        return ["pre"]
    made = ["blockquote"] if is_quote(block) else []
    if (listed := block.textList()) is not None:
        numbered = listed.format().style() == QTextListFormat.Style.ListDecimal
        made += ["ol" if numbered else "ul"] * max(1, listed.format().indent())
    return made


def _closed(opened: list[str], down_to: int) -> Iterator[str]:
    while len(opened) > down_to:
        yield f"</{opened.pop()}>"


def _table(table: QTextTable, link: Link) -> str:
    rows = []
    for row in range(table.rows()):
        tag = "td" if row else "th"
        cells = (table.cellAt(row, column).firstCursorPosition().block() for column in range(table.columns()))
        made = (f"<{tag}>{_inline(block, link, bold=row > 0)}</{tag}>" for block in cells)
        rows.append(f"<tr>{''.join(made)}</tr>")
    return "<table>" + "".join(rows) + "</table>"


def _inline(block: QTextBlock, link: Link, bold: bool = True) -> str:
    """`bold`: whether what stands out is marked; in a heading everything does."""
    made = ""
    step = block.begin()
    while not step.atEnd():
        fragment = step.fragment()
        plain, look = escape(fragment.text()), fragment.charFormat()
        if look.fontFixedPitch():
            made += f"<code>{plain}</code>"
        else:
            text = MARK.sub(lambda found: link(found[1]), plain)
            text = f"<em>{text}</em>" if look.fontItalic() else text
            stands_out = bold and look.fontWeight() > 500 and not block.blockFormat().headingLevel()
            made += f"<strong>{text}</strong>" if stands_out else text
        step += 1
    return made.replace(JOINER, "").replace("\u2028", "<br>")
