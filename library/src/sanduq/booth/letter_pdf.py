"""Letters as PDF, by Typst: chunks of some hundred pages, made by several processes, in bounded memory.

Why Typst: docs/decisions/0020. What is to be said comes from ``letter``; where it stands is said in ``letter.typ``. Nothing is
fetched, and no secret touches the disk on the way: letters go to the processes through pipes, and to Typst in memory.
"""

from __future__ import annotations

import base64
import io
import os
import struct
import zlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from functools import lru_cache
from importlib.resources import as_file, files
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

from sanduq import errors
from sanduq.archive import json
from sanduq.booth.letter import Letter, Sheet, letter_value

CHUNK: Final = 250
"""Letters in one PDF: a pile that a printer takes, and 60 MB of memory while it is made."""
_CHUNKS_OF_A_PROCESS: Final = 8
_FAMILY: Final = "Vazirmatn"
_MASK: Final = 3
_CELLS: Final = (360, 128)
"""Width and height of the pattern, in cells of half a millimetre: about a module of a code, about a stroke of a letter."""
_SHADES: Final = bytes(168) + b"\xff" * 88
"""Of 256 cells so many are dark, the others white."""
_ERRORS: Final = {
    "SANDUQ-TOO-LONG": "a text is too long for its place, even in small print",
    "SANDUQ-PAGES": "a letter took more than one page",
}


def _typst() -> Any:
    try:
        import typst
    except ImportError:
        raise errors.Unusable("typst is not installed", hint="pip install 'sanduq[letters]'") from None
    return typst


def _draw(text: str) -> str:
    """A code (ISO 18004, error correction M) as SVG of its own.

    The mask is always the same. The standard would have all eight tried, to avoid large patches of one colour. Those come
    from texts that repeat themselves, as a credential and a hash do not; readers take any mask, and trying takes seven
    times as long.
    """
    try:
        import segno
    except ImportError:
        raise errors.Unusable("segno is not installed", hint="pip install 'sanduq[letters]'") from None
    drawn = io.BytesIO()
    segno.make_qr(text, error="m", mask=_MASK).save(drawn, kind="svg", border=4, omitsize=True, xmldecl=False, nl=False)
    return drawn.getvalue().decode()


def tint(random: Callable[[int], bytes] = os.urandom) -> str:
    """The pattern that lies on the secret block when the letter is folded, as SVG: random, and another one on each letter.

    Held against the light, the dark cells of both sides add up. With one pattern for all, who has a letter of their own could
    take it away again.
    """
    width, height = _CELLS
    cells = random(width * height).translate(_SHADES)
    rows = b"".join(b"\0" + cells[start : start + width] for start in range(0, len(cells), width))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    png = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 1)), (b"IEND", b""))
    )
    image = base64.b64encode(png).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"><image width="{width}" height="{height}" '
        f'preserveAspectRatio="none" style="image-rendering:pixelated" href="data:image/png;base64,{image}"/></svg>'
    )


@lru_cache(maxsize=4)
def _fonts(folder: Path | None) -> tuple[Any, tuple[str, ...]]:
    """Typst's fonts, and the families that texts may use: ours first, then those in a folder of the registrar's."""
    typst = _typst()
    with as_file(files("sanduq.booth") / "fonts") as ours:
        own = [str(ours)] if folder is None else [str(ours), str(folder)]
        found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=own)
    more = sorted({font.family for font in found.fonts() if font.path and Path(font.path).parent == folder} - {_FAMILY})
    return found, (_FAMILY, *more)


def require_glyphs(texts: Sequence[tuple[str, str]], folder: Path | None) -> None:
    """Refuse texts with characters that no font has; each text with the name of its place, since it is not repeated.

    A letter with an empty box in the address would come back.
    """
    known = _characters(folder)
    for place, text in texts:
        missing = set(text) - known
        if missing:
            which = ", ".join(f"U+{ord(character):04X}" for character in sorted(missing)[:5])
            raise errors.Unusable(
                f"{place}: no font has {which}",
                hint="--fonts FOLDER with TrueType or OpenType files that have these characters",
            )


@lru_cache(maxsize=4)
def _characters(folder: Path | None) -> frozenset[str]:
    """Every character that can be printed."""
    from fontTools.ttLib import TTFont, TTLibError

    if folder is not None and not any(path.suffix.lower() in (".ttf", ".otf") for path in folder.iterdir()):
        raise errors.Unusable(f"{folder}: no fonts are in it", hint="files that end in .ttf or .otf")
    found = set("\n\u2066\u2067\u2068\u2069")
    with as_file(files("sanduq.booth") / "fonts") as ours:
        for place in (ours, folder):
            for path in sorted(place.iterdir()) if place else ():
                if path.suffix.lower() in (".ttf", ".otf"):
                    try:
                        with TTFont(path, lazy=True) as font:
                            found |= set(map(chr, font.getBestCmap()))
                    except (TTLibError, KeyError, AssertionError):
                        raise errors.Unusable(f"{path}: not a font") from None
    return frozenset(found)


def pages(sheet: Sheet, letters: Sequence[Letter], folder: Path | None = None) -> bytes:
    """The PDF of some letters, a page each, in their order. ``folder`` has further fonts.

    Raises :class:`errors.Unusable` if a text does not fit its place.
    """
    return bytes(typeset(sheet, letters, folder, format="pdf", pdf_tags=False, timestamp=0))


def typeset(sheet: Sheet, letters: Sequence[Letter], folder: Path | None, **how: Any) -> Any:
    """What Typst makes of some letters; ``how`` says of what form."""
    typst = _typst()
    found, families = _fonts(folder)
    values = [letter_value(sheet, letter, _draw) | {"tint": tint()} for letter in letters]
    given = {"letters": values, "fonts": families, "window": sheet.window, "sender": sheet.sender}
    source = files("sanduq.booth").joinpath("letter.typ").read_bytes()
    try:
        inputs = {"letters": json.write(given)}
        return typst.compile(source, font_paths=found, ignore_system_fonts=True, sys_inputs=inputs, **how)
    except typst.TypstError as error:
        # Its own words would repeat the letter at which it stopped.
        known = [said for mark, said in _ERRORS.items() if mark in str(error)]
        said = known[0] if known else "Typst could not set a letter"
        first, last = letters[0].voter, letters[-1].voter
        raise errors.Unusable(f"letters {first} to {last}: {said}", hint="shorten title, sender or address") from None


def chunks(
    sheet: Sheet, letters: Sequence[Letter], folder: Path | None = None, jobs: int = 1, size: int = CHUNK
) -> Iterator[tuple[bytes, int]]:
    """PDFs of at most ``size`` letters each, in order, with the number of their letters; made by ``jobs`` processes.

    At most one chunk more than there are processes is in memory.
    """
    parts = (letters[start : start + size] for start in range(0, len(letters), size))
    if jobs == 1 or len(letters) <= size:
        for part in parts:
            yield pages(sheet, part, folder), len(part)
        return
    context = get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context, max_tasks_per_child=_CHUNKS_OF_A_PROCESS) as pool:

        def begin(part: Sequence[Letter]) -> tuple[Future[bytes], int]:
            return pool.submit(pages, sheet, part, folder), len(part)

        waiting = [begin(part) for part in islice(parts, jobs + 1)]
        while waiting:
            future, count = waiting.pop(0)
            made = future.result()
            waiting += [begin(part) for part in islice(parts, 1)]
            yield made, count
