"""Maps, bars and lines as SVG, made without network and without JavaScript.

Nothing here has a colour: classes say what an area or a part of a bar is, and the style sheet paints them (in light, in dark,
on paper). A drawing never stands alone: the page has a table with the same figures beside it. Under every map the page says
that boundaries imply no endorsement.
"""

from sanduq_web.drawing.bars import Part, bar
from sanduq_web.drawing.boundaries import Boundaries, Shape, read_boundaries
from sanduq_web.drawing.lines import Mark, line, spark
from sanduq_web.drawing.maps import LEANINGS, TURNOUTS, Drawn, Outlines, draw, leaning, outlines, sample, turnout_kind

__all__ = [
    "LEANINGS",
    "TURNOUTS",
    "Boundaries",
    "Drawn",
    "Mark",
    "Outlines",
    "Part",
    "Shape",
    "bar",
    "draw",
    "leaning",
    "line",
    "outlines",
    "read_boundaries",
    "sample",
    "spark",
    "turnout_kind",
]
