"""Readers' pages in Chromium: nothing serious for axe-core, nothing wider than a phone, no cookie, nobody else asked."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[3]
AXE = ROOT / "booth" / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = os.environ.get("SANDUQ_CHROMIUM", "/usr/bin/chromium")
PAGES = ["", "news/", "news/lake/", "news/lake/?print", "search/?q=lake", "topics/lakes/", "nothing/"]
RUN = """async () => (await axe.run(document, { resultTypes: ['violations'] })).violations
  .map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes[0].html} ${nodes[0].failureSummary}`)"""
SITE = """
import sys; sys.path.insert(0, sys.argv[1])
import django; django.setup()
from newsroom import LANGUAGES, article, picture, section, translated, front
from sanduq_web.press.actions import make_site
from sanduq_web.press.models import ArticleByline, Byline, Correction
make_site("The Lake Courier", "127.0.0.1", int(sys.argv[2]), LANGUAGES)
for code in ("en", "fa"):
    news = section(code)
    tale = article(news, "The lake (lake) دریاچه", slug="lake", kicker="Water", place="Shore", picture=picture(),
        body=[("paragraph", "<p>A <b>lake</b> and <a href='https://other.example/'>a link</a>.</p>"), ("heading", "Levels"),
              ("quote", {"text": "It was lower.", "source": "Somebody"}),
              ("table", {"caption": "Metres", "rows": "year | metres\\n2025 | 12\\n2026 | 11"}), ("note", "<p>Note.</p>")])
    tale.bylines.add(ArticleByline(byline=Byline.objects.get_or_create(kind="pseudonym", name="Heron")[0]))
    tale.corrections.add(Correction(text="It said ten."))
    tale.topics.add("lakes")
    tale.save_revision().publish()
    for n in range(23):
        article(news, f"Another story, number {n} " + "long " * 8, picture=picture() if n == 20 else None)
"""


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A press site, served."""
    folder = tmp_path_factory.mktemp("press")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "SANDUQ_PRESS_DATABASE": f"sqlite:///{folder / 'press.db'}",
        "SANDUQ_PRESS_MEDIA": str(folder / "media"),
        "DJANGO_SETTINGS_MODULE": "sanduq_web.press.settings",
    }
    command = [sys.executable, "-m", "sanduq_web.press"]
    subprocess.run([*command, "migrate"], check=True, env=environment, capture_output=True)
    making = [sys.executable, "-c", SITE, str(ROOT / "web" / "tests_press"), str(port)]
    subprocess.run(making, check=True, env=environment)
    with subprocess.Popen([*command, "serve", "--port", str(port)], env=environment, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()  # it says that it serves
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with socket.socket() as attempt:
                if attempt.connect_ex(("127.0.0.1", port)) == 0:
                    break
        yield f"http://127.0.0.1:{port}"
        process.terminate()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium."""
    assert AXE.is_file(), "axe-core is not here: scripts/booth.sh fresh fetches it"
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield found
        found.close()


@pytest.mark.parametrize("language", ["en", "fa"])
@pytest.mark.parametrize(("width", "colours"), [(1280, "light"), (1280, "dark"), (320, "light"), (320, "dark")])
def test_pages_are_clean(origin: str, browser: Browser, language: str, width: int, colours: str) -> None:
    context = browser.new_context(viewport={"width": width, "height": 700}, color_scheme=colours)  # type: ignore[arg-type]
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if "404" not in message.text else None)
    found: list[str] = []
    for path in PAGES:
        page.goto(f"{origin}/{language}/{path}")
        where = f"{language}/{path} {width} {colours}: "
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            found.append(where + "wider than the screen")
        for details in page.query_selector_all("details"):
            details.evaluate("one => one.open = true")
        page.evaluate(AXE.read_text("utf-8"))  # through the debugger's door, which the page's policy does not govern
        found += [where + each for each in page.evaluate(RUN)]
        if folder := os.environ.get("SANDUQ_SCREENSHOTS"):
            name = f"{language}-{PAGES.index(path)}-{width}-{colours}.png"
            page.screenshot(path=f"{folder}/{name}", full_page=True)
    assert found == []
    assert complaints == []
    assert {f"{urlsplit(url).scheme}://{urlsplit(url).netloc}" for url in asked} == {origin}
    assert len({url for url in asked if url.endswith(".woff2")}) == 1
    assert context.cookies() == []
    context.close()


def test_everything_works_without_scripts(origin: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{origin}/fa/")
    page.fill("#find", "lake")
    page.click(".find button")
    page.click("main ol a")
    assert page.title().startswith("The lake (lake)")
    page.click(".languages a[lang=en]")
    assert page.url == f"{origin}/en/"
    context.close()
