"""A tree of pages for each language, with the right language and direction."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from newsroom import LANGUAGES, article, section
from sanduq import errors
from sanduq_web.press.actions import make_site

RIGHT_TO_LEFT = {"azb", "fa", "ar"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_of_each_tree_has_its_language_and_direction(site: Any, reader: Client, language: str) -> None:
    there = article(section(language))
    for address in (f"/{language}/", f"/{language}/news/", f"/{language}/news/{there.slug}/"):
        page = reader.get(address)
        assert page.status_code == 200, address
        found = re.search('<html lang="([a-z]+)" dir="([a-z]+)">', page.text)
        assert found is not None
        assert found.groups() == (language, "rtl" if language in RIGHT_TO_LEFT else "ltr")


def test_no_reader_gets_a_cookie(site: Any, reader: Client) -> None:
    there = article(section("fa"))
    for address in ("/fa/", "/fa/news/", f"/fa/news/{there.slug}/", "/fa/search/?q=a", "/", "/fa/nothing/"):
        answer = reader.get(address)
        assert (dict(answer.cookies), answer.headers.get("Vary", "").find("Cookie")) == ({}, -1), address


@pytest.mark.django_db
@pytest.mark.parametrize("languages", [[], ["en", "xx"]])
def test_a_site_in_no_known_language(languages: list[str]) -> None:
    with pytest.raises(errors.Unusable, match="languages"):
        make_site("The Lake Courier", "testserver", 80, languages)


def test_an_address_has_one_site(site: Any) -> None:
    with pytest.raises(errors.Unusable, match="testserver:80 is the address of another site here: The Lake Courier"):
        make_site("Another", "testserver", 80, ["en"])
    other = make_site("Another", "other.example", 80, ["fa"])
    assert other.is_default_site is False
