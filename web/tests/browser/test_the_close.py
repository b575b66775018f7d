"""Somebody has sealed a ballot, and the vote closes. The last file, so that the others need not wait for it."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from browser.record import heights
from browser.town import Town
from browser.voter import Voter, letter_link
from sanduq_web import clock

pytestmark = pytest.mark.long


def test_a_ballot_for_a_box_that_closed_meanwhile(town: Town, latecomer: Voter) -> None:
    visitor, page = latecomer.visitor, latecomer.page
    visitor.troubles = ("409", "403", "422")
    closes = clock.moment(town.late.setup.calendar.closes)
    time.sleep(max(0.0, (closes - datetime.now(UTC)).total_seconds() + 1))
    before = heights(town, town.late)
    page.locator("#cast").click()
    expect(page.locator("#progress")).to_contain_text("The ballot box takes no ballots now.")
    assert heights(town, town.late) == before
    latecomer.opens(letter_link(town, "hill", 0, town.late))
    expect(page.locator("main")).to_contain_text("Voting is over.")
