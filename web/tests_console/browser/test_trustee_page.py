"""A trustee makes a key in Chromium, at the page that the console serves; two others are at home with ``sanduq keys``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from playwright.sync_api import Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from rig import Staff
from sanduq.count.trial import decrypt_trial, trial_bytes
from sanduq.keys import ceremony as keys
from sanduq.keys.trustees import read_trustees
from sanduq_web.console.ceremony.board import Board, board
from sanduq_web.console.ceremony.models import Kind
from sanduq_web.console.ceremony.parts import trustees_of
from test_ceremony import RANDOM, cert_of, trustees

BUILT = Path(__file__).resolve().parents[3] / "booth" / "dist-trustee"
PASSPHRASE = "heron ferry lantern copper mill"
FLAGS = """--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
--disable-component-update --disable-sync""".split()

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield opened
        opened.close()


def at(page: Page, step: str) -> None:
    """Wait until the page says that this is what is to be done."""
    page.wait_for_selector(f'#now[data-place="{step}"]', timeout=30_000)
    page.wait_for_selector('main[aria-busy="false"]')


def look(page: Page) -> None:
    page.evaluate("() => { dispatchEvent(new Event('focus')) }")


def now(people: Staff) -> Board:
    found = board(people.vote)
    assert found is not None
    return found


def save(page: Page, folder: Path) -> None:
    """Save the key, and have the file read back."""
    page.fill("#new-passphrase", PASSPHRASE)
    with page.expect_download() as coming:
        page.click("#save-key")
    path = folder / coming.value.suggested_filename
    coming.value.save_as(path)
    page.wait_for_selector('main[aria-busy="false"]')
    page.set_input_files("#saved", path)
    page.fill("#again", PASSPHRASE)
    page.click("#check")
    page.wait_for_selector('main[aria-busy="false"]')


def test_a_trustee_at_the_page_and_two_at_home(
    people: Staff, live_server: LiveServer, browser: object, settings: LazySettings, tmp_path: Path
) -> None:
    settings.SANDUQ_CONSOLE_TRUSTEE = BUILT
    group = trustees(people)
    people.commission.post_to(people.of("ceremony/"))
    ann, others = group[0], group[1:]
    context = browser.new_context(accept_downloads=True)  # type: ignore[attr-defined]
    cookie = {"name": "console", "value": ann.who.browser.cookies["console"].value, "url": live_server.url}
    context.add_cookies([cookie])
    page = context.new_page()
    page.goto(f"{live_server.url}/en/{people.of('trustee/page/')}")
    page.fill("#index", "1")
    page.click("#make-group")
    at(page, "save")
    save(page, tmp_path)
    at(page, "cert")
    page.click("#send-cert")
    for number, each in enumerate(others, 2):
        assert each.hand(people, "cert", cert_of(each.seed, 3, 2, number)).status_code == 200
    look(page)
    at(page, "commitment")
    page.click("#send-commitment")
    certs = now(people).certs
    for each in others:
        each.polynomial = keys.make_polynomial(each.seed, certs, RANDOM)
        assert each.hand(people, "commitment", each.polynomial.commitment.encode()).status_code == 200
    look(page)
    at(page, "polynomial")
    page.click("#send-polynomial")
    for each in others:
        assert each.hand(people, "polynomial", each.polynomial.to_bytes()).status_code == 200
    look(page)
    at(page, "save")
    save(page, tmp_path)
    at(page, "voutput")
    page.click("#send-voutput")
    page.wait_for_timeout(500)
    commitments = [(text or b"").decode() for text in now(people).of_group(Kind.COMMITMENT)]
    for each in others:
        given = keys.read_vinput(each.who.get(people.of("trustee/input.json")).content)
        made = keys.finish(each.seed, certs, given, commitments, RANDOM)
        each.secret = keys.decryption_key(each.seed, made.private_key)
        assert each.hand(people, "voutput", made.to_bytes()).status_code == 200
    whole = read_trustees(bytes(now(people).ceremony.trustees))
    look(page)
    at(page, "trial")
    page.click("#send-trial")
    for each in others:
        part = trial_bytes(whole, decrypt_trial(whole, each.secret, RANDOM))
        assert each.hand(people, "trial", part).status_code == 200
    look(page)
    at(page, "ready")
    assert trustees_of(people.vote) == whole.to_bytes()
