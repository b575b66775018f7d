"""Lines that rise in steps, over time: turnout as it was published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape, quoteattr

_SPARK: Final = (120, 24)
_WIDTH: Final = 640
_HEIGHT: Final = 240
_EDGES: Final = (46, 8, 28, 12)
"""Left (the scale's numbers), above, below (the times), right."""


@dataclass(frozen=True)
class Mark:
    """Something at a place of an axis, from 0 to 1, and what stands there."""

    at: float
    text: str


Point = tuple[float, float]
"""When and how much, both from 0 to 1."""


def _steps(points: Sequence[Point], left: int, top: int, width: int, height: int) -> str:
    """The path of a line that stays level until its next point; places that fall together are written once."""
    path, before = "", None
    for when, much in points:
        x, y = left + round(when * width), top + height - round(much * height)
        if before is None:
            path = f"M{x} {y}"
        elif (x, y) != before:
            path += (f"H{x}" if x != before[0] else "") + (f"V{y}" if y != before[1] else "")
        before = x, y
    return path


def spark(points: Sequence[Point]) -> str:
    """A small line without scale, for a cell of a table, hidden from screen readers: the figure stands beside it."""
    width, height = _SPARK
    head = f'<svg class="spark" aria-hidden="true" focusable="false" viewBox="0 -1 {width} {height + 2}">'
    return f'{head}<path class="curve" d="{_steps(points, 0, 0, width, height)}"/></svg>'


def line(points: Sequence[Point], across: Sequence[Mark], up: Sequence[Mark], *, title: str, name: str = "line") -> str:
    """One line with both scales. Time goes from left to right in every language, as the numbers at its feet do."""
    left, top, below, right = _EDGES
    width, height = _WIDTH - left - right, _HEIGHT - top - below
    parts = []
    for mark in up:
        y = top + height - round(mark.at * height)
        parts.append(f'<path class="rule" d="M{left} {y}h{width}"/><text x="{left - 6}" y="{y + 4}" text-anchor="end">')
        parts.append(f"{escape(mark.text)}</text>")
    for mark in across:
        x = left + round(mark.at * width)
        anchor = "start" if mark.at == 0 else "end" if mark.at == 1 else "middle"
        parts.append(f'<path class="rule" d="M{x} {top + height}v5"/><text x="{x}" y="{_HEIGHT - 8}" text-anchor="{anchor}">')
        parts.append(f"{escape(mark.text)}</text>")
    label = quoteattr(f"{name}-title")
    head = f'<svg class="line" direction="ltr" role="img" aria-labelledby={label} viewBox="0 0 {_WIDTH} {_HEIGHT}">'
    curve = f'<path class="curve" d="{_steps(points, left, top, width, height)}"/>'
    return f"{head}<title id={label}>{escape(title)}</title>{''.join(parts)}{curve}</svg>"
