"""Text as it is kept: composed (NFC, so that quotes stay word for word), without what no reader can see."""

from __future__ import annotations

import re
import unicodedata

# Control characters, lone surrogates, private use, blanks of no width. U+FFFD stays out too: a font without a mapping.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\uffff"
    "\ud800-\udfff\ue000-\uf8ff\U000f0000-\U0010ffff]"
)
_BLANKS = re.compile(r"[\s\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
# What Word's Symbol and Wingdings bullets become.
_BULLETS = str.maketrans(dict.fromkeys("\uf0b7\uf0a7\uf06c\uf06e\uf075\uf0d8\uf0fc\uf09f", "•"))
# Chinese printed by some programs comes back as radicals that only look like the characters (⽂ for 文).
_RADICALS = {
    code: unicodedata.normalize("NFKC", chr(code))
    for code in (*range(0x2F00, 0x2FD6), 0x2E9F, 0x2EF3)
    if unicodedata.normalize("NFKC", chr(code)) != chr(code)
}
_RADICALS |= {
    ord(a): b
    for a, b in zip("⺠⻓⻢⻔⻋⻉⻅⻛⻜⻝⻥⻦⻩⻬⻰⻚⺟⻄", "民长马门车贝见风飞食鱼鸟黄齐龙页母西", strict=True)
}
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "ft", "ﬆ": "st"})
_REPLACED = _BULLETS | _LIGATURES | _RADICALS
_WRITTEN_BY = re.compile(r"^Microsoft (?:Word|PowerPoint|Excel) - ", re.IGNORECASE)
_FILE_NAME = re.compile(
    r"\.(?:do[ct][xm]?|pp[ts][xm]?|pot[xm]?|xl[st][xmb]?|od[tsp]|wps|pdf|dvi|fm|indd|tex|rtf|qxd|txt|eps|ai|md|html?|ps|"
    r"wpd)$",
    re.IGNORECASE,
)
_NO_TITLE = frozenset(
    ("untitled", "untitled document", "powerpoint presentation", "new output", "title", "none", "null", "无标题")
)


def tidy(text: str) -> str:
    """`text` on one line, composed, blanks single, without characters that nobody sees."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    text = text.translate(_REPLACED)
    return unicodedata.normalize("NFC", _BLANKS.sub(" ", _UNSEEN.sub("", text))).strip()


def clean_title(raw: str) -> str:
    """The title in a file's own data, or "" where a program has only put a file's name or nothing there."""
    title = tidy(_WRITTEN_BY.sub("", _from_gbk(raw).strip()))
    if _FILE_NAME.search(title) or title.lower() in _NO_TITLE:
        return ""
    return title if len(title.encode()) > 3 else ""


def _from_gbk(raw: str) -> str:
    """Some Chinese programs write GBK where the PDF standard wants UTF-16: undo its reading as Latin-1."""
    if sum("\x80" <= character <= "\xff" for character in raw) * 2 < len(raw):
        return raw
    try:
        text = raw.encode("latin-1").decode("gb18030")
    except UnicodeError:
        return raw
    return text if any("\u4e00" <= character <= "\u9fff" for character in text) else raw
