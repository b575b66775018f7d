"""The voter's letter: what stands on it, what the code holds, and what it is not made of."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlsplit

import pytest

from rehearsed import rehearsed
from sanduq import errors
from sanduq.booth.letter import Extras, booth_link, letters_page, words_by_language
from sanduq.question.setup import CountingArea, Setup
from sanduq.roll import new_credential, printed_credential

BOOTH = "https://booth.example"
LANGUAGES = ["en", "az", "azb", "fa", "ar", "tr"]


@pytest.fixture(scope="module")
def setup() -> Setup:
    return rehearsed("swiss-636")[0]


def _in(setup: Setup, language: str, direction: str = "ltr") -> tuple[Setup, CountingArea]:
    """The setup in one more language, and its first area in that one."""
    area = replace(setup.areas[0], language=language)
    title = dict(setup.title) | {language: "A title"}
    return replace(setup, title=title, languages=dict(setup.languages) | {language: direction}), area


class _Page(HTMLParser):
    """Texts, tags with their attributes, and everything that would be fetched."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return "".join(self.texts)


def _page(
    setup: Setup, area: CountingArea, voters: list[tuple[str, str]], extras: Extras | None = None
) -> tuple[_Page, list[str]]:
    links: list[str] = []

    def draw(link: str) -> str:
        links.append(link)
        return "<svg></svg>"

    return _Page("".join(letters_page(setup, area, voters, BOOTH, draw, extras))), links


def test_the_link_holds_what_is_the_voter_s_behind_the_fragment_alone(setup: Setup) -> None:
    credential = new_credential()
    link = urlsplit(booth_link(BOOTH + "/", setup.anchor, "ZH", credential, "pt-BR"))
    assert (link.scheme, link.netloc, link.path, link.query) == ("https", "booth.example", "/", "")
    assert dict(parse_qsl(link.fragment, strict_parsing=True)) == {
        "r": setup.anchor,
        "a": "ZH",
        "c": credential,
        "l": "pt-BR",
    }


@pytest.mark.parametrize(
    "booth",
    [
        "",
        "booth.example",
        "ftp://booth.example",
        "https://",
        "https://b.example/?x=1",
        "https://b.example/#x",
        "https://a:b@c.example",
    ],
)
def test_an_address_that_would_not_keep_it_there(setup: Setup, booth: str) -> None:
    with pytest.raises(errors.Unusable, match="not an address of a booth"):
        booth_link(booth, setup.anchor, "ZH", new_credential(), "en")


def test_what_is_no_credential_gets_into_no_link(setup: Setup) -> None:
    with pytest.raises(errors.CredentialMalformed):
        booth_link(BOOTH, setup.anchor, "ZH", "AAAAA-AAAAAA-AAAAA-AAAAA0", "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_voter_has_a_page_in_the_area_s_language(setup: Setup, language: str) -> None:
    direction = "rtl" if language in ("azb", "fa", "ar") else "ltr"
    changed, area = _in(setup, language, direction)
    voters = [("Voter 1", new_credential()), ("Voter 2", new_credential())]
    page, links = _page(changed, area, voters)
    assert page.tags[0] == ("html", {"lang": language, "dir": direction})
    assert [tag for tag, _ in page.tags].count("section") == 2
    for (voter, credential), link in zip(voters, links, strict=True):
        assert voter in page.text
        assert re.sub(r"\s", "", printed_credential(credential)) in page.text
        assert credential in link
    words = words_by_language()[language]
    assert words.secret in page.text
    assert page.text.count(changed.anchor) == 2


def test_a_link_without_the_credential_leaves_it_to_a_code_of_its_own(setup: Setup) -> None:
    credential = new_credential()
    page, codes = _page(*_in(setup, "en"), [("1", credential)], Extras(bare_link=True))
    link, own = codes
    assert own == credential
    assert dict(parse_qsl(urlsplit(link).fragment, strict_parsing=True)).keys() == {"r", "a", "l"}
    assert not [group for group in credential.split("-") if group in link]
    assert words_by_language()["en"].bare in page.text


def test_a_pin_stands_on_its_own_voter_s_letter_only(setup: Setup) -> None:
    voters = [("1", new_credential()), ("2", new_credential())]
    page, codes = _page(*_in(setup, "en"), voters, Extras({"1": "01234567"}))
    second = page.text.index(re.sub(r"\s", "", printed_credential(voters[1][1])))
    assert page.text.count("0123 4567") == 1
    assert page.text.index("0123 4567") < second
    assert not [code for code in codes if "01234567" in code], "a scanned link must not hold both"


def test_every_language_says_everything_and_the_times() -> None:
    catalogue = words_by_language()
    assert sorted(catalogue) == sorted(LANGUAGES)
    for language, words in catalogue.items():
        assert all(vars(words).values()), language
        assert ("{opens}" in words.open, "{closes}" in words.open) == (True, True), language


def test_another_language_is_helped_out_in_english(setup: Setup) -> None:
    page, _ = _page(*_in(setup, "tk"), [("1", new_credential())])
    assert words_by_language()["en"].scan in page.text


def test_names_are_texts_and_nothing_is_fetched(setup: Setup) -> None:
    changed, area = _in(setup, "en")
    bad = '"><script>alert(1)</script>'
    page, _ = _page(
        replace(changed, title=dict(changed.title) | {"en": bad}), replace(area, name=bad), [(bad, new_credential())]
    )
    assert page.text.count(bad) == 4
    assert "script" not in [tag for tag, _ in page.tags]
    assert [attrs for _, attrs in page.tags if {"src", "href", "srcset", "action"} & set(attrs)] == []
