"""Makes the press site's two fonts from the one of both sites: ``press/fonts/{arabic,latin}.woff2``, see the README there.

usage: python scripts/press_fonts.py [--check]

Each holds what pages of its script need, with the weights 400 to 700. The same tools (constraints.txt) make the same bytes;
``--check`` says whether the files here are those.
"""

from __future__ import annotations

import hashlib
import io
import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

FONTS = Path(__file__).resolve().parent.parent / "web" / "src" / "sanduq_web"
SOURCE = FONTS / "fonts" / "vazirmatn.woff2"
# Letters, digits and signs of en, az and tr; what else of Latin script comes (names) has the system's font.
LATIN = [*range(0x20, 0x7F), *range(0xA0, 0x180), *map(ord, "ƏəȘșȚț–—‘’‚“”„†•…‰‹›€₺₼−×")]
# Those of fa, azb and ar, with ASCII for what stands among them.
ARABIC = [
    *range(0x20, 0x7F), 0xA0, 0xAB, 0xB7, 0xBB, *map(ord, "–—‘’“”•…‹›−×"),
    0x060C, 0x061B, 0x061F, *range(0x0621, 0x063B), *range(0x0640, 0x0656), *range(0x0660, 0x066E), 0x0670, 0x0671,
    *map(ord, "پچژکگیۀۂۃەۆۇۈۉۊۋۍێېڭھہۓے"), *range(0x06F0, 0x06FA), *range(0x2000, 0x2010), *range(0x2066, 0x206A),
]  # fmt: skip
FEATURES = ["calt", "ccmp", "fina", "init", "isol", "kern", "liga", "locl", "mark", "medi", "mkmk", "rlig", "tnum"]


def subset(points: list[int]) -> bytes:
    """The font with these characters and four weights' room."""
    font = TTFont(SOURCE, recalcTimestamp=False)
    options = Options()
    options.layout_features = FEATURES
    options.flavor = "woff2"
    options.hinting = False
    options.notdef_outline = True
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=points)
    subsetter.subset(font)
    font = instantiateVariableFont(font, {"wght": (400, 400, 700)})
    font.flavor = "woff2"
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def main() -> int:
    found = 0
    for name, points in (("arabic", ARABIC), ("latin", LATIN)):
        raw, path = subset(points), FONTS / "press" / "fonts" / f"{name}.woff2"
        if "--check" in sys.argv[1:]:
            found |= raw != path.read_bytes()
        else:
            path.write_bytes(raw)
        print(f"{hashlib.sha256(raw).hexdigest()}  {len(raw):6}  {path.name}")
    return found


if __name__ == "__main__":
    sys.exit(main())
