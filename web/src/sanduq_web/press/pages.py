"""What all pages share: their context, their style, how times and numbers are told in a language."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from django import template
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language, get_language_info
from wagtail.models import Page, Site

register = template.Library()
_HERE: Final = Path(__file__).resolve().parent
_FOR_EVER: Final = {"Cache-Control": "public, max-age=31536000, immutable"}


@lru_cache(maxsize=1)
def _style() -> tuple[bytes, str]:
    raw = b"\n".join(path.read_bytes() for path in sorted((_HERE / "style").glob("*.css")))
    return raw, f"style-{hashlib.sha256(raw).hexdigest()[:16]}.css"


@lru_cache(maxsize=1)
def _font() -> tuple[bytes, str]:
    raw = (_HERE.parent / "fonts" / "vazirmatn.woff2").read_bytes()
    return raw, f"vazirmatn-{hashlib.sha256(raw).hexdigest()[:16]}.woff2"


def look(request: HttpRequest, name: str) -> HttpResponse:
    """The style sheet or the font, under a name with its hash."""
    for (raw, known), kind in ((_style(), "text/css; charset=utf-8"), (_font(), "font/woff2")):
        if name == known:
            return HttpResponse(raw, content_type=kind, headers=_FOR_EVER)
    raise Http404


def context(request: HttpRequest) -> dict[str, Any]:
    """For every page: its language and direction, the site, the sheet's name."""
    language = get_language() or settings.LANGUAGE_CODE
    info = get_language_info(language)
    return {
        "language": language,
        "direction": "rtl" if info["bidi"] else "ltr",
        "style_name": _style()[1],
        "press_site": Site.find_for_request(request),
    }


def addresses(page: Page, request: HttpRequest) -> list[tuple[str, str]]:
    """The same page in the other languages: code and address."""
    found = page.get_translations(inclusive=True).live().select_related("locale")
    return [(each.locale.language_code, each.get_url(request)) for each in found]
