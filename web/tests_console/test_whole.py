"""A referendum from the draft to the certificate, each by its own hands; the record verifies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from rig import Person, Staff
from sanduq.archive import json as archive_json
from sanduq.box import BoxKey
from sanduq.box.receipt import FILE_PREFIX
from sanduq.box.record import Record
from sanduq.cli.parts import part_value
from sanduq.count.trustee import Heads, Memory
from sanduq.engine import choose
from sanduq.roll import make_roll, new_credential, new_uuid
from sanduq.watch import trustee
from sanduq.watch.record import verify_record
from sanduq_web import clock
from sanduq_web.box import actions as box
from sanduq_web.console.counting import deeds
from sanduq_web.console.drafting import freezing
from sanduq_web.console.office.models import Proposal
from sanduq_web.question.api import referendum
from sanduq_web.records import export_record
from test_ceremony import RANDOM, Trustee, through, trustees
from test_drafting import send

ENGINE = choose(None)
LATER = {"frozen": "2030-04-01T12:00:00Z", "open": "2030-05-01T06:00:00Z", "closed": "2030-05-03T18:00:00Z"}


class Clock:
    """The time; the test moves it."""

    def __init__(self) -> None:
        self.now = LATER["frozen"]

    def __call__(self) -> str:
        return self.now


@pytest.fixture
def time() -> Any:
    found = Clock()
    with clock.testing_only_at(found):
        yield found


def done_by_two(people: Staff, first: Person, second: Person, path: str, form: dict[str, str]) -> str:
    """One proposes, the other confirms; the page that follows."""
    told = first.post_to(people.of(path), {"code": first.code()} | form)
    made = Proposal.objects.filter(vote=people.vote, done_at=None, withdrawn_at=None).first()
    if made is None:
        return str(told.content.decode())
    answer = second.post_to(people.of(f"proposals/{made.pk}/"), {"sha256": made.sha256, "code": second.code()})
    return str(answer.content.decode())


def hand_decryption(people: Staff, each: Trustee, owner: int, record: Record, others: list[Heads], memory: Path) -> Any:
    """As ``sanduq count decrypt`` makes it."""
    made = trustee.decrypt_record(record, record.setup.anchor, each.secret, others, Memory(memory), ENGINE, RANDOM)
    assert made.owner == owner
    areas = {uuid: part_value(part) for uuid, part in made.parts.items()}
    # What does not hold is refused as it comes: kept, it would stand in the way of the count for good.
    wrong = {uuid: areas[other] for uuid, other in zip(areas, reversed(areas), strict=True)}
    told = each.hand(people, "decryption", decryption(owner, wrong))
    assert (told.status_code, told.json()["step"]) == (400, "7.7"), told.content
    unbound = {uuid: part | {"bindings": []} for uuid, part in areas.items()}
    assert each.hand(people, "decryption", decryption(owner, unbound)).status_code == 400
    some = dict(list(areas.items())[:1])
    assert "is not decrypted" in each.hand(people, "decryption", decryption(owner, some)).json()["detail"]
    assert each.hand(people, "decryption", decryption(owner % 3 + 1, areas)).status_code == 400
    return each.hand(people, "decryption", decryption(owner, areas))


def decryption(owner: int, areas: dict[str, Any]) -> bytes:
    """The file of ``sanduq count decrypt``."""
    return archive_json.write({"owner": owner, "areas": areas}).encode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.long
def test_from_the_draft_to_the_certificate(
    people: Staff, settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, time: Clock
) -> None:
    key = BoxKey.new()
    (tmp_path / "box.key").write_text(f"{FILE_PREFIX}{key.secret_hex()}\n")
    settings.SANDUQ_BOX_KEYS = [tmp_path / "box.key"]
    group = trustees(people)
    send(
        people,
        "calendar",
        {"opens": "2030-05-01T06:00", "closes": "2030-05-03T18:00", "count": "3", "threshold": "2", "minimum": "4"},
    )
    lists: dict[str, tuple[str, bytes]] = {}
    voters: dict[str, list[str]] = {}
    for code in ("north", "south"):
        uuid, voters[code] = new_uuid(), [new_credential() for _ in range(8)]
        public = ENGINE.public_credentials(uuid, voters[code])
        lists[code] = (uuid, make_roll((each, None) for each in public).to_bytes())
    monkeypatch.setattr(freezing, "ROLLS", [lambda vote: lists])
    first, second = people.commission, people.second
    assert "not complete" in done_by_two(people, first, second, "draft/freeze/", {})
    first.post_to(people.of("ceremony/"))
    through(people, group)
    assert "Done." in done_by_two(people, first, second, "draft/freeze/", {})
    people.vote.refresh_from_db()
    anchor = str(people.vote.referendum_id)

    # Nothing is done before its time, alone, or out of turn.
    assert "calendar does not allow" in done_by_two(people, first, second, "running/", {"deed": deeds.OPEN})
    second.post_to(people.of(f"proposals/{Proposal.objects.get(done_at=None, withdrawn_at=None).pk}/"), {"do": "withdraw"})
    assert first.post_to(people.of("running/"), {"deed": deeds.SUM, "code": first.code()}).status_code == 404
    for who in (people.observer, people.trustee, people.registrar, people.supervisor):
        assert who.post_to(people.of("running/"), {"deed": deeds.OPEN, "code": who.code()}).status_code == 404
    time.now = LATER["open"]
    assert "Done." in done_by_two(people, first, second, "running/", {"deed": deeds.OPEN})

    frozen = referendum(anchor)
    for code, credentials in voters.items():
        place = frozen.place(code)
        ballots = ENGINE.seal_many(place.election, credentials, [[[0, int(n % 3 > 0), int(n % 3 == 0)]] for n in range(8)])
        for ballot in ballots:
            box.cast(frozen, place, ballot)
    time.now = LATER["closed"]
    assert "Done." in done_by_two(people, first, second, "running/", {"deed": deeds.CLOSE})
    assert "Done." in done_by_two(people, first, second, "running/", {"deed": deeds.SUM})

    # Two of three trustees decrypt, each its own copy of the record; the third has lost the key.
    export_record(anchor, tmp_path / "copy")
    copy = Record(tmp_path / "copy")
    heads = trustee.heads(copy, ENGINE)
    assert "of 2 decryptions" in first.get(people.of("running/")).content.decode()
    for owner in (1, 3):
        other = 4 - owner
        each = group[owner - 1]
        assert each.hand(people, "heads", Heads(owner, heads).to_bytes()).status_code == 200
        told = hand_decryption(people, each, owner, copy, [Heads(other, heads)], tmp_path / f"{owner}.memory")
        assert told.status_code == 200, told.content
    forged = archive_json.write({"owner": 2, "areas": {new_uuid(): {}}}).encode()
    assert group[1].hand(people, "decryption", forged).status_code == 400
    assert "Done." in done_by_two(people, first, second, "running/", {"deed": deeds.COUNT})

    export_record(anchor, tmp_path / "record")
    report = verify_record(Record(tmp_path / "record"), ENGINE, anchor)
    assert report.phase == "decided" and report.outcome is not None
    assert report.outcome.regions[0].decisions[0].decision == "accepted"
    told = people.observer.get(people.of("record/certificate.txt")).content.decode()
    assert anchor in told and "watch verify" in told
    assert [line["act"] for line in deeds_of(people)] == ["freeze", deeds.OPEN, deeds.CLOSE, deeds.SUM, deeds.COUNT]


def deeds_of(people: Staff) -> list[dict[str, Any]]:
    """What two persons have done, by the journal of acts."""
    from sanduq_web.console.office.api import acts

    return [{"act": each["details"]["deed"]} for each in acts(people.vote) if each["act"] == "done"]
