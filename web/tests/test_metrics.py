"""What Prometheus is told: enough for an operator, and nothing about votes that the public stream does not say."""

from __future__ import annotations

import os
import re
import socket
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from conftest import Api, Now
from rig import Rig, make_rig
from sanduq import errors
from sanduq.algebra.numbers import sha256_b64
from sanduq_web import measure, metrics
from sanduq_web.box import api as box
from sanduq_web.question.api import Frozen, referendum
from sanduq_web.records import import_record
from sanduq_web.watch.actions import tick
from server import Site, database, open_now
from test_serving import _serving

POSTGRES = os.environ.get("SANDUQ_DATABASE", "").startswith("postgres")


class Scraper:
    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.registry.register(metrics.Told(measure.start().registry.collect))

    def __call__(self) -> str:
        return generate_latest(self.registry).decode()


@pytest.fixture
def scrape(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scraper]:
    monkeypatch.setattr(metrics.connections, "close_all", lambda: None)  # the tests' own transaction goes on
    yield Scraper()
    measure.stop()


def values(text: str, name: str) -> dict[tuple[str, ...], float]:
    return {
        tuple(value for _, value in sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == name
    }


@pytest.fixture
def many(settings: object, tmp_path: Path, scrape: Scraper) -> tuple[Api, Rig, Frozen]:
    """An open vote whose stream advances every ten minutes, by twenty ballots or more."""
    rig = make_rig(tmp_path / "many", {"A": 45, "B": 3})
    settings.SANDUQ_BOX_KEYS = [rig.key_file]  # type: ignore[attr-defined]
    import_record(rig.path, "2030-04-01T12:00:00Z", rig.anchor, (10, 20))
    api = Api(Client(), rig)
    assert api.get().json()["phase"] == "open"
    return api, rig, referendum(rig.anchor)


def test_a_scrape_says_nothing_that_the_public_stream_does_not(
    many: tuple[Api, Rig, Frozen], scrape: Scraper, now: Now
) -> None:
    """A scraper who looks at every moment sees the steps of the public stream, and refusals by the twenty."""
    api, rig, frozen = many
    ballots, other = rig.ballots["A"], rig.ballots["B"]

    def vote(raws: object, code: str = "A") -> None:
        for raw in raws:  # type: ignore[attr-defined]
            assert api.get().status_code == 200
            assert api.cast(raw, code).status_code == 201
            assert api.find(sha256_b64(raw)).status_code == 200
            assert api.get("/areas/A/last/").status_code in (200, 404)

    now.at("06:01")
    silent = scrape()
    assert "sanduq_voting_seconds{" not in silent and "box." not in silent
    vote(ballots[:12])
    vote(other, "B")
    for _ in range(30):
        assert api.cast(b"{}").status_code == 400
    assert scrape() == silent, "nothing has been published"
    now.at("06:11")
    vote(ballots[12:15])
    tick("2030-05-01T06:11:00Z")
    apart = re.compile(r".*(?:sanduq_refusals_total|last_tick).*\n")
    assert apart.sub("", scrape()) == apart.sub("", silent), "fewer than a step has: still nothing"
    assert set(values(scrape(), "sanduq_refusals_total").values()) == {20.0}, "in full twenties, and late"

    vote(ballots[15:30])
    now.at("06:21")
    vote(ballots[30:31])
    told = scrape()
    public = {(each.place.code, rig.anchor[:12]): float(each.ballots) for each in box.public(frozen)}
    assert public == {("A", rig.anchor[:12]): 30.0, ("B", rig.anchor[:12]): 0.0}
    assert values(told, "sanduq_public_ballots") == public
    assert {view for _, view in values(told, "sanduq_voting_seconds")} >= {"box.cast", "box.find", "box.state"}
    vote(ballots[31:40])
    assert scrape() == told, "quantiles too are those of the step"
    counts = [line for line in told.splitlines() if line.startswith("sanduq_request") and "box." in line]
    assert counts == []


def test_readers_of_pages_are_counted_as_they_come(many: tuple[Api, Rig, Frozen], scrape: Scraper) -> None:
    api, rig, _ = many
    before = values(scrape(), "sanduq_request_seconds_count").get(("watch.pages.watch",), 0)
    assert api.client.get(f"/en/{rig.anchor}/watch/").status_code == 200
    assert api.client.get("/nobody/knows/this").status_code == 404
    text = scrape()
    assert values(text, "sanduq_request_seconds_count")["watch.pages.watch",] == before + 1
    assert "nobody" not in text
    assert values(text, "sanduq_database_up") == {(): 1.0}
    assert values(text, "sanduq_phase") == {("open", rig.anchor[:12]): 1.0}


def test_only_pages_of_readers_are_counted_and_all_of_them_are_there() -> None:
    def views(patterns: object) -> Iterator[str]:
        for each in patterns:  # type: ignore[attr-defined]
            if isinstance(each, URLResolver):
                yield from views(each.url_patterns)
            elif isinstance(each, URLPattern):
                words = each.callback.__module__.removeprefix("sanduq_web.").split(".")
                yield ".".join([word for word in words if word != "views"] + [each.callback.__name__])

    found = set(views(get_resolver("sanduq_web.urls").url_patterns))
    assert found >= metrics.PLAIN
    assert not {each for each in metrics.PLAIN if each.startswith(("box.", "roll.", "question."))}
    assert "watch.pages.check" in found - metrics.PLAIN, "a tracker that is looked up may be of a ballot just cast"


@pytest.mark.parametrize("text", ["", "nonsense", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:99999", "8000", "0.0.0.0:8000"])
def test_never_on_the_sites_own_port_and_nowhere_else_by_accident(text: str) -> None:
    with pytest.raises(errors.Unusable):
        metrics.address(text, 8000)


def test_a_port_alone_is_this_machines() -> None:
    assert metrics.address("9100", 8000) == ("127.0.0.1", 9100)
    assert metrics.address("[::1]:9100", 8000) == ("::1", 9100)


# --- the command --------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def rig_now(tmp_path_factory: pytest.TempPathFactory) -> Rig:
    return open_now(tmp_path_factory.mktemp("metrics") / "record", {"A": 4})


def _get(port: int, path: str = "/metrics") -> str:
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"http://127.0.0.1:{port}{path}") as answer:
        return str(answer.read().decode())


@pytest.mark.long
def test_served_apart_from_the_site(rig_now: Rig, tmp_path: Path) -> None:
    """By several processes on PostgreSQL, which count together."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with database(tmp_path) as url:
        site = Site(url, rig_now)
        site.set_up()
        with _serving(site, "--metrics", str(port), *(["--processes", "2"] if POSTGRES else [])) as watched:
            if POSTGRES:
                watched.wait_for(2)
            while f":{site.port}" not in "".join(watched.said):
                assert watched.process.poll() is None, watched.said
                time.sleep(0.05)
            for _ in range(8):
                _get(site.port, f"/en/{rig_now.anchor}/")
            text = _get(port)
            assert values(text, "sanduq_request_seconds_count")["watch.referendum.one",] == 8.0
            assert not re.search("process_|python_", text), "each ballot would move them"
            with suppress(urllib.error.HTTPError):
                assert "sanduq_" not in _get(site.port), "never on the public origin"
    assert not list(Path("/dev/shm").glob("sanduq-metrics-*")) or not POSTGRES
