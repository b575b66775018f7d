"""The project's font as programs take it quickest: two plain ones, of a compressed one that has all weights.

WeasyPrint would unpack it for each book, and take each weight out of it: half of the time of a short book.
"""

from __future__ import annotations

import base64
import io
from functools import cache
from pathlib import Path
from typing import Final

from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

FONT: Final = Path(__file__).resolve().parent.parent.parent / "fonts" / "vazirmatn.woff2"
WEIGHTS: Final = (400, 700)


@cache
def plain(weight: int) -> bytes:
    """The font with one weight, as TrueType: the same bytes each time."""
    font = TTFont(FONT, recalcTimestamp=False)
    font = instancer.instantiateVariableFont(font, {"wght": weight}, inplace=True)
    font.flavor = None
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


@cache
def faces() -> str:
    """Both in CSS, as data."""
    return "".join(
        f'@font-face {{ font-family: Vazirmatn; src: url("data:font/ttf;base64,{base64.b64encode(plain(weight)).decode()}"); '
        f"font-weight: {weight}; }}\n"
        for weight in WEIGHTS
    )
