"""What stands on a slide, where, and in which order the eye takes it in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.documents.packages import Element, attribute, below, child, children, named

_SAME_ROW = 0.5  # of the lower one's height: two shapes that overlap so far stand side by side


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle on the slide, in the file's units."""

    x: float
    y: float
    width: float
    height: float

    def within(self, group: Area, inner: Area) -> Area:
        """The same area, measured in a group's own units `inner`, where the group itself stands at `group`."""
        across = group.width / inner.width if inner.width else 1.0
        down = group.height / inner.height if inner.height else 1.0
        return Area(
            group.x + (self.x - inner.x) * across,
            group.y + (self.y - inner.y) * down,
            self.width * across,
            self.height * down,
        )


NOWHERE = Area(0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Shape:
    element: Element
    role: str  # of a placeholder: "title", "body", "ftr"; "" for any other shape
    area: Area


class Placeholders:
    """Where a layout and its master put what a slide leaves to them."""

    def __init__(self, trees: Iterable[Element | None]) -> None:
        self._by_index: dict[str, Area] = {}
        self._by_role: dict[str, Area] = {}
        for tree in trees:  # the layout goes before its master
            for element in below(tree, "sp"):
                holder, area = placeholder(element), own_area(element)
                if holder is not None and area:
                    self._by_index.setdefault(attribute(holder, "idx"), area)
                    self._by_role.setdefault(_role(holder), area)

    def area(self, holder: Element) -> Area:
        index = attribute(holder, "idx")
        found = self._by_index.get(index) if index else None
        return found or self._by_role.get(_role(holder), NOWHERE)


def shapes_of(tree: Element | None, placeholders: Placeholders) -> list[Shape]:
    """The shapes of a slide in the order of the file; groups are dissolved, each in its reading order."""
    return [*_shapes(tree, placeholders)]


def in_reading_order(shapes: list[Shape]) -> list[Shape]:
    """From top to bottom; what stands side by side, from left to right."""
    rows: list[list[Shape]] = []
    for shape in sorted(shapes, key=lambda shape: (shape.area.y, shape.area.x)):
        if rows and _side_by_side(rows[-1][0].area, shape.area):
            rows[-1].append(shape)
        else:
            rows.append([shape])
    return [shape for row in rows for shape in sorted(row, key=lambda shape: shape.area.x)]


def placeholder(element: Element) -> Element | None:
    """What says which of the layout's places the shape takes."""
    own = next((part for part in element if named(part).startswith("nv")), None)
    return child(own, "nvPr", "ph")


def own_area(element: Element) -> Area | None:
    for holder in (element, *(part for part in element if named(part) in ("spPr", "grpSpPr"))):
        transform = child(holder, "xfrm")
        if transform is not None:
            return _area(child(transform, "off"), child(transform, "ext"))
    return None


def _shapes(tree: Element | None, placeholders: Placeholders) -> Iterator[Shape]:
    for element in children(tree):
        name = named(element)
        if name == "grpSp":
            yield from _of_group(element, placeholders)
        elif name == "AlternateContent":  # the same for newer and for older programs
            yield from _shapes(child(element, "Choice"), placeholders)
        elif name in ("sp", "graphicFrame", "cxnSp"):
            holder = placeholder(element)
            area = own_area(element) or (placeholders.area(holder) if holder is not None else NOWHERE)
            yield Shape(element, _role(holder) if holder is not None else "", area)


def _of_group(group: Element, placeholders: Placeholders) -> Iterator[Shape]:
    """A group is read as one: its shapes keep together, where the group stands."""
    outer = own_area(group) or NOWHERE
    transform = child(group, "grpSpPr", "xfrm")
    inner = _area(child(transform, "chOff"), child(transform, "chExt")) or outer
    for shape in in_reading_order([*_shapes(group, placeholders)]):
        yield Shape(shape.element, shape.role, shape.area.within(outer, inner))


def _side_by_side(first: Area, second: Area) -> bool:
    shared = min(first.y + first.height, second.y + second.height) - max(first.y, second.y)
    lower = min(first.height, second.height)
    return shared > lower * _SAME_ROW if lower else first.y == second.y


def _area(offset: Element | None, extent: Element | None) -> Area | None:
    if offset is None or extent is None:
        return None
    return Area(
        _length(offset, "x"), _length(offset, "y"), max(_length(extent, "cx"), 0.0), max(_length(extent, "cy"), 0.0)
    )


def _length(element: Element, name: str) -> float:
    try:
        return float(attribute(element, name, "0"))
    except ValueError:
        return 0.0


def _role(holder: Element) -> str:
    return attribute(holder, "type", "obj")
