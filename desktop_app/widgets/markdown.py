"""An answer's Markdown in a text document: set, restyled, and its citation marks made links.

Everything that Qt's own Markdown leaves plain is given its look here: headings, tables, quotes, code, links.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from PySide6.QtGui import (
    QColor,
    QFont,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextLength,
    QTextTable,
)

from desktop_app import theme
from desktop_app.widgets.citation_mark import PLACEHOLDER

FEATURES = QTextDocument.MarkdownFeature.MarkdownDialectGitHub | QTextDocument.MarkdownFeature.MarkdownNoHTML
QUOTE_INDENT = 18
CODE_INDENT = 12
LINE_HEIGHT = 132  # percent
JOINER = "\u2060"  # takes no room, and no line ends at it
_FULL_WIDTH = tuple("。！？；：，、）》」』")
_CODE_OR_FORMULA = re.compile(
    r"(?P<code>```.*?(?:```|\Z)|`[^`\n]*`)|\$\$.+?\$\$|(?<![\w$])\$(?=\S)[^$\n]+?(?<=\S)\$(?!\w)|\\\(.+?\\\)", re.DOTALL
)
_SIGNS = re.compile(r"[\\*_`~<\[\]]")
_MAY_BE_LIST = re.compile(r"\s|[-*+](\s|$)|\d{1,9}([.)]|$)")
_PLAIN = re.compile(
    r"(?:[^\W_]|[ ,.;:?!'\"()，。；：？！、（）“”‘’%-])*"
)  # signs that Markdown leaves alone within a line
_ENDS_PLAIN = re.compile(r"(?:[^\W_]|[,;:，。；：、])$")
MARK = re.compile(r"[ \u00a0]?\[(\d{1,3}|\?)\]")

Marks = Mapping[str, QTextCharFormat]  # what stands between the brackets → the mark that is drawn instead


class StreamingMarkdown:
    """Markdown that arrives in pieces, in one document.

    What is settled stays; behind it, plain words are put in as they are, and all else sets the rest anew.
    """

    def __init__(self, document: QTextDocument) -> None:
        self._document = document
        self._shown = ""
        self._marks: Marks = {}
        self._settled = 0  # characters of the text that are in the document for good
        self._tail = 0  # position in the document where the rest begins

    def show(self, text: str, marks: Marks, finished: bool = False) -> None:
        """Show the text so far; `finished` with the last of it, which need not be what was shown before."""
        before, goes_on = self._shown, self._goes_on(text, marks)
        self._shown, self._marks = text, marks
        if not goes_on or (finished and not self._settled):
            self._set_whole(text, marks)
        elif before != text and (finished or not self._put_plain(before, text)):
            self._set_rest(text, marks)

    def forget(self) -> None:
        """What is shown next is set as a whole: the looks have changed."""
        self._shown = ""

    def _goes_on(self, text: str, marks: Marks) -> bool:
        """Whether what is shown can stay, and is only added to."""
        same = all(marks.get(sign) == made for sign, made in self._marks.items())
        return bool(self._shown) and text.startswith(self._shown) and same

    def _set_whole(self, text: str, marks: Marks) -> None:
        self._document.setMarkdown(guarded(text), FEATURES)
        with _together(self._document):
            restyle(self._document, marks, 0)
        self._settled = self._tail = 0

    def _set_rest(self, text: str, marks: Marks) -> None:
        boundary = self._settled + settled_length(text[self._settled :])
        if not self._settled:
            self._set_whole(text[:boundary] or text, marks)
        if not boundary:
            return
        with _together(self._document):
            if self._settled and boundary > self._settled:
                self._replace_tail(text[self._settled : boundary], marks)
            if boundary > self._settled:
                self._settled = boundary
                self._tail = self._document.characterCount() - 1
            self._replace_tail(text[self._settled :], marks)

    def _put_plain(self, before: str, text: str) -> bool:
        """Put in what only goes on with the words of a line, as nearly every piece does; says whether it was that."""
        line, drawn = before[before.rfind("\n") + 1 :].lstrip(), before.rstrip(" ")
        added = text[len(drawn) :].rstrip(" ")
        if not line or line[0] in "|#" or not _ENDS_PLAIN.search(drawn) or not _PLAIN.fullmatch(added):
            return False
        cursor = QTextCursor(self._document)
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText(added)
        return True

    def _replace_tail(self, text: str, marks: Marks) -> None:
        cursor = QTextCursor(self._document)
        cursor.setPosition(self._tail)
        cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()
        if text.strip():
            # the first block of what is inserted takes the look of the block where it is put: it is one to be deleted
            cursor.insertMarkdown(f"{JOINER}\n\n{guarded(text)}", FEATURES)
            cursor.setPosition(self._tail)
            cursor.deleteChar()
        restyle(self._document, marks, self._tail)


@contextmanager
def _together(document: QTextDocument) -> Iterator[None]:
    """Many changes of a document, laid out once."""
    cursor = QTextCursor(document)
    cursor.beginEditBlock()
    try:
        yield
    finally:
        cursor.endEditBlock()


def settled_length(text: str) -> int:
    """How much of a growing Markdown text will not change its meaning: up to the last blank line outside fences
    after which something begins that is no part of a list.
    """
    length = position = blank = 0
    fenced = False
    for line in text.splitlines(keepends=True):
        if blank and line.strip() and not _MAY_BE_LIST.match(line):
            length = blank
        if line.strip():
            blank = 0
        position += len(line)
        if line.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
        elif not fenced and not line.strip() and line.endswith("\n"):
            blank = position
    return length


def restyle(document: QTextDocument, marks: Marks, start: int) -> None:
    """Give everything from position `start` on its look, and turn the known marks into links."""
    tokens = theme.current()
    for block in _blocks(document, start):
        _style_block(block)
        _style_characters(block, tokens)
    for frame in document.rootFrame().childFrames():
        if isinstance(frame, QTextTable) and frame.lastPosition() >= start:
            _style_table(frame, tokens)
    _link_marks(document, marks, start)


def is_quote(block: QTextBlock) -> bool:
    return block.blockFormat().intProperty(QTextFormat.Property.BlockQuoteLevel) > 0


def is_code(block: QTextBlock) -> bool:
    made = block.blockFormat()
    fenced = made.hasProperty(QTextFormat.Property.BlockCodeFence)
    return fenced or made.hasProperty(QTextFormat.Property.BlockCodeLanguage)


def _blocks(document: QTextDocument, start: int) -> Iterator[QTextBlock]:
    block = document.findBlock(start)
    while block.isValid():
        yield block
        block = block.next()


def _style_block(block: QTextBlock) -> None:
    made = block.blockFormat()
    made.clearProperty(QTextFormat.Property.BackgroundBrush)
    if is_code(block):
        made.setLeftMargin(CODE_INDENT)
        made.setRightMargin(CODE_INDENT)
        made.setTopMargin(0 if is_code(block.previous()) else 14)
        made.setBottomMargin(0 if is_code(block.next()) else 14)
        made.setNonBreakableLines(False)
    elif is_quote(block):
        made.setLeftMargin(QUOTE_INDENT)
        made.setRightMargin(CODE_INDENT)
        made.setTopMargin(14)
        made.setBottomMargin(14)
        made.setLineHeight(LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    else:
        first = not block.previous().isValid()
        made.setTopMargin(0 if first else 4)
        made.setBottomMargin(4)
        made.setLineHeight(LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    QTextCursor(block).setBlockFormat(made)


def _style_characters(block: QTextBlock, tokens: theme.Tokens) -> None:
    level = block.blockFormat().headingLevel()
    for start, length, made in list(_fragments(block)):
        changed = QTextCharFormat(made)
        changed.clearProperty(QTextFormat.Property.FontSizeAdjustment)
        changed.clearProperty(QTextFormat.Property.BackgroundBrush)
        changed.setForeground(QColor(tokens.text))
        if made.isAnchor():  # a link out of a document is never followed
            changed.setAnchor(False)
            changed.clearProperty(QTextFormat.Property.AnchorHref)
            changed.setFontUnderline(False)
        if made.isImageFormat():
            changed = QTextCharFormat()
        if made.fontFixedPitch() and not is_code(block):
            changed.setBackground(QColor(tokens.code))
        if made.fontItalic():  # there are no Chinese italics, and slanted ones look broken
            changed.setFontItalic(False)
            changed.setFontWeight(QFont.Weight.Medium)
        if level:
            changed.setProperty(QTextFormat.Property.FontPixelSize, theme.scaled({1: 19, 2: 17}.get(level, 15)))
        cursor = QTextCursor(block)
        cursor.setPosition(start)
        cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
        cursor.setCharFormat(changed)


def _fragments(block: QTextBlock) -> Iterator[tuple[int, int, QTextCharFormat]]:
    iterator = block.begin()
    while not iterator.atEnd():
        fragment = iterator.fragment()
        yield fragment.position(), fragment.length(), fragment.charFormat()
        iterator += 1


def _style_table(table: QTextTable, tokens: theme.Tokens) -> None:
    made = table.format()
    made.setBorderCollapse(True)
    made.setBorder(1)
    made.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    made.setBorderBrush(QColor(tokens.border))
    made.setCellPadding(6)
    made.setCellSpacing(0)
    made.setTopMargin(8)
    made.setBottomMargin(8)
    made.setWidth(QTextLength())
    table.setFormat(made)


def guarded(text: str) -> str:
    """The text with what Markdown must leave alone: formulas, and brackets that are escaped.

    An escaped bracket belongs to the text: when Markdown has taken the escape away it must not look like a mark.
    """
    return _CODE_OR_FORMULA.sub(_as_it_is, text).replace("\\[", "\\[" + JOINER)


def _as_it_is(found: re.Match[str]) -> str:
    """A formula is shown as it is written: its stars and underscores set nothing in italics."""
    return found[0] if found["code"] else _SIGNS.sub(r"\\\g<0>", found[0])


def _link_marks(document: QTextDocument, marks: Marks, start: int) -> None:
    for block in _blocks(document, start):
        if is_code(block):
            continue
        for found in reversed(list(MARK.finditer(block.text()))):
            mark = marks.get(found[1])
            if mark is None:
                continue
            cursor = QTextCursor(document)
            cursor.setPosition(block.position() + _utf16(block.text()[: found.start()]))
            cursor.setPosition(block.position() + _utf16(block.text()[: found.end()]), QTextCursor.MoveMode.KeepAnchor)
            plain = cursor.charFormat()
            if plain.fontFixedPitch():  # code within a line
                continue
            cursor.insertText(_joint(block.text(), found.start(), found[0]), plain)
            cursor.insertText(PLACEHOLDER, mark)


def _joint(text: str, at: int, mark: str) -> str:
    """What stands between the words and their mark, which never starts a line: full-width signs bring their blank."""
    if text[max(0, at - 1) : at] in _FULL_WIDTH:
        return JOINER
    return "\u00a0" if mark[0] != "[" else ""


def _utf16(text: str) -> int:
    """How many positions of a text document a string takes."""
    return len(text) + sum(char > "\uffff" for char in text)
