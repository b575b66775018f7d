"""A map of areas, each with a class that says how it voted."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from sanduq_web.drawing.boundaries import Boundaries, Point, Ring

WIDTH: Final = 640
_TALLEST: Final = 2.0
"""A map is at most so many times as tall as it is wide; narrower ones are drawn smaller."""

LEANINGS: Final = ("against-3", "against-2", "against-1", "tie", "for-1", "for-2", "for-3", "none")
"""The classes, from most votes against to most votes for; ``none`` is an area without a count."""


@dataclass(frozen=True)
class Drawn:
    """What is said of one area: ``kind`` is its class, ``label`` what somebody who points at it, or hears it, is told."""

    kind: str
    label: str


def leaning(votes: int, valid: int) -> str:
    """The class of ``votes`` for something among ``valid`` ones: how far they are from a half, in steps of 5 and 15 points."""
    if valid == 0:
        return "none"
    away = Fraction(votes, valid) - Fraction(1, 2)
    if away == 0:
        return "tie"
    strength = 1 if abs(away) < Fraction(5, 100) else 2 if abs(away) < Fraction(15, 100) else 3
    return f"{'for' if away > 0 else 'against'}-{strength}"


def draw(boundaries: Boundaries, areas: Mapping[str, Drawn], *, title: str, name: str = "map") -> str:
    """The map as one ``<svg>``: shapes of areas that are not in ``areas`` are drawn as land without votes.

    ``name`` begins the ids, so that two maps fit into one page. Equirectangular, true to scale along the middle latitude.
    """
    place, height = _projection(boundaries)
    paths = []
    for shape in boundaries.shapes:
        drawn = areas.get(shape.code)
        line = "".join(_path(ring, place) for ring in shape.rings)
        if drawn is None:
            paths.append(f'<path class="land" d="{line}"/>')
        else:
            paths.append(f'<path class="area {escape(drawn.kind)}" d="{line}"><title>{escape(drawn.label)}</title></path>')
    label = quoteattr(f"{name}-title")
    head = f'<svg class="map" role="img" aria-labelledby={label} viewBox="0 0 {WIDTH} {height}">'
    return f"{head}<title id={label}>{escape(title)}</title>{''.join(paths)}</svg>"


def _projection(boundaries: Boundaries) -> tuple[Callable[[Point], Point], int]:
    west, south, east, north = boundaries.box
    narrower = math.cos(math.radians((south + north) / 2))
    across, down = max((east - west) * narrower, 1e-9), max(north - south, 1e-9)
    scale = min(WIDTH / across, WIDTH * _TALLEST / down)
    edge = (WIDTH - across * scale) / 2
    return lambda point: (edge + (point[0] - west) * narrower * scale, (north - point[1]) * scale), math.ceil(down * scale)


def _path(ring: Ring, place: Callable[[Point], Point]) -> str:
    """One outline, to a tenth of a unit; points that fall together are written once."""
    steps: list[tuple[int, int]] = []
    for point in ring:
        x, y = place(point)
        step = (round(x * 10), round(y * 10))
        if not steps or step != steps[-1]:
            steps.append(step)
    (x, y), *others = steps
    pairs = []
    for next_x, next_y in others:
        pairs.append(f"{_tenths(next_x - x)} {_tenths(next_y - y)}")
        x, y = next_x, next_y
    (x, y), *_ = steps
    return f"M{_tenths(x)} {_tenths(y)}l{' '.join(pairs)}z" if pairs else ""


def _tenths(value: int) -> str:
    """The shortest text that SVG reads."""
    whole, tenth = divmod(abs(value), 10)
    digits = f"{whole or ''}.{tenth}" if tenth else f"{whole}"
    return f"-{digits}" if value < 0 else digits
