"""Makes the fonts of voters' letters from the one of both sites: ``library/src/sanduq/booth/fonts``, see the README there.

usage: python scripts/letter_fonts.py [--check]

Typst takes TrueType with fixed weights. The same tools (constraints.txt) make the same bytes; ``--check`` says whether the
files here are those.
"""

from __future__ import annotations

import hashlib
import io
import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "web" / "src" / "sanduq_web" / "fonts" / "vazirmatn.woff2"
FONTS = ROOT / "library" / "src" / "sanduq" / "booth" / "fonts"


def of_weight(weight: int) -> bytes:
    """The whole font in one weight, without hinting: paper has dots enough."""
    font = instantiateVariableFont(TTFont(SOURCE, recalcTimestamp=False), {"wght": weight}, updateFontNames=True)
    font.flavor = None
    options = Options()
    options.hinting = False
    options.layout_features = ["*"]
    options.name_IDs = ["*"]
    options.notdef_outline = True
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=font.getBestCmap())
    subsetter.subset(font)
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def main() -> int:
    found = 0
    for name, weight in (("regular", 400), ("bold", 700)):
        raw, path = of_weight(weight), FONTS / f"vazirmatn-{name}.ttf"
        if "--check" in sys.argv[1:]:
            found |= raw != path.read_bytes()
        else:
            path.write_bytes(raw)
        print(f"{hashlib.sha256(raw).hexdigest()}  {len(raw):6}  {path.name}")
    return int(found)


if __name__ == "__main__":
    sys.exit(main())
