"""Which texts and names of readers are taken: plain ones, that hide nothing and imitate nobody."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.models import Site

from sanduq.question.setup import hidden_in
from sanduq_web.press.fold import fold
from sanduq_web.press.models import Byline

_MARKS: Final = re.compile(r"[\u0300-\u036f\u0483-\u0489\u0610-\u061a\u064b-\u065f\u06d6-\u06ed\u1ab0-\u1aff\u20d0-\u20ff]{5}")
# Letters of other scripts that look like Latin ones (Unicode's confusables, the common part).
_LOOKS_LIKE: Final = str.maketrans("аеорсухіјѕһԁԛԝѵοανιкмтвнАВЕКМНОРСТХ", "aeopcyxijshdqwvoavikmtbhabekmhopctx")
_LONG: Final = 8
"""From so many letters on a name of the newsroom may not be part of another name; a shorter one may be anybody's first name."""


def text(given: str) -> str:
    """A text as it is kept: plain, its lines as they were, no more than one empty line together.

    Raises ValidationError for characters that turn the text around or hide in it.
    """
    lines = given.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").split("\n")
    found = re.sub(r"\n{3,}", "\n\n", "\n".join(line.strip() for line in lines)).strip()
    hidden = hidden_in(found)
    if hidden or _MARKS.search(found):
        params = {"character": hidden or "U+0300"}
        raise ValidationError(
            _("There is a character that plain text does not have: %(character)s. Take it out."), params=params
        )
    return found


def name(given: str) -> str:
    """A name: one line, and nobody's of the newsroom.

    Raises ValidationError.
    """
    found = " ".join(text(given).split())
    if not any(unicodedata.category(c).startswith("L") for c in found):
        raise ValidationError(_("A name has letters."))
    own = _bare(found)
    taken = [*Byline.objects.values_list("name", flat=True), *Site.objects.values_list("site_name", flat=True)]
    for theirs in map(_bare, taken):
        if own == theirs or (len(theirs) >= _LONG and theirs in own):
            raise ValidationError(_("This is a name of the newsroom. Choose another one."))
    return found


def _bare(given: str) -> str:
    return "".join(c for c in fold(given.translate(_LOOKS_LIKE)) if c.isalnum())
