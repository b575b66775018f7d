"""The protocol as PDF: tagged, extractable, the same bytes each time; bounded; and its absence breaks nothing else."""

from __future__ import annotations

import io
import os
import signal
import socket
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import connections
from django.test import Client, RequestFactory
from django.utils import translation
from pypdf import PdfReader

from rig import Rig
from sanduq_web import printing
from sanduq_web.box import api as box
from sanduq_web.count import actions, api
from sanduq_web.count.models import Printed, Printing
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


def _forget() -> None:
    """As in another process, after the rows were lost too."""
    protocol._kept.clear()
    Printed.objects.all().delete()


@pytest.mark.long
@needs_pango
def test_the_same_record_gives_the_same_bytes(decided: Frozen, rig: Rig) -> None:
    first = _pdf(rig, "fa")
    _forget()
    assert _pdf(rig, "fa") == first
    keep_beside(rig.anchor, None, ["New"])
    assert _pdf(rig, "fa") != first


@needs_pango
def test_it_is_made_once_whatever_is_started_anew(decided: Frozen, rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    monkeypatch.setattr(printing, "render", lambda html: made.append(html) or b"%PDF")
    assert [_pdf(rig, "en"), _pdf(rig, "en"), _pdf(rig, "az")] == [b"%PDF"] * 3
    assert len(made) == 2
    protocol._kept.clear()
    assert _pdf(rig, "en") == b"%PDF"
    assert len(made) == 2
    for number in range(actions.MOST_PRINTED + 5):
        actions.print_once(str(number))
    assert Printed.objects.count() == actions.MOST_PRINTED
    actions.print_once(str(number))
    assert len(made) == 2 + actions.MOST_PRINTED + 5, "the last ones are those that are kept"


@pytest.mark.long
@needs_pango
def test_one_is_made_at_a_time(decided: Frozen, rig: Rig) -> None:
    first = _pdf(rig, "en")
    Printing.objects.filter(pk=1).update(until=int(time.time()) + 100)
    answer = Client().get(f"/tr/{rig.anchor}/protocol.pdf")
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert _pdf(rig, "en") == first, "what is there is given out meanwhile"
    Printing.objects.filter(pk=1).update(until=int(time.time()) - 1)
    assert _pdf(rig, "tr") != first, "who died while it was made keeps nobody out for long"
    assert Printing.objects.get().until == 0


@needs_pango
@pytest.mark.django_db(transaction=True)
def test_a_printer_that_is_killed_is_told_and_the_next_one_prints(decided: Frozen, rig: Rig) -> None:
    ended = threading.Event()

    def kill() -> None:
        command = f"{sys.executable}\0-P\0-m\0sanduq_web.printer\0".encode()
        while not ended.is_set():
            for folder in Path("/proc").iterdir():
                with suppress(OSError, IndexError, ValueError):
                    if (folder / "cmdline").read_bytes() == command and _parent(folder) == os.getpid():
                        os.kill(int(folder.name), signal.SIGKILL)
                        return
            time.sleep(0.005)

    killer = threading.Thread(target=kill)
    printing.version()
    killer.start()
    try:
        answer = Client().get(f"/en/{rig.anchor}/protocol.pdf")
    finally:
        ended.set()
        killer.join()
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert Printed.objects.count() == 0
    assert _pdf(rig, "en").startswith(b"%PDF")


def _parent(folder: Path) -> int:
    return int((folder / "stat").read_text().rpartition(")")[2].split()[1])


@needs_pango
@pytest.mark.django_db(transaction=True)
def test_of_two_that_ask_at_once_one_makes_it(decided: Frozen, rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    both = threading.Barrier(2)
    before = printing.version()

    def meet() -> str:
        both.wait(30)
        return before

    def ask(_: int) -> int:
        try:
            return Client().get(f"/en/{rig.anchor}/protocol.pdf").status_code
        finally:
            connections.close_all()

    monkeypatch.setattr(printing, "version", meet)
    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(ask, range(2))) == [200, 503]


@needs_pango
def test_the_printer_is_told_no_secret(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("SANDUQ_DATABASE", "SANDUQ_BOX_KEY", "SANDUQ_SMTP", "PGPASSWORD", "ANYTHING"):
        monkeypatch.setenv(name, "secret")
    (tmp_path / "weasyprint.py").write_text("import os, sys\n__version__ = repr([dict(os.environ), sys.argv, os.nice(0)])")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    printing.forget()
    told = printing.version()
    printing.forget()
    assert "secret" not in told
    assert told.endswith(" 19]")


@pytest.mark.long
@needs_pango
@pytest.mark.parametrize(
    ("code", "ended"),
    [
        ("bytearray(4 << 30)", "ended with 1"),
        ("__import__('socket').create_connection(('127.0.0.1', 9))", "ended with 1"),
        ("__import__('subprocess').run(['true'])", "ended with 1"),
        ("__import__('time').sleep(60)", "took more than 5 s"),
    ],
)
def test_a_printer_that_goes_wrong_is_bounded(code: str, ended: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "weasyprint.py").write_text(f"def __getattr__(name):\n    {code}")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(printing, "SECONDS", 5)
    with pytest.raises(printing.Failed, match=ended):
        printing.render("<p>text")


@needs_pango
def test_nothing_is_fetched_for_it(tmp_path: Path) -> None:
    (tmp_path / "secret.css").write_text("p::after { content: 'fetched' }")
    asked: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        here = f"http://127.0.0.1:{server.getsockname()[1]}"
        html = f'<html lang="en"><title>t</title><p>text<img alt="" src="{here}/x"><img alt="" src="file:///etc/passwd">'
        html += f'<link rel="stylesheet" href="{tmp_path.as_uri()}/secret.css"><style>@import "{here}/y";</style>'
        html += f'<style>@font-face {{ font-family: x; src: url({here}/z) }}</style><a rel="attachment" href="{here}/a">a</a>'
        text = _text(printing.render(html))
        with suppress(TimeoutError):
            asked.append(server.accept())
    assert "text" in text
    assert "fetched" not in text
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
    assert "<script>x</script>" in "".join(_text(printing.render(html)).split())


def test_without_the_library_the_page_says_so(
    decided: Frozen, rig: Rig, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "weasyprint.py").write_text("raise OSError('cannot load library')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    printing.forget()
    text = page(f"/en/{rig.anchor}/result/")
    assert "cannot be made on this machine" in text
    assert "protocol.pdf" not in text
    assert "cannot be made on this machine" in page(f"/en/{rig.anchor}/protocol.pdf", status=503)
    printing.forget()
