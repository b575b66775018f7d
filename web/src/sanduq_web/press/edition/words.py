"""The search of an edition: its articles with their words, and the rules by which words are compared."""

from __future__ import annotations

import json
from typing import Any

from sanduq_web import dates
from sanduq_web.press.api import published
from sanduq_web.press.fold import ONE, text_of, words_in
from sanduq_web.press.frame import Frame
from sanduq_web.press.models import ArticlePage, FrontPage


def entries(front: FrontPage, frame: Frame) -> bytes:
    """A script that gives ``sanduq`` the articles below a front page, the newest first: address from the place of the search,
    title, date, text; of each letter the one for which it stands (:mod:`sanduq_web.press.fold`)."""
    language = front.locale.language_code
    given = {
        "language": language,
        "letters": {chr(each): other for each, other in ONE.items()},
        "entries": [
            _entry(each, frame, language) for each in published().descendant_of(front).prefetch_related("bylines__byline")
        ],
    }
    # What no script may hold as it is: the end of a script within a page, and two signs that once ended a line.
    text = json.dumps(given, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    for sign in ("<", "\u2028", "\u2029"):
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return f"globalThis.sanduq = {text};\n".encode()


def _entry(page: ArticlePage, frame: Frame, language: str) -> list[Any]:
    whole = page.specific if page.numchild else page
    text = " ".join([text_of(page), *(each.byline.name for each in page.bylines.all()), *map(words_in, whole.chapters())])
    address = frame.address_of(page).removeprefix(frame.front_address)
    return [f"../{address}index.html", page.title, dates.both(page.published_on.date(), language), text]
