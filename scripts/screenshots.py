"""Takes the pictures of docs and README from a running site: main pages, in light colours, one right to left, some on a phone.

usage: screenshots.py FOLDER [--site SITE --booth BOOTH [--letter LINK]] [--press PRESS [--account FILE]]

LINK is that of a voter's letter: then the booth's steps are shown too (the ballot is sealed and never cast).
FILE holds the first password of an editor, as `sanduq-press account` prints it: with it the desk is shown, and it is used up.

Each picture is a WebP of less than 150 kB. Nothing else is changed on the sites.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import ProxyHandler, build_opener

from django_otp.oath import totp
from playwright.sync_api import Browser, Page, expect, sync_playwright

LARGEST = 150_000
DESKTOP = {"viewport": {"width": 1280, "height": 900}, "locale": "en-GB"}
PHONE = {
    "viewport": {"width": 360, "height": 740},
    "locale": "tr-TR",
    "is_mobile": True,
    "has_touch": True,
    "device_scale_factor": 2,
}
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
]


@dataclass(frozen=True)
class Camera:
    """Where the pictures come from and go to."""

    browser: Browser
    folder: Path

    def at(self, options: dict[str, object]) -> Page:
        """A device in light colours."""
        return self.browser.new_context(**options, color_scheme="light", reduced_motion="reduce").new_page()  # type: ignore[arg-type]

    def take(self, page: Page, name: str) -> None:
        """What is on the screen now, as good as its size allows."""
        page.wait_for_load_state("networkidle")
        page.evaluate("document.activeElement?.blur?.()")
        debug = page.context.new_cdp_session(page)
        for quality in range(90, 20, -10):
            raw = base64.b64decode(debug.send("Page.captureScreenshot", {"format": "webp", "quality": quality})["data"])
            if len(raw) < LARGEST:
                break
        (self.folder / f"{name}.webp").write_bytes(raw)
        print(f"{name}.webp  {len(raw) // 1000} kB")


def by_phase(site: str) -> dict[str, str]:
    """The anchor of a referendum in each phase, by the site's API."""
    opener = build_opener(ProxyHandler({}))

    def ask(path: str) -> dict[str, Any]:
        with opener.open(f"{site}/api/v1/referendums{path}", timeout=30) as answer:
            return dict(json.load(answer))

    return {ask(f"/{anchor}")["phase"]: anchor for anchor in ask("")["anchors"]}


def of_the_site(camera: Camera, site: str, phases: dict[str, str]) -> None:
    """Referendum, check, watch and result."""
    voting, decided = phases.get("open"), phases.get("decided")
    desk, phone = camera.at(DESKTOP), camera.at(PHONE)
    if voting:
        for page, language, path, name in (
            (desk, "en", "", "referendum"),
            (desk, "fa", "", "referendum-fa"),
            (phone, "en", "check/", "check-phone"),
        ):
            page.goto(f"{site}/{language}/{voting}/{path}")
            camera.take(page, name)
    if decided:
        for page, language, path, name in (
            (desk, "en", "watch/", "watch"),
            (desk, "en", "result/", "result"),
            (phone, "tr", "result/", "result-phone"),
        ):
            page.goto(f"{site}/{language}/{decided}/{path}")
            camera.take(page, name)


def of_the_booth(camera: Camera, booth: str, anchor: str, letter: str | None) -> None:
    """The first step; with a letter the way to a sealed ballot, on a phone."""
    phone = camera.at(PHONE)
    phone.goto(letter or f"{booth}/#r={anchor}&l=en")
    expect(phone.locator("main form")).to_be_visible(timeout=20_000)
    camera.take(phone, "booth-phone")
    if letter is None:
        return
    for question in phone.locator("main fieldset").all():
        question.locator("input[type=radio]").first.check()
    phone.locator("main button.main").click()
    expect(phone.locator("main form")).to_be_hidden()
    phone.locator("main button.main").click()
    expect(phone.locator("#hash")).to_be_visible(timeout=20_000)
    camera.take(phone, "booth-sealed-phone")


# The name of a picture: on which device, which page, and what of it stands at the top.
PRESS = {
    "press-front": (DESKTOP, "en/", ""),
    "press-front-fa": (DESKTOP, "fa/", ""),
    "press-article-phone": (PHONE, "fa/news/lake-level/", "article"),
    "press-letter": (DESKTOP, "en/letters/ferry-letter/", "article"),
    "press-organisation": (DESKTOP, "az/organisations/morning-ferry/", "article"),
    "press-publication": (DESKTOP, "tr/publications/heron-bridge/", ""),
    "press-chapter-phone": (PHONE, "ar/publications/heron-bridge/crossings/", "article"),
    # Typed with the Arabic keyboard's kaf, which is another letter than the one in the texts.
    "press-search": (DESKTOP, f"azb/search/?q={quote('كؤرپو')}", ""),
}


def of_the_press(camera: Camera, press: str) -> None:
    """Its pages in each of the languages, and the form of a comment."""
    for name, (device, path, top) in PRESS.items():
        page = camera.at(device)
        page.goto(f"{press}/{path}")
        if top:
            page.locator(top).first.evaluate("each => each.scrollIntoView()")
        camera.take(page, name)
    page = camera.at(PHONE)
    page.goto(f"{press}/fa/news/bridge/")
    page.locator(".comments .button").click()
    page.locator(".captcha").evaluate("each => each.scrollIntoView({block: 'center'})")
    camera.take(page, "press-comment-phone")


def of_the_desk(camera: Camera, press: str, account: Path) -> None:
    """What is due, for an editor who logs in for the first time, with a password and a telephone that nobody keeps."""
    name, first = re.findall(r"^(?:account|password) +(\S+)$", account.read_text(), re.MULTILINE)
    page = camera.at(DESKTOP)
    page.goto(f"{press}/desk/")
    page.locator("input[name=username]").fill(name)
    page.locator("input[name=password]").fill(first)
    page.locator("main button").first.click()
    key = base64.b32decode(page.locator("code").inner_text().replace(" ", ""))
    fields = page.locator("main input:not([type=hidden])")
    fields.first.fill(secrets.token_urlsafe(24))
    fields.last.fill(f"{totp(key):06}")
    page.locator("main button").first.click()
    expect(page.locator(".codes")).to_be_visible()
    page.goto(f"{press}/desk/due/")
    camera.take(page, "press-desk")


def asked() -> argparse.Namespace:
    """What stands on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    for name in ("site", "booth", "press"):
        parser.add_argument(f"--{name}", type=lambda address: address.rstrip("/"))
    parser.add_argument("--letter")
    parser.add_argument("--account", type=Path)
    return parser.parse_args()


def main() -> None:
    options = asked()
    options.folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        chromium = os.environ.get("SANDUQ_CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        camera = Camera(browser, options.folder)
        if options.site:
            phases = by_phase(options.site)
            of_the_site(camera, options.site, phases)
            if options.booth and "open" in phases:
                of_the_booth(camera, options.booth, phases["open"], options.letter)
        if options.press:
            of_the_press(camera, options.press)
            if options.account:
                of_the_desk(camera, options.press, options.account)
        browser.close()


if __name__ == "__main__":
    main()
