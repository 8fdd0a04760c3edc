"""From RTF's groups and control words to blocks. (Rich Text Format specification 1.9.1.)

striprtf was tried: it breaks every Chinese character whose second byte is a letter, and knows no headings.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, replace
from enum import Enum, auto

from engine.documents.blocks import Block
from engine.documents.characters import tidy
from engine.documents.records import told

_TOKEN = re.compile(
    rb"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,9})?\d* ?|\\'(?P<hex>[0-9a-fA-F]{2})|\\(?P<sign>.)"
    rb"|(?P<brace>[{}])|[\r\n\x00]+|(?P<text>[^\\{}\r\n\x00]+)|\\",
    re.DOTALL,
)
_DEPTH = 5_000  # of groups within groups
_CODE_PAGES = {  # of a font's character set
    77: "mac_roman",
    78: "shift_jis",
    79: "euc_kr",
    80: "gb18030",
    81: "big5",
    128: "cp932",
    129: "cp949",
    130: "johab",
    134: "gb18030",
    136: "cp950",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
    255: "cp850",
}
_WORDS = {
    "tab": "\t",
    "emdash": "—",
    "endash": "–",
    "emspace": " ",
    "enspace": " ",
    "qmspace": " ",
    "bullet": "•",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
}
_SIGNS = {"~": " ", "_": "-", "{": "{", "}": "}", "\\": "\\"}
_ENDS = frozenset(("par", "sect", "page", "column"))
# What is not the text: set apart without the \* that marks newer ones.
_SET_APART = frozenset(
    """
    annotation atnauthor atndate atnicn atnid atnparent atnref atntime atrfend atrfstart author bkmkend bkmkstart
    buptim colortbl comment company creatim doccomm docvar filetbl fldinst footer footerf footerl footerr fontemb ftncn
    ftnsep ftnsepc aftncn aftnsep aftnsepc generator header headerf headerl headerr hlinkbase keycode keywords listtable
    listoverridetable manager nonshppict nonesttables objalias objclass objdata objname objsect objtime operator pict
    printim private revtbl revtim rsidtbl rxe shprslt subject tc template themedata txe upr userprops xe
    """.split()
)
_HEADING = re.compile(r"(?:heading|标题|標題|überschrift|titre)\s*\d|title$|标题$|標題$", re.IGNORECASE)


class _Sink(Enum):
    """Where the words of a group go."""

    BODY = auto()
    NOTE = auto()
    TITLE = auto()
    FONTS = auto()
    STYLES = auto()
    INFO = auto()
    NOWHERE = auto()


@dataclass(frozen=True, slots=True)
class _State:
    """What a group inherits and may change for itself."""

    sink: _Sink = _Sink.BODY
    encoding: str = ""  # of the font in use; "": the document's
    skip: int = 1  # characters after \\u that stand for it in older programs
    hidden: bool = False


class Rtf:
    """`blocks` and `title` of one file. Raises ValueError when its groups are nested beyond sense."""

    def __init__(self, data: bytes) -> None:
        self.title = ""
        self.blocks: list[Block] = []
        self._encoding = "cp1252"
        self._fonts: dict[int, str] = {}
        self._headings: set[int] = set()  # numbers of styles
        self._font = self._style = 0  # whose definition is being read
        self._state = _State()
        self._stack: list[_State] = []
        self._marked = False  # \\* came just before
        self._to_skip = 0
        self._bytes = bytearray()  # of the words at hand, not yet decoded
        self._words: list[str] = []
        self._notes: list[str] = []
        self._defined: list[str] = []  # words of a style's name
        self._in_table = self._is_heading = False
        self._gap = True
        self._cells: list[str] = []
        self._rows: list[list[str]] = []
        self._read(data)
        self._paragraph()
        self._table()
        self.title = _whole(self.title)

    def _read(self, data: bytes) -> None:
        place = 0
        while match := _TOKEN.match(data, place):
            place = match.end()
            if match["text"] is not None:
                self._take(match["text"])
            elif match["hex"]:
                self._take(bytes((int(match["hex"], 16),)))
            elif match["word"]:
                number = int(match["number"]) if match["number"] else None
                if match["word"] == b"bin":
                    place += max(number or 0, 0)
                else:
                    self._word(match["word"].decode(), number)
            elif match["sign"]:
                self._sign(match["sign"].decode("latin-1"))
            elif match["brace"] and not self._brace(match["brace"] == b"{"):
                return

    def _brace(self, opens: bool) -> bool:
        """False once the document has ended."""
        self._decode()
        self._to_skip, self._marked = 0, False
        if opens:
            if len(self._stack) >= _DEPTH:
                raise ValueError("groups within groups")
            self._stack.append(self._state)
            return True
        if self._state.sink is _Sink.STYLES and self._defined:
            self._name_style()
        if self._stack:
            self._state = self._stack.pop()
        return bool(self._stack)

    def _word(self, word: str, number: int | None) -> None:
        self._decode()
        marked, self._marked = self._marked, False
        if word == "u" and number is not None:
            self._say(chr(number % 0x10000))
            self._to_skip = self._state.skip
            return
        if self._to_skip:
            self._to_skip -= 1
        if word == "ansicpg" and number:
            self._encoding = _known(f"cp{number}") or self._encoding
        elif word == "uc":
            self._state = replace(self._state, skip=min(max(number or 0, 0), 16))
        elif word in ("v", "deleted", "htmlrtf"):
            self._state = replace(self._state, hidden=number != 0)
        elif word == "plain":
            self._state = replace(self._state, hidden=False)
        elif not self._turn(word, marked):
            if self._state.sink in (_Sink.FONTS, _Sink.STYLES):
                self._define(word, number)
            else:
                self._set(word, number)

    def _turn(self, word: str, marked: bool) -> bool:
        """Whether the word says where its group's words go."""
        inner = {"fonttbl": _Sink.FONTS, "stylesheet": _Sink.STYLES, "info": _Sink.INFO}.get(word)
        if word in ("shptxt", "ud"):
            inner = _Sink.BODY  # text boxes, and Unicode for newer programs, within what others leave out
        elif word == "title" and self._state.sink is _Sink.INFO:
            inner = _Sink.TITLE
        elif word in ("footnote", "endnote") and self._state.sink is _Sink.BODY:
            inner = _Sink.NOTE
        elif inner is None and (word in _SET_APART or (marked and word not in ("shppict", "cs"))):
            inner = _Sink.NOWHERE
            if self._state.sink in (_Sink.FONTS, _Sink.STYLES) and word not in _SET_APART:
                return False  # definitions are marked, too
        if inner:
            self._state = replace(self._state, sink=inner)
        return inner is not None

    def _define(self, word: str, number: int | None) -> None:
        if self._state.sink is _Sink.FONTS:
            if word == "f":
                self._font = number or 0
            elif word in ("fcharset", "cpg"):
                encoding = _CODE_PAGES.get(number or 0, "") if word == "fcharset" else _known(f"cp{number}")
                if encoding:
                    self._fonts[self._font] = encoding
        elif word == "s":
            self._style = number or 0
        elif word == "outlinelevel" and (number or 0) < 9:
            self._headings.add(self._style)

    def _name_style(self) -> None:
        if _HEADING.match(_whole("".join(self._defined)).strip(" ;")):
            self._headings.add(self._style)
        self._defined.clear()
        self._style = -1

    def _set(self, word: str, number: int | None) -> None:
        if word in _WORDS:
            self._say(_WORDS[word])
        elif word == "f":
            self._state = replace(self._state, encoding=self._fonts.get(number or 0, ""))
        elif self._state.sink is _Sink.NOTE and word in _ENDS:
            self._say(" ")
        elif self._state.sink is _Sink.BODY:
            self._lay_out(word, number)

    def _lay_out(self, word: str, number: int | None) -> None:
        if word in ("cell", "nestcell"):
            self._cells.append(self._taken())
        elif word in ("row", "nestrow"):
            self._rows.append(self._cells)
            self._cells = []
        elif word in _ENDS:
            self._words.append(" ") if self._in_table else self._paragraph()
        elif word == "line":
            self._words.append(" ") if self._in_table else self._paragraph(gap=False)
        elif word == "pard":
            self._in_table = self._is_heading = False
        elif word == "intbl":
            self._in_table = True
        elif word == "s":
            self._is_heading = (number or 0) in self._headings
        elif word == "outlinelevel":
            self._is_heading = (number or 0) < 9

    def _sign(self, sign: str) -> None:
        if sign == "*":
            self._marked = True
        elif sign in "\r\n":
            self._word("par", None)
        elif sign in _SIGNS:
            self._take(_SIGNS[sign].encode())

    def _take(self, data: bytes) -> None:
        """Bytes of text, in the encoding of their font. A character may end in a byte that is written as a letter."""
        skipped = min(self._to_skip, len(data))
        self._to_skip -= skipped
        if self._state.sink is not _Sink.NOWHERE:
            self._bytes += data[skipped:]

    def _decode(self) -> None:
        if self._bytes:
            text = self._bytes.decode(self._state.encoding or self._encoding, "replace")
            self._bytes.clear()
            self._say(text)

    def _say(self, text: str) -> None:
        state = self._state
        if state.sink is _Sink.BODY and not state.hidden:
            self._words.append(text)
        elif state.sink is _Sink.NOTE and not state.hidden:
            self._notes.append(text)
        elif state.sink is _Sink.TITLE:
            self.title += text
        elif state.sink is _Sink.STYLES:
            self._defined.append(text)

    def _taken(self) -> str:
        text = tidy(_whole("".join(self._words)))
        self._words.clear()
        return text

    def _paragraph(self, gap: bool = True) -> None:
        """End the paragraph at hand; `gap` says whether the next one begins something new."""
        self._decode()
        text = self._taken()
        if text:
            self._table()
            self.blocks.append(Block(text, self._is_heading, self._gap))
            self._gap = True
        note = tidy(_whole("".join(self._notes)))
        self._notes.clear()
        if note:
            self.blocks.append(Block(note))
        self._gap = self._gap and gap

    def _table(self) -> None:
        rows = [*self._rows, *([self._cells] if self._cells else [])]
        self._rows, self._cells = [], []
        if rows:
            self.blocks += [Block(line) for line in told(rows) if line]
            self._gap = True


def _known(name: str) -> str:
    try:
        return {"gbk": "gb18030"}.get(codecs.lookup(name).name, name)
    except LookupError:
        return {"cp65001": "utf-8", "cp10000": "mac_roman"}.get(name, "")


def _whole(text: str) -> str:
    """Characters beyond 16 bits come in two halves."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
