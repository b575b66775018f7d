"""One bar of parts, for a cell of a table. It has no text: the figures stand in the cells beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final
from xml.sax.saxutils import escape

_LENGTH: Final = 1000


@dataclass(frozen=True)
class Part:
    """One part of a bar: its class, and how much of the whole it is."""

    kind: str
    amount: int


def bar(parts: Sequence[Part], whole: int) -> str:
    """The parts one after the other; ``whole`` is the bar's length, and may be more than they are together.

    Hidden from screen readers. The style sheet turns it round where one reads from right to left.
    """
    if whole < sum(part.amount for part in parts):
        raise ValueError("the parts are more than the whole")
    drawn, start = [], Fraction(0)
    for part in parts:
        end = start + Fraction(part.amount * _LENGTH, whole) if whole else start
        if round(end) > round(start):
            drawn.append(
                f'<rect class="{escape(part.kind)}" x="{round(start)}" width="{round(end) - round(start)}" height="10"/>'
            )
        start = end
    head = f'<svg class="bar" aria-hidden="true" focusable="false" viewBox="0 0 {_LENGTH} 10" preserveAspectRatio="none">'
    return f"{head}{''.join(drawn)}</svg>"
