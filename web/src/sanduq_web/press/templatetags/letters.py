"""How letters, organisations and publications are shown: days in both calendars, checked text, codes of fingerprints."""

from __future__ import annotations

import io
from datetime import date

import segno
from django import template
from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from sanduq.press import Block
from sanduq_web.pages import solar_hijri

register = template.Library()


@register.filter
def in_both(day: date | str) -> SafeString:
    """A day in the Gregorian and the Solar Hijri calendar."""
    found = date.fromisoformat(day) if isinstance(day, str) else day
    language = get_language() or ""
    # Django has no names of months in South Azerbaijani.
    gregorian = found.isoformat() if language == "azb" else formats.date_format(found, "j F Y")
    return format_html(
        '<time datetime="{}"><bdi>{}</bdi> (<bdi>{}</bdi>)</time>', found.isoformat(), gregorian, solar_hijri(found, language)
    )


@register.filter
def in_both_to(day: date, precision: str) -> SafeString:
    """A day of which only the month or the year may be known."""
    if precision == "day":
        return in_both(day)
    language = get_language() or ""
    hijri = solar_hijri(day, language).split(" ")[-1]
    if precision == "year":
        return format_html('<time datetime="{}"><bdi>{}</bdi> (<bdi>{}</bdi>)</time>', day.year, day.year, hijri)
    month = day.strftime("%Y-%m")
    shown = month if language == "azb" else formats.date_format(day, "F Y")
    return format_html('<time datetime="{}"><bdi>{}</bdi> (<bdi>{}</bdi>)</time>', month, shown, hijri)


@register.filter
def as_signed(block: Block) -> SafeString:
    """A paragraph of a letter. Its markup passed the check of spec 9.4: elements of a short list, without attributes."""
    return mark_safe(block.text)  # noqa: S308


@register.filter
def qr(text: str) -> SafeString:
    """A code to be photographed."""
    out = io.BytesIO()
    segno.make(text.replace(" ", "").upper(), error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=False, scale=3, border=4, light="#fff", svgclass="qr", lineclass=None
    )
    return mark_safe(out.getvalue().decode())  # noqa: S308
