"""Bad input in the booth and on the Check page: each gets a clear answer, and the box stays as it was."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Route, expect

from browser.conftest import Visit
from browser.record import heights
from browser.town import Town
from browser.voter import Voter, letter_link
from sanduq.roll import BASE58, printed_credential

pytestmark = pytest.mark.long

SHOWN_ON = {"en": "This credential is not on the public list of", "fa": "این شناسه در فهرست همگانی"}


def _mistyped(credential: str) -> str:
    """Another last character, without check characters: only the public list can tell."""
    return credential[:-1] + BASE58[(BASE58.index(credential[-1]) + 1) % len(BASE58)]


@pytest.mark.parametrize("language", ["en", "fa"])
def test_a_credential_that_is_not_on_the_list(town: Town, visit: Visit, language: str) -> None:
    voter, before = Voter(visit(), language), heights(town)
    mine, foreign = town.rig.credentials["hill"][4], town.rig.credentials["shore"][5]
    for typed in (_mistyped(mine), foreign, printed_credential(foreign)):
        voter.opens(f"{town.booth}/#r={town.rig.anchor}&l={language}")
        voter.sees("credential")
        voter.types(typed, "hill")
        expect(voter.page.locator("#mistake")).to_contain_text(SHOWN_ON[language])
        expect(voter.page.locator("#mistake")).to_contain_text("Upper Hill")
    # The same by a link; the page then asks for the credential, and has none.
    voter.opens(f"{town.booth}/#r={town.rig.anchor}&a=hill&c={foreign}&l={language}")
    voter.sees("credential")
    expect(voter.page.locator("#mistake")).to_contain_text(SHOWN_ON[language])
    expect(voter.page.locator("#credential")).to_have_value("")
    assert voter.visitor.posts("") == []
    assert heights(town) == before


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Enter the credential from your letter."),
        ("0OIl", "These characters are not used in credentials"),
        ("abcde-fghijk", "11 characters are missing."),
        ("1" * 27, "1 character too many."),
    ],
)
def test_what_is_no_credential(town: Town, visit: Visit, typed: str, said: str) -> None:
    voter = Voter(visit())
    voter.opens(f"{town.booth}/#r={town.rig.anchor}&a=hill&l=en")
    voter.sees("credential")
    asked = len(voter.visitor.requests)
    voter.types(typed)
    mistake = voter.page.locator("#mistake")
    expect(mistake).to_be_visible()
    text = mistake.inner_text().replace("\u2068", "").replace("\u2069", "")
    assert said in text
    assert len(voter.visitor.requests) == asked, "what cannot be a credential is not even asked about"


def test_a_ballot_that_a_later_one_has_replaced(town: Town, visit: Visit) -> None:
    """The answer to a first ballot is lost; the same credential votes elsewhere; then the first one is sent again."""
    visitor = visit()
    # A retry may fall into the time without a connection.
    visitor.troubles = ("ERR_FAILED", "ERR_INTERNET_DISCONNECTED", "409")
    first, page = Voter(visitor), visitor.page

    def lose_the_answer(route: Route) -> None:
        assert route.fetch().status == 201
        route.abort()

    first.opens(letter_link(town, "hill", 5))
    first.chooses(0)
    first.seals()
    page.route("**/ballots", lose_the_answer, times=1)
    page.locator("#cast").click()
    expect(page.locator("#progress")).to_contain_text("The ballot box cannot be reached.")
    visitor.context.set_offline(True)
    Voter(visit()).votes(letter_link(town, "hill", 5), 1)
    before = heights(town)
    visitor.context.set_offline(False)
    expect(page.locator("#progress")).to_contain_text("A later ballot of this credential is already in the box. It counts.")
    assert heights(town) == before


def test_before_and_after_nobody_is_asked_for_a_credential(town: Town, visit: Visit) -> None:
    voter = Voter(visit())
    for rig, said in ((town.frozen, "Voting is not open yet."), (town.decided, "Voting is over.")):
        voter.opens(letter_link(town, "hill", 0, rig))
        expect(voter.page.locator("main")).to_contain_text(said)
        assert voter.page.url == f"{town.booth}/"
    other = "0" * 64
    voter.visitor.troubles = ("404",)
    voter.opens(f"{town.booth}/#r={other}&l=en")
    expect(voter.page.get_by_role("heading", level=1)).to_have_text("This does not work")
    voter.opens(f"{town.booth}/#l=en")
    expect(voter.page.locator("main")).to_contain_text("The link names no referendum.")


def test_what_the_check_page_does_not_find(town: Town, visit: Visit) -> None:
    page = visit().page
    receipt = {"format": 1, "tracker": "A" * 43, "uuid": town.rig.area("hill").uuid, "height": 1, "event": "0" * 64}
    for asked in ("A" * 43, "<b>no</b>", "{", json.dumps(receipt), "9" * 5000):
        page.goto(town.page("check/"))
        page.locator("#tracker").fill(asked)
        page.locator("main form button").click()
        answer = page.locator(".answer.bad")
        expect(answer).to_contain_text("This was not found.")
        assert page.url == town.page("check/")
        assert page.locator("main b").count() == 0
