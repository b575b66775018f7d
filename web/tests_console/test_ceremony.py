"""The ceremony: what is handed over is judged, nothing is taken too early, twice, or from the wrong seat."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from rig import Person, Staff, person
from sanduq import errors
from sanduq.algebra.numbers import Random, system_random
from sanduq.archive import json as archive_json
from sanduq.count.trial import decrypt_trial, trial_bytes
from sanduq.keys import ceremony as keys
from sanduq.keys.certificates import Context
from sanduq.keys.pki import Seed, new_seed
from sanduq.keys.trustees import read_trustees
from sanduq_web.console.ceremony import actions
from sanduq_web.console.ceremony.board import board
from sanduq_web.console.ceremony.models import Kind
from sanduq_web.console.ceremony.parts import trustees_of
from sanduq_web.console.office.models import Role
from test_drafting import CALENDAR, fill, send

RANDOM: Random = system_random


@dataclass
class Trustee:
    """Somebody at home with ``sanduq keys``."""

    who: Person
    seed: Seed = field(repr=False)
    secret: int = 0
    polynomial: Any = None

    def hand(self, people: Staff, kind: str, text: bytes, number: int = 1) -> Any:
        """As the page hands something over."""
        body = {"round": number, "kind": kind, "text": text.decode()}
        return self.who.browser.post(f"/en/{people.of('trustee/page/ceremony/message')}", body, content_type="application/json")

    def state(self, people: Staff) -> Any:
        """What the page is told."""
        return self.who.get(people.of("trustee/page/ceremony/state")).json()


def trustees(people: Staff, count: int = 3) -> list[Trustee]:
    fill(people)
    send(people, "calendar", CALENDAR | {"count": str(count), "threshold": str(count // 2 + 1)})
    others = [person(Role.TRUSTEE, people.vote) for _ in range(count - 1)]
    return [Trustee(who, Seed(new_seed())) for who in [people.trustee, *others]]


def cert_of(seed: Seed, size: int, threshold: int, index: int) -> bytes:
    """The file of ``sanduq keys begin``."""
    return archive_json.write(keys.begin(seed, Context(size, threshold, index), RANDOM).signed.to_json()).encode()


def through(people: Staff, group: list[Trustee], number: int = 1) -> None:
    """A whole ceremony, with the trial."""
    size, threshold = len(group), len(group) // 2 + 1
    for index, each in enumerate(group, 1):
        assert each.hand(people, "cert", cert_of(each.seed, size, threshold, index), number).status_code == 200
    found = board(people.vote)
    assert found is not None
    for each in group:
        each.polynomial = keys.make_polynomial(each.seed, found.certs, RANDOM)
    for each in group:
        assert each.hand(people, "commitment", each.polynomial.commitment.encode(), number).status_code == 200
    for each in group:
        assert each.hand(people, "polynomial", each.polynomial.to_bytes(), number).status_code == 200
    for each in group:
        given = keys.read_vinput(each.who.get(people.of("trustee/input.json")).content)
        made = keys.finish(each.seed, found.certs, given, [one.polynomial.commitment for one in group], RANDOM)
        each.secret = keys.decryption_key(each.seed, made.private_key)
        assert each.hand(people, "voutput", made.to_bytes(), number).status_code == 200
    whole = read_trustees(group[0].who.get(people.of("ceremony/trustees.json")).content)
    for each in group:
        part = trial_bytes(whole, decrypt_trial(whole, each.secret, RANDOM))
        assert each.hand(people, "trial", part, number).status_code == 200


@pytest.mark.django_db
def test_a_ceremony_ends_with_keys_that_all_have_tried(people: Staff) -> None:
    group = trustees(people)
    people.commission.post_to(people.of("ceremony/"))
    assert [each.state(people)["group"]["index"] for each in group] == [1, 2, 3]
    assert trustees_of(people.vote) is None
    through(people, group)
    assert trustees_of(people.vote) == group[0].who.get(people.of("ceremony/trustees.json")).content
    told = group[0].state(people)
    assert told["step"] == "open" and all(told["messages"]["trial"])
    page = people.observer.get(people.of("ceremony/")).content.decode()
    assert "trial" in page


@pytest.mark.django_db
def test_what_is_wrong_is_refused_with_the_step(people: Staff) -> None:
    group = trustees(people)
    people.commission.post_to(people.of("ceremony/"))
    first, second, third = group
    others = cert_of(second.seed, 3, 2, 2)
    told = first.hand(people, "cert", others)
    assert told.status_code == 400 and told.json()["step"].startswith("3.")
    assert first.hand(people, "cert", cert_of(first.seed, 5, 3, 1)).status_code == 400
    for kind, text in (("cert", b"{}"), ("cert", b"\xff".decode("latin-1").encode()), ("cert", b"[" * 5000)):
        assert first.hand(people, kind, text).status_code == 400
    mine = cert_of(first.seed, 3, 2, 1)
    assert first.hand(people, "commitment", b"0" * 64).status_code == 409, "too early"
    assert first.hand(people, "polynomial", b"{}").status_code == 409
    assert first.hand(people, "cert", mine, 2).status_code == 409, "another round"
    assert first.hand(people, "cert", mine).status_code == 200
    assert first.hand(people, "cert", mine).status_code == 200, "the same again"
    again = cert_of(first.seed, 3, 2, 1)
    assert first.hand(people, "cert", again).status_code == 409, "nothing is replaced"
    assert first.hand(people, "cert", b"x" * (300 << 10)).status_code in (409, 413)
    # One key in two seats: the later one is refused.
    second.hand(people, "cert", others)
    assert third.hand(people, "cert", cert_of(first.seed, 3, 2, 3)).status_code == 400
    for body in (
        "",
        "[]",
        '{"round": 1}',
        '{"round": "x", "kind": "cert", "text": ""}',
        '{"round":1,"kind":"nonsense","text":""}',
    ):
        at = f"/en/{people.of('trustee/page/ceremony/message')}"
        assert first.who.browser.post(at, body, content_type="application/json").status_code == 400


@pytest.mark.django_db
def test_coefficients_wait_for_all_commitments_and_must_keep_them(people: Staff) -> None:
    group = trustees(people)
    people.commission.post_to(people.of("ceremony/"))
    for index, each in enumerate(group, 1):
        each.hand(people, "cert", cert_of(each.seed, 3, 2, index))
    found = board(people.vote)
    assert found is not None
    made = [keys.make_polynomial(each.seed, found.certs, RANDOM) for each in group]
    for each, polynomial in zip(group[:2], made, strict=False):
        each.hand(people, "commitment", polynomial.commitment.encode())
    assert group[0].hand(people, "polynomial", made[0].to_bytes()).status_code == 409
    group[2].hand(people, "commitment", made[2].commitment.encode())
    rushing = keys.make_polynomial(group[2].seed, found.certs, RANDOM)
    assert group[2].hand(people, "polynomial", rushing.to_bytes()).status_code == 400
    assert group[2].hand(people, "polynomial", made[2].to_bytes()).status_code == 200


@pytest.mark.long
@pytest.mark.django_db
def test_a_lost_key_means_a_new_ceremony_of_all(people: Staff) -> None:
    group = trustees(people)
    people.commission.post_to(people.of("ceremony/"))
    through(people, group)
    before = trustees_of(people.vote)
    assert b"reason" in people.commission.post_to(people.of("ceremony/"), {"reason": ""}).content
    assert trustees_of(people.vote) == before
    people.commission.post_to(people.of("ceremony/"), {"reason": "Trustee 2 has lost the stick."})
    assert trustees_of(people.vote) is None, "keys of before are void"
    assert group[0].hand(people, "trial", b"{}", 1).status_code == 409
    through(people, [Trustee(each.who, Seed(new_seed())) for each in group], 2)
    assert trustees_of(people.vote) not in (None, before)


@pytest.mark.django_db
def test_files_of_the_command_line_are_taken_by_a_form(people: Staff) -> None:
    group = trustees(people)
    people.commission.post_to(people.of("ceremony/"))
    cert = cert_of(group[0].seed, 3, 2, 1)
    told = group[0].who.post_to(people.of("trustee/"), {"kind": "cert", "file": SimpleUploadedFile("1.cert", cert + b"\n")})
    assert b"on the board" in told.content
    secret = SimpleUploadedFile("trustee.key", group[1].seed.text.encode())
    told = group[1].who.post_to(people.of("trustee/"), {"kind": "cert", "file": secret})
    assert b"on the board" not in told.content
    assert b"choose a file" in group[1].who.post_to(people.of("trustee/"), {"kind": "cert"}).content
    assert (
        b"choose a file"
        in group[1].who.post_to(people.of("trustee/"), {"kind": "x", "file": SimpleUploadedFile("a", b"b")}).content
    )


@pytest.mark.django_db
def test_only_trustees_hand_over_and_only_the_commission_begins(people: Staff) -> None:
    group = trustees(people)
    for who in (people.observer, people.registrar, people.supervisor, people.trustee):
        assert who.post_to(people.of("ceremony/")).status_code == 404
    assert board(people.vote) is None
    assert people.trustee.get(people.of("trustee/page/ceremony/state")).status_code == 404
    people.commission.post_to(people.of("ceremony/"))
    late = person(Role.TRUSTEE, people.vote)
    assert late.get(people.of("trustee/page/ceremony/state")).status_code == 409
    assert b"no seat" in late.get(people.of("trustee/")).content
    for who in (people.commission, people.observer, people.supervisor):
        assert who.get(people.of("trustee/page/ceremony/state")).status_code == 404
    assert group[0].who.get(people.of("trustee/page/record/setup.json")).status_code == 404
    assert people.observer.get(people.of("ceremony/cert.jsons")).status_code == 404, "not before all are there"


@pytest.mark.django_db
def test_as_many_trustees_as_the_draft_has(people: Staff) -> None:
    fill(people)
    with pytest.raises(errors.Unusable, match="1 trustees are there; the draft has 3"):
        actions.begin(people.commission.desk)


@pytest.mark.django_db
def test_the_journal_has_hashes_alone(people: Staff) -> None:
    group = trustees(people)
    people.commission.post_to(people.of("ceremony/"))
    cert = cert_of(group[0].seed, 3, 2, 1)
    group[0].hand(people, Kind.CERT.value, cert)
    told = people.observer.get(people.of("acts.jsonl")).content
    assert cert not in told and b"ceremony-message" in told
    assert json.loads(told.splitlines()[-1])["details"]["kind"] == "cert"
