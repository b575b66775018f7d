"""An edition of the vote site, opened as files: ballots are looked up without a server, and nobody is asked."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from browser.looking import look
from browser.town import ROOT, Town
from sanduq_web.disc import record_folder

FIREFOX = os.environ.get("SANDUQ_FIREFOX", "/usr/bin/firefox-esr")
pytestmark = pytest.mark.long  # its protocols are printed, six of them
UNKNOWN = "A" * 43
LINKS = "[...document.querySelectorAll('a, link, script, img')].map(({ href, src }) => href ?? src)"


@pytest.fixture(scope="module")
def disc(town: Town, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an edition with the site's pages, and the record of the referendum that is decided."""
    folder = tmp_path_factory.mktemp("edition")
    given = ("--record", str(town.decided.path), "--anchor", town.decided.anchor)
    town.command("disc", "record", str(folder), *given)
    mirror = ("mirror", str(folder / "vote"), "--number", "13", "--address", town.origin)
    try:
        town.command(*mirror)
    except subprocess.CalledProcessError as error:
        # One of the town's referendums closes just then: an edition is of one state, and is begun again.
        assert b"became public while" in error.stderr, error.stderr
        shutil.rmtree(folder / "vote")
        town.command(*mirror)
    return folder


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page whose requests and complaints are written down."""
    context = browser.new_context()
    asked: list[str] = []
    problems: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    context.on("requestfailed", lambda request: problems.append(f"{request.url} {request.failure}"))
    context.on("console", lambda message: problems.append(message.text))
    context.on("weberror", lambda error: problems.append(str(error.error)))
    yield context.new_page()
    context.close()
    # An icon that was not wanted any more, as the page was left.
    assert [each for each in problems if not each.endswith("net::ERR_ABORTED")] == []
    assert [each for each in asked if not each.startswith("file://")] == []


def known(disc: Path, anchor: str) -> dict[str, tuple[int, int, int]]:
    """All that the scripts beside a page say."""
    text = "".join(path.read_text("utf-8") for path in (disc / "vote/trackers" / anchor[:12]).glob("trackers-*.js"))
    found = re.findall(r'"([A-Za-z0-9+/]{43})":\[(\d+),(\d+),(\d)\]', text)
    return {tracker: (int(area), int(height), int(latest)) for tracker, area, height, latest in found}


def ask(page: Page, text: str) -> None:
    page.locator("#tracker").fill(text)
    page.locator("#look-up").click()


@pytest.mark.parametrize("language", ["en", "fa"])
def test_a_tracker_is_found(town: Town, disc: Path, page: Page, language: str) -> None:
    tracker, (area, height, latest) = sorted(known(disc, town.decided.anchor).items())[0]
    page.goto((disc / f"vote/{language}/{town.decided.anchor}/check/index.html").as_uri())
    ask(page, f" {tracker[:20]}\n{tracker[20:]} ")
    expect(page.locator("#found")).to_be_visible()
    assert page.locator("#found-area").inner_text() == town.decided.setup.areas[area].name
    assert page.locator("#found-height").inner_text() == str(height)
    assert (page.locator("#latest").is_visible(), page.locator("#replaced").is_visible()) == (latest == 1, latest == 0)
    ask(page, f'{{"tracker": "{tracker}"}}')
    expect(page.locator("#receipt")).to_be_visible()
    for unknown in (UNKNOWN, tracker[1:], "", "{", '{"tracker": {}}', "__proto__", "<img src=x onerror=alert(1)>"):
        ask(page, unknown)
        expect(page.locator("#none")).to_be_visible()
        expect(page.locator("#found")).to_be_hidden()
    assert look(page) == []


def test_a_copy_that_is_not_whole_says_so(town: Town, disc: Path, browser: Browser, tmp_path: Path) -> None:
    """Nobody is told that a ballot is missing because a file is."""
    shutil.copytree(disc / "vote", tmp_path / "vote")
    [script] = (tmp_path / f"vote/trackers/{town.decided.anchor[:12]}").glob("trackers-*.js")
    context = browser.new_context()
    page = context.new_page()
    for damage in (lambda: script.write_text("<"), script.unlink, script.with_name("index.js").unlink):
        damage()
        page.goto((tmp_path / f"vote/en/{town.decided.anchor}/check/index.html").as_uri())
        if script.with_name("index.js").exists():
            ask(page, UNKNOWN)
        expect(page.locator("#unread")).to_be_visible()
        expect(page.locator("#none")).to_be_hidden()
    context.close()


def test_from_the_beginning_to_the_record(town: Town, disc: Path, page: Page) -> None:
    page.goto((disc / "vote/index.html").as_uri())
    assert look(page) == []
    page.get_by_role("link", name="فارسی").click()
    page.locator(f'a[href*="{town.decided.anchor}"]').first.click()
    for place, section in enumerate(("index", "check", "watch", "result")):
        page.locator("nav.sections a").nth(place).click()
        assert page.locator("p.edition").inner_text().count("۱۳") >= 1
        assert look(page) == [], section
    page.locator("nav.sections a").nth(2).click()
    page.get_by_role("link", name="English").click()
    page.locator("thead").get_by_role("link", name="Area").click()
    assert urlsplit(page.url).path.endswith("/watch/index-by-area.html")
    page.get_by_role("link", name="The whole record lies in this edition").click()
    assert urlsplit(page.url).path.endswith("/record/README.html")
    assert look(page) == []


def test_all_links_lead_to_files(town: Town, disc: Path, page: Page) -> None:
    waiting, seen = [(disc / "vote/index.html").as_uri()], set()
    away = set()
    while waiting:
        address = waiting.pop()
        seen.add(address)
        page.goto(address)
        for link in page.evaluate(
            "[...document.querySelectorAll('[href], [src]')].map((one) => one.href?.baseVal ?? one.href ?? one.src)"
        ):
            parts = urlsplit(link)
            if parts.scheme != "file":
                away.add(f"{parts.scheme}://{parts.netloc}")
                continue
            file = Path(unquote(parts.path))
            assert file.is_file() and file.is_relative_to(disc), (address, link)
            if file.suffix == ".html" and (bare := link.partition("#")[0]) not in seen and bare not in waiting:
                waiting.append(bare)
    assert away == {town.origin, town.booth}
    there = {path.as_uri() for path in disc.rglob("*.html")}
    assert seen == there, "and every page is led to"


@pytest.mark.long
def test_in_firefox(town: Town, disc: Path) -> None:
    """As a reader's Firefox opens it: file: pages are kept apart from each other."""
    if not Path(FIREFOX).exists():
        pytest.skip(f"{FIREFOX} is not here: apt-get install firefox-esr")
    tracker = sorted(known(disc, town.decided.anchor))[0]
    page = (disc / f"vote/fa/{town.decided.anchor}/check/index.html").as_uri()
    around = {**os.environ, "SANDUQ_LOOK_UP": page, "SANDUQ_TRACKER": tracker, "SANDUQ_FIREFOX": FIREFOX}
    command = ["npx", "vitest", "run", "--config", "vitest.browser.config.ts", "test/browser/look-up.test.ts"]
    done = subprocess.run(command, cwd=ROOT / "booth", env=around, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 passed" in done.stdout


def test_nothing_of_the_record_is_missing(town: Town, disc: Path) -> None:
    folder = record_folder(disc, town.decided.anchor)
    assert len([*folder.glob("areas/*/*.bel.gz")]) == len(town.decided.setup.areas)
