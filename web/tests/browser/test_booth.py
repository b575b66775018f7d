"""Voters: by letter and by hand, twice, with a challenge, without a connection, with a camera, with the keyboard alone."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from browser.conftest import Visit
from browser.record import cells_of, heights, public_file
from browser.town import Town
from browser.visitor import PHONE
from browser.voter import Voter, letter_link
from sanduq.box import check_receipt, read_receipt
from sanduq.roll import printed_credential


def check_on_page(page: Page, address: str, asked: str) -> str:
    """Ask the Check page, as a form does; gives what it answers. What was asked stands in no address."""
    page.goto(address)
    page.locator("#tracker").fill(asked)
    with page.expect_navigation() as going:
        page.locator("main form button").click()
    assert going.value.request.method == "POST"
    assert page.url == address
    return page.locator(".answer").inner_text()


def test_in_persian_on_a_phone_from_the_letter(town: Town, visit: Visit, tmp_path: Path) -> None:
    voter = Voter(visit(PHONE), "fa")
    page = voter.page
    voter.opens(letter_link(town, "shore", 0))
    voter.sees("choice")
    assert page.url == f"{town.booth}/", "the credential is out of the address"
    assert page.evaluate("history.length") <= 2
    assert page.evaluate("document.documentElement.dir") == "rtl"
    voter.chooses(0)
    voter.seals()
    tracker = voter.casts()
    receipt = read_receipt(voter.saves("#save-receipt", tmp_path / "receipt.json").read_bytes())
    check_receipt(receipt, town.rig.setup.box_key)
    assert (receipt.tracker, receipt.uuid) == (tracker, town.rig.area("shore").uuid)
    page.locator("#finish").click()
    expect(page.locator("main")).not_to_contain_text(tracker)
    said = check_on_page(page, town.page("check/", "fa"), tracker)
    assert "این برگه در صندوق است." in said
    assert tracker in said


@pytest.mark.long
def test_in_english_by_hand_and_once_more(town: Town, visit: Visit, tmp_path: Path) -> None:
    voter = Voter(visit())
    page = voter.page
    voter.opens(f"{town.booth}/#r={town.rig.anchor}&l=en")
    voter.sees("credential")
    voter.goes_on()
    expect(page.locator("#mistake")).to_have_text("Choose the area that stands on your letter.")
    printed = printed_credential(town.rig.credentials["isle"][0])
    wrong = f"{printed[:8]}{'2' if printed[8] != '2' else '3'}{printed[9:]}"
    voter.types(wrong, "isle")
    expect(page.locator("#mistake")).to_have_text(re.compile("Group .?2.? is not right. Compare it with your letter."))
    expect(page.locator("#credential")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#credential")).to_be_focused()
    voter.types(printed)
    voter.chooses(0)
    voter.seals()
    first = voter.casts()
    receipt = voter.saves("#save-receipt", tmp_path / "receipt.json").read_text("utf-8")
    page.locator("#again").click()
    voter.chooses("blank")
    voter.seals()
    second = voter.casts()
    assert first != second
    check = town.page("check/")
    assert "A later ballot of the same credential is in the box: this one does not count." in check_on_page(page, check, first)
    assert "this is the one that counts" in check_on_page(page, check, second)
    assert "The receipt is the box's, and the ballot stands where it says." in check_on_page(page, check, receipt)
    page.goto(town.page("watch/"))
    row = cells_of(page, "Tern Isle")
    assert (row["Voters"], row["Ballots in the public record"]) == ("1", "2")


def test_a_credential_is_looked_up_on_the_device_alone(town: Town, visit: Visit) -> None:
    """From the Check page; before a ballot, after it, and for somebody who is not on the list."""
    visitor = visit()
    voter, credential = Voter(visitor), town.rig.credentials["hill"][-2]
    page = voter.page

    def looks_up() -> Locator:
        page.goto(town.page("check/"))
        page.get_by_role("link", name="Look your credential up on your own device").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Look a credential up")
        voter.types(credential, "hill")
        return page.locator("main .box")

    expect(looks_up()).to_have_text("The public record shows no ballot of this credential.")
    expect(page.locator("#credential")).to_have_count(0)
    tracker = voter.votes(letter_link(town, "hill", -2), 0)
    page.goto(town.page("watch/"))
    expect(looks_up()).to_have_text("The public record shows a ballot of this credential.")
    expect(page.locator("main dd").first).to_have_text(tracker)
    page.get_by_role("button", name="Look up another").click()
    voter.types(town.rig.credentials["shore"][0], "hill")
    expect(page.locator("#mistake")).to_contain_text("not on the public list")
    asked = [path for path in visitor.paths() if "/cast/" in path]
    assert asked
    assert all(re.fullmatch(r"[0-9a-f]{0,2}", path.rpartition("/")[2]) for path in asked)


def test_what_is_asked_does_not_tell_what_was_chosen(town: Town, visit: Visit) -> None:
    asked, sizes = [], []
    for number, answer in ((1, 0), (2, 1), (3, "blank")):
        visitor = visit()
        Voter(visitor).votes(letter_link(town, "shore", number, language="en"), answer)
        asked.append(visitor.paths())
        (post,) = visitor.posts("/ballots")
        sizes.append({name: len(json.dumps(value)) for name, value in json.loads(post.post_data or "").items()})
    assert asked[0] == asked[1] == asked[2]
    # Numbers are written in decimal digits, a few more or fewer by chance alone.
    assert all(abs(sizes[0][name] - other[name]) < 60 for other in sizes[1:] for name in sizes[0])


def test_who_challenges_can_check_what_was_sealed(town: Town, visit: Visit, tmp_path: Path) -> None:
    voter = Voter(visit())
    page = voter.page
    voter.opens(letter_link(town, "hill", 0))
    voter.chooses(1)
    shown = voter.seals()
    page.locator("#challenge").click()
    voter.sees("opened")
    opened = voter.saves("#save-opened", tmp_path / "opened.json")
    area = town.rig.area("hill")
    (tmp_path / f"{area.uuid}.bel").write_bytes(public_file(town, area))
    command = shlex.split(page.locator(".command code").last.inner_text())
    assert (command[:3], command[-1]) == (["sanduq", "booth", "check"], shown)
    said = _run(command, tmp_path)
    assert "the ballot holds this" in said
    assert "No, it stays white" in said

    other = Voter(visit())
    other.opens(f"{town.booth}/#check&r={town.rig.anchor}&a=hill&l=en")
    other.sees("check")
    for asked, answer in ((shown, "The ballot holds this"), ("A" + shown[1:], "Do not trust the device")):
        other.page.locator("#opened-file").set_input_files(opened)
        other.page.locator("#shown-hash").fill(asked)
        other.goes_on()
        expect(other.page.locator("main .box")).to_contain_text(answer)

    page.locator("#seal-again").click()
    voter.sees("review")
    assert voter.seals() != shown
    before = heights(town)
    voter.casts()
    assert heights(town) == before | {"hill": before["hill"] + 1}
    assert len(voter.visitor.posts("/ballots")) == 1


def _run(command: list[str], folder: Path) -> str:
    """A command as it stands on a page."""
    own = [sys.executable, "-m", *command]
    return subprocess.run(own, cwd=folder, check=True, capture_output=True, text=True).stdout


def test_a_lost_connection_loses_nothing_and_doubles_nothing(town: Town, visit: Visit) -> None:
    visitor = visit()
    visitor.troubles = ("ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "ERR_CONNECTION_REFUSED")
    voter, page, before = Voter(visitor), visitor.page, heights(town)
    voter.opens(letter_link(town, "hill", 1))
    voter.chooses(0)
    voter.seals()
    visitor.context.set_offline(True)
    page.locator("#cast").click()
    expect(page.locator("#progress")).to_contain_text("The ballot box cannot be reached. Nothing is lost")
    assert heights(town) == before
    # It comes back, and takes the ballot; the answer is lost, so the same is sent again.
    taken = []

    def lose_the_answer(route: Route) -> None:
        taken.append(route.fetch().status)
        route.abort()

    page.route("**/ballots", lose_the_answer, times=1)
    visitor.context.set_offline(False)
    voter.has_receipt()
    assert taken == [201]
    assert len({request.post_data for request in visitor.posts("/ballots")}) == 1
    assert heights(town) == before | {"hill": before["hill"] + 1}


@pytest.mark.long
def test_a_server_that_was_killed_gets_the_ballot_that_waits(town: Town, visit: Visit) -> None:
    visitor = visit()
    visitor.troubles = ("ERR_CONNECTION_REFUSED", "ERR_CONNECTION_RESET", "ERR_EMPTY_RESPONSE", "ERR_FAILED")
    voter, page, before = Voter(visitor), visitor.page, heights(town)
    link = letter_link(town, "hill", 2)
    voter.opens(link)
    voter.chooses("blank")
    voter.seals()
    town.kill()
    try:
        page.locator("#cast").click()
        expect(page.locator("#keep-what")).to_contain_text("could then see that it was used to vote")
        assert page.evaluate("localStorage.length") == 0, "nothing is kept unasked"
        page.locator("#keep").check()
        tracker = page.locator(".hash code").inner_text()
        kept = page.evaluate("JSON.stringify(localStorage)")
        assert "signature" in kept
        assert printed_credential(town.rig.credentials["hill"][2])[:8] not in kept
    finally:
        town.start()
    page.once("dialog", lambda dialog: dialog.accept())  # the browser asks whether to leave an unsaved page
    voter.opens(link.split("&c=")[0] + "&l=en")
    voter.goes_on()
    assert voter.has_receipt() == tracker
    assert page.evaluate("localStorage.length") == 0
    assert heights(town) == before | {"hill": before["hill"] + 1}


@pytest.mark.long
def test_a_letter_before_the_camera(town: Town, visit: Visit) -> None:
    voter = Voter(visit(PHONE | {"locale": "en-GB"}))
    page = voter.page
    voter.opens(f"{town.booth}/#r={town.rig.anchor}&l=en")
    voter.sees("credential")
    page.get_by_role("button", name="Scan the code on the letter").tap()
    voter.sees("choice")
    expect(page.locator("main")).to_contain_text("Upper Hill")
    voter.chooses(1)
    voter.seals()
    voter.casts()


@pytest.mark.long
def test_with_the_keyboard_alone_from_the_referendum_s_page(town: Town, visit: Visit) -> None:
    voter, before = Voter(visit()), heights(town)
    page = voter.page
    page.goto(town.page())

    def go_to(selector: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("(selector) => document.activeElement?.matches(selector) ?? false", selector):
                return
        raise AssertionError(f"the key Tab never comes to {selector}")

    go_to("main a.button")
    page.keyboard.press("Enter")
    voter.sees("credential")
    go_to("#area")
    page.keyboard.type("Upper")
    go_to("#credential")
    page.keyboard.type(printed_credential(town.rig.credentials["hill"][3]).replace("-", ""))
    page.keyboard.press("Enter")
    voter.sees("choice")
    go_to("input[name=question-0]")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    go_to("main button.main")
    page.keyboard.press("Enter")
    voter.sees("review")
    expect(page.locator("main dd").first).to_have_text("No, it stays white")
    go_to("main button.main")
    page.keyboard.press("Enter")
    voter.sees("sealed")
    go_to("#cast")
    page.keyboard.press("Space")
    voter.has_receipt()
    assert heights(town) == before | {"hill": before["hill"] + 1}
