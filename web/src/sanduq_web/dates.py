"""Dates, times and numbers as each language writes them: both calendars with the names of their months, the digits, the signs.

Django and the vote site know some of it; here is all of it for all six, since a letter shows both calendars in every language.
Sources: CLDR for en, az, fa, ar and tr; for azb, which CLDR lacks, what its newspapers write.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from persiantools.jdatetime import JalaliDate

from sanduq_web.environment import LANGUAGE_CODE, SANDUQ_LANGUAGES

SOLAR_HIJRI: Final = tuple(each.code for each in SANDUQ_LANGUAGES if each.calendar == "solar-hijri")


@dataclass(frozen=True)
class Writing:
    """How a language writes dates and numbers. ``percent`` has a place for the number."""

    digits: str
    comma: str
    group: str
    decimal: str
    percent: str
    gregorian: tuple[str, ...]
    solar_hijri: tuple[str, ...]


def _writing(digits: str, signs: str, percent: str, gregorian: str, solar_hijri: str) -> Writing:
    comma, group, decimal = list(signs)
    return Writing(digits, comma, group, decimal, percent, tuple(gregorian.split()), tuple(solar_hijri.split()))


_EUROPEAN: Final = "0123456789"
_PERSIAN: Final = "۰۱۲۳۴۵۶۷۸۹"
_ARABIC: Final = "٠١٢٣٤٥٦٧٨٩"
_SH_FA: Final = "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند"
WRITINGS: Final = {
    "en": _writing(
        _EUROPEAN, ",,.", "{}%",
        "January February March April May June July August September October November December",
        "Farvardin Ordibehesht Khordad Tir Mordad Shahrivar Mehr Aban Azar Dey Bahman Esfand",
    ),
    "az": _writing(
        _EUROPEAN, ",.,", "{}\N{NO-BREAK SPACE}%",
        "yanvar fevral mart aprel may iyun iyul avqust sentyabr oktyabr noyabr dekabr",
        "fərvərdin ordibehişt xordad tir mordad şəhrivər mehr aban azər dey bəhmən isfənd",
    ),
    "azb": _writing(
        _PERSIAN, "،٬٫", "{}٪",
        "ژانویه فوریه مارس آوریل مئی ژوئن جولای آقوست سپتامبر اوکتوبر نوامبر دسامبر",
        _SH_FA,
    ),
    "fa": _writing(
        _PERSIAN, "،٬٫", "{}٪",
        "ژانویه فوریه مارس آوریل مه ژوئن ژوئیه اوت سپتامبر اکتبر نوامبر دسامبر",
        _SH_FA,
    ),
    "ar": _writing(
        _ARABIC, "،٬٫", "{}٪",
        "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
        "فروردين أرديبهشت خرداد تير مرداد شهريور مهر آبان آذر دي بهمن إسفند",
    ),
    "tr": _writing(
        _EUROPEAN, ",.,", "%{}",
        "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık",
        "Ferverdin Ordibeheşt Hordad Tir Mordad Şehriver Mihr Aban Azer Dey Behmen Esfend",
    ),
}  # fmt: skip


def writing(language: str | None) -> Writing:
    """That of a language; of one that is not here, the first language's."""
    return WRITINGS.get(language or "", WRITINGS[LANGUAGE_CODE])


def numerals(text: object, language: str | None) -> str:
    """A text with the digits of a language in place of the European ones."""
    return str(text).translate(str.maketrans(_EUROPEAN, writing(language).digits))


def number(value: int, language: str | None) -> str:
    """A whole number, its digits in groups."""
    return numerals(f"{value:,}".replace(",", writing(language).group), language)


def percent(part: int, whole: int, language: str | None, places: int = 1) -> str:
    """A share in per cent, rounded half up; ``–`` of nothing."""
    if whole <= 0:
        return "–"
    scale = 10**places
    units = (2 * part * 100 * scale + whole) // (2 * whole)
    text = f"{units // scale}{writing(language).decimal}{units % scale:0{places}d}"
    return writing(language).percent.format(numerals(text, language))


def gregorian(day: date, language: str | None) -> str:
    """A date by the Gregorian calendar: ``22 November 2026``."""
    return numerals(f"{day.day} {writing(language).gregorian[day.month - 1]} {day.year}", language)


def solar_hijri(day: date, language: str | None) -> str:
    """The same date by the Solar Hijri calendar: ``1 Azar 1405``."""
    found = JalaliDate(day)
    return numerals(f"{found.day} {writing(language).solar_hijri[found.month - 1]} {found.year}", language)


def both(day: date, language: str | None) -> str:
    """A date as readers of a language expect it: the Gregorian one, and where people use it the Solar Hijri one beside it."""
    beside = f" ({solar_hijri(day, language)})" if language in SOLAR_HIJRI else ""
    return gregorian(day, language) + beside


def clock(time: datetime, language: str | None) -> str:
    """The time of day in UTC: ``14:05 UTC``."""
    return numerals(f"{time.astimezone(UTC):%H:%M}", language) + " UTC"


def size(count: int, language: str | None) -> str:
    """So many bytes, for people: ``1.2 MB``."""
    for unit, bound in (("kB", 1000), ("MB", 1000**2), ("GB", 1000**3)):
        if count + bound // 2 < 1000 * bound or unit == "GB":
            tenths = max((10 * count + bound // 2) // bound, 1)
            text = (
                f"{tenths // 10}{writing(language).decimal}{tenths % 10}"
                if tenths < 100
                else str((count + bound // 2) // bound)
            )
            return f"{numerals(text, language)} {unit}"
    raise AssertionError("unreachable")
