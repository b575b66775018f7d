"""The little markup that a letter's paragraphs may have (spec 9.a): what every program shows in the same way.

No attributes, so no links, whose targets could change without the text, no styles, no classes. One way to write each thing, so
that two programs cannot read it differently.
"""

from __future__ import annotations

import re
from typing import Final

from sanduq import errors

_INSIDE: Final = {
    "": "p ul ol hr",
    "p": "text b i br",
    "b": "text b i br",
    "i": "text b i br",
    "ul": "li",
    "ol": "li",
    "li": "text b i br ul ol",
}
"""What may stand within what; ``text`` is a run of characters."""
_VOID: Final = ("br", "hr")
_PIECE: Final = re.compile(r"<(/?)([a-z]+)>|((?:[^<>&]|&(?:amp|lt|gt);)+)")
_DEEPEST: Final = 16


def check_markup(html: str, where: str) -> None:
    """Refuse (9.4) anything but elements of the list, rightly nested and closed."""
    open_elements = [""]
    position = 0
    while position < len(html):
        piece = _PIECE.match(html, position)
        if piece is None:
            known = "p, b, i, ul, ol, li, hr, br without attributes"
            raise errors.LetterMarkup(where, expected=known, got=html[position : position + 40])
        position = piece.end()
        closes, name = bool(piece[1]), piece[2] or "text"
        if closes:
            errors.require(errors.LetterMarkup, open_elements[-1] == name, where, expected=_end(open_elements), got=piece[0])
            open_elements.pop()
            continue
        allowed = name in _INSIDE[open_elements[-1]].split()
        errors.require(errors.LetterMarkup, allowed, where, expected=_INSIDE[open_elements[-1]], got=piece[0][:40])
        if name != "text" and name not in _VOID:
            open_elements.append(name)
            errors.require(errors.LetterMarkup, len(open_elements) <= _DEEPEST, f"{where}: nested too deep")
    errors.require(errors.LetterMarkup, len(open_elements) == 1, where, expected=_end(open_elements), got="the end")


def _end(open_elements: list[str]) -> str:
    return f"</{open_elements[-1]}>" if open_elements[-1] else "no end of an element"
