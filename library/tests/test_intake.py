"""Taking ballots without a file: the same bytes, receipts and refusals as the box, after a refusal all is as before."""

from __future__ import annotations

from pathlib import Path

import pytest

from box_rig import make_rig
from sanduq import errors
from sanduq.archive.events import Event, Kind, ballot_event
from sanduq.archive.writer import Head
from sanduq.box import BoxKey, Intake, Place, credential_in
from sanduq.box.journal import Act, next_line, read_journal

RIG = make_rig(3, twice=1)


class Rows:
    """What a database would know."""

    def __init__(self) -> None:
        self.roll = {credential_in(raw) for raw in RIG.ballots}
        self.places: dict[str, Place] = {}
        self.last: dict[str, str] = {}

    def on_roll(self, credential: str) -> bool:
        return credential in self.roll

    def place(self, payload: str) -> Place | None:
        return self.places.get(payload)

    def latest(self, credential: str) -> str | None:
        return self.last.get(credential)


def _credential(raw: bytes) -> str:
    found = credential_in(raw)
    assert found is not None
    return found


def test_it_gives_the_bytes_and_receipts_of_the_box(tmp_path: Path) -> None:
    path = tmp_path / "a.bel"
    path.write_bytes(RIG.archive)
    ballots = [RIG.ballots[0], RIG.ballots[1], RIG.again[0], RIG.again[0]]
    with RIG.open(path) as box:
        intake = Intake(box.head, Rows())
        taken = [intake.take(raw, _credential(raw)) for raw in ballots]
        receipts = box.cast_many(ballots)
        assert [RIG.key.sign(each.receipt(box.election.uuid)) for each in taken] == receipts
        assert intake.head == box.head
    assert path.read_bytes() == RIG.archive + b"".join(each.content for each in taken)
    assert taken[3].content == b""


def test_a_stranger_is_refused_and_nothing_has_changed() -> None:
    rows = Rows()
    rows.roll.discard(_credential(RIG.ballots[0]))
    intake = Intake(Head("a" * 64, 0, Kind.SETUP, 1), rows)
    with pytest.raises(errors.CredentialUnknown):
        intake.take(RIG.ballots[0], _credential(RIG.ballots[0]))
    assert intake.head.height == 0


@pytest.mark.parametrize("where", ["among these", "in the archive"])
def test_an_older_ballot_is_refused(where: str) -> None:
    rows, (first, later) = Rows(), (RIG.ballots[0], RIG.again[0])
    credential = _credential(first)
    intake = Intake(Head("a" * 64, 0, Kind.SETUP, 1), rows)
    for raw in (first, later):
        taken = intake.take(raw, credential)
        rows.places[taken.payload] = taken.place
        rows.last[credential] = taken.payload
    if where == "in the archive":
        intake = Intake(intake.head, rows)
    with pytest.raises(errors.BallotSuperseded):
        intake.take(first, credential)
    assert intake.head.height == 2
    assert intake.take(later, credential).place.height == 2


@pytest.mark.parametrize("kind", [None, Kind.END_BALLOTS, Kind.ENCRYPTED_TALLY, Kind.RESULT])
def test_a_closed_archive_takes_nothing(kind: Kind | None) -> None:
    with pytest.raises(errors.BoxNotOpen):
        Intake(Head("a" * 64, 3, kind, 1), Rows())


@pytest.mark.parametrize("raw", [b"", b'"credential":"', b'"credential":"' + b"g" * 64, b'"credential":"' + b"a" * 63])
def test_no_credential_is_seen_where_none_is(raw: bytes) -> None:
    assert credential_in(raw) is None


def test_the_next_line_is_the_one_of_the_journal() -> None:
    lines = [next_line([], Act.FROZEN, "2030-01-01T00:00:00Z", {"anchor": "a" * 64})]
    lines.append(next_line(lines, Act.OPENED, "2030-01-02T00:00:00Z", {}))
    assert read_journal(b"".join(line.to_bytes() + b"\n" for line in lines)) == lines
    with pytest.raises(errors.JournalOrder):
        next_line(lines, Act.OPENED, "2030-01-03T00:00:00Z", {})


def test_a_key_is_read_from_its_file_and_from_no_other() -> None:
    key = BoxKey.new()
    text = f"sanduq-box-secret-key:{key.secret_hex()}\n"
    assert BoxKey.from_file(text, key.public).public == key.public
    for wrong, expected in ((key.public, None), (text, BoxKey.new().public), ("sanduq-box-secret-key:00", None)):
        with pytest.raises(errors.SecretKeyMismatch) as refusal:
            BoxKey.from_file(wrong, expected)
        assert key.secret_hex() not in str(refusal.value)


def test_the_event_of_a_ballot_is_written_as_every_event_is() -> None:
    for height in (1, 10, 123_456_789):
        assert ballot_event("a" * 64, height, "0" * 64) == Event("a" * 64, height, Kind.BALLOT, "0" * 64).to_bytes()
