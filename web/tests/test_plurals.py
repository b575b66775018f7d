"""The right plural form for every number, by the categories of CLDR: zero, one, two, few, many, other."""

from __future__ import annotations

from gettext import c2py
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils import translation

LOCALE = Path(settings.LOCALE_PATHS[0])
CATEGORIES = ("zero", "one", "two", "few", "many", "other")
# What decides in Arabic, and far beyond.
NUMBERS = [*range(120), *range(198, 215), 1000, 1001, 1002, 1003, 1011, 1_000_000, 1_000_002]
ONE = "There is one counting area."
MANY = "There are %(counter)s counting areas."
CODES = [code for code, _ in settings.LANGUAGES]


def _category(language: str, n: int) -> str:
    # CLDR has no azb; its readers count as those of az.
    return str(Locale.parse({"azb": "az"}.get(language, language)).plural_form(n))


def _forms(language: str) -> list[str]:
    """The categories that a language has, in the order of its catalogue."""
    found = {_category(language, n) for n in range(1000)} | {"other"}
    return [category for category in CATEGORIES if category in found]


@pytest.mark.parametrize("language", CODES)
def test_a_catalogue_counts_as_cldr_does(language: str) -> None:
    path = LOCALE / language / "LC_MESSAGES" / "django.po"
    with path.open("rb") as file:
        catalog = read_po(file)
    forms = _forms(language)
    assert catalog.num_plurals == len(forms)
    index = c2py(catalog.plural_expr)
    wrong = [n for n in NUMBERS if forms[index(n)] != _category(language, n)]
    assert not wrong
    for message in catalog:
        if isinstance(message.id, tuple):
            assert len(message.string) == len(forms)


@pytest.mark.parametrize("n", NUMBERS)
def test_arabic_says_each_number_in_its_form(n: int) -> None:
    with (LOCALE / "ar" / "LC_MESSAGES" / "django.po").open("rb") as file:
        message = read_po(file).get(ONE)
    assert message is not None
    by_category = dict(zip(CATEGORIES, message.string, strict=True))
    # After 11 to 99 and after 100 the noun is singular in both; without vowel signs it is written the same.
    assert len(set(by_category.values())) == 5
    with translation.override("ar"):
        assert translation.ngettext(ONE, MANY, n) == by_category[_category("ar", n)]


def test_each_category_is_met() -> None:
    assert {_category("ar", n) for n in NUMBERS} == set(CATEGORIES)
