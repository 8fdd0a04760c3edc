"""Text in the drawings of office documents: boxes, charts, diagrams (SmartArt)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.documents.characters import tidy
from engine.documents.charts import chart_lines
from engine.documents.packages import Element, Package, Relation, attribute, below, child, children, named


def paragraphs(body: Element | None) -> Iterator[str]:
    """Those of a text box, without empty ones."""
    for paragraph in children(body):
        if named(paragraph) == "p":
            text = tidy("".join(_pieces(paragraph)))
            if text:
                yield text


def referred_lines(package: Package, drawing: Element, related: Mapping[str, Relation]) -> Iterator[str]:
    """What stands in the charts and diagrams that a drawing refers to."""
    for name, reference, read in (("chart", "id", chart_lines), ("relIds", "dm", _diagram)):
        for element in below(drawing, name):
            relation = related.get(attribute(element, reference))
            if relation:
                yield from read(package.optional(relation.target))


def _pieces(paragraph: Element) -> Iterator[str]:
    for element in paragraph.iter():
        if named(element) == "t":
            yield element.text or ""
        elif named(element) in ("br", "tab"):
            yield " "


def _diagram(root: Element | None) -> Iterator[str]:
    """Its points, in the order in which they were written."""
    for point in below(root, "pt"):
        yield from paragraphs(child(point, "t"))
