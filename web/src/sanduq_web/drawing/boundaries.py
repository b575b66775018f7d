"""Boundaries of areas from TopoJSON (version 1 of its specification): arcs that neighbours share, polygons made of them.

The file comes from whoever sets up a referendum, so it is read like any other input: bounded first, and with errors that say
where. Coordinates are degrees, longitude before latitude.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final

from sanduq import errors

LARGEST: Final = 16 << 20
"""Bytes of a file of boundaries."""
MOST_POINTS: Final = 2_000_000

Point = tuple[float, float]
Ring = tuple[Point, ...]


@dataclass(frozen=True)
class Shape:
    """The rings of one area: outlines and holes, each closed."""

    code: str
    rings: tuple[Ring, ...]


@dataclass(frozen=True)
class Boundaries:
    """All shapes of a file, in its order."""

    shapes: tuple[Shape, ...]

    @property
    def box(self) -> tuple[float, float, float, float]:
        """West, south, east, north."""
        points = [point for shape in self.shapes for ring in shape.rings for point in ring]
        longitudes, latitudes = [point[0] for point in points], [point[1] for point in points]
        return min(longitudes), min(latitudes), max(longitudes), max(latitudes)


def read_boundaries(data: bytes) -> Boundaries:
    """The polygons of a TopoJSON file whose geometries have a property ``area_code``.

    Raises :class:`errors.Unusable`, naming the place.
    """
    if len(data) > LARGEST:
        raise _wrong("the file", f"more than {LARGEST >> 20} MiB")
    try:
        value = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError):
        raise _wrong("the file", "not JSON") from None
    if not isinstance(value, dict) or value.get("type") != "Topology":
        raise _wrong("the file", "not a TopoJSON topology")
    arcs = _arcs(value.get("arcs"), *_transform(value.get("transform")))
    shapes, points = [], 0
    for number, geometry in enumerate(_geometries(value.get("objects")), 1):
        shapes.append(_shape(number, geometry, arcs))
        points += sum(map(len, shapes[-1].rings))
        if points > MOST_POINTS:  # a long arc may be named many times
            raise _wrong(f"geometry {number}", f"more than {MOST_POINTS} points")
    codes = [shape.code for shape in shapes]
    if not codes:
        raise _wrong("objects", "no polygons")
    for code, times in Counter(codes).items():
        if times > 1:
            raise _wrong(f"area {code!r}", "stands twice")
    return Boundaries(tuple(shapes))


def _wrong(place: str, what: str) -> errors.Unusable:
    return errors.Unusable(f"boundaries: {place}: {what}", hint="TopoJSON is expected, with area_code in the properties")


def _pair(value: Any, place: str) -> Point:
    if not isinstance(value, list) or len(value) < 2 or not all(_is_number(number) for number in value[:2]):
        raise _wrong(place, "not a pair of numbers")
    return float(value[0]), float(value[1])


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e12 and math.isfinite(value)


def _transform(value: Any) -> tuple[Point | None, Point]:
    """Scale (None: the arcs hold plain coordinates, not steps) and translation."""
    if value is None:
        return None, (0.0, 0.0)
    if not isinstance(value, dict):
        raise _wrong("transform", "not an object")
    return _pair(value.get("scale"), "transform.scale"), _pair(value.get("translate"), "transform.translate")


def _arcs(value: Any, scale: Point | None, translate: Point) -> list[Ring]:
    if not isinstance(value, list):
        raise _wrong("arcs", "not a list")
    if sum(len(arc) for arc in value if isinstance(arc, list)) > MOST_POINTS:
        raise _wrong("arcs", f"more than {MOST_POINTS} points")
    return [_arc(number, arc, scale, translate) for number, arc in enumerate(value)]


def _arc(number: int, value: Any, scale: Point | None, translate: Point) -> Ring:
    if not isinstance(value, list) or not value:
        raise _wrong(f"arc {number}", "not a list of points")
    points = [_pair(point, f"arc {number}") for point in value]
    if scale is not None:
        # Quantized arcs hold their first point and then the steps from each point to the next.
        points = list(accumulate(points, lambda point, step: (point[0] + step[0], point[1] + step[1])))
        points = [(x * scale[0] + translate[0], y * scale[1] + translate[1]) for x, y in points]
    for longitude, latitude in points:
        if not (-360 <= longitude <= 360 and -90 <= latitude <= 90):
            raise _wrong(f"arc {number}", "not degrees of longitude and latitude")
    return tuple(points)


def _geometries(value: Any) -> list[Any]:
    if not isinstance(value, dict):
        raise _wrong("objects", "not an object")
    found: list[Any] = []
    for name, item in value.items():
        geometries = item.get("geometries") if isinstance(item, dict) else None
        if not isinstance(geometries, list):
            raise _wrong(f"objects.{name[:40]}", "not a collection of geometries")
        found += geometries
    return found


def _shape(number: int, value: Any, arcs: list[Ring]) -> Shape:
    properties = value.get("properties") if isinstance(value, dict) else None
    code = properties.get("area_code") if isinstance(properties, dict) else None
    if not isinstance(code, str) or not code:
        raise _wrong(f"geometry {number}", "no area_code in its properties")
    kind, lists = value.get("type"), value.get("arcs")
    if kind == "Polygon":
        lists = [lists]
    elif kind != "MultiPolygon":
        raise _wrong(f"area {code!r}", "neither Polygon nor MultiPolygon")
    if not isinstance(lists, list) or not all(isinstance(polygon, list) for polygon in lists):
        raise _wrong(f"area {code!r}", "its arcs are no lists")
    rings = tuple(_ring(code, ring, arcs) for polygon in lists for ring in polygon)
    if not rings:
        raise _wrong(f"area {code!r}", "no outline")
    return Shape(code, rings)


def _ring(code: str, value: Any, arcs: list[Ring]) -> Ring:
    """Arcs one after the other; a negative index ~i is arc i backwards. Where two meet, the point stands once."""
    if not isinstance(value, list) or not value:
        raise _wrong(f"area {code!r}", "an outline without arcs")
    points: list[Point] = []
    for index in value:
        if not isinstance(index, int) or isinstance(index, bool) or not -len(arcs) <= index < len(arcs):
            raise _wrong(f"area {code!r}", "an arc that is not there")
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        points += arc[1:] if points else arc
    return tuple(points)
