"""The page of editions and mirrors: what to take along, by which words its key is known, where else the same pages stand."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from sanduq import errors
from sanduq.disc import KEYS, as_groups, as_words, fingerprint, read_keys
from sanduq_web.press.edition import depends_on_more
from sanduq_web.press.edition.latest import offered
from sanduq_web.press.kept import keep

_MOST: Final = 12
_LARGEST: Final = 1 << 16


@require_safe
def take_along(request: HttpRequest) -> HttpResponseBase:
    """The same for everybody; made anew for each edition, since it shows files."""
    depends_on_more()
    onion = [settings.SANDUQ_PRESS_ONION] if settings.SANDUQ_PRESS_ONION else []
    mirrors = [*onion, *(each.rstrip("/") for each in settings.SANDUQ_PRESS_MIRRORS)]
    shown = {"archives": offered()[:_MOST], "keys": keys(), "mirrors": mirrors}
    return keep(render(request, "press/take_along.html", shown))


def keys() -> list[dict[str, Any]]:
    """The keys of editions, the newest first, with their fingerprints; none where no file is set, or it is no such file."""
    workshop = settings.SANDUQ_PRESS_WORKSHOP
    path = Path(settings.SANDUQ_PRESS_KEYS or (Path(workshop) / "parts" / KEYS if workshop else ""))
    try:
        with path.open("rb") as file:
            found = read_keys(file.read(_LARGEST))
    except (OSError, errors.Refused):
        return []
    told = [(entry.key.id, fingerprint(entry.key.public)) for entry in reversed(found)]
    return [{"id": name, "digits": as_groups(digits), "words": as_words(digits)} for name, digits in told]
