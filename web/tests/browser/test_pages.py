"""Every page that links lead to: both directions, both colours, narrow and wide, with and without JavaScript."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.error import HTTPError
from urllib.parse import urldefrag, urljoin, urlsplit
from urllib.request import ProxyHandler, build_opener

import pytest
from playwright.sync_api import expect

from browser.conftest import Visit
from browser.looking import look
from browser.town import Town
from browser.visitor import DESKTOP, PHONE
from browser.voter import Voter, letter_link
from sanduq.algebra.numbers import sha256_b64

pytestmark = pytest.mark.long

MOST = 600
LOOKED_AT = ("en", "fa")
LANGUAGES = ("en", "az", "azb", "fa", "ar", "tr")


class _Links(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in ("href", "src", "action") and value]


@dataclass(frozen=True)
class Found:
    """Addresses; ``pages`` are HTML, each with its tags and their classes: pages that have the same look the same."""

    pages: dict[str, str]
    elsewhere: frozenset[str]
    dead: tuple[str, ...]


@pytest.fixture(scope="session")
def found(town: Town) -> Found:
    """All that can be come to from the start pages of all languages, on the site's own origin."""
    opener = build_opener(ProxyHandler({}))
    waiting = deque(f"{town.origin}/{language}/" for language in LANGUAGES)
    known, pages, elsewhere, dead = set(waiting), dict[str, str](), set(), []
    while waiting:
        address = waiting.popleft()
        try:
            with opener.open(address, timeout=30) as answer:
                kind, raw = answer.headers["Content-Type"], answer.read()
        except HTTPError as error:
            dead.append(f"{error.code} {address}")
            continue
        if not kind.startswith("text/html"):
            continue
        text = raw.decode()
        pages[address] = " ".join(re.findall(r"<\w+|class=\"[^\"]*\"", text))
        for link in _Links(text).found:
            target = urldefrag(urljoin(address, link))[0]
            if not target.startswith(f"{town.origin}/"):
                elsewhere.add(f"{urlsplit(target).scheme}://{urlsplit(target).netloc}")
            elif target not in known and len(known) < MOST:
                known.add(target)
                waiting.append(target)
    assert len(known) < MOST, "more addresses than this test looks at: raise the bound, or look for a trap"
    return Found(pages, frozenset(elsewhere), tuple(dead))


def _of(found: Found, town: Town, language: str) -> list[str]:
    """The pages in a language, those that look the same once; with the English ones those that have no language."""
    other = re.compile(rf"{town.origin}/({'|'.join(set(LANGUAGES) - {language})})/")
    mine = (a for a in found.pages if a.startswith(f"{town.origin}/{language}/") or (language == "en" and not other.match(a)))
    return list({found.pages[address]: address for address in mine}.values())


def test_no_link_is_dead_and_none_leads_to_others(town: Town, found: Found) -> None:
    assert found.dead == ()
    assert found.elsewhere <= {town.booth}
    for rig in town.all:
        for language in LANGUAGES:
            for name in ("", "check/", "watch/", "result/"):
                assert town.page(name, language, rig) in found.pages


@pytest.mark.parametrize("language", LOOKED_AT)
def test_every_page_can_be_read_by_everybody(town: Town, found: Found, visit: Visit, tracker: str, language: str) -> None:
    visitor = visit()
    visitor.troubles = ("404",)
    page, wrong = visitor.page, []
    for address in [*_of(found, town, language), f"{town.origin}/{language}/nothing/"]:
        page.goto(address)
        wrong += look(page)
    page.goto(town.page("check/", language))
    for asked in (tracker, "A" * 43):
        page.locator("#tracker").fill(asked)
        page.locator("main form button").click()
        expect(page.locator(".answer")).to_be_visible()
        wrong += look(page)
    assert not wrong, "\n".join(wrong)


@pytest.fixture(scope="session")
def tracker(town: Town) -> str:
    """That of a ballot in the box."""
    raw = town.rig.ballots["hill"][-2]
    with closing(town.client()) as client:
        assert client.cast("hill", raw)[0] == 201
    return sha256_b64(raw)


@pytest.mark.parametrize("language", LOOKED_AT)
def test_without_javascript_the_pages_say_the_same(town: Town, found: Found, visit: Visit, tracker: str, language: str) -> None:
    """A page with a script says no more to browsers that run it."""
    bare, full = visit(java_script_enabled=False).page, visit().page
    for address in _of(found, town, language):
        bare.goto(address)
        expect(bare.locator("h1")).to_be_visible()
        if bare.locator("script").count():
            full.goto(address)
            assert full.locator("body").inner_text() == bare.locator("body").inner_text(), address
    bare.goto(town.page("check/", language))
    for asked, kind in ((tracker, "good"), ("A" * 43, "bad")):
        bare.locator("#tracker").fill(asked)
        bare.locator("main form button").click()
        expect(bare.locator(f".answer.{kind}")).to_be_visible()


@pytest.mark.parametrize("language", LOOKED_AT)
def test_every_step_of_the_booth_can_be_done_by_everybody(town: Town, visit: Visit, language: str) -> None:
    visitor = visit(DESKTOP if language == "en" else PHONE)
    visitor.troubles = ("ERR_INTERNET_DISCONNECTED",)
    voter, page, wrong = Voter(visitor, language), visitor.page, []
    code, number = ("hill", 7) if language == "en" else ("shore", 4)
    voter.opens(f"{town.booth}/#r={town.rig.anchor}&l={language}")
    voter.sees("credential")
    for step in _steps(voter, letter_link(town, code, number, language=language)):
        wrong += [f"{step}: {one}" for one in look(page)]
    assert not wrong, "\n".join(wrong)


def _steps(voter: Voter, link: str) -> Iterator[str]:
    """The name of each step, when the page is there."""
    page = voter.page
    yield "credential"
    voter.goes_on()
    expect(page.locator("#mistake")).to_be_visible()
    yield "mistake"
    voter.opens(link)
    voter.sees("choice")
    yield "choice"
    voter.chooses(1)
    yield "review"
    shown = voter.seals()
    yield "sealed"
    page.locator("#challenge").click()
    voter.sees("opened")
    page.locator("summary").first.click()
    opened = page.locator("#opened-text").input_value()
    yield "opened"
    page.locator("#seal-again").click()
    voter.seals()
    voter.visitor.context.set_offline(True)
    page.locator("#cast").click()
    expect(page.locator("#keep")).to_be_visible()
    yield "waiting"
    voter.visitor.context.set_offline(False)
    voter.has_receipt()
    yield "receipt"
    page.locator("#finish").click()
    expect(page.locator("main .good")).to_be_visible()
    yield "finished"
    voter.opens(link.partition("#")[0] + "#check&" + re.sub("&c=[^&]*", "", link.partition("#")[2]))
    voter.sees("check")
    yield "check"
    for hash_, kind in ((shown, "good"), ("A" * 43, "wrong")):
        page.locator("#opened-text").fill(opened)
        page.locator("#shown-hash").fill(hash_)
        voter.goes_on()
        expect(page.locator(f"main .{kind}")).to_be_visible()
        yield f"checked: {kind}"
    voter.opens(link.partition("#")[0])
    expect(page.locator("main .box")).to_be_visible()
    yield "no referendum"
