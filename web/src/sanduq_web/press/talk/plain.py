"""Which texts and names of readers are taken: plain ones, that hide nothing and imitate nobody."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _
from wagtail.models import Site

from sanduq.question.setup import hidden_in
from sanduq_web.press.fold import fold
from sanduq_web.press.models import Byline

_MOST_MARKS: Final = 4
_BLANKS: Final = re.compile("[\u115f\u1160\u3164\uffa0]")
"""Letters by their kind, and nothing to the eye: fillers of Korean writing."""
# Letters of other scripts that look like Latin ones (Unicode's confusables, the common part).
_LOOKS_LIKE: Final = str.maketrans(
    "аеорсухіјѕһԁԛԝѵкмтвнӏАВЕКМНОРСТХІЅЈУҮΑΒΕΖΗΙΚΜΝΟΡΤΥΧοανιερτυχηɑɡօսհո",
    "aeopcyxijshdqwvkmtbhlabekmhopctxisjyyabezhikmnoptyxoavieptuxnagouhn",
)
# What few can tell apart in Latin writing, when names are compared.
_ALIKE: Final = str.maketrans("01l|", "oiii")
_NOT_YOURS: Final = _("This is a name of the newsroom. Choose another one.")
_LONG: Final = 8
"""From so many letters on a name of the newsroom may not be part of another name; a shorter one may be anybody's first name."""


def text(given: str) -> str:
    """A text as it is kept: plain, its lines as they were, no more than one empty line together.

    Raises ValidationError for characters that turn the text around or hide in it.
    """
    lines = given.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").split("\n")
    found = re.sub(r"\n{3,}", "\n\n", "\n".join(line.strip() for line in lines)).strip()
    blank = _BLANKS.search(found)
    hidden = hidden_in(found) or (f"U+{ord(blank.group()):04X}" if blank else _piled(found))
    if hidden:
        params = {"character": hidden}
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
            raise ValidationError(_NOT_YOURS)
    if any(_bare(badge) in own for badge in _badges()):
        raise ValidationError(_NOT_YOURS)
    return found


def _badges() -> Iterator[str]:
    """The word that stands beside the newsroom's own answers (press/talk/one_comment.html), in each language."""
    for code, _name in settings.LANGUAGES:
        with override(code):
            yield gettext("Newsroom")


def _piled(given: str) -> str | None:
    """The mark that is one too many over or under a letter: such piles cover the lines of others."""
    count = 0
    for each in given:
        kind = unicodedata.category(each)
        count = count + 1 if kind in ("Mn", "Me") else count if kind == "Cf" else 0
        if count > _MOST_MARKS:
            return f"U+{ord(each):04X}"
    return None


def _bare(given: str) -> str:
    return "".join(c for c in fold(given.translate(_LOOKS_LIKE)).translate(_ALIKE) if c.isalnum())
