"""Dates and numbers: both calendars, the digits of each language, at the edges where calendars differ."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from django.conf import settings
from django.utils import translation

from newsroom import LANGUAGES
from sanduq_web import dates
from sanduq_web.press import pages

DAY = date(2026, 11, 22)


def test_every_language_of_the_site_is_written() -> None:
    assert set(dates.WRITINGS) == {code for code, _ in settings.LANGUAGES}
    for writing in dates.WRITINGS.values():
        assert (len(writing.digits), len(set(writing.gregorian)), len(set(writing.solar_hijri))) == (10, 12, 12)


@pytest.mark.parametrize(
    ("language", "gregorian", "solar_hijri"),
    [
        ("en", "22 November 2026", "1 Azar 1405"),
        ("az", "22 noyabr 2026", "1 azər 1405"),
        ("azb", "۲۲ نوامبر ۲۰۲۶", "۱ آذر ۱۴۰۵"),
        ("fa", "۲۲ نوامبر ۲۰۲۶", "۱ آذر ۱۴۰۵"),
        ("ar", "٢٢ نوفمبر ٢٠٢٦", "١ آذر ١٤٠٥"),
        ("tr", "22 Kasım 2026", "1 Azer 1405"),
    ],
)
def test_a_day_in_both_calendars(language: str, gregorian: str, solar_hijri: str) -> None:
    assert dates.gregorian(DAY, language) == gregorian
    assert dates.solar_hijri(DAY, language) == solar_hijri
    beside = language in ("azb", "fa")
    assert dates.both(DAY, language) == (f"{gregorian} ({solar_hijri})" if beside else gregorian)


@pytest.mark.parametrize(
    ("day", "solar"),
    [
        (date(2026, 3, 20), "29 Esfand 1404"),
        (date(2026, 3, 21), "1 Farvardin 1405"),
        (date(2025, 3, 20), "30 Esfand 1403"),  # a leap year
        (date(2025, 3, 21), "1 Farvardin 1404"),
        (date(2024, 3, 20), "1 Farvardin 1403"),
        (date(2026, 9, 22), "31 Shahrivar 1405"),
        (date(2026, 9, 23), "1 Mehr 1405"),
    ],
)
def test_the_ends_of_solar_hijri_months_and_years(day: date, solar: str) -> None:
    assert dates.solar_hijri(day, "en") == solar


def test_the_day_is_that_of_the_time_in_utc() -> None:
    late = datetime(2026, 11, 23, 1, 30, tzinfo=timezone(timedelta(hours=3, minutes=30)))
    with translation.override("fa"):
        text = pages.moment(late)
    assert 'datetime="2026-11-22T22:00:00Z"' in text
    assert "۲۲ نوامبر ۲۰۲۶ (۱ آذر ۱۴۰۵)" in text
    assert '<bdi dir="ltr">۲۲:۰۰ UTC</bdi>' in text


@pytest.mark.parametrize(
    ("language", "number", "percent"),
    [
        ("en", "1,234,567", "12.3%"),
        ("az", "1.234.567", "12,3\N{NO-BREAK SPACE}%"),
        ("azb", "۱٬۲۳۴٬۵۶۷", "۱۲٫۳٪"),
        ("fa", "۱٬۲۳۴٬۵۶۷", "۱۲٫۳٪"),
        ("ar", "١٬٢٣٤٬٥٦٧", "١٢٫٣٪"),
        ("tr", "1.234.567", "%12,3"),
    ],
)
def test_numbers(language: str, number: str, percent: str) -> None:
    assert dates.number(1234567, language) == number
    assert dates.percent(1234567, 10_000_000, language) == percent


@pytest.mark.parametrize(
    ("part", "whole", "text"), [(0, 0, "–"), (0, 5, "0.0%"), (5, 5, "100.0%"), (1, 2000, "0.1%"), (1, 2001, "0.0%")]
)
def test_shares_at_the_edges(part: int, whole: int, text: str) -> None:
    assert dates.percent(part, whole, "en") == text


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0.1 kB"), (1200, "1.2 kB"), (999_499, "999 kB"), (5_300_000, "5.3 MB"), (2 * 10**12, "2000 GB")]
)
def test_sizes(count: int, text: str) -> None:
    assert dates.size(count, "en") == text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_has_both_calendars_in_every_language(language: str) -> None:
    with translation.override(language):
        text = pages.both_calendars(DAY)
    assert dates.gregorian(DAY, language) in text
    assert dates.solar_hijri(DAY, language) in text
    assert re.match(r'<time datetime="2026-11-22"><bdi>', text)


def test_a_time_is_told_as_its_day() -> None:
    assert pages.isolated("a") == "\u2068a\u2069"
    assert pages.day(datetime(2026, 11, 22, 23, tzinfo=UTC)) == pages.day(DAY)
