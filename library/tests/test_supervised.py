"""A supervisor's signatures, suspensions and the test sum: what is refused beyond the vectors; a rehearsal with all."""

from __future__ import annotations

import json
import random
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from rehearsed import rehearsed
from sanduq import errors
from sanduq.archive.writer import create
from sanduq.box import Box
from sanduq.box.journal import Act
from sanduq.box.record import Record, create_record
from sanduq.box.supervision import SignedAct, check_line, read_signed_act, require_fitting, sign, statement_of
from sanduq.box.suspension import suspend
from sanduq.count.testsum import area_of_test, choices_of_test, credentials_of_test, make_archive, votes_of_test
from sanduq.count.trustee import Heads, Memory
from sanduq.engine import choose
from sanduq.question.setup import Calendar, Setup, Supervisor, TrusteePolicy, read_setup
from sanduq.rehearse.play import play
from sanduq.rehearse.players import make_keys
from sanduq.rehearse.reading import read_plan
from sanduq.rehearse.stream import play_streamed
from sanduq.roll import make_roll, public_credential
from sanduq.watch.compare import compare_records
from sanduq.watch.record import verify_record
from sanduq.watch.supervise import statement_for
from sanduq.watch.testsum import complete_test, verify_test
from sanduq.watch.trustee import Part, append_test, decrypt_test, heads_of_test
from small import seeded

KEY = Ed25519PrivateKey.from_private_bytes(bytes(31) + b"\1")
ENGINE = choose(None)
TIMES = ("2030-05-01T06:00:00Z", "2030-05-01T08:00:00Z", "2030-05-01T10:00:00Z", "2030-05-02T18:00:00Z")
FORMAT = Path(__file__).resolve().parents[2] / "docs" / "look-up" / "rehearsal-format.md"


@cache
def base() -> Setup:
    """A setup that knows nothing of this."""
    return rehearsed("uk2016")[0]


def supervised(record: Record, act: Act, time: str, details: dict[str, object], earliest: str | None = None) -> SignedAct:
    """The next act, signed."""
    return sign(statement_of(record.setup, record.journal(), act, earliest or time, details), KEY)


def write(record: Record, act: Act, time: str, details: dict[str, object]) -> None:
    """The next act, signed and written."""
    record.write_act(act, time, details, supervised(record, act, time, details).countersignature)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[int, int], str]:
    """A record of one area, frozen and signed, with a test sum that nobody has decrypted; the keys of three trustees."""
    keys = make_keys(TrusteePolicy(0, 3, 2), seeded("supervised"))
    uuid, voter = "SupervisedTest", "YyYyY-YyYyYy-YyYyY-YyYyYy"
    roll = make_roll([(public_credential(uuid, voter), None)])
    (area, *_) = base().areas
    setup = replace(
        base(),
        trustees=TrusteePolicy(0, 3, 2),
        trustees_sha256=keys.trustees.sha256,
        areas=(replace(area, uuid=uuid, roll_sha256=roll.sha256),),
        calendar=Calendar(TIMES[0], TIMES[-1]),
        supervisor=Supervisor(dict.fromkeys(base().languages, "The court"), KEY.public_key().public_bytes_raw().hex()),
        test_uuid="TestSumTest123",
    )
    path = tmp_path_factory.mktemp("supervised") / "record"
    record = create_record(path, read_setup(setup.to_bytes()), keys.trustees, lambda _: roll, "2030-04-01T00:00:00Z", 1)
    write(record, Act.FROZEN, "2030-04-01T00:00:00Z", {"anchor": record.setup.anchor})
    archive = record.archive(area_of_test(record.setup, ENGINE))
    archive.parent.mkdir()
    create(archive, make_archive(record.setup, keys.trustees, ENGINE, 1))
    return path, dict(keys.secret), voter


@pytest.fixture
def now(made: tuple[Path, dict[int, int], str], tmp_path: Path) -> Callable[[], Record]:
    """A copy of it."""

    def copy() -> Record:
        shutil.copytree(made[0], tmp_path / "record")
        return Record(tmp_path / "record")

    return copy


def decrypted(record: Record, secret: dict[int, int], folder: Path, *owners: int) -> dict[int, Part]:
    """What these trustees give for the test sum."""
    heads = heads_of_test(record, ENGINE)
    parts = {}
    for owner in owners:
        other = Heads(owner % 3 + 1, heads)
        memory = Memory(folder / f"{owner}.decrypted")
        given = decrypt_test(record, record.setup.anchor, secret[owner], [other], memory, ENGINE, seeded(f"{owner}"))
        parts[given.owner] = given.parts[record.setup.test_uuid or ""]
    return parts


# --- the test sum -----------------------------------------------------------------------------------------------------------


def test_the_votes_of_the_test_follow_from_the_setup() -> None:
    setup = base()
    assert votes_of_test(setup) == ((1, 2, 3),)
    assert votes_of_test(replace(setup, minimum_ballots=20)) == ((15, 2, 3),)
    assert len(choices_of_test(setup)) == len(set(credentials_of_test(setup))) == 6
    other = replace(setup, commission="another")
    assert not set(credentials_of_test(setup)) & set(credentials_of_test(other))


def test_all_trustees_decrypt_and_the_vote_can_be_opened(
    now: Callable[[], Record], made: tuple[Path, dict[int, int], str], tmp_path: Path
) -> None:
    record = now()
    before = shutil.copytree(record.path, tmp_path / "before")
    parts = decrypted(record, made[1], tmp_path, 1, 2, 3)
    with pytest.raises(errors.TestTrustee, match="trustee 2"):
        append_test(record, {owner: parts[owner] for owner in (1, 3)}, ENGINE)
    with pytest.raises(errors.TestTrustee, match="trustee 1, 2, 3"):
        complete_test(record, ENGINE)
    result, head = append_test(record, parts, ENGINE)
    assert result == votes_of_test(record.setup)
    assert complete_test(record, ENGINE) == head.hash
    assert verify_record(record, ENGINE, record.setup.anchor).test_head == head.hash
    compare_records(Record(before), record)
    with pytest.raises(errors.NotAnExtension):
        compare_records(record, Record(before))


def test_a_share_that_is_not_the_right_one_is_noticed(
    now: Callable[[], Record], made: tuple[Path, dict[int, int], str], tmp_path: Path
) -> None:
    record = now()
    with pytest.raises(errors.SecretKeyMismatch):
        decrypted(record, made[1] | {2: made[1][2] + 1}, tmp_path, 2)
    parts = decrypted(record, made[1], tmp_path, 1, 2, 3)
    with pytest.raises(errors.DecryptionProofInvalid):
        append_test(record, parts | {2: parts[1]}, ENGINE)
    assert verify_test(record, ENGINE).phase == "counting"


def test_a_trustee_decrypts_one_test_sum_and_none_once_the_vote_is_open(
    now: Callable[[], Record], made: tuple[Path, dict[int, int], str], tmp_path: Path
) -> None:
    record = now()
    decrypted(record, made[1], tmp_path, 1)
    archive = record.archive(area_of_test(record.setup, ENGINE))
    trustees = verify_test(record, ENGINE).trustees
    archive.write_bytes(make_archive(record.setup, trustees, ENGINE, 2))
    with pytest.raises(errors.AlreadyDecrypted):
        decrypted(record, made[1], tmp_path, 1)
    write(record, Act.OPENED, TIMES[0], {})
    # (A journal that opened without the test does not verify at all.)
    with pytest.raises(errors.TestTrustee):
        decrypted(record, made[1], tmp_path, 2)


def test_without_the_heads_of_others_nothing_is_decrypted(
    now: Callable[[], Record], made: tuple[Path, dict[int, int], str], tmp_path: Path
) -> None:
    record, memory = now(), Memory(tmp_path / "memory")
    with pytest.raises(errors.HeadMismatch):
        decrypt_test(record, record.setup.anchor, made[1][1], [], memory, ENGINE, seeded("x"))
    with pytest.raises(errors.AnchorMismatch):
        decrypt_test(record, "0" * 64, made[1][1], [], memory, ENGINE, seeded("x"))
    assert not memory.path.exists()


# --- signatures and suspensions ---------------------------------------------------------------------------------------------


def opened(record: Record, secret: dict[int, int], folder: Path) -> Record:
    """The vote is open."""
    head = append_test(record, decrypted(record, secret, folder, 1, 2, 3), ENGINE)[1]
    write(record, Act.OPENED, TIMES[0], {"test": head.hash})
    return record


def test_the_box_stands_still_while_the_vote_is_suspended(
    now: Callable[[], Record], made: tuple[Path, dict[int, int], str], tmp_path: Path
) -> None:
    record = opened(now(), made[1], tmp_path)
    record.require_voting(TIMES[1])
    statement = statement_for(record, record.setup.anchor, Act.SUSPENDED, TIMES[1], ENGINE, reason={"en": "A storm."})
    signed = read_signed_act(sign(statement, KEY).to_bytes())
    with pytest.raises(errors.ActSignature):
        suspend(record, replace(signed, statement=replace(statement, details={"reason": {"en": "Nothing."}})), TIMES[1])
    assert suspend(record, signed, TIMES[1]).details["reason"] == {"en": "A storm."}
    with pytest.raises(errors.BoxSuspended, match=TIMES[1]):
        record.require_voting(TIMES[2])
    assert verify_record(record, ENGINE, None).phase == "suspended"
    with pytest.raises(errors.JournalOrder):
        suspend(record, signed, TIMES[2])
    (area,) = record.setup.areas
    with Box.open(record.archive(area), ENGINE) as box:  # one that does not obey
        box.cast_many(ENGINE.seal_many(box.election, [made[2]], [[[0, 1, 0]]]))
    with pytest.raises(errors.SuspensionBroken):
        verify_record(record, ENGINE, None)
    with pytest.raises(errors.SuspensionBroken):
        statement_for(record, record.setup.anchor, Act.RESUMED, TIMES[2], ENGINE, reason={"en": "Over."})


def test_nothing_is_signed_that_is_not_due(
    now: Callable[[], Record], made: tuple[Path, dict[int, int], str], tmp_path: Path
) -> None:
    record = now()
    for act in (Act.FROZEN, Act.SUSPENDED, Act.RESUMED, Act.CLOSED, Act.SUMMED, Act.COUNTED, Act.DECIDED):
        with pytest.raises(errors.JournalOrder):
            statement_of(record.setup, record.journal(), act, TIMES[0], {})
    with pytest.raises(errors.ActSignature):
        statement_of(replace(record.setup, supervisor=None), record.journal(), Act.OPENED, TIMES[0], {})
    with pytest.raises(errors.ActUnsigned):
        record.write_act(Act.OPENED, TIMES[0], {})
    with pytest.raises(errors.JournalMismatch, match="open still"):
        opened(record, made[1], tmp_path)
        statement_for(record, record.setup.anchor, Act.CLOSED, TIMES[-1], ENGINE)


def test_a_signed_act_is_read_strictly(now: Callable[[], Record]) -> None:
    record = now()
    good = supervised(record, Act.OPENED, TIMES[0], {}).to_bytes()
    assert read_signed_act(good).to_bytes() == good
    value = json.loads(good)
    for change in (
        {"format": "sanduq-act-2"},
        {"act": "summed"},
        {"act": "frozen"},
        {"details": []},
        {"details": {"note": "hidden"}},
        {"earliest": "2030-05-01"},
        {"parent": "0"},
        {"height": -1},
        {"signature": value["signature"][:-2]},
        {"by": "me"},
    ):
        data = json.dumps(value | change, sort_keys=True, separators=(",", ":")).encode()
        with pytest.raises(errors.Refused):
            read_signed_act(data)
    with pytest.raises(errors.ActSignature):
        read_signed_act(good + b" ")


def test_a_signature_fits_its_place_alone(now: Callable[[], Record]) -> None:
    record = now()
    setup, before = record.setup, record.journal()
    signed = supervised(record, Act.OPENED, TIMES[0], {})
    require_fitting(setup, before, signed, Act.OPENED, {})
    for statement in (
        replace(signed.statement, anchor="0" * 64),
        replace(signed.statement, height=2),
        replace(signed.statement, parent="0" * 64),
        replace(signed.statement, details={"test": "0" * 64}),
    ):
        with pytest.raises(errors.ActSignature):
            require_fitting(setup, before, sign(statement, KEY), Act.OPENED, {})
    stranger = Ed25519PrivateKey.from_private_bytes(random.Random(1).randbytes(32))
    with pytest.raises(errors.ActSignature):
        require_fitting(setup, before, sign(signed.statement, stranger), Act.OPENED, {})
    with pytest.raises(errors.ActSignature):
        record.write_act(Act.OPENED, TIMES[0], {}, sign(replace(signed.statement, earliest=TIMES[1]), KEY).countersignature)
    assert record.journal() == before


def test_old_setups_are_what_they_were() -> None:
    setup = base()
    assert b"supervisor" not in setup.to_bytes()
    assert b"test_uuid" not in setup.to_bytes()
    assert isinstance(read_setup(setup.to_bytes()), Setup)


# --- a rehearsal ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stream", [False, pytest.param(True, marks=pytest.mark.long)])
def test_a_rehearsal_with_a_supervisor_and_a_test_sum(tmp_path: Path, stream: bool) -> None:
    page = FORMAT.read_text("utf-8")
    toml, figures = (re.findall(rf"```{kind}\n(.*?)```", page, re.DOTALL)[0] for kind in ("toml", "csv"))
    more = 'test_sum = true\n\n[supervisor]\nname = { en = "The court", fr = "La cour" }\n\n[source]'
    (tmp_path / "island.toml").write_text(toml.replace("[source]", more, 1), "utf-8")
    (tmp_path / "island.csv").write_text(figures, "utf-8")
    plan = read_plan(tmp_path / "island.toml", Fraction(1, 100))
    if stream:
        # The archives of areas are gone: what is left to see is the test sum, and that every act was signed.
        assert play_streamed(plan, tmp_path / "streamed", ENGINE).differences == ()
        record = Record(tmp_path / "streamed" / "record")
        assert complete_test(record, ENGINE) is not None
        for line in record.journal():
            check_line(record.setup, line)
        return
    played = play(plan, tmp_path / "record", ENGINE)
    assert played.differences == ()
    record = Record(tmp_path / "record")
    report = verify_record(record, ENGINE, played.setup.anchor)
    assert (report.phase, report.test_head is not None) == ("decided", True)
    signed = [line.act for line in report.journal if line.countersignature is not None]
    assert signed == [Act.FROZEN, Act.OPENED, Act.CLOSED, Act.DECIDED]
