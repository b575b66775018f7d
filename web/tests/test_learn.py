"""Guides and the way into practice, in every language; and what a page says about its own translation."""

from __future__ import annotations

import re

import pytest
from django.utils import translation
from pytest_django import Settings

from rig import Rig
from sanduq_web import pages
from sanduq_web.question.api import Frozen
from test_pages import LANGUAGES, page

pytestmark = pytest.mark.django_db
GUIDES = ("learn/", "learn/voters", "learn/trustees", "learn/observers")


def _sentences(text: str) -> set[str]:
    return set(re.findall(r"<(?:h\d|p|li)>\s*([^<]*[^<\s])", text))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", GUIDES)
def test_guides_in_every_language(frozen: Frozen, language: str, name: str) -> None:
    text = page(f"/{language}/{name}")
    assert f'<html lang="{language}" dir="{LANGUAGES[language]}">' in text
    assert len(_sentences(text)) > 3
    if language != "en":
        assert not _sentences(text) & _sentences(page(f"/en/{name}")), "nothing is left in English"


@pytest.mark.parametrize("language", LANGUAGES)
def test_practice_opens_in_the_readers_language(frozen: Frozen, rig: Rig, language: str, settings: Settings) -> None:
    settings.SANDUQ_BOOTH = "https://booth.example"
    text = page(f"/{language}/learn/")
    assert f'href="https://booth.example/#practice&amp;l={language}"' in text
    assert f'href="https://booth.example/#practice&amp;r={rig.anchor}&amp;l={language}"' in text
    assert "/#r=" not in text, "nothing here leads to the real booth"
    assert f'href="https://booth.example/#practice&amp;l={language}"' in page(f"/{language}/learn/voters")


@pytest.mark.parametrize("path", ["/en/learn/nobody", "/en/learn/voters/", "/en/learn/index"])
def test_there_are_no_other_guides(frozen: Frozen, path: str) -> None:
    page(path, status=404)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_says_that_its_language_is_not_reviewed(frozen: Frozen, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with translation.override(language):
        sentence = translation.gettext("A native reader has not reviewed the texts of this site in this language.")
    assert page(f"/{language}/").count(sentence) == 1
    monkeypatch.setattr(pages, "_REVIEWED", (language,))
    assert sentence not in page(f"/{language}/")
    monkeypatch.setattr(pages, "_REVIEWED", tuple(code for code in LANGUAGES if code != language))
    assert sentence in page(f"/{language}/")
