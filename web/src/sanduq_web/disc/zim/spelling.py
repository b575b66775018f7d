"""Other spellings of the words of a text, for an index whose reader changes what is asked for in its own way.

Kiwix takes marks off the letters of what is asked for (é, ç, ş, harakat, hamza on its carrier); of what is indexed it does so
only where it reads the pages by itself (:func:`bare`). It ignores joiners within a word. It keeps apart: the letters of Arabic
and Persian keyboards (ك/ک, ي/ی/ى, ة/ه), ə and ı and what keyboards without them write, digits of the three kinds, Arabic words
with and without their article, and words written with a zero-width non-joiner or a space.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
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


def bare(text: str) -> str:
    """A text without marks on its letters, as libzim takes them off (``removeAccents``: NFD, all marks removed, NFC)."""
    return unicodedata.normalize(
        "NFC", "".join(c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c)[0] != "M")
    )


def other_spellings(text: str) -> str:
    """The words of a text as they may be asked for and are not written, each once, in the order of the text; without marks."""
    known = dict.fromkeys(_WORD.findall(bare(text)))
    return " ".join(each for each in dict.fromkeys(other for word in known for other in _others(word)) if each not in known)


def _others(word: str) -> Iterator[str]:
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
