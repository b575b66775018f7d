"""A reader comments in Persian, without JavaScript: reloads the picture, is too late once, and loses nothing."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pyrage
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = os.environ.get("SANDUQ_CHROMIUM", "/usr/bin/chromium")
TEXT = "دریاچه بلندتر بود.\n\nI remember 1998, و مادرم هم."
PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
ARTICLE = """
import django
django.setup()
from newsroom import article, section
print(article(section("fa"), "آب دریاچه پایین‌تر است", slug="level").pk)
"""


class Site:
    """A served press site, and its database, in which the digits of a picture can be looked up."""

    def __init__(self, folder: Path) -> None:
        self.database = folder / "press.db"
        identity = pyrage.x25519.Identity.generate()
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "sanduq_web.press.settings",
            "PYTHONPATH": str(Path(__file__).resolve().parent.parent),
            "SANDUQ_PRESS_DATABASE": f"sqlite:///{self.database}",
            "SANDUQ_PRESS_MEDIA": str(folder / "media"),
            "SANDUQ_PRESS_MODERATORS": str(identity.to_public()),
        }
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = int(probe.getsockname()[1])
        self.article = 0

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.port}"

    def run(self, *command: str) -> str:
        done = subprocess.run(command, env=self.environment, check=True, capture_output=True, text=True)
        return done.stdout

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-c", "from sanduq_web.press.command import main; main()", *words]

    def ask(self, query: str, *values: object) -> list[Any]:
        with closing(sqlite3.connect(self.database, timeout=20)) as found, found:
            return found.execute(query, values).fetchall()

    def digits(self, page: Page) -> str:
        key = page.locator("[name=captcha_key]").input_value()
        ((response,),) = self.ask("select response from captcha_captchastore where hashkey = ?", key)
        return str(response)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site in Persian with an article, served by a process of its own."""
    made = Site(tmp_path_factory.mktemp("press"))
    made.run(*made.command("migrate"))
    made.run(*made.command("site", "پیک دریاچه", "--languages", "fa", "--port", str(made.port)))
    made.article = int(made.run(sys.executable, "-c", ARTICLE))
    command = made.command("serve", "--port", str(made.port))
    with subprocess.Popen(command, env=made.environment, stdout=subprocess.PIPE) as server:
        try:
            assert server.stdout is not None
            assert b"press site on" in server.stdout.readline()
            _wait(made.port)
            yield made
        finally:
            server.terminate()


def _wait(port: int) -> None:
    """The line comes just before the port is open."""
    for _attempt in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("the site does not answer")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium."""
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"], headless=True
        )
        yield found
        found.close()


@pytest.fixture(params=[False, True], ids=["without JavaScript", "with"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A narrow phone."""
    context = browser.new_context(java_script_enabled=request.param, viewport={"width": 320, "height": 640}, locale="fa")
    context.set_default_timeout(20_000)
    yield context.new_page()
    assert context.cookies() == []
    context.close()


def _fill(page: Page) -> None:
    page.get_by_label("نام", exact=True).fill("آیلین")
    page.get_by_label("ایمیل", exact=True).fill("canary.of.nobody@reader.example")
    page.get_by_label("دیدگاه شما", exact=True).fill(TEXT)


def _kept(page: Page) -> None:
    assert page.get_by_label("نام", exact=True).input_value() == "آیلین"
    assert page.get_by_label("ایمیل", exact=True).input_value() == "canary.of.nobody@reader.example"
    assert page.get_by_label("دیدگاه شما", exact=True).input_value() == TEXT


def _narrow(page: Page) -> None:
    box = page.locator("main").bounding_box()
    assert box is not None
    assert box["width"] <= 320
    picture = page.locator(".captcha img").bounding_box()
    assert picture is not None
    assert picture["x"] >= 0
    assert picture["x"] + picture["width"] <= 320


def test_a_comment_in_persian(site: Site, page: Page) -> None:
    before = len(site.ask("select id from press_comment"))
    page.goto(f"{site.origin}/fa/")
    page.get_by_role("link", name="آب دریاچه پایین‌تر است").first.click()
    page.get_by_role("link", name="دیدگاه بنویسید").click()
    assert page.locator("html").get_attribute("dir") == "rtl"
    picture = page.request.get(site.origin + str(page.locator(".captcha img").get_attribute("src")))
    assert picture.headers["content-type"] == "image/png"
    _narrow(page)
    _fill(page)
    first = page.locator("[name=captcha_key]").input_value()
    page.get_by_role("button", name="تصویری دیگر").click()
    assert page.locator("[name=captcha_key]").input_value() != first
    assert page.get_by_role("alert").count() == 0
    _kept(page)
    # Somebody looks out of the window for five minutes.
    site.ask("update captcha_captchastore set expiration = '2001-01-01 00:00:00'")
    page.get_by_label("پنج رقم").fill("۱۲۳۴۵")
    page.get_by_role("button", name="فرستادن دیدگاه").click()
    assert "زمان تمام شد" in page.get_by_role("alert").inner_text()
    _kept(page)
    page.get_by_label("پنج رقم").fill(site.digits(page).translate(PERSIAN))
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="دیدگاه شما رسید").wait_for()
    page.reload()
    rows = site.ask("select state, text, email_sealed from press_comment")
    assert len(rows) == before + 1
    state, text, sealed = rows[-1]
    assert (state, text) == ("waiting", TEXT)
    assert b"canary" not in sealed
    site.ask("update press_comment set state = 'shown'")
    site.ask("update press_token set value = lower(hex(randomblob(8)))")  # as what a moderator saves does
    page.goto(f"{site.origin}/fa/")
    page.get_by_role("link", name="آب دریاچه پایین‌تر است").first.click()
    assert page.locator(".comment .said").first.inner_text().startswith("دریاچه بلندتر بود.")


def test_digits_in_words(site: Site, page: Page) -> None:
    page.goto(f"{site.origin}/fa/comments/{site.article}/")
    _fill(page)
    page.get_by_role("button", name="به جایش با واژه").click()
    _kept(page)
    words = page.locator(".words b").inner_text().split(" · ")
    names = ["صفر", "یک", "دو", "سه", "چهار", "پنج", "شش", "هفت", "هشت", "نه"]
    page.get_by_label("پنج رقم").fill("".join(str(names.index(word)) for word in words))
    page.get_by_role("button", name="فرستادن دیدگاه").click()
    page.get_by_role("heading", name="دیدگاه شما رسید").wait_for()
