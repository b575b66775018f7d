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
_INSET: Final = 72
_GAP: Final = 8
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


@dataclass(frozen=True)
class Outlines:
    """Boundaries as they are drawn: the height at a width of :data:`WIDTH`, and code and path of each shape, in order."""

    height: int
    paths: tuple[tuple[str, str], ...]
    frame: tuple[int, int] | None = None
    """Where a frame begins, if a few areas that are far from all others are drawn in it, larger."""


def outlines(boundaries: Boundaries) -> Outlines:
    """The boundaries drawn: equirectangular, true to scale along the middle latitude. Slow; what it gives can be kept."""
    main, apart = _parts(boundaries)
    place, height = _projection(main, WIDTH, WIDTH * _TALLEST)
    places = dict.fromkeys((shape.code for shape in main.shapes), place)
    frame = None
    if apart is not None:
        inner, _ = _projection(apart, _INSET, _INSET)
        frame, height = (_GAP, height + _GAP), height + _INSET + 4 * _GAP
        left, top = frame[0] + _GAP, frame[1] + _GAP
        places |= dict.fromkeys(
            (shape.code for shape in apart.shapes), lambda point: (left + inner(point)[0], top + inner(point)[1])
        )
    paths = ((shape.code, "".join(_path(ring, places[shape.code]) for ring in shape.rings)) for shape in boundaries.shapes)
    return Outlines(height, tuple(paths), frame)


def _parts(boundaries: Boundaries) -> tuple[Boundaries, Boundaries | None]:
    """All shapes; or those and a few others, if these are so far south or north that all would be drawn small for them."""
    spans = sorted(
        (min(y for r in s.rings for _x, y in r), max(y for r in s.rings for _x, y in r), s.code) for s in boundaries.shapes
    )
    south, north = spans[0][0], max(high for _low, high, _code in spans)
    top, codes = south, list[str]()
    for low, high, code in spans:
        if codes and low - top > (north - south) / 4:
            few = set(codes) if len(codes) * 20 <= len(spans) else {c for _l, _h, c in spans} - set(codes)
            if len(few) * 20 > len(spans):
                break
            inside = tuple(shape for shape in boundaries.shapes if shape.code not in few)
            return Boundaries(inside), Boundaries(tuple(shape for shape in boundaries.shapes if shape.code in few))
        top = max(top, high)
        codes.append(code)
    return boundaries, None


def draw(shown: Outlines, areas: Mapping[str, Drawn], *, title: str, name: str = "map") -> str:
    """The map as one ``<svg>``: shapes of areas that are not in ``areas`` are drawn as land without votes.

    ``name`` begins the ids, so that two maps fit into one page. Each class has a pattern, of a ground and a texture that the
    style sheet paints: so classes differ for who sees no colours, and in print.
    """
    paths = []
    for code, line in shown.paths:
        drawn = areas.get(code)
        if drawn is None:
            paths.append(f'<path class="land" d="{line}"/>')
        else:
            fill = f"url(#{name}-{drawn.kind})"
            paths.append(
                f'<path class="area {escape(drawn.kind)}" fill={quoteattr(fill)} d="{line}">'
                f"<title>{escape(drawn.label)}</title></path>"
            )
    label = quoteattr(f"{name}-title")
    patterns = "".join(_pattern(name, kind) for kind in dict.fromkeys(drawn.kind for drawn in areas.values()))
    head = f'<svg class="map" role="img" aria-labelledby={label} viewBox="0 0 {WIDTH} {shown.height}">'
    frame = ""
    if shown.frame is not None:
        left, top, side = *shown.frame, _INSET + 2 * _GAP
        frame = f'<rect class="frame" x="{left}" y="{top}" width="{side}" height="{side}"/>'
    return f"{head}<title id={label}>{escape(title)}</title><defs>{patterns}</defs>{''.join(paths)}{frame}</svg>"


def sample(kind: str, name: str) -> str:
    """A small field painted as areas of this class are, for a legend. ``name`` begins its ids."""
    head = '<svg class="sample" aria-hidden="true" focusable="false" viewBox="0 0 32 20">'
    field = f'<rect class="area" x="1" y="1" width="30" height="18" fill={quoteattr(f"url(#{name}-{kind})")}/>'
    return f"{head}<defs>{_pattern(name, kind)}</defs>{field}</svg>"


def _pattern(name: str, kind: str) -> str:
    """Ground and texture of a class: dots for, stripes against, the larger the further from a half; dots for turnout."""
    family, _, step = kind.rpartition("-")
    size = int(step) if step.isdigit() else 1
    if family == "against":
        texture = f'<path class="texture" d="M-2 10L10 -2M-2 2L2 -2M6 10L10 6" stroke-width="{size * 0.8:.1f}"/>'
    elif family in ("for", "turnout"):
        texture = f'<circle class="texture" cx="4" cy="4" r="{size * (0.7 if family == "for" else 0.4):.1f}"/>'
    elif kind == "tie":
        texture = '<path class="texture" d="M0 4H8M4 0V8" stroke-width="1"/>'
    else:
        texture = ""
    ident = quoteattr(f"{name}-{kind}")
    ground = f'<rect class="ground {escape(kind)}" width="8" height="8"/>'
    return f'<pattern id={ident} width="8" height="8" patternUnits="userSpaceOnUse">{ground}{texture}</pattern>'


TURNOUTS: Final = (30, 40, 50, 60, 70)
"""Where one class of turnout ends and the next begins, in per cent."""


def turnout_kind(voters: int, electorate: int) -> str:
    """The class of a turnout: ``turnout-1`` below the first bound, up to ``turnout-6``; ``none`` without an electorate."""
    if electorate == 0:
        return "none"
    return f"turnout-{1 + sum(100 * voters >= bound * electorate for bound in TURNOUTS)}"


def _projection(boundaries: Boundaries, width: int, tallest: float) -> tuple[Callable[[Point], Point], int]:
    """Where a point stands in a field of this width, and how high the field is."""
    west, south, east, north = boundaries.box
    narrower = math.cos(math.radians((south + north) / 2))
    across, down = max((east - west) * narrower, 1e-9), max(north - south, 1e-9)
    scale = min(width / across, tallest / down)
    edge = (width - across * scale) / 2
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
