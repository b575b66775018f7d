"""What a book says of itself: the cover with its address, and the leaf on which the edition's key can be compared."""

from __future__ import annotations

import io
from html import escape
from typing import Final

import segno
from django.utils.translation import pgettext

from sanduq.disc import EditionKey, as_groups, as_words, fingerprint
from sanduq_web import dates
from sanduq_web.disc.books.compose import Book

MOST_KEYS: Final = 3
_NAMES: Final = {"page": "VERIFY.html", "command": "sanduq disc verify"}


def qr(text: str) -> bytes:
    """A QR code as PNG, dark on light with its quiet zone: eight dots to a module."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="png", scale=8, border=4)
    return out.getvalue()


def cover(book: Book) -> str:
    """The cover, as clean XHTML."""
    code = book.pictures.add(qr(book.address))
    lines = [
        f'<div class="site"><p>{escape(book.site)}</p></div>' if book.site != book.title else "",
        f'<div class="kicker"><p>{escape(book.kind)}</p></div>' if book.kind else "",
        f'<div class="title"><p>{escape(book.title)}</p></div>',
        f'<div class="issued"><p>{book.issued}</p></div>' if book.issued else "",
        f'<div class="bylines"><p>{escape(" · ".join(book.authors))}</p></div>' if book.authors else "",
        f'<div class="picture"><p>{book.cover}</p></div>' if book.cover else "",
        f'<div class="edition"><p>{escape(book.edition)} · {escape(book.day)}</p></div>' if book.edition else "",
        f'<div class="found"><p><img class="qr" src="{code}" alt="{escape(pgettext("book", "QR code of this address"))}" />'
        f'<br /><span class="address" dir="ltr">{escape(book.address)}</span></p></div>',
    ]
    return "\n".join(line for line in lines if line)


def check_title() -> str:
    """The title of the leaf on which keys stand."""
    return pgettext("book", "Is this edition a true one?")


def check(book: Book) -> str:
    """How to compare the fingerprint of the edition's key, and the fingerprints: in words, in digits, as QR."""
    told = [
        pgettext(
            "book",
            "This book belongs to an edition whose files are signed with a key. The page %(page)s of the edition, and the "
            "command %(command)s, show the fingerprint of the key that signed. Compare it with the one below, word by "
            "word or digit by digit: all of it must be the same.",
        ),
        pgettext(
            "book",
            "Who forges an edition can forge this book, too. Only a fingerprint that came another way proves something: from "
            "an older edition, from a broadcast, from somebody whom you trust.",
        ),
    ]
    if not book.keys:
        told.append(pgettext("book", "No key was known when this book was made. Ask for the fingerprint by another way."))
    names = {name: f'<code dir="ltr">{escape(text)}</code>' for name, text in _NAMES.items()}
    text = "\n".join(f"<p>{escape(each, quote=False)}</p>" for each in told)
    for name, shown in names.items():
        text = text.replace(f"%({name})s", shown)
    return text + "".join(_key(book, key) for key in book.keys[:MOST_KEYS])


def _key(book: Book, key: EditionKey) -> str:
    digits = fingerprint(key.public)
    code = book.pictures.add(qr(digits))
    title = escape(pgettext("book", "Fingerprint of the key %(id)s")).replace(
        "%(id)s", f'<span dir="ltr">{escape(key.id)}</span>'
    )
    alt = escape(pgettext("book", "QR code of the fingerprint, in digits"))
    # Digits as all languages' readers compare them with the page, which shows these.
    return (
        f"\n<h2>{title}</h2>\n"
        f'<div class="words"><p><span dir="ltr" lang="en">{escape(as_words(digits))}</span></p></div>\n'
        f'<div class="digits"><p><span dir="ltr">{escape(as_groups(digits))}</span></p></div>\n'
        f'<div class="found"><p><img class="qr" src="{code}" alt="{alt}" /></p></div>'
    )


def contents_title() -> str:
    """The title of the contents."""
    return pgettext("book", "Contents")


def running(book: Book) -> str:
    """The line at the head of each page."""
    return f"{book.site or book.title} · {book.edition or book.title} · {dates.gregorian(book.date, book.language)}"
