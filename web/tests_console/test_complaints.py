"""Complaints in the console: two decide, others on appeal; each role tries what the others may do."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from frozen import freeze, vote_rig
from rig import Person, Staff, person
from sanduq import errors
from sanduq_web import clock
from sanduq_web.console.complaints import actions
from sanduq_web.console.complaints import api as complaints
from sanduq_web.console.complaints.models import Draft
from sanduq_web.console.observing.api import docket
from sanduq_web.console.office import actions as office
from sanduq_web.console.office.api import acts, journal
from sanduq_web.console.office.models import Proposal, Role
from sanduq_web.count.api import annulled_in
from sanduq_web.watch.actions.complaining import Lodged, Ruling, lodge
from sanduq_web.watch.models import Complaint, Decision, Docket

UNTIL = "2030-05-05T12:00"
NOW = [""]
EVIL = "<script>alert(1)</script>"


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return vote_rig().make_rig(tmp_path_factory.mktemp("frozen") / "record", {"A": 3, "B": 2})


@pytest.fixture
def staff(people: Staff, made: Any, settings: Any) -> Any:
    with clock.testing_only_at(lambda: NOW[0]):
        NOW[0] = "2030-05-01T12:00:00Z"
        freeze(people, made, settings)
        told = people.commission.post_to(
            people.of("complaints/limits/"), {"until": UNTIL, "appeal_days": "3", "answer_days": "3"}
        )
        assert b"The time limits are set." in told.content
        yield people


def complained(staff: Staff, **more: Any) -> Complaint:
    """A complaint of somebody on the public site."""
    told = Lodged(**{"kind": "roll", "area": "A", "text": "I was turned away.", "language": "en", "name": "A. Voter"} | more)
    token = f"{Complaint.objects.count():043}"
    return lodge(docket(staff.vote), told, clock.now(), token=token)[0]


def ruling(number: int, **more: Any) -> dict[str, Any]:
    return {"outcome": "granted", "reasons": f"Seals were broken. {EVIL}", "language": "en", "number": number} | more


def drafted(who: Person, staff: Staff, number: int, **more: Any) -> Any:
    told = {key: value for key, value in ruling(number, **more).items() if key != "number"}
    return who.post_to(staff.of(f"complaints/{number}/"), told)


def proposed(who: Person, staff: Staff, *numbers: int, of: str = "complaints") -> Any:
    return who.post_to(staff.of("complaints/sitting/"), {"number": list(numbers), "of": of})


def confirmed(who: Person, staff: Staff) -> Any:
    found = Proposal.objects.filter(done_at=None, withdrawn_at=None).get()
    return who.post_to(staff.of(f"proposals/{found.pk}/"), {"sha256": found.sha256, "code": who.code()})


def decided(staff: Staff, number: int, **more: Any) -> Decision:
    assert b"Done." in drafted(staff.commission, staff, number, **more).content
    assert b"It is proposed." in proposed(staff.commission, staff, number).content
    assert b"Done." in confirmed(staff.second, staff).content
    return Decision.objects.get(complaint__number=number)


def test_two_members_decide_with_reasons_and_annul_an_area(staff: Staff, made: Any) -> None:
    complained(staff)
    page = drafted(staff.commission, staff, 1, annuls=["A"]).content
    assert b"<script" not in page and Draft.objects.get().annuls == ["A"]
    assert b"It is proposed." in proposed(staff.commission, staff, 1).content
    told = staff.second.get(staff.of(f"proposals/{Proposal.objects.get().pk}/")).content
    assert b"The vote is annulled in: Area A" in told and b"Seals were broken." in told and b"<script" not in told
    assert b"another person" in confirmed(staff.commission, staff).content and not Decision.objects.exists()
    assert b"Done." in confirmed(staff.second, staff).content
    made_of = Decision.objects.get()
    assert (made_of.by, made_of.posts) == ("commission", sorted([staff.commission.post.pk, staff.second.post.pk]))
    assert made_of.appeal_until == "2030-05-04T12:00:00Z"
    assert annulled_in(made.anchor, 1) == ("A",) and not Draft.objects.exists()
    told = journal(staff.vote).decode()
    assert "Seals" not in told and "A. Voter" not in told and "turned away" not in told and made_of.sha256 in told
    last = list(acts(staff.vote))[-1]
    assert last["details"]["of"]["decisions"] == [
        {"complaint": 1, "outcome": "granted", "annuls": ["A"], "sha256": made_of.sha256}
    ]


def test_several_are_decided_in_one_sitting_or_none(staff: Staff) -> None:
    for _ in range(3):
        complained(staff)
    for number in (1, 2, 3):
        drafted(staff.second, staff, number, outcome="dismissed")
    proposed(staff.commission, staff, 1, 3)
    assert b"is proposed already" in proposed(staff.commission, staff, 2).content
    confirmed(staff.second, staff)
    assert sorted(Decision.objects.values_list("complaint__number", flat=True)) == [1, 3]
    assert b"no such draft" in proposed(staff.commission, staff, 1, 99).content
    # What was decided meanwhile is found when it is confirmed; then nothing of it is done.
    complained(staff)
    drafted(staff.second, staff, 4)
    proposed(staff.commission, staff, 2, 4)
    actions.complaining.decide(docket(staff.vote), Ruling(4, "dismissed", "x", "en"), "commission", [1, 2], clock.now())
    assert b"is decided" in confirmed(staff.second, staff).content
    assert not Decision.objects.filter(complaint__number=2).exists()


def test_a_commission_that_ends_the_supervisors_post_does_not_get_the_appeals(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    named: Any = SimpleNamespace(setup=SimpleNamespace(supervisor=object()))
    monkeypatch.setattr("sanduq_web.console.complaints.api.frozen_of", lambda vote: named)
    office.end_post(staff.vote, staff.supervisor.post.pk)
    assert complaints.decides_appeals(staff.vote) is Role.SUPERVISOR


WRONG: list[tuple[dict[str, Any], bytes]] = [
    ({"outcome": "maybe"}, b"Select a valid choice"),
    ({"annuls": ["Z"]}, b"Select a valid choice"),
    ({"outcome": "dismissed", "annuls": ["A"]}, b"changes nothing"),
    ({"reasons": ""}, b"required"),
    ({"reasons": "\u202e"}, b"expected 1 to"),
    ({"language": "xx"}, b"Select a valid choice"),
]


def test_what_is_no_decision(staff: Staff) -> None:
    complained(staff)
    for changed, wrong in WRONG:
        assert wrong in drafted(staff.commission, staff, 1, **changed).content, changed
    assert not Draft.objects.exists()


def test_each_role_tries_what_the_others_may(staff: Staff) -> None:
    complained(staff)
    others = (staff.observer, staff.supervisor, staff.trustee, staff.registrar, staff.operator)
    for who in others:
        told = who.post_to(staff.of("complaints/1/"), ruling(1) | {"code": "000000"})
        assert told.status_code == 404, who
        for path in ("complaints/sitting/", "complaints/limits/"):
            assert who.post_to(staff.of(path), {"number": ["1"], "until": UNTIL}).status_code == 404, who
            assert who.get(staff.of(path)).status_code == 404, who
        if who is not staff.operator:
            for act in (
                lambda who=who: actions.draft(who.desk, Ruling(1, "granted", "x", "en")),
                lambda who=who: actions.set_limits(who.desk, "2031-01-01T00:00:00Z", 3, 3),
                lambda who=who: office.propose(who.desk, actions.COMPLAINTS, {"rulings": [ruling(1, annuls=[])]}),
            ):
                with pytest.raises(errors.Unusable):
                    act()
    for who in (staff.commission, staff.supervisor, staff.trustee, staff.registrar):
        assert who.post_to(staff.of("complaints/new/"), {"kind": "roll", "text": "x", "language": "en"}).status_code == 404
        with pytest.raises(errors.Unusable, match="this is for: observer"):
            actions.lodge(who.desk, Lodged("roll", "", "x", "en"))
    # A text that is not public is for the commission and the supervisor; its author's name too.
    for who, reads in ((staff.commission, True), (staff.supervisor, True), (staff.observer, False)):
        page = who.get(staff.of("complaints/1/")).content
        assert (b"turned away" in page) is reads and (b"A. Voter" in page) is reads, who
    assert Complaint.objects.count() == 1 and not Draft.objects.exists() and not Proposal.objects.exists()
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = staff.commission.browser.cookies
    assert strict.post(f"/en/{staff.of('complaints/1/')}", ruling(1)).status_code == 403


def test_an_observer_complains_and_appeals(staff: Staff) -> None:
    told = {"kind": "count", "area": "B", "text": "Count again.", "language": "en"}
    assert b"It was lodged." in staff.observer.post_to(staff.of("complaints/new/"), told).content
    row = Complaint.objects.get()
    assert (row.post, row.code_hash) == (staff.observer.post.pk, None)
    assert b"Count again." in staff.observer.get(staff.of("complaints/1/")).content
    other = person(Role.OBSERVER, staff.vote)
    assert b"Count again." not in other.get(staff.of("complaints/1/")).content
    decided(staff, 1, outcome="dismissed")
    assert b"It was lodged." in staff.observer.post_to(staff.of("complaints/new/?against=1"), told).content
    NOW[0] = "2030-05-04T12:00:01Z"
    assert b"time limit for an appeal ended" in staff.observer.post_to(staff.of("complaints/new/?against=1"), told).content
    assert b"1 overdue" in staff.supervisor.get(staff.of()).content
    assert b">overdue<" in staff.commission.get(staff.of("complaints/")).content


def test_the_supervisor_decides_on_appeals(staff: Staff, made: Any) -> None:
    complained(staff)
    decided(staff, 1, annuls=["A"])
    complained(staff, against=1)
    assert drafted(staff.commission, staff, 2).status_code == 404
    with pytest.raises(errors.Unusable, match="the supervisor decides"):
        actions.draft(staff.commission.desk, Ruling(2, "granted", "x", "en"))
    with pytest.raises(errors.Unusable, match="the supervisor decides"):
        office.propose(person(Role.COMMISSION, staff.vote).desk, actions.APPEALS, {"rulings": [ruling(2, annuls=[])]})
    assert b"code is wrong" in drafted(staff.supervisor, staff, 2, code="000000").content
    assert b"Done." in drafted(staff.supervisor, staff, 2, code=staff.supervisor.code()).content
    last = Decision.objects.get(complaint__number=2)
    assert (last.by, last.posts, last.appeal_until) == ("supervisor", [staff.supervisor.post.pk], "")
    assert annulled_in(made.anchor, 1) == ()
    assert next(iter(reversed(list(acts(staff.vote)))))["act"] == "appeal-decided"
    assert drafted(staff.supervisor, staff, 2, code=staff.supervisor.code()).status_code == 404, "once"


def test_without_a_supervisor_two_others_decide_on_appeals(staff: Staff) -> None:
    office.end_post(staff.vote, staff.supervisor.post.pk)
    complained(staff)
    decided(staff, 1, outcome="dismissed")
    complained(staff, against=1)
    third, fourth = person(Role.COMMISSION, staff.vote), person(Role.COMMISSION, staff.vote)
    drafted(third, staff, 2)
    assert b"you decided what this appeal is against" in proposed(staff.commission, staff, 2, of="appeals").content
    assert b"It is proposed." in proposed(third, staff, 2, of="appeals").content
    assert b"you decided what this appeal is against" in confirmed(staff.second, staff).content
    assert not Decision.objects.filter(complaint__number=2).exists()
    assert b"Done." in confirmed(fourth, staff).content
    assert Decision.objects.get(complaint__number=2).posts == sorted([third.post.pk, fourth.post.pk])


PAYLOADS: list[dict[str, Any]] = [
    {},
    {"rulings": []},
    {"rulings": [{}]},
    {"rulings": [ruling(1, annuls="A")]},
    {"rulings": [ruling("1", annuls=[])]},
    {"rulings": [ruling(1, annuls=[1])]},
    {"rulings": [ruling(1, annuls=[]), ruling(1, annuls=[])]},
    {"rulings": [ruling(1, annuls=["Z"])]},
    {"rulings": [ruling(9, annuls=[])]},
    {"rulings": [ruling(1, annuls=[])], "more": 1},
]


def test_a_payload_that_is_none(staff: Staff) -> None:
    complained(staff)
    for payload in PAYLOADS:
        with pytest.raises(errors.Unusable):
            office.propose(staff.commission.desk, actions.COMPLAINTS, payload)
    assert not Proposal.objects.exists()


def test_limits_that_are_none(staff: Staff) -> None:
    for told in (
        {"until": "2030-05-05T11:59"}, {"until": "soon"}, {"until": "0001-01-01T00:00"}, {"appeal_days": "0"},
        {"appeal_days": "2"}, {"answer_days": "31"}, {"until": ""},
    ):  # fmt: skip
        staff.commission.post_to(
            staff.of("complaints/limits/"), {"until": UNTIL, "appeal_days": "3", "answer_days": "3"} | told
        )
        kept = Docket.objects.get()
        assert (kept.complaints_until, kept.appeal_days) == ("2030-05-05T12:00:00Z", 3), told
