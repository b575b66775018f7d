"""The box takes a ballot once, acknowledges it with a receipt, and refuses everything else without changing anything."""

from __future__ import annotations

import json
from threading import BoundedSemaphore

import pytest

from conftest import Api, Now
from rig import Rig, seal
from sanduq.algebra.numbers import sha256_b64
from sanduq.box import check_receipt, read_receipt
from sanduq_web.box.actions import casting, limits
from sanduq_web.box.api import journal
from sanduq_web.box.models import Archive, Ballot
from sanduq_web.problems import Problem
from sanduq_web.question.api import Frozen

pytestmark = pytest.mark.django_db


def _state() -> list[tuple[object, ...]]:
    return [*Archive.objects.order_by("pk").values_list("head", "height", "size", "kind"), (Ballot.objects.count(),)]


def _refused(api: Api, raw: bytes, status: int, step: str | None, code: str = "A") -> dict[str, object]:
    before = _state()
    answer = api.cast(raw, code)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json"), answer.content
    problem = answer.json()
    assert (problem["status"], problem["step"]) == (status, step), problem
    assert set(problem) == {"type", "title", "status", "step", "name", "detail", "hint"}
    assert _state() == before
    return problem


def test_a_ballot_is_taken_and_acknowledged(opened: Api, rig: Rig) -> None:
    raw = rig.ballots["A"][0]
    answer = opened.cast(raw)
    assert (answer.status_code, answer["Content-Type"]) == (201, "application/json")
    receipt = read_receipt(answer.content)
    check_receipt(receipt, rig.setup.box_key)
    assert (receipt.uuid, receipt.tracker, receipt.height) == (rig.area("A").uuid, sha256_b64(raw), 1)


def test_the_same_ballot_again_gives_the_same_receipt(opened: Api, rig: Rig) -> None:
    raw = rig.ballots["A"][0]
    first = opened.cast(raw)
    opened.cast(rig.ballots["A"][1])
    again = opened.cast(raw)
    assert (first.status_code, again.status_code, again.content) == (201, 200, first.content)
    assert Ballot.objects.count() == 2


def test_a_later_ballot_counts_and_the_older_one_is_not_taken_again(opened: Api, rig: Rig) -> None:
    first, later = rig.ballots["A"][0], rig.again["A"][0]
    assert [opened.cast(raw).status_code for raw in (first, later)] == [201, 201]
    _refused(opened, first, 409, "5.2")
    assert opened.cast(later).status_code == 200
    assert list(Ballot.objects.order_by("height").values_list("first", flat=True)) == [True, False]


def _forge(raw: bytes, **change: object) -> bytes:
    return json.dumps(json.loads(raw) | change, separators=(",", ":")).encode()


FORGED = [
    ("nothing", lambda rig: b" ", 400, "4.2"),
    ("no JSON", lambda rig: b"{", 400, "4.2"),
    ("not UTF-8", lambda rig: b"\xff" * 20, 400, "4.2"),
    ("another structure", lambda rig: b'{"vote":"yes"}', 400, "4.2"),
    ("white space", lambda rig: min(rig.ballots["A"], key=len) + b" ", 400, "4.3"),
    ("too long", lambda rig: rig.ballots["A"][0].ljust(20_000), 413, "4.1"),
    ("another area's", lambda rig: rig.ballots["B"][0], 422, "4.4"),
    ("another election's text", lambda rig: _forge(rig.ballots["A"][0], election_hash="A" * 43), 422, "4.5"),
    ("somebody else's credential", lambda rig: _swap(rig, "credential"), 422, "4.11"),
    ("somebody else's signature", lambda rig: _swap(rig, "signature"), 422, "4.14"),
    ("somebody else's answers", lambda rig: _swap(rig, "answers"), 422, "4.11"),
]


def _swap(rig: Rig, field: str) -> bytes:
    return _forge(rig.ballots["A"][0], **{field: json.loads(rig.ballots["A"][1])[field]})


@pytest.mark.parametrize(("make", "status", "step"), [row[1:] for row in FORGED], ids=[row[0] for row in FORGED])
def test_what_is_no_ballot_is_refused(opened: Api, rig: Rig, make, status: int, step: str) -> None:  # type: ignore[no-untyped-def]
    opened.cast(rig.ballots["A"][2])
    _refused(opened, make(rig), status, step)


def test_a_credential_of_nobody_is_refused(opened: Api, rig: Rig, frozen: Frozen) -> None:
    (raw,) = seal(frozen.place("A").election.raw, ["11111-111111-11111-111111"], [1])
    assert _refused(opened, raw, 422, "4.6")["name"] == "CredentialUnknown"


def test_a_ballot_before_the_opening_is_refused(api: Api, rig: Rig, now: Now) -> None:
    now.at("05:59:59")
    assert api.get().json()["phase"] == "frozen"
    _refused(api, rig.ballots["A"][0], 409, "5.1")
    now.at("06:00")
    assert api.cast(rig.ballots["A"][0]).status_code == 201, "the first voter opens, if nobody has"


def test_a_ballot_at_the_close_is_refused_also_if_nobody_has_closed_yet(opened: Api, rig: Rig, now: Now) -> None:
    now.at("17:59:59")
    assert opened.cast(rig.ballots["A"][0]).status_code == 201
    now.at("18:00")
    _refused(opened, rig.ballots["A"][1], 409, "5.1")
    _refused(opened, rig.ballots["A"][0], 409, "5.1")
    assert opened.get().json()["phase"] == "closed"
    now.at("17:00")
    _refused(opened, rig.ballots["A"][1], 409, "5.1")


def test_opening_and_closing_stand_in_the_journal_once(opened: Api, rig: Rig, now: Now) -> None:
    opened.get()
    now.to("2030-05-01T18:00:07Z")
    for _ in range(3):
        opened.get()
    found = [(line.act.value, line.time) for line in journal(rig.anchor)]
    times = ["2030-04-01T12:00:00Z", "2030-05-01T06:00:00Z", "2030-05-01T18:00:07Z"]
    assert found == list(zip(["frozen", "opened", "closed"], times, strict=True))


def test_without_the_key_no_ballot_is_taken(opened: Api, rig: Rig, settings: object) -> None:
    settings.SANDUQ_BOX_KEYS = []  # type: ignore[attr-defined]
    before = _state()
    answer = opened.cast(rig.ballots["A"][0])
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert _state() == before


def test_a_credential_may_not_flood_the_record(opened: Api, rig: Rig, frozen: Frozen) -> None:
    credential = rig.credentials["A"][0]
    ballots = seal(frozen.place("A").election.raw, [credential] * 11, [1] * 11)
    assert [opened.cast(raw).status_code for raw in ballots[:10]] == [201] * 10
    answer = opened.cast(ballots[10])
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 60
    assert opened.cast(ballots[9]).status_code == 200, "a retry is never refused for that"
    assert opened.cast(rig.ballots["A"][1]).status_code == 201, "nor is anybody else"


def test_nobody_sees_before_the_public_stream_that_a_voter_has_voted_again(opened: Api, rig: Rig, now: Now) -> None:
    """Everybody may send a published ballot, as often as wanted: its answer changes with the public stream, and not before."""
    for raw in rig.ballots["A"][:3]:
        opened.cast(raw)
    now.at("06:10")
    published = rig.ballots["A"][0]
    before = opened.cast(published)
    assert before.status_code == 200
    assert opened.cast(rig.again["A"][0]).status_code == 201
    after = [opened.cast(published) for _ in range(20)]
    assert {(answer.status_code, answer.content) for answer in after} == {(200, before.content)}
    now.at("06:20")
    assert opened.cast(published).status_code == 200, "too few ballots have come: the stream has not advanced"
    for raw in rig.ballots["A"][3:5]:
        opened.cast(raw)
    now.at("06:30")
    answer = opened.cast(published)
    assert (answer.status_code, answer.json()["name"]) == (409, "BallotSuperseded")
    assert opened.cast(rig.again["A"][0]).status_code == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [("/areas/C/ballots", 404), ("/areas/A/ballots/", 404), ("/areas/a/ballots", 404)],
)
def test_there_is_no_other_box(opened: Api, rig: Rig, path: str, status: int) -> None:
    answer = opened.client.post(opened.base + path, rig.ballots["A"][0], content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")


def test_other_methods_and_types_are_refused(opened: Api, rig: Rig) -> None:
    path = f"{opened.base}/areas/A/ballots"
    assert opened.client.get(path).status_code == 405
    assert opened.client.put(path, rig.ballots["A"][0]).status_code == 405
    answer = opened.client.post(path, rig.ballots["A"][0], content_type="text/plain")
    assert (answer.status_code, answer["Content-Type"]) == (415, "application/problem+json")
    answer = opened.client.post(path, b"x", content_type="application/json", headers={"content-length": "many"})
    assert answer.status_code == 400


# --- floods ----------------------------------------------------------------------------------------------------------------


def test_bad_ballots_do_not_make_good_ones_wait(opened: Api, rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """Judging takes long. When all who may wait for it wait, a bad ballot is told to come again; a good one is taken."""
    judges = BoundedSemaphore(1)
    judges.acquire()
    monkeypatch.setattr(casting, "_judges", judges)
    problem = opened.cast(_swap(rig, "answers"))
    assert (problem.status_code, problem["Retry-After"]) == (503, "5")
    assert opened.cast(rig.ballots["A"][0]).status_code == 201
    judges.release()
    assert opened.cast(_swap(rig, "answers")).status_code == 422


class Disagreeing:
    """Two engines of which one refuses what the other accepts."""

    def screen(self, raws: list[bytes]) -> list[str | None]:
        return [None for _ in raws]

    def check(self, raws: list[bytes]) -> list[str]:
        return [json.loads(raw)["credential"] for raw in raws]


def test_engines_that_disagree_are_an_error_and_never_a_pass(
    opened: Api, rig: Rig, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(casting, "engine_of", lambda _: Disagreeing())
    before = _state()
    answer = opened.cast(rig.ballots["A"][0])
    assert (answer.status_code, answer.json()["name"]) == (500, "EnginesDisagree")
    assert _state() == before
    assert "disagree" in caplog.text


def test_an_allowance_comes_back_with_time() -> None:
    time = [0.0]
    allowance = limits.Allowance(2, 10, lambda: time[0])
    for at, allowed in ((0, True), (0, True), (0, False), (9.9, False), (10, True), (10, False), (100, True), (100, True)):
        time[0] = at
        if allowed:
            allowance.spend("a", "")
        else:
            with pytest.raises(Problem) as refusal:
                allowance.spend("a", "")
            assert refusal.value.retry_after is not None
    allowance.spend("b", "")
