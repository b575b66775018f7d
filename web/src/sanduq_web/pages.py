"""What all pages share: their style, their context, how times and numbers are told in a language."""

from __future__ import annotations

import hashlib
import unicodedata
from datetime import date
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from django import template
from django.conf import locale, settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import translate_url
from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info
from persiantools.jdatetime import JalaliDate

from sanduq.count.outcome import percent
from sanduq_web import clock, edition
from sanduq_web.environment import SANDUQ_LANGUAGES

register = template.Library()
SOLAR_HIJRI: Final = tuple(each.code for each in SANDUQ_LANGUAGES if each.calendar == "solar-hijri")
_REVIEWED: Final = tuple(each.code for each in SANDUQ_LANGUAGES if each.reviewed)
_WITH_MONTHS: Final = Path(locale.__file__).resolve().parent
_HERE: Final = Path(__file__).resolve().parent
_FOR_EVER: Final = {"Cache-Control": "public, max-age=31536000, immutable"}


@lru_cache(maxsize=1)
def _style() -> tuple[bytes, str]:
    raw = b"\n".join(path.read_bytes() for path in sorted((_HERE / "style").glob("*.css")))
    return raw, hashlib.sha256(raw).hexdigest()[:16]


def style(request: HttpRequest) -> HttpResponse:
    """The style sheets as one. Pages name it with its hash, so browsers may keep it."""
    return HttpResponse(_style()[0], content_type="text/css; charset=utf-8", headers=_FOR_EVER)


@lru_cache(maxsize=1)
def _font() -> tuple[bytes, str]:
    raw = (_HERE / "fonts" / "vazirmatn.woff2").read_bytes()
    return raw, f"vazirmatn-{hashlib.sha256(raw).hexdigest()[:16]}.woff2"


def font(request: HttpRequest, name: str) -> HttpResponse:
    """The one font (fonts/README.md), under a name with its hash: the style sheet has it."""
    raw, known = _font()
    if name != known:
        raise Http404
    return HttpResponse(raw, content_type="font/woff2", headers=_FOR_EVER)


def icon(request: HttpRequest) -> HttpResponse:
    """The icon, at the address where browsers look for one unasked."""
    headers = {"Cache-Control": "public, max-age=86400"}
    return HttpResponse((_HERE / "icon.svg").read_bytes(), content_type="image/svg+xml", headers=headers)


def context(request: HttpRequest) -> dict[str, Any]:
    """For every page: its language and direction, the same page in the other languages, the style sheet's hash, its edition."""
    language = get_language() or settings.LANGUAGE_CODE
    others = [(code, get_language_info(code), translate_url(request.get_full_path(), code)) for code, _ in settings.LANGUAGES]
    info = get_language_info(language)
    direction = "rtl" if info["bidi"] else "ltr"
    found: dict[str, Any] = {"language": language, "direction": direction, "others": others, "style_hash": _style()[1]}
    copy = edition.current.get()
    return found | {"reviewed": language in _REVIEWED, "edition": copy.told(language) if copy else None}


def solar_hijri(day: date, language: str) -> str:
    """A date in the Solar Hijri calendar: in Persian for languages that write so, else in Latin letters."""
    written = JalaliDate(day).strftime("%d %B %Y", locale="fa" if language in SOLAR_HIJRI else "en")
    return str(written).removeprefix("0").removeprefix("۰")


@register.filter
def moment(time: str) -> SafeString:
    """A time in UTC for people: by the Gregorian calendar, and where people use it by the Solar Hijri one too."""
    found, language = clock.moment(time), get_language() or ""
    # Django has no names of months in South Azerbaijani, nor in any language without a folder of its own.
    day = found.strftime("%Y-%m-%d") if not (_WITH_MONTHS / language).is_dir() else formats.date_format(found, "j F Y")
    more = f" ({solar_hijri(found.date(), language)})" if language in SOLAR_HIJRI else ""
    comma = "،" if language in settings.LANGUAGES_BIDI else ","
    clock_time = format_html('<bdi dir="ltr">{} UTC</bdi>', time[11:16])
    return format_html('<time datetime="{}"><bdi>{}</bdi>{}{} {}</time>', time, day, more, comma, clock_time)


@register.filter
def number(value: int) -> str:
    """A whole number, its digits in groups."""
    return f"{value:,}".replace(",", str(formats.get_format("THOUSAND_SEPARATOR")))


def share(part: Fraction | int, whole: Fraction | int, digits: int = 2) -> str:
    """A share in per cent, as the language writes it. For people: nothing is decided by it."""
    return _share(part, whole, digits, get_language() or "")


@lru_cache(maxsize=8192)
def _share(part: Fraction | int, whole: Fraction | int, digits: int, language: str) -> str:
    text = percent(part, whole, digits)
    if text == "–":
        return text
    text = text.replace(".", str(formats.get_format("DECIMAL_SEPARATOR", language)))
    return f"%{text}" if language == "tr" else f"{text}\N{NO-BREAK SPACE}%"


@register.filter
def exact(value: Fraction | int) -> str:
    """An exact number: whole, with few decimal places if these are all, else as a fraction."""
    found = Fraction(value)
    whole = found * 1000
    if whole.denominator != 1:
        return f"{number(found.numerator)}/{number(found.denominator)}"
    head, tail = divmod(abs(whole.numerator), 1000)
    sign = "-" if found < 0 else ""
    digits = f"{tail:03}".rstrip("0")
    return sign + number(head) + (f"{formats.get_format('DECIMAL_SEPARATOR')}{digits}" if digits else "")


@register.filter
def isolated(text: str) -> str:
    """A text of whatever direction within another (Unicode's isolates)."""
    return f"\N{FIRST STRONG ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}"


def by_letters(name: str) -> tuple[str, str]:
    """A key that sorts names: letters with marks stand with those without."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    return plain, name


@register.filter
def get(mapping: dict[str, Any], key: str) -> Any:
    """A value by its key."""
    return mapping.get(key)
