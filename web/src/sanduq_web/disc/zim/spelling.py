"""Other spellings of the words of a text, for an index whose reader changes what is asked for in its own way.

Kiwix takes marks off the letters of what is asked for (é, ç, ş, harakat, hamza on its carrier); of what is indexed it does so
only where it reads the pages by itself (:func:`bare`). It ignores joiners within a word. It keeps apart: the letters of Arabic
and Persian keyboards (ك/ک, ي/ی/ى, ة/ه), ə and ı and what keyboards without them write, digits of the three kinds, Arabic words
with and without their article, and words written with a zero-width non-joiner or a space.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Final

_ZWNJ: Final = "\N{ZERO WIDTH NON-JOINER}"
_WORD: Final = re.compile(rf"[\w\u0300-\u036f\u0640\u064b-\u065f\u0670\u06d6-\u06ed{_ZWNJ}\N{{ZERO WIDTH JOINER}}]+")
_PERSIAN: Final = str.maketrans(
    {
        "ك": "ک",
        "ي": "ی",
        "ى": "ی",
        "ئ": "ی",
        "ة": "ه",
        "ۀ": "ه",
        "ۆ": "و",
        "ۇ": "و",
        "ـ": "",
        "ə": "e",
        "Ə": "E",
        "ı": "i",
        "İ": "i",
    }
)
_ARABIC: Final = str.maketrans({"ک": "ك", "ی": "ي"})
_DIGITS: Final = (0x30, 0x660, 0x6F0)
_ARTICLE: Final = "ال"


@cache
def _no_marks() -> dict[int, None]:
    """A table that takes all marks (category M) away: much quicker than to ask for the category of each letter of a text."""
    return dict.fromkeys(code for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code))[0] == "M")


def bare(text: str) -> str:
    """A text without marks on its letters, as libzim takes them off (``removeAccents``: NFD, all marks removed, NFC)."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", text).translate(_no_marks()))


def other_spellings(text: str) -> str:
    """The words of a text as they may be asked for and are not written, each once, in the order of the text; without marks."""
    known = dict.fromkeys(_WORD.findall(bare(text)))
    return " ".join(each for each in dict.fromkeys(other for word in known for other in _others(word)) if each not in known)


@lru_cache(1 << 17)
def _others(word: str) -> tuple[str, ...]:
    """Of one word; many pages have the same ones."""
    return tuple(_each_other(word))


def _each_other(word: str) -> Iterator[str]:
    whole = [bare(word), *(bare(part) for part in word.split(_ZWNJ) if part != word)]
    for part in filter(None, whole):
        persian = part.translate(_PERSIAN)
        forms = dict.fromkeys([part, persian, persian.translate(_ARABIC)])
        for form in forms:
            yield form
            if form.startswith(_ARTICLE) and len(form) >= len(_ARTICLE) + 2:
                yield form[len(_ARTICLE) :]
        if any(each.isdecimal() for each in part):
            for zero in _DIGITS:
                yield "".join(chr(zero + unicodedata.decimal(each)) if each.isdecimal() else each for each in persian)
