"""The observer's pack: in each language, in the direction of its writing, with the referendum's own anchor."""

from __future__ import annotations

import io
import re
from http import HTTPStatus
from pathlib import Path

import pytest
from django.test import Client
from django.utils.translation import override
from pypdf import PdfReader

from conftest import Api
from ready import ready
from rig import Rig
from sanduq_web import printing
from sanduq_web.count.models import Printed
from sanduq_web.question.api import Frozen
from sanduq_web.watch.views.pack import pack_html
from sanduq_web.watch.views.pack_contents import STEPS, TELL
from server import Site, database

LANGUAGES = ["en", "az", "azb", "fa", "ar", "tr"]
needs_printer = pytest.mark.skipif(not printing.can_print(), reason="WeasyPrint or Pango is not here")
RECOMMENDATION = re.compile(r"CM/Rec ([0-9, ]+)")


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_stands_in_each_language(language: str, db: None, frozen: Frozen) -> None:
    with override(language):
        html = pack_html(frozen)
        said = [str(item.text) for step in STEPS for item in step.items] + [str(line) for line in TELL]
    assert f'lang="{language}" dir="{"rtl" if language in ("azb", "fa", "ar") else "ltr"}"' in html
    assert html.count("□") == 3 * sum(len(step.items) for step in STEPS)
    assert html.count(frozen.anchor) == 2, "on its front, and in the command"
    if language != "en":
        with override("en"):
            english = {str(item.text) for step in STEPS for item in step.items} | {str(line) for line in TELL}
        assert not english & set(said)
    assert not [text for text in said if text.replace("'", "&#x27;") not in html]


def test_what_is_cited_is_there_to_be_cited() -> None:
    numbers = {int(one) for step in STEPS for item in step.items for hit in RECOMMENDATION.findall(item.by)
               for one in re.findall("[0-9]+", hit)}  # fmt: skip
    assert numbers <= set(range(1, 50))
    assert all(re.fullmatch(r"(?:(?:CM/Rec|VC|ODIHR) [\w., ]+)(?: · (?:CM/Rec|VC|ODIHR) [\w., ]+)*", item.by)
               for step in STEPS for item in step.items)  # fmt: skip


@needs_printer
def test_it_is_served_and_made_once(db: None, opened: Api, frozen: Frozen) -> None:
    address = f"/fa/{frozen.anchor}/observers.pdf"
    assert f'href="{address}"' in opened.client.get(f"/fa/{frozen.anchor}/watch/").content.decode()
    answer = opened.client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert Printed.objects.count() == 1
    assert opened.client.get(address).content == answer.content
    assert Printed.objects.count() == 1
    pages = PdfReader(io.BytesIO(answer.content)).pages
    assert 3 <= len(pages) <= 8
    assert frozen.anchor in "".join(page.extract_text() for page in pages).replace("\n", "")


def test_without_a_printer_it_says_so(db: None, opened: Api, frozen: Frozen, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(html: str) -> bytes:
        raise printing.Missing("no Pango")

    monkeypatch.setattr("sanduq_web.count.actions.print_once", missing)
    answer = Client().get(f"/tr/{frozen.anchor}/observers.pdf")
    assert (answer.status_code, answer["Retry-After"]) == (HTTPStatus.SERVICE_UNAVAILABLE, "30")
    assert Client().get(f"/tr/{'0' * 64}/observers.pdf").status_code == 404


@needs_printer
@pytest.mark.long
def test_the_command_prints_all_languages_and_writes_over_nothing(rig: Rig, tmp_path: Path) -> None:
    with database(tmp_path) as url:
        site = Site(url, rig)
        site.set_up()
        with ready(site.environment) as commands:
            status, text = commands.run("sanduq-web", "observers-pack", str(tmp_path / "out"))
            assert status == 0, text
            made = sorted(path.name for path in (tmp_path / "out").iterdir())
            assert made == sorted(f"observers-{rig.anchor[:12]}-{language}.pdf" for language in LANGUAGES)
            assert commands.run("sanduq-web", "observers-pack", str(tmp_path / "out"))[0] == 2
