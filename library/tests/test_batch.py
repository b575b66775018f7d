"""Hints change no verdict (spec 0.e, 4.e): right ones, wrong ones, short ones, another archive's, and forgeries made for them.

``SANDUQ_MUTATIONS`` says how many changed ballots, hints and archives are tried (a few in ``make test``).
"""

from __future__ import annotations

import io
import os
import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import mutate_archive
import mutate_ballot
from compare_engines import NAMES, checker
from mutate import field as field_of
from mutate import parse, write
from mutate_ballot import mend
from mutate_values import torsion
from sanduq import errors
from sanduq.algebra.group import Point, unchecked_point
from sanduq.archive.hints import HEADER, MAGIC, HintsFile, header, whole
from sanduq.archive.reader import ArchiveReader
from sanduq.count.report import ArchiveReport
from sanduq.engine import Engine
from sanduq.engine.python import PythonEngine
from sanduq.engine.rust import RustEngine
from sanduq.question.election import read_election
from sanduq.roll import Roll, read_roll, secret_exponent
from sanduq.watch.archive import verify_archive
from small import Small, small

MUTATIONS = int(os.environ.get("SANDUQ_MUTATIONS", "200"))
VECTORS = Path(__file__).resolve().parents[2] / "vectors"
SIZE = 64


@cache
def hints_of(name: str) -> bytes:
    """The records of all ballots of a small election."""
    return b"".join(hint or b"" for hint in RustEngine().ballots(small(name).election).hint(small(name).ballots))


def file_of(archive: bytes, engine: Engine) -> bytes:
    """The file of hints of an archive, as far as it can be read; zeros for ballots that are refused."""
    records: list[bytes] = []
    try:
        for entry in ArchiveReader(io.BytesIO(archive)):
            if not records:
                election = read_election(entry.data[0])
                ballots = engine.ballots(election)
                records.append(header(entry.hash, ballots.hint_size, engine.hint_roll(read_roll(entry.data[2]))))
            elif entry.event.kind.value == "Ballot":
                records.append(ballots.hint(entry.data)[0] or bytes(ballots.hint_size))
    except errors.Refused:
        pass
    return b"".join(records)


# --- making them ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_both_engines_make_the_same_hints(name: str) -> None:
    made = small(name)
    python, rust = (engine.ballots(made.election) for engine in (PythonEngine(), RustEngine()))
    assert python.hint_size == rust.hint_size
    some = made.ballots[:1]
    assert python.hint(some) == rust.hint(some) == [hints_of(name)[: rust.hint_size]]
    roll = Roll(dict(list(made.roll.weights.items())[:1]))
    assert PythonEngine().hint_roll(roll) == RustEngine().hint_roll(roll)


def test_a_refused_ballot_has_no_hint(engine: Engine) -> None:
    made = small("plain")
    bad = made.ballots[0].replace(b'"response":"', b'"response":"1', 1)
    ballots = engine.ballots(made.election)
    assert ballots.hint([bad]) == [None]
    honest, refused = ballots.check_and_hint([made.ballots[0], bad])
    assert honest == (made.public(made.votes[0][0]), hints_of("plain")[: ballots.hint_size])
    assert isinstance(refused, errors.Refused)


# --- ballots ----------------------------------------------------------------------------------------------------------------


def _mutants(name: str, count: int) -> Iterator[tuple[str, bytes]]:
    for number in range(count):
        yield mutate_ballot.mutant(small(name), random.Random(f"hints-{name}-{number}"))


@pytest.mark.parametrize("name", NAMES)
def test_changed_ballots_get_the_same_verdict(name: str) -> None:
    """With the hints of the ballot that was changed, and with those that a forger would make: for what is accepted, its own."""
    made, rng = small(name), random.Random(f"hints-{name}")
    rust = checker(made.election)
    count = max(10, MUTATIONS // len(NAMES))
    raws = [raw for _, raw in _mutants(name, count)]
    raws = [raw for raw in raws for raw in (raw, rng.choice(made.ballots))]
    strict = rust.check(raws)
    every = [hints_of(name)[i * rust.hint_size :][: rust.hint_size] for i in range(len(made.ballots))]
    own = [bytes(rust.hint_size) if pair is None else pair[1] for pair in rust.check_and_hint(raws)]
    for hints in (own, [rng.choice(every) for _ in raws], [_spoil(hint, rng) for hint in own]):
        assert rust.check_hinted(raws, b"".join(hints))[0] == strict


def _spoil(hint: bytes, rng: random.Random) -> bytes:
    """A hint with a bit, a coordinate or a point changed."""
    data = bytearray(hint)
    place = rng.randrange(len(data) // 32) * 32
    what = rng.randrange(4)
    if what == 0:
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    elif what == 1:
        data[place : place + 32] = rng.choice([bytes(32), b"\xff" * 32, data[:32], (1).to_bytes(32, "little")])
    elif what == 2:
        data[place : place + 32], data[:32] = data[:32], data[place : place + 32]
    return bytes(data)


def _affine(point: Point) -> bytes:
    return b"".join(value.to_bytes(32, "little") for value in point.affine)


def _point(hint: bytes) -> Point:
    x, y = (int.from_bytes(hint[at : at + 32], "little") for at in (0, 32))
    return unchecked_point(f"{y | (x & 1) << 255:064x}")


@pytest.mark.parametrize("name", NAMES)
def test_a_forged_response_is_refused_though_every_hash_is_right(name: str) -> None:
    """The commitments are still hashed into the challenges: only the equation is wrong, which nothing but 4.e's step 4 sees."""
    made, rng = small(name), random.Random(name)
    rust = checker(made.election)
    own = hints_of(name)[: rust.hint_size]
    tree = parse(made.ballots[0].decode())
    proofs = [proof for proof in _proofs(tree) if proof is not field_of(field_of(tree, "signature"), "proof")]
    for proof in (proofs[0], rng.choice(proofs), proofs[-1]):
        old = proof[1]
        proof[1] = ("response", str(int(old[1]) + 1))
        mend(tree, secret_exponent(made.election.uuid, made.credentials[made.votes[0][0]]), rng)
        forged = write(tree).encode()
        signature = field_of(field_of(tree, "signature"), "proof")
        hint = own[:-SIZE] + _signature_hint(made, signature)
        raws = [*made.ballots[1:4], forged, *made.ballots[4:]]
        hints = hints_of(name)[rust.hint_size : 4 * rust.hint_size] + hint + hints_of(name)[4 * rust.hint_size :]
        strict = rust.check(raws)
        assert strict[len(made.ballots[1:4])] is None
        assert rust.check_hinted(raws, hints)[0] == strict
        proof[1] = old


def _proofs(value: object) -> Iterator[list[tuple[str, str]]]:
    """All proofs in a tree, in their order."""
    if isinstance(value, list):
        if value and isinstance(value[0], tuple) and value[0][0] == "challenge":
            yield value
            return
        for item in value:
            yield from _proofs(item[1] if isinstance(item, tuple) else item)


def _signature_hint(made: Small, signature: list[tuple[str, str]]) -> bytes:
    """The hint of a right signature's commitment."""
    from sanduq.algebra.group import G
    from sanduq.engine.hints import hint_point

    e, f = (int(value) for _, value in signature)
    return hint_point(G**f * unchecked_point(made.public(made.votes[0][0])) ** e)


@pytest.mark.parametrize("name", NAMES[:2])
def test_points_of_small_order(name: str) -> None:
    """On every point of every hint they change nothing; on every point of a ballot they are refused."""
    made = small(name)
    rust = checker(made.election)
    small_order = torsion()
    hints = hints_of(name)
    points = [hints[at : at + SIZE] for at in range(0, len(hints), SIZE)]
    moved = b"".join(_affine(_point(point) * small_order[number % 8]) for number, point in enumerate(points))
    assert moved != hints
    strict = rust.check(made.ballots)
    assert rust.check_hinted(made.ballots, moved) == (strict, [])
    text = made.ballots[0].decode()
    for part in text.split('"'):
        if len(part) == 64 and part != made.election.fingerprint:
            bad = text.replace(part, (unchecked_point(part) * small_order[1]).hex).encode()
            assert rust.check_hinted([bad, *made.ballots[1:]], hints)[0] == [None, *strict[1:]]


# --- archives ---------------------------------------------------------------------------------------------------------------


def _verdict(archive: bytes, engine: Engine, hints: bytes | None) -> tuple[object, ArchiveReport | None]:
    """What must not depend on hints, and the report."""
    try:
        report = verify_archive(io.BytesIO(archive), engine, hints=None if hints is None else io.BytesIO(hints))
    except errors.Refused as refusal:
        return (refusal.step, type(refusal).__name__, str(refusal)), None
    facts = {name: value for name, value in vars(report).items() if name != "hints"}
    return {name: str(value) for name, value in facts.items()}, report


def _one_verdict(path: Path, few: bool) -> None:
    engine, archive = RustEngine(), path.read_bytes()
    expected, report = _verdict(archive, engine, None)
    hints = file_of(archive, engine)
    rng = random.Random(path.stem)
    changed = bytearray(hints)
    if len(changed) > HEADER:
        changed[rng.randrange(HEADER, len(changed))] ^= 1 << rng.randrange(8)
    foreign = file_of((VECTORS / "honest" / "weights.bel").read_bytes(), engine)
    others = [hints[:-100], hints[: HEADER + 10], foreign, b"", b"nothing"]
    for some in (hints, bytes(changed), *([] if few else others)):
        found, with_hints = _verdict(archive, engine, some)
        assert found == expected
        if some is hints and with_hints is not None and with_hints.hints is not None:
            use = with_hints.hints
            assert (use.used, use.bad, use.missing, use.problem, use.roll) == (with_hints.ballots, 0, 0, None, True)
    assert report is None or report.hints is None


PATHS = sorted(VECTORS.glob("*/*.bel"))


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
@pytest.mark.long
def test_every_vector_has_one_verdict(path: Path) -> None:
    _one_verdict(path, few=False)


@pytest.mark.parametrize(
    "path", [path for path in PATHS if path.stem.startswith(("ballot-", "revotes"))], ids=lambda path: path.stem
)
def test_vectors_of_ballots_have_one_verdict(path: Path) -> None:
    _one_verdict(path, few=True)


@pytest.mark.parametrize("name", NAMES)
def test_changed_archives_get_the_same_verdict(name: str) -> None:
    """With the hints of the archive that was changed, and with its own."""
    engine = RustEngine()
    honest = file_of(small(name).archive, engine)
    for number in range(max(2, MUTATIONS // 50)):
        rng = random.Random(f"hints-{name}-{number}")
        what, archive = mutate_archive.mutant(small(name), rng)
        expected, _ = _verdict(archive, engine, None)
        own = file_of(archive, engine)
        for hints in (own[:HEADER] + honest[HEADER:], own):
            assert _verdict(archive, engine, hints)[0] == expected, f"{number}: {what}"


def test_the_report_says_how_hints_were_used() -> None:
    archive, engine = small("plain").archive, RustEngine()
    hints = file_of(archive, engine)
    size, count = engine.ballots(small("plain").election).hint_size, len(small("plain").ballots)
    changed = bytearray(hints)
    changed[-size + 3] ^= 1
    for some, used, bad, problem in [
        (hints, count, 0, None),
        (hints[: -size - 1], count - 2, 0, None),
        (bytes(changed), count - 1, 1, None),
        (hints[size:], 0, 0, "not a file of hints"),
        (hints.replace(MAGIC, MAGIC.replace(b"1", b"2")), 0, 0, "of another version"),
        (hints[:20] + bytes(4) + hints[24:], 0, 0, "of another archive"),
        (hints[:48] + b"\7" + hints[49:], 0, 0, "of other questions"),
    ]:
        report = verify_archive(io.BytesIO(archive), engine, hints=io.BytesIO(some))
        use = report.hints
        assert use is not None
        assert use.problem == problem
        assert (use.used, use.bad) == (used, bad)
        assert use.used + use.bad + use.missing == count


def test_the_reference_has_no_use_for_hints() -> None:
    report = verify_archive(io.BytesIO(small("one").archive), PythonEngine(), hints=io.BytesIO(b"nothing"))
    assert report.hints is not None
    assert (report.hints.used, report.hints.bad, report.hints.missing) == (0, 0, report.ballots)


def test_the_roll_is_checked_whatever_its_hints_say() -> None:
    made = small("plain")
    keys = dict(made.roll.weights)
    hints = RustEngine().hint_roll(made.roll)
    assert RustEngine().check_roll(made.roll, hints) is True
    assert RustEngine().check_roll(made.roll, hints[SIZE:]) is False
    assert RustEngine().check_roll(made.roll, hints[SIZE:] + hints[:SIZE]) is False
    first = next(iter(keys))
    moved = (unchecked_point(first) * torsion()[1]).hex
    bad = Roll({moved if key == first else key: weight for key, weight in keys.items()})
    with pytest.raises(errors.PointOutsideGroup):
        RustEngine().check_roll(bad, hints)


# --- the file ---------------------------------------------------------------------------------------------------------------


def test_records_are_those_that_are_there() -> None:
    start = header("ab" * 32, 128, bytes(192))
    data = start + b"a" * 128 + b"b" * 128 + b"c" * 100
    file = HintsFile(io.BytesIO(data), "ab" * 32, 128)
    assert (file.problem, file.count, file.start, file.keys) == (None, 2, HEADER + 192, 3)
    assert file.roll(3) == bytes(192)
    assert file.roll(2) == file.roll(1 << 31) == b""
    assert file.records(0, 5) == b"a" * 128 + b"b" * 128
    assert file.records(1, 1) == b"b" * 128
    assert file.records(2, 1) == file.records(9, 9) == b""
    assert whole(len(data), file.start, 128) == len(data) - 100
    assert HintsFile(io.BytesIO(data[:100]), "ab" * 32, 128).problem == "cut off inside the hints of the roll"
