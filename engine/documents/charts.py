"""A chart of an office document as the table that it draws."""

from __future__ import annotations

from collections.abc import Iterator

from engine.documents.characters import tidy
from engine.documents.packages import Element, attribute, below, child, whole
from engine.documents.records import Expecting, told

_MOST_POINTS = 500  # of a series: a curve is no text
_MOST_SERIES = 50


def chart_lines(root: Element | None) -> Iterator[str]:
    """Its title, and a line for each category: "2021 | Revenue: 3.4"."""
    chart = child(root, "chart")
    for paragraph in below(child(chart, "title", "tx"), "p"):
        title = tidy("".join(text.text or "" for text in below(paragraph, "t")))
        if title:
            yield title
    series = [*below(child(chart, "plotArea"), "ser")][:_MOST_SERIES]
    values = [_points(one, "val", "yVal") for one in series]
    categories = next((found for one in series if (found := _points(one, "cat", "xVal"))), {})
    indices = sorted({index for points in (categories, *values) for index in points})
    if len(indices) > _MOST_POINTS:
        return
    names = ["", *(" ".join(_points(one, "tx").values()) for one in series)]
    rows = [[categories.get(index, ""), *(points.get(index, "") for points in values)] for index in indices]
    yield from filter(None, told([names, *rows], Expecting(header_rows=1))[0 if any(names) else 1 :])


def _points(series: Element, *names: str) -> dict[int, str]:
    """The values that the document keeps of the sheet behind the chart, by their index."""
    for name in names:
        part = child(series, name)
        points = {_index(point): _value(point) for point in below(part, "pt")}
        if points:
            return points
        plain = child(part, "v")
        if plain is not None:
            return {0: tidy(plain.text or "")}
    return {}


def _index(point: Element) -> int:
    return whole(attribute(point, "idx"), 0)


def _value(point: Element) -> str:
    value = child(point, "v")
    text = tidy("" if value is None else value.text or "")
    try:
        return f"{float(text):.10g}"
    except ValueError:
        return text
