from __future__ import annotations

import pytest

from engine.documents.characters import clean_title, tidy


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("  two\u00a0 words\t", "two words"),
        ("\x00a\x07b\ud800c\ufffd\u200bd", "abcd"),
        ("e\u0301", "é"),
        ("ﬁnd ﬂow", "find flow"),
        ("½ ² Ａ", "½ ² Ａ"),  # NFKC would change them, and a quote would no longer be word for word
        ("\u2f42\u4ef6", "文件"),
        ("\uf0b7 item", "• item"),
        ("中　文", "中 文"),
    ],
)
def test_tidy(raw: str, expected: str) -> None:
    assert tidy(raw) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("The Art of Tea", "The Art of Tea"),
        ("Microsoft Word - report.docx", ""),
        ("Microsoft Word - Yearly Report", "Yearly Report"),
        ("untitled", ""),
        ("t.dvi", ""),
        ("论茶", "论茶"),
        ("论茶的历史".encode("gbk").decode("latin-1"), "论茶的历史"),
        ("Über Größe", "Über Größe"),
        ("www", ""),
    ],
)
def test_clean_title(raw: str, expected: str) -> None:
    assert clean_title(raw) == expected
