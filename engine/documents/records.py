"""A table's rows become records: lines in which each cell stands beside its header, so that "revenue in 2021" is found.

What a header row is, is guessed where the file does not say: a row of short labels (or years that go on one by one)
above columns of numbers and dates.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from engine.documents.scripts import display_width

# One row: each column's text, "" where empty, None where the cell to the left reaches into this column (merged).
Cells = Sequence[str | None]

_HEADER_COLUMNS = 60  # a label is at most so wide
_PLAIN_LABEL_COLUMNS = 30  # and so wide where nothing but its place says that it is one
_SEARCHED_ROWS = 10  # of a table, for its header
_LOOKED_AT = 30  # rows below it
_DEPTH = 3  # rows that a header may have
_MOSTLY = 0.7  # of a column's values

_UNIT = r"(?:%|‰|℃|°C|[kKMB]|[万亿千百]?[元人个次件台]?|[A-Za-z]{1,3}\d?)"
_CURRENCY = r"(?:[$€£¥￥₹₩]|[A-Z]{2,3}\s?\$?)"
_NUMBER = re.compile(rf"[(（]?[-+−–±≈~<>≤≥]?\s?{_CURRENCY}?\s?-?\d[\d\s,.'’]*(?:[eE][-+]?\d+)?\s?{_UNIT}[)）]?")
_DATE = re.compile(
    r"\d{4}\s?[-/.年]\s?\d{1,2}(?:\s?[-/.月]\s?\d{1,2}日?|月?)(?:[T ]\d{1,2}:\d{2}.*)?"
    r"|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{1,2}:\d{2}(?::\d{2})?(?:\s?[AaPp][Mm])?"
)
_YEAR = re.compile(r"(?:FY|CY)?\s?(?:19|20)\d\d\s?(?:年度?|[EAF]|/\d\d(?:\d\d)?)?")
_TRUTH = frozenset(("true", "false", "yes", "no", "是", "否", "√", "×", "✓", "✗"))
_NOTHING = frozenset(("", "-", "–", "—", "--", "n/a", "na", "nan", "null", "none", "…", "...", "无", "/"))
_ENDS_LIKE_TEXT = re.compile(r"[。；;！!]$|[^\W\d_]{3,}\.$")
_PAIR = re.compile(r"[:：]\s*[^\W_]")  # "Unit: 1,000 EUR"
_COLON = re.compile(r"\s*[:：]\s*$")


@dataclass(frozen=True, slots=True)
class Expecting:
    """What is known of a table before its cells are looked at."""

    header_rows: int | None = None  # None: not said; 0: it has none
    styled: bool = False  # its first row is set off by its style: it is the header if it can be
    likely: bool = False  # a table of this kind mostly has a header, even where all of it is words


def told(rows: Sequence[Cells], expecting: Expecting | None = None, breaks: Collection[int] = ()) -> list[str]:
    """Each row as a line, "" for an empty one: "Year: 2021 | Revenue: 3.4" below a header, else "2021 | 3.4".

    `breaks` are the indices of rows above which the table is interrupted: there another may begin.
    """
    expecting = expecting or Expecting()
    lines: list[str] = []
    names: list[str] = []
    starts = sorted({0, *breaks})
    for start, end in zip(starts, [*starts[1:], len(rows)], strict=True):
        part = rows[start:end]
        first, depth, found = _header(part, expecting)
        if depth:
            lines += map(_plain, part[: first + depth])
            names = found
        lines += (_named(row, names) for row in part[first + depth :])
    return lines


def _header(rows: Sequence[Cells], expecting: Expecting) -> tuple[int, int, list[str]]:
    """Where the header begins, how many rows it has, and each column's name; (0, 0, []) if there is none."""
    if expecting.header_rows is not None:
        depth = min(expecting.header_rows, len(rows))
        return 0, depth, _names(rows[:depth])
    for first in range(min(_SEARCHED_ROWS, len(rows) - 1)):
        if not _are_labels(rows[first]):
            if _filled(rows[first]) > 1 and any(cell and _is_value(cell) for cell in rows[first]):
                break  # a header would have come before them
            continue
        depth = _depth(rows, first)
        names = _names(rows[first : first + depth])
        if _has_below(names, rows[first + depth : first + depth + _LOOKED_AT], expecting):
            return first, depth, names
    return 0, 0, []


def _depth(rows: Sequence[Cells], first: int) -> int:
    """A merged label has others below it that divide it; and words at the head of columns of numbers are labels too."""
    depth = 1
    while depth < _DEPTH and first + depth < len(rows) - 1 and _are_labels(rows[first + depth]):
        following = rows[first + depth + 1 : first + depth + _LOOKED_AT]
        if None not in rows[first + depth - 1] and not _all_over_values(rows[first + depth], following):
            break
        depth += 1
    return depth


def _all_over_values(row: Cells, following: Sequence[Cells]) -> bool:
    return all(
        column and sum(map(_is_value, column)) >= len(column) * _MOSTLY and not _is_value(cell)
        for cell, column in zip(row, _columns(following, len(row)), strict=True)
        if cell
    )


def _columns(rows: Sequence[Cells], count: int) -> list[list[str]]:
    """What stands in each of the first `count` columns, without what means nothing."""
    columns = [[row[column] or "" for row in rows if column < len(row)] for column in range(count)]
    return [[cell for cell in column if cell.lower() not in _NOTHING] for column in columns]


def _are_labels(row: Cells) -> bool:
    filled = [cell for cell in row if cell]
    if len(filled) < 2 or any(display_width(cell) > _HEADER_COLUMNS or _PAIR.search(cell) for cell in filled):
        return False
    others = [cell for cell in filled if _is_value(cell)]
    return not others or _go_on(others)


def _go_on(values: list[str]) -> bool:
    """Whether these are years or dates, at least two, in their order or against it."""
    dates = [value for value in values if _YEAR.fullmatch(value) or _DATE.fullmatch(value)]
    return len(dates) == len(values) > 1 and dates in (sorted(set(dates)), sorted(set(dates), reverse=True))


def _names(rows: Sequence[Cells]) -> list[str]:
    """Each column's label; one over several rows is joined."""
    names: list[list[str]] = [[] for _ in range(max(map(len, rows), default=0))]
    for row in [row for row in rows if _filled(row) > 1] or rows:  # one label over all columns is the table's title
        label = ""
        for column, cell in enumerate(row):
            label = label if cell is None else cell
            if label and label not in names[column]:
                names[column].append(label)
    return [_COLON.sub("", " ".join(parts)) for parts in names]


def _has_below(names: list[str], rows: Sequence[Cells], expecting: Expecting) -> bool:
    """Whether the rows below bear out that these are their columns' names."""
    columns = _columns(rows, len(names))
    named = [(name, column) for name, column in zip(names, columns, strict=True) if name and column]
    if len(named) < 2 or len(named) * 2 < sum(map(bool, columns)):
        return False
    if len(named) == 2 and any(_COLON.search(cell) for cell in named[0][1]):
        return False  # a form: names and their values
    if expecting.styled:
        return True
    typed = [column for name, column in named if _holds_values(name, column)]
    if len(named) > 2:
        enough = any(len(column) > 1 for column in typed)
    else:  # two columns may as well be a form
        enough = any(len(column) > 1 and all(map(_is_value, column)) for column in typed)
    return enough or len(typed) == len(named) or (expecting.likely and _could_be_names(names, named))


def _holds_values(name: str, column: list[str]) -> bool:
    """Whether a label stands over numbers or dates; a year must not stand over other years."""
    if sum(map(_is_value, column)) < len(column) * _MOSTLY:
        return False
    return not _is_value(name) or not all(_YEAR.fullmatch(cell) for cell in column)


def _could_be_names(names: list[str], named: list[tuple[str, list[str]]]) -> bool:
    """All of it is words: labels are short, different, all there, and none comes back below itself."""
    return (
        all(names)
        and len(set(names)) == len(names)
        and all(display_width(name) <= _PLAIN_LABEL_COLUMNS and not _ENDS_LIKE_TEXT.search(name) for name in names)
        and not any(name in column for name, column in named)
    )


def _is_value(cell: str) -> bool:
    return _NUMBER.fullmatch(cell) is not None or _DATE.fullmatch(cell) is not None or cell.lower() in _TRUTH


def _named(row: Cells, names: list[str]) -> str:
    """A row that holds one cell only is no record: it stands for itself."""
    if not names or _filled(row) < 2:
        return _plain(row)
    return " | ".join(
        f"{names[column]}: {cell}" if column < len(names) and names[column] else cell
        for column, cell in enumerate(row)
        if cell
    )


def _plain(row: Cells) -> str:
    return " | ".join(cell for cell in row if cell)


def _filled(row: Cells) -> int:
    return sum(bool(cell) for cell in row)
