"""An edition of the vote site: all that is public and nothing else, with links that work from a disc, twice the same."""

from __future__ import annotations

import base64
import json
import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from django.apps import apps
from django.conf import settings as site_settings
from django.db.models import Model

from conftest import Api, Now
from rig import Rig
from sanduq import errors
from sanduq.algebra.numbers import sha256_hex
from sanduq.box.receipt import read_receipt
from sanduq_web import disc, printing
from sanduq_web.box import api as box
from sanduq_web.command import run
from sanduq_web.disc import About
from sanduq_web.edition import current
from sanduq_web.question.actions import keep_beside
from sanduq_web.question.api import Frozen
from sanduq_web.vote_edition import build as building
from sanduq_web.vote_edition import trackers
from sanduq_web.vote_edition.build import Made, build
from second import PIN, Booth, keys_of
from test_beside import topology

DAY, MOMENT = date(2030, 5, 2), datetime(2030, 5, 2, 12, tzinfo=UTC)
ADDRESS = "http://testserver"
CODES = [code for code, _ in site_settings.LANGUAGES]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def without_pdf(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """PDFs take seconds each; one test makes them."""
    if "printed" not in request.node.name:
        monkeypatch.setattr("sanduq_web.count.views.pages.can_print", lambda: False)


class Links(HTMLParser):
    """What a page names, and which of its elements an opened file has no use for."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        assert tag not in ("form", "base", "iframe", "object", "embed"), tag
        assert not {"srcset", "integrity", "action", "method"} & given.keys()
        assert tag != "script" or "src" in given, "no script within a page"
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]


def made(folder: Path, **more: Any) -> Made:
    return build(folder, **{"number": 13, "day": DAY, "moment": MOMENT, "address": ADDRESS} | more)


def files(folder: Path) -> dict[str, bytes]:
    return {each.relative_to(folder).as_posix(): each.read_bytes() for each in sorted(folder.rglob("*")) if each.is_file()}


def known(there: dict[str, bytes]) -> dict[str, list[int]]:
    """What the scripts say of each tracker."""
    found: dict[str, list[int]] = {}
    for name, raw in there.items():
        if "/trackers-" in name:
            found |= json.loads(raw.decode().partition(" = ")[2].removesuffix(";\n"))
    return found


def tracker(raw: bytes) -> str:
    return base64.b64encode(bytes.fromhex(sha256_hex(raw))).decode().rstrip("=")


# --- refusals ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "why"),
    [("testserver", "expected https"), ("ftp://testserver", "expected https"), ("http://nobody.example", "SANDUQ_HOSTS"),
     ("http://testserver/en", "expected https"), ("http://testserver:x", "expected https"), ("", "expected https")],
)  # fmt: skip
def test_an_address_that_is_no_site(tmp_path: Path, address: str, why: str) -> None:
    with pytest.raises(errors.Unusable, match=why):
        made(tmp_path / "out", address=address)
    assert not (tmp_path / "out").exists()


def test_a_folder_with_something_in_it_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    for folder in (tmp_path, tmp_path / "mine.txt"):
        with pytest.raises(errors.Unusable, match="not empty"):
            made(folder)
    assert files(tmp_path) == {"mine.txt": b"mine"}


def test_an_edition_of_another_number_or_day(tmp_path: Path) -> None:
    About(13, DAY, MOMENT, ("en",), ADDRESS).write(tmp_path)
    for more in ({"number": 14}, {"day": date(2030, 5, 3)}):
        with pytest.raises(errors.Unusable, match="is of edition 13"):
            made(tmp_path / "vote", **more)
    assert not (tmp_path / "vote").exists()
    (tmp_path / disc.ABOUT).write_text("{")
    with pytest.raises(errors.Unusable, match="no edition"):
        made(tmp_path / "vote")


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (["--number", "0"], "--number 0"),
        (["--number", "1", "--date", "22.11.2026"], "--date"),
        (["--number", "1", "--as-of", "now"], "--as-of"),
        (["--number", "1", "--as-of", "2999-01-01T00:00:00Z"], "is not yet"),
        (["--number", "1", "--as-of", "2030-04-01T11:59:59Z"], "has become public since"),
    ],
)
def test_wrong_arguments(frozen: Frozen, tmp_path: Path, wrong: list[str], why: str, capsys: Any) -> None:
    assert run(["mirror", str(tmp_path / "out"), "--address", ADDRESS, *wrong]) == 2
    assert why in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_what_becomes_public_meanwhile_is_told(
    opened: Api, rig: Rig, now: Now, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def begin(*_: object) -> None:
        mark = current.set(None)
        now.at("18:00")
        opened.get()
        current.reset(mark)

    monkeypatch.setattr(building, "_begin", begin)
    with pytest.raises(errors.Unusable, match="became public while"):
        made(tmp_path / "out")
    assert current.get() is None


# --- what is in it ----------------------------------------------------------------------------------------------------------


@pytest.mark.long
def test_every_link_of_every_page_leads_to_a_file(decided: Frozen, tmp_path: Path) -> None:
    keep_beside(decided.anchor, topology(["A", "B"]), ["Drawn by hand"])
    told, out = made(tmp_path / "out"), tmp_path / "out"
    there = files(out)
    pages = [name for name in there if name.endswith(".html")]
    assert (told.pages, told.files, told.broken) == (len(pages), len(there), [])
    one = ["", "check/", "watch/", "result/"]
    expected = {f"{code}/{decided.anchor}/{name}index.html" for code in CODES for name in one}
    expected |= {f"{code}/learn/{name}.html" for code in CODES for name in ("index", "voters", "trustees", "observers")}
    expected |= {f"{code}/{decided.anchor}/result/index-by-{by}.html" for code in CODES for by in ("votes", "turnout")}
    expected |= {f"{code}/{decided.anchor}/watch/index-by-area.html" for code in CODES}
    assert set(pages) == expected | {"index.html"} | {f"{code}/index.html" for code in CODES}
    away = set()
    for name in pages:
        for link in Links(there[name].decode()).links:
            parts = urlsplit(link)
            if parts.scheme:
                away.add(f"{parts.netloc}/{parts.path.split('/')[1]}")
            elif parts.path:
                assert not parts.path.startswith("/") and not parts.query
                target = ((out / name).parent / unquote(parts.path)).resolve()
                assert target.is_file() and target.is_relative_to(out.resolve()), (name, link)
    assert away == {"localhost:8080/", "testserver/records", "testserver/steps"}, "the booth, and the record"
    others = {Path(each).name for each in there} - {Path(each).name for each in pages}
    assert {each for each in others if each.startswith("results") or each == "outcome.json"} == {
        "results.csv", "results.json", "outcome.json",
    }  # fmt: skip

    says_when(out, decided)


def says_when(out: Path, decided: Frozen) -> None:
    """Each page has the edition's number, its date and its moment."""
    for path in out.rglob("*.html"):
        assert any(f"{year}" in path.read_text("utf-8") for year in ("2030", "۲۰۳۰", "٢٠٣٠")), path
    persian = (out / f"fa/{decided.anchor}/watch/index.html").read_text("utf-8")
    assert "شمارهٔ ۱۳</strong> · ۲ مه ۲۰۳۰ (۱۲ اردیبهشت ۱۴۰۹)" in persian and "۱۲:۰۰ UTC" in persian
    english = (out / f"en/{decided.anchor}/result/index.html").read_text("utf-8")
    assert "Edition 13</strong> · 2 May 2030 · As of: 2 May 2030, 12:00 UTC" in english
    assert ADDRESS in english and "sets no cookies" not in english


@pytest.mark.long
@pytest.mark.usefixtures("decided")
def test_twice_the_same(tmp_path: Path) -> None:
    assert made(tmp_path / "one") == made(tmp_path / "two")
    assert files(tmp_path / "one") == files(tmp_path / "two")


@pytest.mark.usefixtures("frozen")
def test_no_other_view_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new address comes into no edition unawares: it must be put on the list."""
    asked: list[str] = []

    class Watched(building.Client):
        def get(self, path: str, *given: Any, **more: Any) -> Any:
            asked.append(path)
            return super().get(path, *given, **more)

        def generic(self, method: str, *given: Any, **more: Any) -> Any:
            assert method == "GET"
            return super().generic(method, *given, **more)

    monkeypatch.setattr(building, "Client", Watched)
    monkeypatch.setattr(building, "VIEWS", building.VIEWS - {"watch"})
    made(tmp_path / "out")
    assert asked and not [each for each in asked if each.startswith(("/api", "/records", "/steps")) or "watch" in each]
    assert not [*(tmp_path / "out").rglob("watch")]


# --- the look-up ------------------------------------------------------------------------------------------------------------


def test_an_open_vote_shows_what_the_site_shows(opened: Api, rig: Rig, frozen: Frozen, now: Now, tmp_path: Path) -> None:
    """A ballot that the public stream does not show yet is in the box, and in no file of an edition."""
    for raw in rig.ballots["A"][:4]:
        assert opened.cast(raw).status_code == 201
    now.at("06:10")
    opened.client.get(f"/en/{rig.anchor}/watch/")
    shown = {each.place.code: each.ballots for each in box.public(frozen)}
    hidden = [opened.cast(raw) for raw in [*rig.ballots["A"][4:6], rig.again["A"][0]]]
    now.at("06:11")
    told, there = made(tmp_path / "out"), files(tmp_path / "out")
    assert shown == {"A": 4, "B": 0} and told.ballots == 4
    assert {place for place, _, _ in known(there).values()} == {0}
    assert {latest for *_, latest in known(there).values()} == {1}, "that somebody has voted again is not public either"
    waiting = [read_receipt(json.dumps(each.json()).encode()).tracker for each in hidden]
    assert not [one for one in waiting if any(one.encode() in raw for raw in there.values())]
    watched = there[f"en/{rig.anchor}/watch/index.html"].decode()
    assert "4 voters of an electorate of 27" in watched
    assert {each.place.code: each.ballots for each in box.public(frozen)} == shown, "nothing is published by copying"


def test_making_one_does_nothing_that_is_due(opened: Api, rig: Rig, frozen: Frozen, now: Now, tmp_path: Path) -> None:
    opened.cast(rig.ballots["A"][0])
    before = box.journal_bytes(rig.anchor)
    now.at("19:00")
    assert run(["mirror", str(tmp_path / "one"), "--number", "1", "--address", ADDRESS, "--as-of", "2030-05-01T18:30:00Z"]) == 0
    assert box.journal_bytes(rig.anchor) == before, "a moment of the past closes no vote"
    assert run(["mirror", str(tmp_path / "two"), "--number", "1", "--address", ADDRESS]) == 0
    assert box.phase(rig.anchor) == "closed", "as any reader's visit would have done it"
    assert known(files(tmp_path / "one")) == {} and len(known(files(tmp_path / "two"))) == 1


def test_each_public_ballot_is_found_as_on_the_site(
    opened: Api, rig: Rig, frozen: Frozen, now: Now, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = [("A", raw) for raw in (*rig.ballots["A"], *rig.again["A"][:5])] + [("B", raw) for raw in rig.ballots["B"]]
    for code, raw in cast:
        opened.cast(raw, code)
    now.at("18:00")
    opened.get()
    codes = list(frozen.places)
    for most, digits in ((2000, 0), (2, 1), (1, 2)):
        monkeypatch.setattr(trackers, "MOST", most)
        told = trackers.write(frozen, tmp_path / f"{most}/trackers")
        there = files(tmp_path / str(most))
        scripts = [name for name in there if "/trackers-" in name]
        assert len(scripts) == 16**digits and told == len(cast)
        found = known(there)
        for code, raw in cast:
            site = box.find(frozen, tracker(raw))
            assert site is not None and found[tracker(raw)] == [codes.index(code), site.height, int(site.latest)]
        for name in scripts:
            start = re.search(r"-([0-9a-f]*|all)\.js", name)[1].removeprefix("all")  # type: ignore[index]
            assert all(base64.b64decode(one + "=").hex().startswith(start) for one in known({name: there[name]}))


def test_names_of_areas_cannot_end_the_script() -> None:
    assert trackers._json({"a": "</script>\u2028"}) == '{"a":"\\u003c/script>\\u2028"}'


# --- what must not be in it -------------------------------------------------------------------------------------------------


def test_nothing_of_roll_pins_or_addresses(pins: Booth, rig: Rig, now: Now, tmp_path: Path) -> None:
    """Secrets of all tables are looked for in all files, in the forms in which they could be written."""
    for raw in rig.ballots["A"][:3]:
        assert pins.cast(raw, PIN).status_code == 201
    now.at("06:30")
    pins.api.client.get(f"/en/{rig.anchor}/watch/")
    assert made(tmp_path / "out").ballots == 3
    secret = [*rig.credentials["A"], *rig.credentials["B"], *keys_of(rig, "A"), *keys_of(rig, "B"), rig.box_key.secret_hex()]

    def cells(model: type[Model]) -> list[Any]:
        return [value for row in model._default_manager.values_list() for value in row]

    for word in ("roll", "box"):
        for model in apps.get_app_config(word).get_models():
            if model.__name__ in ("Archive", "Line", "Fingerprint", "Ballot", "Authentication"):
                continue
            secret += [value for value in cells(model) if isinstance(value, str) and len(value) > 8]
            secret += [bytes(v).hex() for v in cells(model) if isinstance(v, (bytes, memoryview)) and 16 <= len(v) <= 64]
    secret = [each for each in secret if each not in rig.anchor and each != rig.anchor and not each.startswith("2030-")]
    assert len(secret) > 60
    raw = b"\n".join(files(tmp_path / "out").values())
    public = {area.uuid for area in rig.setup.areas}
    assert not [each for each in secret if each not in public and each.encode() in raw]


# --- a record beside it, and the protocol -----------------------------------------------------------------------------------


@pytest.mark.long
def test_a_record_in_the_edition_is_led_to(decided: Frozen, tmp_path: Path) -> None:
    folder = disc.record_folder(tmp_path, decided.anchor)
    uuid = decided.places["A"].area.uuid
    for name in ("setup.json", "journal.jsonl", "fingerprints.json", f"areas/A/{uuid}.bel.gz", "../README.html"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x")
    made(tmp_path / "vote")
    links = Links((tmp_path / f"vote/en/{decided.anchor}/watch/index.html").read_text("utf-8")).links
    near = f"../../../../record/{decided.anchor[:12]}/"
    assert {f"{near}journal.jsonl", f"{near}areas/A/{uuid}.bel.gz", "../../../../record/README.html"} <= set(links)
    assert [each for each in links if each.endswith(".bel")] == [
        f"{ADDRESS}/records/{decided.anchor}/areas/B/{decided.places['B'].area.uuid}.bel"
    ]
    assert (tmp_path / "record/README.html").read_text() == "x"


@pytest.mark.long
def test_the_printed_protocol_is_in_it(decided: Frozen, tmp_path: Path) -> None:
    if not printing.can_print():
        pytest.skip("WeasyPrint, or Pango, is not here")
    made(tmp_path / "out")
    made(tmp_path / "two")
    for code in CODES:
        name = f"{code}/{decided.anchor}/protocol.pdf"
        assert (tmp_path / "out" / name).read_bytes().startswith(b"%PDF-")
    assert files(tmp_path / "out") == files(tmp_path / "two")
