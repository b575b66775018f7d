"""The desk's page of editions in Chromium: nothing serious for axe-core, no wider than a phone, and new without a reload."""

from __future__ import annotations

import fcntl
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[3]
AXE = ROOT / "booth" / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = os.environ.get("SANDUQ_CHROMIUM", "/usr/bin/chromium")
RUN = """async () => (await axe.run('#main', { preload: false })).violations
  .filter(({ impact }) => ['serious', 'critical'].includes(impact))
  .map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes[0].html} ${nodes[0].failureSummary}`)"""
SITE = """
import sys; sys.path[:0] = [sys.argv[1], sys.argv[1] + "/../tests"]
import django; django.setup()
from datetime import date
from django.contrib.auth.models import User
from wagtail.users.models import UserProfile
from newsroom import member
from sanduq_web.press.actions import make_site
from sanduq_web.press.models import EditionJob
from sanduq_web.press.workshop import folder_of, offered
make_site("The Lake Courier", "127.0.0.1", int(sys.argv[2]), ["en"])
log = "".join(f"made press/en/news/a-story-with-a-long-name-{n}/index.html\\n" for n in range(200)) + "x" * 300
make = lambda number, state, **more: EditionJob.objects.create(number=number, date=date(2026, 11, 22), state=state, **more)
make(1, "ended"); make(2, "failed", log=log); make(3, "signed"); make(4, "made", log="done\\n")
make(5, "working", stage="press (12 s)", log="one page\\n")
(folder_of(4) / "press").mkdir(parents=True)
(folder_of(4) / "press/a.html").write_text("a" * 5_000_000)
(folder_of(4) / "START-HERE.html").write_text("a" * 3000)
offered().mkdir()
for ending in ("zip", "iso", "sha256"):
    (offered() / f"edition-3-2026-11-22.{ending}").write_bytes(b"x")
for code in ("en", "ar"):
    client = member(code, "administrator", [])
    UserProfile.objects.create(user=User.objects.get(username=code), preferred_language=code)
    print(client.session.session_key)
"""
LATER = """
import django; django.setup()
from sanduq_web.press.models import EditionJob
EditionJob.objects.filter(number=5).update(state="made", stage="", log="two pages")
"""


class Made:
    """A served site; keys of sessions by their language; what is run on its database."""

    def __init__(self, origin: str, sessions: dict[str, str], run: Callable[..., str]) -> None:
        self.origin, self.sessions, self.run = origin, sessions, run


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    folder = tmp_path_factory.mktemp("press")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    (folder / "secret").write_text("x" * 60)
    environment = {
        **os.environ, "DJANGO_SETTINGS_MODULE": "sanduq_web.press.settings", "SANDUQ_PRESS_SECRET": str(folder / "secret"),
        "SANDUQ_PRESS_DATABASE": f"sqlite:///{folder / 'press.db'}", "SANDUQ_PRESS_MEDIA": str(folder / "media"),
        "SANDUQ_PRESS_WORKSHOP": str(folder / "shop"), "SANDUQ_PRESS_EDITIONS": str(folder / "offered"),
    }  # fmt: skip

    def run(*words: str) -> str:
        return subprocess.run([sys.executable, *words], check=True, env=environment, stdout=subprocess.PIPE, text=True).stdout

    run("-m", "sanduq_web.press", "migrate")
    sessions = dict(zip(("en", "ar"), run("-c", SITE, str(ROOT / "web/tests_press"), str(port)).split()[-2:], strict=True))
    with (folder / "shop/edition-5.lock").open("w") as lock:  # as if somebody made it
        fcntl.flock(lock, fcntl.LOCK_EX)
        command = [sys.executable, "-m", "sanduq_web.press", "serve", "--port", str(port)]
        with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as process:
            deadline = time.monotonic() + 60
            while time.monotonic() < deadline:
                with socket.socket() as attempt:
                    if attempt.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.1)
            yield Made(f"http://127.0.0.1:{port}", sessions, run)
            process.terminate()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium."""
    assert AXE.is_file(), "axe-core is not here: scripts/booth.sh fresh fetches it"
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield found
        found.close()


def opened(browser: Browser, made: Made, language: str, **more: Any) -> Any:
    context = browser.new_context(**more)
    context.add_cookies([{"name": "desk", "value": made.sessions[language], "url": f"{made.origin}/desk/"}])
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(f"{made.origin}/desk/editions/")
    return page


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize(("width", "colours"), [(1280, "light"), (1280, "dark"), (320, "light"), (320, "dark")])
def test_the_page_is_clean(made: Made, browser: Browser, language: str, width: int, colours: str) -> None:
    page = opened(browser, made, language, viewport={"width": width, "height": 700}, color_scheme=colours)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    expect(page.locator("#press-editions section")).to_have_count(5)
    for details in page.query_selector_all("#press-editions details"):
        details.evaluate("one => one.open = true")
    if folder := os.environ.get("SANDUQ_SCREENSHOTS"):
        page.set_viewport_size({"width": width, "height": 2600})  # the desk scrolls within its frame
        page.screenshot(path=f"{folder}/editions-{language}-{width}-{colours}.png")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.evaluate(AXE.read_text("utf-8"))
    assert page.evaluate(RUN) == []
    assert complaints == []
    page.context.close()


def test_it_is_new_without_a_reload(made: Made, browser: Browser) -> None:
    page = opened(browser, made, "en")
    page.fill("[name=number]", "77")
    page.click("#log-5 summary")
    expect(page.locator("#log-5 pre")).to_have_text("one page\n")
    made.run("-c", LATER)
    expect(page.locator("#edition-5")).to_have_text("Edition 5 of 2026-11-22: Made", timeout=20_000)
    expect(page.locator("#log-5 pre")).to_have_text("two pages")
    assert page.locator("#log-5").get_attribute("open") is not None
    assert page.evaluate("document.activeElement.parentElement.id") == "log-5", "who reads with a keyboard stays there"
    expect(page.locator("[name=number]")).to_have_value("77")
    page.context.close()
