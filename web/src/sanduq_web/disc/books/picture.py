"""The picture of an EPUB's cover, which shelves of reading programs show: title, edition, and the address as QR code."""

from __future__ import annotations

import io
import re
from typing import Any, Final

from PIL import Image, ImageDraw, ImageFont, features

from sanduq_web.disc.books.compose import Book
from sanduq_web.disc.books.cover import qr
from sanduq_web.disc.books.fonts import plain

_SIZE: Final = (600, 800)
_MARGIN: Final = 40
_LARGEST: Final = 40_000_000
"""Pixels of a picture; larger ones stay out of the cover."""


def cover(book: Book) -> bytes:
    """The cover as PNG, 600 by 800."""
    canvas = Image.new("RGB", _SIZE, "white")
    draw = ImageDraw.Draw(canvas)
    writer = _Writer(draw, book.language, book.is_rtl)
    y = writer.lines(book.site if book.site != book.title else book.kind, 22, _MARGIN, 1)
    draw.line((_MARGIN, y + 8, _SIZE[0] - _MARGIN, y + 8), "black", 2)
    y = writer.lines(book.title, 44, y + 30, 6, 700)
    writer.lines(f"{book.edition} · {book.day}" if book.edition else book.day, 20, 745, 1)
    code = Image.open(io.BytesIO(qr(book.address))).convert("L").resize((180, 180), Image.Resampling.NEAREST)
    canvas.paste(code, ((_SIZE[0] - 180) // 2, 740 - 195))
    _picture(book, canvas, y + 16, 740 - 210)
    out = io.BytesIO()
    canvas.convert("P", palette=Image.Palette.ADAPTIVE, colors=128).save(out, "PNG", optimize=False)
    return out.getvalue()


def _picture(book: Book, canvas: Image.Image, top: int, bottom: int) -> None:
    """The publication's own picture where there is room between title and code."""
    name = re.search(r'src="image:([0-9a-f]{64})"', book.cover)
    if name is None or bottom - top < 80:
        return
    try:
        with Image.open(io.BytesIO(book.pictures.found[name[1]][1])) as found:
            if found.width * found.height > _LARGEST:
                return
            shown = found.convert("RGB")
    except (OSError, Image.DecompressionBombError):  # it begins as a picture does, and is none
        return
    shown.thumbnail((_SIZE[0] - 2 * _MARGIN, bottom - top))
    canvas.paste(shown, ((_SIZE[0] - shown.width) // 2, top))


class _Writer:
    """Centred lines in the project's font, its letters joined and ordered as the language does."""

    def __init__(self, draw: ImageDraw.ImageDraw, language: str, is_rtl: bool) -> None:
        self.draw = draw
        # Without Raqm, Arabic letters would stand alone and from the left.
        self.more: dict[str, Any] = (
            {"direction": "rtl" if is_rtl else "ltr", "language": language} if features.check("raqm") else {}
        )

    def lines(self, text: str, size: int, y: int, most: int, weight: int = 400) -> int:
        """Writes a text in at most so many lines from a height; gives the height below it."""
        font = ImageFont.truetype(io.BytesIO(plain(weight)), size)
        lines: list[str] = []
        for word in text.split():
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and self.draw.textlength(longer, font, **self.more) <= _SIZE[0] - 2 * _MARGIN:
                lines[-1] = longer
            else:
                lines.append(word)
        if len(lines) > most:
            lines = [*lines[: most - 1], lines[most - 1] + " …"]
        for line in lines:
            self.draw.text((_SIZE[0] // 2, y), line, "black", font, anchor="ma", **self.more)
            y += size * 3 // 2
        return y
