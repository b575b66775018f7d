"""What may be wrong with a row, in words."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TOLD: Final[dict[str, str | Promise]] = {
    "quotes": _("quotation marks that do not fit"),
    "columns": _("another number of cells than columns"),
    "encoding": _("characters that this encoding does not have"),
    "hidden": _("a control character, or one that cannot be seen"),
    "formula": _("begins as a formula does: = + - @"),
    "voter": _("expected 1 to 64 letters, digits and - _ . /, the first one a letter or digit"),
    "twice": _("the same voter again; first in the line that is named"),
    "area": _("no area of the draft"),
    "language": _("no language of the site"),
    "lines": _("longer than a letter's window: 60 characters a line, five lines of address"),
    "email": _("no e-mail address"),
    "withheld": _("expected yes or no"),
    "weight": _("expected a whole number"),
    "long": _("longer than 64 characters"),
}
