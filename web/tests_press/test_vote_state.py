"""The state of the vote, from a vote site that is really served; and from sites that say what they should not."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "web" / "tests"), str(ROOT / "library" / "tests")]

from newsroom import article, section  # noqa: E402
from sanduq import errors  # noqa: E402
from sanduq_web import dates  # noqa: E402
from sanduq_web.press.command import run  # noqa: E402
from sanduq_web.press.feed import read_now, told  # noqa: E402
from sanduq_web.press.models import VoteState  # noqa: E402
from server import Site, open_now  # noqa: E402


@contextmanager
def _served(site: Site) -> Iterator[str]:
    site.command("migrate")
    site.command("import", str(site.rig.path), "--anchor", site.rig.anchor)
    site.start()
    try:
        yield f"http://127.0.0.1:{site.port}"
    finally:
        site.kill()


@pytest.fixture(scope="module")
def vote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, str]]:
    """A vote that is open."""
    folder = tmp_path_factory.mktemp("open")
    site = Site(f"sqlite:///{folder / 'site.db'}", open_now(folder / "record", {"A": 6, "B": 5}))
    with _served(site) as origin:
        yield site, origin


@pytest.fixture(scope="module")
def over(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A vote that is decided: the small rehearsal of docs/look-up/rehearsal-format.md."""
    folder = tmp_path_factory.mktemp("over")
    page = (ROOT / "docs" / "look-up" / "rehearsal-format.md").read_text()
    plan, figures = (
        re.search(rf"^{start}.*?(?=^```)", page, re.DOTALL | re.MULTILINE) for start in ("format = 1", "area,name")
    )
    assert plan and figures
    (folder / "island.toml").write_text(plan.group().replace("2030-", "2026-"))
    (folder / "island.csv").write_text(figures.group())
    command = [sys.executable, "-m", "sanduq", "rehearse", "island.toml", "--scale", "1/10", "--out", "record"]
    subprocess.run(command, check=True, cwd=folder, capture_output=True)
    record = folder / "record"
    anchor = hashlib.sha256((record / "setup.json").read_bytes()).hexdigest()
    rig: Any = SimpleNamespace(path=record, anchor=anchor, key_file=folder / "none.key")
    with _served(Site(f"sqlite:///{folder / 'site.db'}", rig)) as origin:
        yield origin


def test_the_box_says_what_the_vote_site_says(site: Any, reader: Client, settings: Any, vote: tuple[Site, str]) -> None:
    served, settings.SANDUQ_PRESS_VOTE = vote
    assert read_now() == "open"
    english, persian, arabic = (reader.get(f"/{code}/").text for code in ("en", "fa", "ar"))
    assert "The vote is open." in english and "The blue bridge (en)" in english
    assert f'href="{settings.SANDUQ_PRESS_VOTE}/en/{served.rig.anchor}/"' in english
    assert "رأی‌گیری باز است." in persian and "The blue bridge (fa)" in persian
    assert 'lang="en" dir="ltr">The blue bridge (en)' in arabic, "a language that the vote lacks has its leading one"
    electorate = sum(area.electorate for area in served.rig.setup.areas)
    assert re.search(rf"<bdi>0.0%</bdi> \(<bdi>0 / {electorate}</bdi>\)", english)
    assert "<dt>Whole days left</dt><dd>0</dd>" in english


def test_a_site_that_is_down_changes_nothing(site: Any, reader: Client, settings: Any, vote: tuple[Site, str]) -> None:
    _, settings.SANDUQ_PRESS_VOTE = vote
    read_now()
    before = VoteState.objects.get()
    VoteState.objects.update(origin="http://127.0.0.1:9")
    settings.SANDUQ_PRESS_VOTE = "http://127.0.0.1:9"
    with pytest.raises(errors.Unusable, match="does not answer"):
        read_now()
    after = VoteState.objects.get()
    assert (after.value, after.read_on) == (before.value, before.read_on)
    VoteState.objects.update(read_on=timezone.now() - timedelta(hours=3))
    text = reader.get("/en/").text
    assert "The blue bridge (en)" in text and "has not answered since" in text


def test_a_reading_without_news_leaves_kept_pages(site: Any, reader: Client, settings: Any, vote: tuple[Site, str]) -> None:
    from sanduq_web.press.models import Token

    _, settings.SANDUQ_PRESS_VOTE = vote
    read_now()
    before, read_on = Token.objects.get().value, VoteState.objects.get().read_on
    read_now()
    assert Token.objects.get().value == before
    assert VoteState.objects.get().read_on > read_on


def test_the_result_is_told(site: Any, reader: Client, settings: Any, over: str) -> None:
    settings.SANDUQ_PRESS_VOTE = over
    assert read_now() == "decided"
    text = reader.get("/fa/").text
    assert "تصمیم گرفته شد." in text and "<strong>پذیرفته شد</strong>" in text
    assert 'lang="en" dir="ltr">Shall the harbour be enlarged?' in text
    value = VoteState.objects.get().value
    region = value["result"][0]
    voters = sum(count for _height, count in value["areas"].values())
    assert region["turnout"] == [voters, value["electorate"]], "the steps and the outcome say the same"
    assert dates.percent(voters, value["electorate"], "fa") in text
    votes = dict(region["questions"][0]["votes"])
    for answer, share in votes.items():
        assert f"<td>{dates.number(share, 'fa')}</td>" in text, answer
    assert f"<td>{dates.percent(votes['yes'], region['questions'][0]['valid'], 'fa')}</td>" in text


def test_another_origin_is_not_told_as_this_one(site: Any, reader: Client, settings: Any, over: str) -> None:
    settings.SANDUQ_PRESS_VOTE = over
    read_now()
    settings.SANDUQ_PRESS_VOTE = "https://other.example"
    assert told("en") is None
    settings.SANDUQ_PRESS_VOTE = ""
    article(section("en"))
    assert 'class="vote"' not in reader.get("/en/").text


# --- sites that say what they should not ------------------------------------------------------------------------------------

ANCHOR = "ab" * 32
STATE = {
    "anchor": ANCHOR, "phase": "open", "authentication": "none", "now": "2026-05-01T07:00:00Z",
    "opens": "2026-05-01T06:00:00Z", "closes": "2026-05-01T18:00:00Z", "areas": {},
}  # fmt: skip


@contextmanager
def _saying(answers: dict[str, Any]) -> Iterator[str]:
    """A site that answers so; what is no path of it is not found."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = answers.get(self.path)
            if isinstance(found, str):
                self.send_response(302)
                self.send_header("Location", found)
                self.end_headers()
                return
            raw = found if isinstance(found, bytes) else json.dumps(found).encode()
            self.send_response(404 if found is None else 200)
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


LIST, ONE = "/api/v1/referendums", f"/api/v1/referendums/{ANCHOR}"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "answers",
    [
        {},
        {LIST: b"<html>"},
        {LIST: b"[" * 100_000},
        {LIST: b" " * (2 << 20)},
        {LIST: ["x"]},
        {LIST: {"anchors": ["../../etc/passwd"]}},
        {LIST: {"anchors": [ANCHOR], "more": 1}},
        {LIST: "http://127.0.0.1:1/"},
        {LIST: {"anchors": [ANCHOR]}},
        {LIST: {"anchors": [ANCHOR]}, ONE: STATE | {"phase": "<script>"}},
        {LIST: {"anchors": [ANCHOR]}, ONE: STATE | {"anchor": "cd" * 32}},
        {LIST: {"anchors": [ANCHOR]}, ONE: STATE | {"closes": "tomorrow"}},
        {LIST: {"anchors": [ANCHOR]}, ONE: STATE, f"{ONE}/setup.json": {"title": {"en": "<script>"}}},
    ],
)
def test_what_cannot_be_read_changes_nothing(settings: Any, answers: dict[str, Any]) -> None:
    before = {"anchor": "before"}
    with _saying(answers) as origin:
        settings.SANDUQ_PRESS_VOTE = origin
        VoteState.objects.create(pk=1, origin=origin, read_on=timezone.now(), value=before)
        with pytest.raises(errors.SanduqError):
            read_now()
    assert VoteState.objects.get().value == before


@pytest.mark.django_db
@pytest.mark.parametrize(
    "origin",
    [
        "",
        "file:///etc/passwd",
        "ftp://vote.example",
        "https://",
        "https://u:p@vote.example",
        "https://vote.example/x",
        "vote.example",
    ],
)
def test_what_is_no_origin(settings: Any, capsys: Any, origin: str) -> None:
    settings.SANDUQ_PRESS_VOTE = origin
    assert run(["feed"]) == 2
    said = capsys.readouterr().err
    assert "SANDUQ_PRESS_VOTE" in said
    assert "u:p" not in said


@pytest.mark.django_db
def test_no_referendum_is_no_box(settings: Any, capsys: Any) -> None:
    with _saying({LIST: {"anchors": []}}) as origin:
        settings.SANDUQ_PRESS_VOTE = origin
        assert run(["feed"]) == 0
    assert told("en") is None
    assert capsys.readouterr().out == "the vote  none\n"
