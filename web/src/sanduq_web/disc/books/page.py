"""A book as one page of XHTML: for the printer with its style in it, for the maker of EPUBs without."""

from __future__ import annotations

import base64
import re
from functools import cache
from html import escape
from pathlib import Path
from typing import Final

from django.utils.translation import override

from sanduq_web import clock
from sanduq_web.disc.books import cover
from sanduq_web.disc.books.compose import Book
from sanduq_web.disc.books.fonts import faces

_HERE: Final = Path(__file__).resolve().parent
COUNTERS: Final = {"fa": "persian", "azb": "persian", "ar": "arabic-indic"}
"""The digits of page numbers, by CSS's names; European ones elsewhere."""
_IMAGE: Final = re.compile(r'(?<= src=")image:([0-9a-f]{64})(?=")')
_URL: Final = re.compile(r' <span class="url" dir="ltr">[^<]*</span>')

CHECK: Final = "check"


@cache
def _style() -> str:
    return faces() + (_HERE / "book.css").read_text("utf-8")


def sheet(size: str) -> str:
    """What differs between sizes of paper: ``a4`` and ``a5``."""
    return (_HERE / f"{size}.css").read_text("utf-8")


def for_print(book: Book) -> str:
    """Cover, leaf of keys, contents with page numbers, parts. Pictures are in it as data."""
    counter = COUNTERS.get(book.language, "decimal")
    with override(book.language):
        begin = f'<div class="running">{escape(cover.running(book))}</div>\n'
        begin += f'<section class="cover">\n{cover.cover(book)}\n</section>\n'
        keys = f'<section class="keys"><h1 id="{CHECK}">{escape(cover.check_title())}</h1>\n{cover.check(book)}\n</section>\n'
        contents = _contents(book) if len(book.parts) > 1 else ""
    parts = "".join(
        f'<section class="part"><h1 id="{part.place}">{escape(part.title)}</h1>\n{part.html}\n</section>\n'
        for part in book.parts
    )
    style = _style().replace("decimal /* digits */", counter).replace("ltr /* direction */", "rtl" if book.is_rtl else "ltr")
    return _whole(book, f"<style>{style}</style>", begin + keys + contents + parts)


def for_epub(book: Book) -> str:
    """Cover, parts, leaf of keys: each is a first heading, at which the maker of EPUBs divides. Contents are its own."""
    with override(book.language):
        begin = f'<h1 id="cover" class="cover">{escape(book.title)}</h1>\n{_without_title(cover.cover(book))}\n'
        keys = f'<h1 id="{CHECK}">{escape(cover.check_title())}</h1>\n{cover.check(book)}\n'
    parts = "".join(f'<h1 id="{part.place}">{escape(part.title)}</h1>\n{part.html}\n' for part in book.parts)
    return _whole(book, "", _URL.sub("", begin + parts + keys))


def _without_title(html: str) -> str:
    return re.sub(r'<div class="title">.*?</div>\n?', "", html, count=1, flags=re.DOTALL)


def _contents(book: Book) -> str:
    places = [(part.place, part.title) for part in book.parts] + [(CHECK, cover.check_title())]
    lines = "".join(f'<li><a href="#{place}">{escape(title)}</a></li>\n' for place, title in places)
    return f'<section class="contents"><h1>{escape(cover.contents_title())}</h1>\n<ol>\n{lines}</ol></section>\n'


def _whole(book: Book, head: str, body: str) -> str:
    direction = "rtl" if book.is_rtl else "ltr"
    sort = "news" if book.is_news else "publication"
    title = book.title if book.title != book.site else f"{book.site}: {book.kind}, {book.edition or book.day}"
    meta = {
        "author": ", ".join(book.authors) or book.site,
        "dcterms.created": book.moment.strftime(clock.FORMAT),
        "dcterms.modified": book.moment.strftime(clock.FORMAT),
    }
    metas = "".join(f'<meta name="{name}" content="{escape(value)}" />\n' for name, value in meta.items() if value)
    return (
        f'<!DOCTYPE html>\n<html lang="{book.language}" dir="{direction}" class="{sort}"><head><meta charset="utf-8" />\n'
        f"<title>{escape(title)}</title>\n{metas}{head}</head>\n<body>\n{_with_pictures(book, body)}</body></html>\n"
    )


def _with_pictures(book: Book, html: str) -> str:
    def data(match: re.Match[str]) -> str:
        kind, raw = book.pictures.found[match[1]]
        return f"data:{kind};base64,{base64.b64encode(raw).decode()}"

    return _IMAGE.sub(data, html)
