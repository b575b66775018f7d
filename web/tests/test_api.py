"""The API is what openapi.yaml says, for the booth's origin only, and remembers nobody."""

from __future__ import annotations

import hashlib
import json
import logging
import os
from http import HTTPStatus

import pytest
import requests
import schemathesis
from django.conf import settings as django_settings
from django.db import DatabaseError
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django.live_server_helper import LiveServer
from schemathesis import checks

from conftest import Api, Now
from rig import ENGINE, Rig, make_rig
from sanduq.algebra.numbers import sha256_b64
from sanduq_web.box import api as box
from sanduq_web.box.actions import casting, keys
from sanduq_web.box.models import Address, Archive, Authentication, Pin
from sanduq_web.faults import briefly
from sanduq_web.question.api import Frozen
from sanduq_web.records import import_record
from sanduq_web.roll.actions import prefix_for

pytestmark = pytest.mark.django_db
checks.load_all_checks()
MANY = 40 if int(os.environ.get("SANDUQ_MUTATIONS", "0")) >= 2000 else 8
"""Requests of each operation; more in ``make test-all``."""
_CONFORMS = ("status_code", "content_type", "response_schema", "response_headers")
CHECKS = [checks.not_a_server_error, *(checks.CHECKS.get_one(f"{what}_conformance") for what in _CONFORMS)]


def test_setup_and_elections_are_exact(api: Api, rig: Rig, frozen: Frozen) -> None:
    answer = api.get("/setup.json")
    assert hashlib.sha256(answer.content).hexdigest() == rig.anchor
    assert "immutable" in answer["Cache-Control"]
    trustees = api.get("/trustees.json")
    assert hashlib.sha256(trustees.content).hexdigest() == rig.setup.trustees_sha256
    assert "immutable" in trustees["Cache-Control"]
    for code in ("A", "B"):
        election = api.get(f"/areas/{code}/election.json").content
        assert sha256_b64(election) == json.loads(rig.ballots[code][0])["election_hash"]
    assert api.client.get("/api/v1/referendums").json() == {"anchors": [rig.anchor]}


def test_the_state(opened: Api, rig: Rig, now: Now) -> None:
    answer = opened.get()
    assert answer["Cache-Control"] == "no-store"
    state = answer.json()
    assert state["areas"]["B"] == {"uuid": rig.area("B").uuid, "roll_prefix": 0}
    assert (state["now"], state["opens"], state["closes"]) == (now.time, "2030-05-01T06:00:00Z", "2030-05-01T18:00:00Z")


def test_the_list_comes_in_buckets_that_are_not_too_small(api: Api, rig: Rig, frozen: Frozen) -> None:
    entries = api.get("/areas/A/roll/").json()["credentials"]
    assert sorted(entries) == sorted(json.loads(raw)["credential"] for raw in rig.ballots["A"])
    assert api.get("/areas/A/roll/a").status_code == 404
    assert [prefix_for(size) for size in (0, 4095, 4096, 65535, 65536, 40_000_000)] == [0, 0, 1, 1, 2, 4]


def test_buckets_by_prefix(api: Api, rig: Rig, frozen: Frozen, tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr("sanduq_web.roll.actions.lists.BUCKET", 2)
    many = make_rig(tmp_path / "many", {"A": 40})
    import_record(many.path, "2030-04-02T00:00:00Z")
    other = Api(api.client, many)
    assert other.get().json()["areas"]["A"]["roll_prefix"] == 1
    buckets = [other.get(f"/areas/A/roll/{digit:x}").json() for digit in range(16)]
    found = [entry for bucket in buckets for entry in bucket["credentials"]]
    assert all(entry.startswith(bucket["prefix"]) for bucket in buckets for entry in bucket["credentials"])
    assert sorted(found) == sorted(json.loads(raw)["credential"] for raw in many.ballots["A"])
    assert [other.get(f"/areas/A/roll/{bad}").status_code for bad in ("", "g", "A", "00", "%00")] == [404] * 5


def test_the_last_public_ballot_of_every_credential_of_a_bucket(opened: Api, rig: Rig, now: Now) -> None:
    """So that a device finds its own. What the public stream does not show yet is not told to who holds a credential either."""
    first, again = rig.ballots["A"][0], rig.again["A"][0]
    for raw in (first, again, *rig.ballots["A"][1:3]):
        opened.cast(raw, "A")
    assert opened.get("/areas/A/cast/").json()["ballots"] == []
    now.at("06:10")
    opened.client.get(f"/en/{rig.anchor}/watch/")
    found = opened.get("/areas/A/cast/").json()
    by_credential = {row["credential"]: row for row in found["ballots"]}
    assert len(by_credential) == len(found["ballots"]) == 3
    mine = by_credential[json.loads(first)["credential"]]
    assert mine["tracker"] == sha256_b64(again)
    assert opened.find(mine["tracker"]).json()["height"] == mine["height"] <= found["height"]
    assert [opened.get(f"/areas/{bad}").status_code for bad in ("A/cast/0", "A/cast/g", "C/cast/", "B/cast/00")] == [404] * 4


def test_a_tracker_is_found_by_post(opened: Api, rig: Rig, now: Now) -> None:
    first, later = rig.ballots["A"][0], rig.again["A"][0]
    receipt = opened.cast(first).json()
    found = opened.find(sha256_b64(first)).json()
    assert found == {"area": "A", "height": 1, "event": receipt["event"], "latest": True, "public": False}
    for raw in rig.ballots["A"][1:3]:
        opened.cast(raw)
    now.at("06:10")
    opened.client.get(f"/records/{rig.anchor}/fingerprints.json")
    assert opened.find(sha256_b64(first)).json()["public"] is True
    opened.cast(later)
    assert opened.find(sha256_b64(first)).json()["latest"] is True, "that somebody voted again is told with the stream only"
    now.at("18:00")
    opened.get()
    assert opened.find(sha256_b64(first)).json()["latest"] is False
    assert opened.find(sha256_b64(later)).json()["latest"] is True


@pytest.mark.parametrize("tracker", ["", "x" * 43, "A" * 42 + "B", "A" * 44, "A" * 42 + "=", "é" * 43])
def test_an_unknown_tracker_is_not_found(opened: Api, tracker: str) -> None:
    assert opened.find(tracker).status_code == 404


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"tracker":1}', b'{"tracker":"a","more":1}', b"\xff"])
def test_what_is_no_question_is_refused(opened: Api, body: bytes) -> None:
    answer = opened.client.post(f"{opened.base}/ballots/find", body or b" ", content_type="application/json")
    assert (answer.status_code, answer.json()["step"]) == (400, "0.1")


def test_a_long_question_is_not_read(opened: Api) -> None:
    assert opened.find("x" * 2000).status_code == 413


# --- from other origins ----------------------------------------------------------------------------------------------------


def test_the_booth_may_call_and_nobody_else(opened: Api, rig: Rig, settings: object) -> None:
    settings.SANDUQ_BOOTH = "https://booth.example"  # type: ignore[attr-defined]
    path = f"{opened.base}/areas/A/ballots"
    for origin, allowed in (("https://booth.example", True), ("https://evil.example", False), ("null", False)):
        asks = {"origin": origin, "access-control-request-method": "POST", "access-control-request-headers": "content-type"}
        for answer in (opened.client.options(path, headers=asks), opened.get(origin=origin), opened.get("/x", origin=origin)):
            assert (answer.get("Access-Control-Allow-Origin") == origin) is allowed
            assert "Access-Control-Allow-Credentials" not in answer
            assert "Origin" in answer["Vary"]


def test_nobody_gets_a_cookie_and_all_get_the_headers(opened: Api, rig: Rig) -> None:
    uuid = rig.area("A").uuid
    for path in (opened.base, f"/records/{rig.anchor}/", f"/records/{rig.anchor}/areas/A/{uuid}.bel", "/api/v1/nothing", "/x"):
        answer = opened.client.get(path)
        assert not answer.cookies
        assert answer["Content-Security-Policy"].startswith("default-src 'none'")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Referrer-Policy"] == "no-referrer"


def test_other_hosts_are_refused(opened: Api) -> None:
    answer = Client(headers={"host": "evil.example"}).get(opened.base)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


def test_nothing_of_a_request_is_logged(opened: Api, rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    secret = {"REMOTE_ADDR": "203.0.113.77", "HTTP_USER_AGENT": "Betrayer/1.0", "HTTP_X_FORWARDED_FOR": "203.0.113.78"}
    client = Client(**secret)
    for raw in (rig.ballots["A"][0], b"{", rig.ballots["B"][0]):
        client.post(f"{opened.base}/areas/A/ballots", raw, content_type="application/json")
    client.get(f"{opened.base}/areas/A/nothing")
    assert not [word for word in ("203.0.113", "Betrayer", "/areas/") if word in caplog.text]


def test_a_log_has_no_request_even_if_the_box_is_busy(
    opened: Api, rig: Rig, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A 503 with its path and its time would say that somebody voted in this area at this moment."""
    monkeypatch.setattr(django_settings, "SANDUQ_BOX_KEYS", [])
    assert opened.cast(rig.ballots["A"][0]).status_code == HTTPStatus.SERVICE_UNAVAILABLE
    page = f"/en/{rig.anchor}/check/"
    assert Client().post(page, {"tracker": "a" * 100_000}).status_code == HTTPStatus.BAD_REQUEST
    assert caplog.text == ""


def test_a_fault_on_a_page_is_logged_without_the_page(
    opened: Api, rig: Rig, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(box, "find", fail)
    client = Client(raise_request_exception=False)
    assert client.post(f"/en/{rig.anchor}/check/", {"tracker": "A" * 43}).status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    assert "broken" in caplog.text
    assert not [word for word in (rig.anchor, "/en/", "A" * 43) if word in caplog.text]


def test_values_of_rows_are_not_logged() -> None:
    told = 'duplicate key value violates unique constraint "one"\nDETAIL:  Key (credential)=(\\xabcd) already exists.'
    assert briefly(DatabaseError(told)) == 'duplicate key value violates unique constraint "one"'


def test_our_own_faults_are_told_without_their_inside(
    opened: Api, rig: Rig, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("secret inside")

    monkeypatch.setattr(box, "find", fail)
    answer = opened.find("A" * 43)
    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    assert b"secret" not in answer.content


# --- the description -------------------------------------------------------------------------------------------------------


def _described(url: str) -> dict[str, schemathesis.schemas.APIOperation]:
    schema = schemathesis.openapi.from_url(f"{url}/api/v1/openapi.yaml")
    return {found.ok().definition.raw["operationId"]: found.ok() for found in schema.get_all_operations()}


def test_whatever_is_asked_the_answer_is_one_of_the_description(live_server: LiveServer, opened: Api, rig: Rig) -> None:
    """schemathesis makes requests, good and bad, half of them about what is there."""
    known = {"anchor": rig.anchor, "code": "A", "prefix": "a"}
    for operation in _described(live_server.url).values():

        @settings(max_examples=MANY, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
        @given(operation.as_strategy(), st.booleans())
        def check(case: schemathesis.Case, there: bool) -> None:
            if there:
                case.path_parameters = {name: known[name] for name in case.path_parameters}
            case.call_and_validate(checks=CHECKS)

        check()


def test_what_happens_to_ballots_is_described(live_server: LiveServer, opened: Api, rig: Rig, now: Now) -> None:
    operations, seen = _described(live_server.url), set()

    def send(name: str, path: str, body: bytes, kind: str = "application/json", code: str | None = None) -> None:
        headers = {"Content-Type": kind, **({} if code is None else {"Sanduq-Code": code})}
        answer = requests.post(live_server.url + opened.base + path, body, headers=headers, timeout=30)
        operations[name].validate_response(answer)
        seen.add((name, answer.status_code))

    cast = "castBallot", "/areas/A/ballots"
    first, later = rig.ballots["A"][0], rig.again["A"][0]
    for raw in (first, first, later, first, b"{", first.ljust(50_000), rig.ballots["B"][0]):
        send(*cast, raw)
    send(*cast, first, "text/plain")
    send("castBallot", "/areas/Z/ballots", first)
    for raw in [later] * 3 + [rig.ballots["A"][1], rig.ballots["A"][2]]:
        send(*cast, raw)
    now.at("06:10")
    for _ in range(4):
        send(*cast, later)
    find = "findBallot", "/ballots/find"
    for tracker in (sha256_b64(later), "A" * 43, "A" * 2000):
        send(*find, json.dumps({"tracker": tracker}).encode())
    send(*find, b"[]")
    send(*find, b"{}", "text/plain")
    for kind in ("pin", "email"):
        Authentication.objects.update_or_create(referendum_id=rig.anchor, defaults={"kind": kind})
        casting._kinds.clear()
        key = ENGINE.public_credentials(rig.area("A").uuid, rig.credentials["A"])
        bound = {"archive": Archive.objects.get(area__code="A"), "credential": bytes.fromhex(key[5 if kind == "pin" else 6])}
        if kind == "pin":
            Pin.objects.create(**bound, salt=b"", hash=b"")
        else:
            Address.objects.create(**bound, email="a@b.example")
        for _ in range(4):
            send(*cast, rig.ballots["A"][5], code="12345678")
    keys._keys.cache_clear()
    django_settings.SANDUQ_BOX_KEYS = []
    send(*cast, rig.ballots["A"][5])
    for name in ("castBallot", "findBallot"):
        codes = {int(code) for code in operations[name].definition.raw["responses"]}
        assert {code for operation, code in seen if operation == name} == codes, name
