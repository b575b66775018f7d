"""Takes the pictures of docs and README from a running site: main pages, in light colours, one right to left, some on a phone.

usage: screenshots.py SITE BOOTH FOLDER [LETTER]      LETTER: the link of a voter's letter; then the booth's steps are shown too
                                                      (the ballot is sealed and never cast)

Each picture is a WebP of less than 150 kB. Nothing is changed on the site.
"""

from __future__ import annotations

import base64
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, build_opener

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
QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update"]


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


def main() -> None:
    if len(sys.argv) not in (4, 5):
        sys.exit(__doc__)
    site, booth, folder = sys.argv[1].rstrip("/"), sys.argv[2].rstrip("/"), Path(sys.argv[3])
    folder.mkdir(parents=True, exist_ok=True)
    phases = by_phase(site)
    with sync_playwright() as playwright:
        chromium = os.environ.get("SANDUQ_CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        camera = Camera(browser, folder)
        of_the_site(camera, site, phases)
        if "open" in phases:
            of_the_booth(camera, booth, phases["open"], sys.argv[4] if len(sys.argv) == 5 else None)
        browser.close()


if __name__ == "__main__":
    main()
