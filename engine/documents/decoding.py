"""Which encoding a text's bytes are in: its mark tells, else whichever gives the characters that people use.

Nearly any bytes are valid GB18030 or Big5. So candidates are compared by the share of common characters in what comes
out: those of GB 2312's first level and of Big5's (together about 6,700 of 21,000), and their punctuation.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterable, Iterator
from io import BytesIO

_MARKS = (  # UTF-32 first: its little-endian mark begins with UTF-16's
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAMPLE_BYTES = 100_000  # of lines that are not ASCII: as many as are looked at
_COMMON_SHARE = 0.75  # of real Chinese or Japanese text at least; nearly always it is above 0.95
_LOST_SHARE = 0.02  # of the characters beyond ASCII: so many may be damaged
_RUBBISH_SHARE = 0.01  # control characters

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_FOREIGN = re.compile(r"[^\x00-\x7f]")
_KANA = re.compile(r"[\u3040-\u30ff]")
_FOREIGN_BYTES = re.compile(rb"[\x80-\xff]+")


def decode(data: bytes) -> str | None:
    """`data` as text, or None if it is none.

    Known are UTF-8, UTF-16 and UTF-32 with and without a mark, GB18030, Big5, Shift_JIS and Windows' Latin. Single
    damaged bytes become U+FFFD.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _text(data[len(mark) :], encoding)
    text = _strictly(data, "utf-8")
    if text is not None and "\x00" not in text:
        return text if _is_clean(text) else None
    encoding = _encoding_of(data)
    return _text(data, encoding) if encoding else None


def decode_as(data: bytes, declared: str) -> str | None:
    """`data` in the encoding that its document names, if it truly is in that, else as `decode` finds."""
    if data.startswith(tuple(mark for mark, _ in _MARKS)):
        return decode(data)
    wider = _wider(declared)
    modern = _strictly(data, "utf-8")
    if modern is not None and (wider.startswith("cp12") or any(character >= "\u0800" for character in modern)):
        return decode(data)  # what happens to be UTF-8 is that, whatever its document says
    text = _strictly(data, wider) if wider else None
    return text if text is not None and _is_clean(text) else decode(data)


def _wider(declared: str) -> str:
    """Python's name of the encoding that also holds what is written under a narrower name; "" if it knows none."""
    try:
        name = codecs.lookup(declared.strip().strip("\"'")).name
        b"".decode(name)  # raises LookupError where it is no encoding of text
    except (LookupError, ValueError):
        return ""
    return {"gb2312": "gb18030", "gbk": "gb18030", "iso8859-1": "cp1252", "ascii": "utf-8", "shift_jis": "cp932"}.get(
        name, name
    )


def _encoding_of(data: bytes) -> str:
    """The name of the encoding of `data`, which is not wholly UTF-8; "" if there is none."""
    wide = _wide_encoding(data)
    if wide:
        return wide
    if data.count(b"\x00") > len(data) * _RUBBISH_SHARE:
        return ""
    sample = _foreign_lines(data)
    if _is_damaged_utf8(sample):
        return "utf-8"
    foreign = sum(map(len, _FOREIGN_BYTES.findall(data)))
    is_latin = foreign * 3 <= len(data) and _is_latin(sample.decode("cp1252", "replace"))
    if is_latin and _stands_alone(sample):
        return "cp1252"
    eastern = _best(("gb18030", "big5hkscs", "cp932"), sample)
    if eastern or is_latin:
        return eastern or "cp1252"
    if _is_kanji(sample):
        return "cp932"
    # a log of ASCII lines into which other bytes have strayed
    return "utf-8" if foreign * 50 <= len(data) else ""


def _wide_encoding(data: bytes) -> str:
    for name in ("utf-32-le", "utf-32-be") if len(data) % 4 == 0 else ():
        text = _strictly(data, name)  # hardly any other bytes are that
        if text is not None and _is_clean(text) and sum(character <= "\uffff" for character in text) * 2 > len(text):
            return name
    return _best(("utf-16-le", "utf-16-be") if len(data) % 2 == 0 else (), data[:_SAMPLE_BYTES])


def _best(candidates: Iterable[str], sample: bytes) -> str:
    """The candidate that gives the greatest share of common characters among those that give text at all."""
    scores = []
    for name in candidates:
        text = sample.decode(name, "replace")
        lost = text.count("\ufffd") > len(_FOREIGN.findall(text)) * _LOST_SHARE
        share = _common_share(text)
        if not lost and share >= _COMMON_SHARE and _is_likely(text, name):
            scores.append((share, name))
    return max(scores, key=lambda score: score[0])[1] if scores else ""


def _common_share(text: str) -> float:
    """Of the characters beyond ASCII, those that are common; 1 if there are none."""
    foreign = _FOREIGN.findall(text)
    return sum(character in _COMMON for character in foreign) / len(foreign) if foreign else 1.0


def _is_likely(text: str, encoding: str) -> bool:
    if encoding == "cp932":
        return len(_KANA.findall(text)) * 5 >= len(_FOREIGN.findall(text))
    if encoding.startswith("utf-16"):
        return _is_clean(text) and (text.isascii() or any(mark in text for mark in " \n。，、的"))
    return True


def _is_kanji(sample: bytes) -> bool:
    """Japanese without kana: a list of names. Asked when nothing else fits."""
    foreign = _FOREIGN.findall(_strictly(sample, "cp932") or "")
    return sum(character in _KANJI for character in foreign) >= max(4, len(foreign) * 0.8)


def _stands_alone(sample: bytes) -> bool:
    """Whether bytes beyond ASCII come one by one, as accented letters do. (Nearly every letter behind one makes a
    Chinese character with it, some of them common ones.)"""
    runs = _FOREIGN_BYTES.findall(sample)
    return sum(len(run) == 1 for run in runs) >= len(runs) * 0.75


def _is_damaged_utf8(sample: bytes) -> bool:
    text = sample.decode("utf-8", "replace")
    return text.count("\ufffd") * 20 <= len(_FOREIGN.findall(text))


def _is_latin(text: str) -> bool:
    """Whether what is not ASCII are letters, quotation marks, signs like × and ²."""
    foreign = _FOREIGN.findall(text)
    known = [character for character in foreign if unicodedata.category(character)[0] in "LPSN"]
    return len(known) - known.count("\ufffd") >= len(foreign) * 0.8


def _foreign_lines(data: bytes) -> bytes:
    """The first lines that are not ASCII. A line break is no part of a character in any of the encodings."""
    sample = bytearray()
    for line in BytesIO(data):  # a regular expression would go over a long ASCII line once for each of its characters
        sample += b"" if line.isascii() else line
        if len(sample) >= _SAMPLE_BYTES:
            break
    return bytes(sample[: 4 * _SAMPLE_BYTES])


def _text(data: bytes, encoding: str) -> str | None:
    text = data.decode(encoding, "replace")
    return text if _is_clean(text) and text.count("\ufffd") * 10 <= len(text) else None


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _is_clean(text: str) -> bool:
    return len(_CONTROL.findall(text)) <= len(text) * _RUBBISH_SHARE


def _common_characters() -> Iterator[str]:
    yield from _characters("gb2312", range(0xA1, 0xA4), range(0xA1, 0xFF))
    yield from _characters("gb2312", range(0xB0, 0xD8), range(0xA1, 0xFF))
    yield from _characters("big5", range(0xA1, 0xA4), (*range(0x40, 0x7F), *range(0xA1, 0xFF)))
    yield from _characters("big5", range(0xA4, 0xC7), (*range(0x40, 0x7F), *range(0xA1, 0xFF)))
    yield from (chr(code) for code in (*range(0x3041, 0x3100), *range(0xA1, 0x100), *range(0x2010, 0x2040)))


def _characters(encoding: str, leads: range, trails: range | tuple[int, ...]) -> Iterator[str]:
    for lead in leads:
        for trail in trails:
            yield from _strictly(bytes((lead, trail)), encoding) or ""


_COMMON = frozenset(_common_characters())
_KANJI = frozenset(_characters("shift_jis", range(0x88, 0x98), (*range(0x40, 0x7F), *range(0x80, 0xFD))))  # level 1
