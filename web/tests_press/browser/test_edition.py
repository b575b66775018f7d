"""An edition in Chromium, opened as files: its search finds across scripts, every page has its look, and nobody is asked."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[3]
AXE = ROOT / "booth" / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = os.environ.get("SANDUQ_CHROMIUM", "/usr/bin/chromium")
SITE = """
import sys; sys.path.insert(0, sys.argv[1])
import django; django.setup()
from newsroom import LANGUAGES, article, picture, section
from sanduq_web.press.actions import make_site
make_site("The Lake Courier", "localhost", 8001, LANGUAGES)
for code, pairs in eval(sys.argv[2]).items():
    news = section(code)
    for n, (written, _) in enumerate(pairs):
        article(news, f"N{n}", slug=f"n{n}", text=f"<p>{written}</p>", picture=picture() if n == 0 else None)
    article(news, "</script><img src=x onerror=alert(1)>", slug="evil", text="<p>evil words</p>")
"""
PAIRS = {
    "fa": [("كتاب", "کتاب"), ("می‌شود", "میشود"), ("آرَام", "ارام"), ("۱۴۰۵", "1405"), ("کـــتاب", "کتاب")],
    "ar": [("مُحَمَّد", "محمد"), ("الكتاب", "كتاب"), ("كتاب", "الكتاب"), ("مدرسة", "مدرسه"), ("٢٠٢٦", "2026"), ("ﻻجئ", "لاجي")],
    "azb": [("گؤل", "گۆل"), ("سئس", "سیس")],
    "az": [("gələcək", "gelecek"), ("İŞIQ", "işıq"), ("ÇÖRƏK", "corek")],
    "tr": [("IĞDIR", "iğdır"), ("İstanbul", "istanbul"), ("şöyle", "soyle"), ("gölün", "göl")],
    "en": [("Café", "cafe"), ("ﬁne", "FINE"), ("STRASSE", "straße")],
}
"""As they are written, and as somebody types them (test_search.py has them for the site)."""


@pytest.fixture(scope="module")
def disc(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an edition."""
    folder = tmp_path_factory.mktemp("edition")
    environment = {
        **os.environ,
        "SANDUQ_PRESS_DATABASE": f"sqlite:///{folder / 'press.db'}",
        "SANDUQ_PRESS_MEDIA": str(folder / "media"),
        "DJANGO_SETTINGS_MODULE": "sanduq_web.press.settings",
    }
    command = [sys.executable, "-m", "sanduq_web.press"]
    making = [sys.executable, "-c", SITE, str(ROOT / "web" / "tests_press"), repr(PAIRS)]
    for each in ([*command, "migrate"], making, [*command, "edition", str(folder / "out"), "--number", "13"]):
        subprocess.run(each, check=True, env=environment, capture_output=True)
    return folder / "out"


@pytest.fixture
def page() -> Iterator[Page]:
    """A page whose requests are written down as ``page.asked``."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        found = browser.new_page(viewport={"width": 320, "height": 700})
        asked: list[str] = []
        problems: list[str] = []
        found.on("request", lambda request: asked.append(request.url))
        found.on("requestfailed", lambda request: problems.append(f"{request.url} {request.failure}"))
        found.on("pageerror", lambda error: problems.append(str(error)))
        found.on("dialog", lambda dialog: problems.append(dialog.message))
        yield found
        found.wait_for_load_state()
        browser.close()
    assert problems == []
    assert [each for each in asked if not each.startswith("file://")] == []


def test_from_the_beginning_to_an_article(disc: Path, page: Page) -> None:
    page.goto((disc / "START-HERE.html").as_uri())
    page.locator("nav").get_by_role("link", name="فارسی").click()
    page.locator("h2").get_by_role("link", name="فارسی").click()
    assert page.evaluate("document.documentElement.dir") == "rtl"
    assert page.evaluate("[...document.fonts].length") and page.evaluate("document.fonts.ready.then(() => true)")
    assert page.evaluate("[...document.fonts].some(({ status }) => status === 'loaded')"), "the font is on the disc"
    page.get_by_role("link", name="N0").first.click()
    page.locator("summary").click()
    for image in page.locator("main img").all():
        image.scroll_into_view_if_needed()
        image.evaluate("(image) => image.decode()")
    assert page.locator("p.edition").inner_text().count("۱۳") == 1
    page.get_by_role("link", name="English").click()
    assert page.url == (disc / "press/en/index.html").as_uri()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize(("language", "written", "asked"), [(code, *pair) for code, pairs in PAIRS.items() for pair in pairs])
def test_the_search_finds_across_scripts(disc: Path, page: Page, language: str, written: str, asked: str) -> None:
    page.goto((disc / f"press/{language}/index.html").as_uri())
    page.get_by_role("searchbox").fill(asked)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/index.html?q=*")
    marked = page.locator("#found mark").all_inner_texts()
    assert written.split()[0] in marked, (written, asked, marked)
    page.locator("#found a").first.click()
    assert page.locator("article.article").count() == 1


def test_what_is_looked_for_stays_text(disc: Path, page: Page) -> None:
    page.goto((disc / "press/en/search/index.html").as_uri() + "?q=evil")
    assert page.locator("#found h2").all_inner_texts() == ["</script><img src=x onerror=alert(1)>"]
    page.goto((disc / "press/en/search/index.html").as_uri() + "?q=%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E")
    assert page.locator("#some").is_visible() and page.locator("main img").count() == 0
    page.goto((disc / "press/en/search/index.html").as_uri() + "?q=heron")
    assert page.locator("#none").is_visible()


def test_nothing_serious_for_axe(disc: Path, page: Page) -> None:
    for name, colours in (
        ("START-HERE.html", "light"), ("START-HERE.html", "dark"), ("press/fa/search/index.html", "light"),
        ("press/en/index.html", "light"),
    ):  # fmt: skip
        page.emulate_media(color_scheme=colours)  # type: ignore[arg-type]
        page.goto((disc / name).as_uri())
        page.add_script_tag(content=AXE.read_text())
        found = page.evaluate(
            "async () => (await axe.run(document, { preload: false })).violations.map(({ impact, id }) => `${impact} ${id}`)"
        )
        assert [each for each in found if each.startswith(("serious", "critical"))] == [], (name, colours)
