"""The protocol as PDF: tagged, extractable, the same bytes each time; bounded; and its absence breaks nothing else."""

from __future__ import annotations

import io
import subprocess
import sys
from dataclasses import replace

import pytest
from django.test import Client, RequestFactory
from django.utils import translation
from pypdf import PdfReader

from rig import Rig
from sanduq_web import printing
from sanduq_web.box import api as box
from sanduq_web.count import api
from sanduq_web.count.views import protocol
from sanduq_web.question.actions import keep_beside
from sanduq_web.question.api import Frozen
from test_pages import LANGUAGES, page

pytestmark = pytest.mark.django_db
needs_pango = pytest.mark.skipif(not printing.can_print(), reason="WeasyPrint or the system's Pango is not here")


def _pdf(rig: Rig, language: str) -> bytes:
    answer = Client().get(f"/{language}/{rig.anchor}/protocol.pdf")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    return bytes(answer.content)


def _text(raw: bytes) -> str:
    return "\n".join(each.extract_text() for each in PdfReader(io.BytesIO(raw)).pages)


@needs_pango
def test_it_has_every_figure_and_fingerprint(decided: Frozen, rig: Rig) -> None:
    keep_beside(rig.anchor, None, ["Somebody's figures"])
    text = _text(_pdf(rig, "en"))
    together = "".join(text.split())
    assert rig.anchor in together
    for line in box.journal(rig.anchor):
        assert line.hash in together
    for code, found in box.fingerprints(decided).items():
        assert found["head"] in together
        assert found["sha256"] in together
        assert f"Area {code}" in text
    outcome = api.result(decided)
    assert outcome is not None
    (question,) = outcome.outcome.regions[0].questions
    for label, value in [("Valid votes", question.totals.valid_votes), ("Blank", question.totals.blank), ("Electorate", 27)]:
        assert f"{label} {value}" in text
    for words in ("The commission", "The registrar", "Somebody's figures", "Trustee 3", "Observer", "Signature", "20:00 UTC"):
        assert words in text


@needs_pango
@pytest.mark.parametrize("language", ["en", "fa", "azb"])
def test_it_is_tagged_and_says_its_language_and_title(decided: Frozen, rig: Rig, language: str) -> None:
    reader = PdfReader(io.BytesIO(_pdf(rig, language)))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == language
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert "The blue bridge" in str(reader.metadata.title)
    assert [float(side) for side in reader.pages[0].mediabox[2:]] == pytest.approx([595.3, 841.9], abs=0.1)
    assert f"1 / {len(reader.pages)}" in reader.pages[0].extract_text() or LANGUAGES[language] == "rtl"


@needs_pango
def test_arabic_letters_come_out_as_text(decided: Frozen, rig: Rig) -> None:
    text = _text(_pdf(rig, "fa"))
    with translation.override("fa"):
        words = [translation.gettext(word) for word in ("Electorate", "Blank", "Observer")]
    for word in words:
        for part in word.split():
            assert part in text or part[::-1] in text, part


@needs_pango
def test_the_same_record_gives_the_same_bytes(decided: Frozen, rig: Rig) -> None:
    first = _pdf(rig, "fa")
    printing.forget()
    assert _pdf(rig, "fa") == first
    keep_beside(rig.anchor, None, ["New"])
    assert _pdf(rig, "fa") != first


@needs_pango
def test_it_is_made_once_and_one_at_a_time(decided: Frozen, rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    monkeypatch.setattr(printing, "_make", lambda library, html: made.append(html) or b"%PDF")
    assert [_pdf(rig, "en"), _pdf(rig, "en"), _pdf(rig, "az")] == [b"%PDF"] * 3
    assert len(made) == 2
    with printing._one:
        answer = Client().get(f"/tr/{rig.anchor}/protocol.pdf")
        assert (answer.status_code, answer["Retry-After"]) == (503, "30")
        assert _pdf(rig, "en") == b"%PDF", "what is there is given out meanwhile"
    for number in range(printing._MOST_KEPT + 5):
        printing.pdf(number, lambda: "")
    assert len(printing._kept) == printing._MOST_KEPT


@needs_pango
def test_nothing_is_fetched_for_it() -> None:
    html = '<html lang="en"><title>t</title><p>text<img alt="" src="http://127.0.0.1:9/x">'
    html += '<img alt="" src="file:///etc/passwd">'
    html += '<link rel="stylesheet" href="file:///etc/hostname"><style>@import "http://127.0.0.1:9/y";</style>'
    asked: list[str] = []

    listening = True

    def listen(event: str, arguments: tuple[object, ...]) -> None:
        files = event == "open" and str(arguments[0]) in ("/etc/passwd", "/etc/hostname")
        if listening and (files or event == "socket.connect"):
            asked.append(f"{event} {arguments}")

    sys.addaudithook(listen)
    text = _text(printing.pdf("fetch", lambda: html))
    listening = False
    assert "text" in text
    assert asked == []


@needs_pango
def test_hostile_names_are_text(decided: Frozen, rig: Rig) -> None:
    evil = "</td><script>x</script><img src=x>"
    areas = tuple(replace(area, name=evil + area.code) for area in decided.setup.areas)
    hostile = replace(decided, setup=replace(decided.setup, areas=areas, commission="<b>C</b>"))
    found = api.result(hostile)
    assert found is not None
    html = protocol.protocol_html(RequestFactory().get("/en/"), hostile, found)
    assert "<script" not in html
    assert "<img" not in html
    assert "<b>C</b>" not in html
    assert "&lt;b&gt;C&lt;/b&gt;" in html
    assert "<script>x</script>" in "".join(_text(printing.pdf("evil", lambda: html)).split())


def test_without_the_library_the_page_says_so(decided: Frozen, rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise printing.Missing("cannot load library 'libpango-1.0-0'")

    monkeypatch.setattr(printing, "_weasyprint", missing)
    text = page(f"/en/{rig.anchor}/result/")
    assert "cannot be made on this machine" in text
    assert "protocol.pdf" not in text
    assert "cannot be made on this machine" in page(f"/en/{rig.anchor}/protocol.pdf", status=503)


def test_an_import_that_fails_is_told_as_missing() -> None:
    code = "import sys; sys.modules['weasyprint'] = None; from sanduq_web import printing; print(printing.can_print())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
