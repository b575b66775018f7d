"""From log-in to published on a telephone: an editor and an approver, each with a second factor, in Chromium, 360 pixels wide.

Also: no request of the desk or of the page goes to anybody else, and no policy stops a script that the desk needs.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django_otp.oath import totp
from playwright.sync_api import Browser, Page, expect, sync_playwright

import papers

WAIT = 60_000
TITLE = "دریاچه پایین‌تر است"
TEXT = "سطح آب یک متر پایین آمد."


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A press site on a free port, with a section, an editor and an approver."""
    folder = tmp_path_factory.mktemp("press")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    given = os.environ | {
        "DJANGO_SETTINGS_MODULE": "sanduq_web.press.settings",
        "SANDUQ_PRESS_DATABASE": f"sqlite:///{folder / 'press.db'}",
        "SANDUQ_PRESS_MEDIA": str(folder / "media"),
    }
    press = [str(Path(sys.executable).with_name("sanduq-press"))]

    def done(*arguments: str) -> str:
        return subprocess.run([*press, *arguments], env=given, check=True, capture_output=True, text=True).stdout

    done("migrate")
    done("site", "The Lake Courier", "--host", "127.0.0.1", "--port", str(port))
    make = (
        "import django; django.setup()\n"
        "from sanduq_web.press.models import FrontPage, SectionPage\n"
        "FrontPage.objects.get().add_child(instance=SectionPage(title='News', slug='news'))"
    )
    subprocess.run([sys.executable, "-c", make], env=given, check=True)
    for name, role in (("ada", "editor"), ("bob", "approver")):
        said = done("account", name, "--role", role, "--sections", "en/news")
        found = re.search(r"password +(\S+)", said)
        assert found is not None
        PASSWORDS[name] = found[1]
    server = subprocess.Popen([*press, "serve", "--port", str(port)], env=given)
    for _try in range(600):
        with socket.socket() as there:
            if there.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    server.wait()


PASSWORDS: dict[str, str] = {}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium."""
    where = os.environ.get("SANDUQ_CHROMIUM", "/usr/bin/chromium")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=where, args=["--no-sandbox", "--disable-gpu"])
        yield found
        found.close()


class Telephone:
    """A page in a small window that counts what a thumb does, and hears what goes wrong."""

    def __init__(self, browser: Browser, address: str, *, scripts: bool = True) -> None:
        context = browser.new_context(
            viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True, java_script_enabled=scripts
        )
        self.page: Page = context.new_page()
        self.page.set_default_timeout(WAIT)
        self.address, self.taps, self.typed = address, 0, 0
        self.elsewhere: list[str] = []
        self.stopped: list[str] = []
        self.page.on("request", self._request)
        self.page.on("console", lambda said: self.stopped.append(said.text) if "Content Security Policy" in said.text else None)
        self.page.on("pageerror", lambda error: self.stopped.append(str(error)))

    def _request(self, request: Any) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and not request.url.startswith(self.address):
            self.elsewhere.append(request.url)

    def tap(self, what: Any) -> None:
        """On something."""
        self.taps += 1
        what.click()

    def type(self, what: Any, text: str) -> None:
        """Into something."""
        self.typed += 1
        what.fill(text)

    def begin(self, name: str) -> None:
        """The first log-in: password, second factor, codes."""
        page = self.page
        page.goto(f"{self.address}/desk/")
        self.type(page.get_by_label("Name"), name)
        self.type(page.get_by_label("Password"), PASSWORDS[name])
        self.tap(page.get_by_role("button", name="Log in"))
        secret = page.locator("code").inner_text().replace(" ", "")
        self.type(page.get_by_label("Your new password"), f"{name} has a long one")
        self.type(page.get_by_label("Code from the telephone"), code(secret))
        self.tap(page.get_by_role("button", name="Go on"))
        expect(page.locator(".codes li")).to_have_count(10)
        self.tap(page.get_by_role("link", name="I have them"))


def code(secret: str) -> str:
    """What an app for such codes shows."""
    import base64

    return str(totp(base64.b32decode(secret + "=" * (-len(secret) % 8)))).zfill(6)


def write(ada: Telephone, picture: Path) -> None:
    """An article with a picture, given to the approvers."""
    page = ada.page
    page.goto(f"{ada.address}/desk/due/", wait_until="domcontentloaded")
    ada.tap(page.get_by_role("link", name="News", exact=True))
    ada.type(page.locator("#id_title"), TITLE)
    ada.type(page.locator("#id_summary"), "The lake is lower than last year.")
    ada.tap(page.locator("#id_picture-chooser").get_by_role("button", name="Choose an image"))
    ada.tap(page.get_by_role("tab", name="Upload"))
    page.set_input_files("#id_image-chooser-upload-file", str(picture))
    ada.type(page.locator("#id_image-chooser-upload-description"), "A lake between two hills.")
    ada.type(page.locator("#id_image-chooser-upload-credit"), "By a hand.")
    ada.tap(page.locator(".modal").get_by_role("button", name="Upload"))
    expect(page.locator(".modal")).to_have_count(0)
    ada.tap(page.locator(".c-sf-add-button").first)
    ada.tap(page.get_by_role("option", name="Text").first)
    ada.tap(page.locator(".public-DraftEditor-content").first)
    page.keyboard.type(TEXT)
    # The editor hands over what was typed a moment later.
    expect(page.locator("[name=body-0-value]")).to_have_value(re.compile(r"\\u0633|" + TEXT[:4]))
    ada.tap(page.locator("footer").get_by_role("button", name="More actions"))
    ada.tap(page.get_by_role("button", name="Submit to Two pairs of eyes"))
    expect(page).to_have_url(re.compile(r"/desk/pages/\d+/$"), timeout=WAIT)


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """From a telephone, with its place."""
    path = tmp_path / "IMG_ada_home.jpg"
    path.write_bytes(papers.picture(size=(800, 600)))
    return path


def test_from_log_in_to_published_on_a_telephone(browser: Browser, address: str, picture: Path) -> None:
    ada, bob = Telephone(browser, address), Telephone(browser, address)
    ada.begin("ada")
    write(ada, picture)
    bob.begin("bob")
    bob.page.goto(f"{address}/desk/due/")
    bob.tap(bob.page.get_by_role("link", name="Read"))
    expect(bob.page.get_by_text(TEXT)).to_be_visible()
    bob.page.go_back()
    bob.tap(bob.page.get_by_role("button", name="Approve and publish"))
    bob.page.wait_for_load_state()
    reader = Telephone(browser, address, scripts=False)
    reader.page.goto(f"{address}/en/news/")
    reader.tap(reader.page.get_by_role("link", name=TITLE))
    expect(reader.page.get_by_text(TEXT)).to_be_visible()
    sys.stdout.write(f"editor: {ada.taps} taps, {ada.typed} fields; approver: {bob.taps} taps, {bob.typed} fields\n")
    for each in (ada, bob, reader):
        assert each.elsewhere == []
        assert each.stopped == []
        assert each.page.context.cookies() == [] or each is not reader
