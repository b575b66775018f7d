"""An organisation signs in Chromium: the key stays on the device, and a changed text voids what it signed."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

from letter_rig import accept, address, edited, key, letter
from sanduq.press import PressKey, fingerprint, judge, read_letter, read_signed, sign
from sanduq_web.press.models import LetterPage
from talking import digits

CHROMIUM = os.environ.get("SANDUQ_CHROMIUM", "/usr/bin/chromium")
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Playwright has a loop in this thread; the database is asked in it all the same."""
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as play:
        found = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield found
        found.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


class Device:
    """One device: what it sent is kept."""

    def __init__(self, context: BrowserContext, base: str) -> None:
        self.base = base
        self.context = context
        self.requests: list[Request] = []
        self.complaints: list[str] = []
        context.set_default_timeout(30_000)
        context.on("request", self._note)
        self.page: Page = context.new_page()
        self.page.on("console", self._hear)

    def _note(self, asked: Request) -> None:
        self.requests.append(asked)

    def _hear(self, said: ConsoleMessage) -> None:
        # A browser asks for an icon of its own accord.
        if said.type == "error" and not said.location["url"].endswith("/favicon.ico"):
            self.complaints.append(said.text)

    def sent(self) -> str:
        parts = [f"{each.url} {each.headers} {each.post_data_buffer!r}" for each in self.requests]
        return "\n".join(parts)

    def cookies(self) -> list[Any]:
        return list(self.context.cookies())


@pytest.fixture
def device(browser: Browser, live_server: Any) -> Iterator[Any]:
    """Whoever asks gets one; with or without scripts."""
    made: list[Device] = []

    def opened(**options: Any) -> Device:
        made.append(Device(browser.new_context(**options), live_server.url))
        return made[-1]

    yield opened
    for each in made:
        each.context.close()


@pytest.fixture
def page(device: Any, site: Any) -> LetterPage:
    """A letter that is open for signatures. (After ``device``: its server has emptied the database.)"""
    cache.clear()
    return letter()


def send(page: Page) -> None:
    """Type the digits of the picture, and press the button."""
    page.locator("#captcha_answer").fill(digits(page.locator("[name=captcha_key]").input_value()))
    page.locator("#send button").first.click()


def test_a_signature_made_in_the_browser_holds_until_the_text_is_changed(device: Any, page: LetterPage, tmp_path: Path) -> None:
    at = device()
    at.page.goto(at.base + address(page))
    at.page.locator("#sign").click()
    at.page.get_by_text("Read the text and tick the box first.").wait_for()
    at.page.locator("#read").check()
    at.page.locator("#sign").click()
    at.page.get_by_text("Choose the key's file, or make a key.").wait_for()

    with at.page.expect_download() as saved:
        at.page.locator("#make").click()
    file = tmp_path / "press.key"
    saved.value.save_as(file)
    made = PressKey.from_file(file.read_text())
    assert at.page.locator("#print code").inner_text().replace(" ", "") == fingerprint(made.public)

    at.page.locator("#sign").click()
    at.page.get_by_text("A name in the signature is empty").wait_for()
    at.page.locator("#organisation").fill("Lake Society")
    at.page.locator("#office").fill("The board")
    at.page.locator("#sign").click()
    at.page.get_by_text("Nothing has been sent yet").wait_for()
    assert [each.method for each in at.requests if each.method != "GET"] == []

    send(at.page)
    at.page.get_by_text("was received").wait_for()
    row = accept(page)
    assert (row.key, row.organisation) == (made.public, "Lake Society")
    secret = made.file_text()[-64:]
    assert (secret in at.sent(), at.cookies(), at.complaints) == (False, [], [])
    assert not any(secret[start : start + 16] in at.sent() for start in range(48))
    assert {re.sub("/[^/]*$", "", each.url.removeprefix("blob:"))[: len(at.base)] for each in at.requests} == {at.base}

    at.page.goto(at.base + page.get_url())
    at.page.locator(".standing.unconfirmed").wait_for()
    signed = read_signed(at.page.request.get(f"{at.base}{address(page)}letter-signed.json").body())
    assert [each.holds for each in judge(signed)] == [True]

    edited(page, addressee="The Council of the Hill")
    at.page.reload()
    at.page.locator("section.void .standing.void").wait_for()
    assert at.page.locator("section.void").inner_text().count("Lake Society") == 1


def test_a_key_of_the_command_signs_in_the_browser(device: Any, page: LetterPage, tmp_path: Path) -> None:
    at = device()
    at.page.goto(at.base + address(page))
    bad = tmp_path / "box.key"
    bad.write_text("sanduq-box-secret-key:" + "1" * 64 + "\n")
    at.page.locator("#key").set_input_files(bad)
    at.page.get_by_text("This is not the file of a key for letters.").wait_for()
    file = tmp_path / "press.key"
    file.write_text(key(4).file_text() + "\n")
    at.page.locator("#key").set_input_files(file)
    at.page.locator("#print code").wait_for()
    at.page.locator("#organisation").fill("Union of Ferrymen")
    at.page.locator("#read").check()
    at.page.locator("#sign").click()
    at.page.get_by_text("Nothing has been sent yet").wait_for()
    send(at.page)
    at.page.get_by_text("was received").wait_for()
    assert page.cosignatures.get().key == key(4).public
    assert key(4).file_text()[-64:] not in at.sent()


def test_without_scripts_or_without_ed25519_the_command_line_is_named(device: Any, page: LetterPage, tmp_path: Path) -> None:
    plain = device(java_script_enabled=False)
    plain.page.goto(plain.base + address(page))
    plain.page.get_by_text("Without JavaScript this page cannot sign in the browser.").wait_for()
    assert not plain.page.locator("#device").is_visible()
    assert not plain.page.locator("#no-device").is_visible()
    text = read_letter(plain.page.request.get(f"{plain.base}{address(page)}letter.json").body())
    file = tmp_path / "signature.json"
    file.write_bytes(sign(text, key(5), "Gauge Keepers", "", "", "2026-11-23").to_bytes())
    plain.page.locator("[name=file]").set_input_files(file)
    send(plain.page)
    plain.page.get_by_text("was received").wait_for()
    assert page.cosignatures.get().organisation == "Gauge Keepers"

    old = device()
    old.context.add_init_script("crypto.subtle.generateKey = () => Promise.reject(new Error('no Ed25519'))")
    old.page.goto(old.base + address(page))
    old.page.get_by_text("This browser cannot sign. Use the program.").wait_for()
    assert not old.page.locator("#device").is_visible()
    assert not old.page.locator("#no-script").is_visible()
