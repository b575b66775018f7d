"""A comment written in Chromium on an edition that was opened as files: saved as a file, which the site then takes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyrage
import pytest
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[3]
CHROMIUM = os.environ.get("SANDUQ_CHROMIUM", "/usr/bin/chromium")
SITE = """
import sys; sys.path.insert(0, sys.argv[1])
import django; django.setup()
from newsroom import article, section
from sanduq_web.press.actions import make_site
make_site("The Lake Courier", "localhost", 8001, ["fa"])
article(section("fa"), "دریاچه", slug="lake", text="<p>x</p>")
"""


@pytest.fixture
def press(tmp_path: Path) -> Callable[..., str]:
    """Runs the press site's command, or a program, on a database of its own; what it says."""
    environment = {
        **os.environ,
        "SANDUQ_PRESS_DATABASE": f"sqlite:///{tmp_path / 'press.db'}",
        "SANDUQ_PRESS_MEDIA": str(tmp_path / "media"),
        "SANDUQ_PRESS_MODERATORS": str(pyrage.x25519.Identity.generate().to_public()),
        "DJANGO_SETTINGS_MODULE": "sanduq_web.press.settings",
    }

    def run(*words: str) -> str:
        command = [sys.executable, *words]
        return subprocess.run(command, check=True, env=environment, capture_output=True, encoding="utf-8").stdout

    run("-m", "sanduq_web.press", "migrate")
    run("-c", SITE, str(ROOT / "web" / "tests_press"))
    run("-m", "sanduq_web.press", "edition", str(tmp_path / "edition"), "--number", "13")
    return run


def test_what_was_written_without_a_network_is_taken(tmp_path: Path, press: Callable[..., str]) -> None:
    asked: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 320, "height": 700})
        page.on("request", lambda request: asked.append(request.url))
        page.goto((tmp_path / "edition/press/fa/news/lake/index.html").as_uri())
        page.locator("details.write summary").click()
        page.get_by_role("button", name="پرونده را ذخیره کنید").click()  # without a name or a text the browser says so
        assert page.locator("#write-saved").is_hidden()
        page.locator("#write-name").fill("آیلین")
        page.locator("#write-text").fill('آب بالاتر بود.\n\n"می‌شود" \\ 😀 </script>\t')
        with page.expect_download() as saved:
            page.get_by_role("button", name="پرونده را ذخیره کنید").click()
        assert page.locator("#write-saved").is_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        file = tmp_path / saved.value.suggested_filename
        saved.value.save_as(file)
        page.locator("#write-text").fill("آب بالاتر بود.")
        assert page.locator("#write-saved").is_hidden()
        with page.expect_download() as again:
            page.get_by_role("button", name="پرونده را ذخیره کنید").click()
        second = tmp_path / "second"
        again.value.save_as(second)
        browser.close()
    assert file.name == "13-lake.sanduq-comment.json"
    assert [each for each in asked if not each.startswith(("file://", "blob:"))] == []
    said = press("-m", "sanduq_web.press", "bring-back", str(file), str(second))
    assert said == f"{file}: comment\n{second}: comment\n"
