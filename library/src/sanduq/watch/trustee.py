"""A trustee's work on a record: verify first, then refuse or decrypt (spec 7.d)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sanduq import errors
from sanduq.algebra.group import G, Point, secret_power
from sanduq.algebra.numbers import Random, sha256_hex
from sanduq.archive.writer import Head, replace
from sanduq.box.record import Record
from sanduq.count.binding import Binding, Bindings, bind, file_bytes
from sanduq.count.decryption import PartialDecryption, check_decryption, decrypt
from sanduq.count.report import ArchiveReport
from sanduq.count.result import Result
from sanduq.count.steps import append_result, open_result
from sanduq.count.tally import tally_bytes
from sanduq.count.testsum import area_of_test, missing_trustees, votes_of_test
from sanduq.count.trustee import Heads, Memory, Request, check_heads, check_minimum
from sanduq.engine import Engine, Sums
from sanduq.question.election import Election
from sanduq.question.setup import CountingArea, Setup
from sanduq.watch.archive import Progress, verify_archive
from sanduq.watch.bindings import read_bindings_of
from sanduq.watch.hints import hints_of
from sanduq.watch.record import check_anchor, check_area, verify_record
from sanduq.watch.testsum import PLACE, verify_test


def verify_area(record: Record, area: CountingArea, engine: Engine, progress: Progress | None = None) -> ArchiveReport:
    """Verify an area's archive, and that it is the one that the setup gives."""
    path = record.archive(area)
    with path.open("rb") as file, hints_of(path) as beside:
        report = verify_archive(file, engine, progress, hints=beside)
    check_area(record.setup, area, report)
    return report


def heads(record: Record, engine: Engine) -> dict[str, str]:
    """The head of every verified area that has its encrypted tally: what trustees exchange before they decrypt."""
    found = {}
    for area in record.setup.areas:
        report = verify_area(record, area, engine)
        if report.phase == "counting":
            found[area.uuid] = report.head
    return found


def owner_of(report: ArchiveReport, x: int) -> int:
    """Which owner (from 1) a secret key makes its holder (3.18)."""
    key = secret_power(G, x)
    for owner, public in enumerate(report.trustees.keys, 1):
        if public == key:
            return owner
    raise errors.SecretKeyMismatch("no trustee of this election has this key")


@dataclass(frozen=True)
class Part:
    """One trustee's part of one area: its partial decryption, and the second proofs of it."""

    decryption: PartialDecryption
    bindings: Bindings


@dataclass(frozen=True)
class Decrypted:
    """What one trustee gives: its owner number, its partial decryptions by uuid; and by area why others are not decrypted."""

    owner: int
    parts: Mapping[str, Part]
    below_minimum: Mapping[str, errors.BelowMinimum]


def decrypt_record(
    record: Record,
    anchor: str,
    x: int,
    others: Sequence[Heads],
    memory: Memory,
    engine: Engine,
    random: Random,
    progress: Progress | None = None,
) -> Decrypted:
    """One trustee's part for all areas, or a refusal. Nothing is decrypted, nor remembered, before all areas are verified.

    ``others`` are the heads of the other trustees, ``memory`` what this one has decrypted before, ``x`` its secret key. An area
    below the minimum is left out, as the setup says what follows; if no other is left, that is the refusal.
    """
    check_anchor(record, anchor)
    checked: list[tuple[ArchiveReport, Request]] = []
    below: dict[str, errors.BelowMinimum] = {}
    owner, areas = 0, record.setup.areas
    for number, area in enumerate(areas, 1):
        try:
            report = verify_area(record, area, engine)
            owner, request = check_request(record.setup, report, x, others)
            checked.append((report, request))
        except errors.BelowMinimum as refusal:
            below[area.code] = refusal
        except errors.Refused as refusal:
            raise refusal.within(f"area {area.code}") from None
        if progress is not None:
            progress(number, len(areas))
    if not checked:
        code, first = next(iter(below.items()))
        raise first.within(f"area {code}")
    memory.remember(*(request for _, request in checked))
    parts = {report.election.uuid: _decrypt(report, x, random) for report, _ in checked}
    return Decrypted(owner, parts, below)


def check_request(setup: Setup, report: ArchiveReport, x: int, others: Sequence[Heads]) -> tuple[int, Request]:
    """The owner number, and what is to be remembered, for a verified archive of the anchored setup (3.18, 7.12, 7.14)."""
    if report.phase != "counting" or report.decryptions:
        raise errors.EventOrder("only an encrypted tally that nobody has decrypted yet is decrypted", got=report.phase)
    owner = owner_of(report, x)
    request = Request(report.election.uuid, report.head, report.counted, sha256_hex(tally_bytes(report.sums)))
    needed = sum(item.needed for item in report.trustees.items)
    check_heads(request, owner, others, needed)
    check_minimum(request, setup.minimum_ballots)
    return owner, request


def _decrypt(report: ArchiveReport, x: int, random: Random) -> Part:
    made = decrypt(report.sums, report.election, x, random)
    return Part(made, bind(report.election, report.sums, made.factors, x, random))


def decrypt_verified(
    setup: Setup, report: ArchiveReport, x: int, others: Sequence[Heads], memory: Memory, random: Random
) -> tuple[int, Part]:
    """The same for one archive that this trustee has verified just now, against an anchored setup."""
    owner, request = check_request(setup, report, x, others)
    memory.remember(request)
    return owner, _decrypt(report, x, random)


def check_parts(record: Record, area: CountingArea, report: ArchiveReport, parts: Mapping[int, Part]) -> None:
    """The trustees' parts (by owner) open a verified area's sums, with the proofs that the setup asks for; writes nothing."""
    open_result(report, {owner: part.decryption for owner, part in parts.items()})
    keys = report.trustees.keys
    for owner, part in parts.items():
        try:
            _check_bindings(record.setup, report.election, report.sums, keys[owner - 1], part)
        except errors.Refused as refusal:
            raise refusal.within(f"trustee {owner}") from None


def check_part(setup: Setup, election: Election, sums: Sums, key: Point, part: Part) -> None:
    """One trustee's part of one area's sums, by itself, with the second proofs that the setup asks for (7.4, 7.7, 7.17)."""
    check_decryption(part.decryption, sums, election, key)
    _check_bindings(setup, election, sums, key, part)


def _check_bindings(setup: Setup, election: Election, sums: Sums, key: Point, part: Part) -> None:
    if setup.bindings or part.bindings:
        Binding(election, sums, key).check(part.decryption.factors, part.bindings)


def append_parts(record: Record, area: CountingArea, report: ArchiveReport, parts: Mapping[int, Part]) -> tuple[Result, Head]:
    """Write the second proofs beside the archive, and then decryptions and result into it."""
    check_parts(record, area, report, parts)
    given = {owner: part.bindings for owner, part in parts.items() if part.bindings}
    # Of an attempt that was interrupted there may be some already, of decryptions that stand in the archive.
    proofs = {owner: found for owner, found in read_bindings_of(record, area).items() if owner in report.decryptions} | given
    if proofs:
        replace(record.proofs_path(area), file_bytes(proofs), mode=0o644)
    return append_result(record.archive(area), report, {owner: part.decryption for owner, part in parts.items()})


def key_file_memory(key_file: Path) -> Memory:
    """The memory that belongs to a key's file: beside the file itself, not beside a link to it."""
    real = key_file.resolve()
    return Memory(real.with_name(real.name + ".decrypted"))


# --- the test sum (7.h) -----------------------------------------------------------------------------------------------------


def heads_of_test(record: Record, engine: Engine) -> dict[str, str]:
    """The head of the verified test sum, to exchange before it is decrypted."""
    report = verify_test(record, engine)
    return {report.election.uuid: report.head}


def decrypt_test(
    record: Record,
    anchor: str,
    x: int,
    others: Sequence[Heads],
    memory: Memory,
    engine: Engine,
    random: Random,
    progress: Progress | None = None,
) -> Decrypted:
    """One trustee's part of the test sum, or a refusal: all those of :func:`decrypt_record`, and the vote must not be open.

    The whole record is verified first, as before the count: nobody has voted, and the test is made of the ballots that follow
    from the setup (7.19). ``memory`` holds this trustee to one test sum (7.13).
    """
    areas = len(record.setup.areas)
    told: list[str] = []

    def tell(code: str, report: ArchiveReport) -> None:
        told.append(code)
        if progress is not None:
            progress(len(told), areas)

    phase = verify_record(record, engine, anchor, told=tell).phase
    if phase != "frozen":
        raise errors.JournalOrder("a test sum is decrypted before the opening", expected="frozen", got=phase)
    report = verify_test(record, engine)
    try:
        owner, request = check_request(record.setup, report, x, others)
    except errors.Refused as refusal:
        raise refusal.within(PLACE) from None
    memory.remember(request)
    return Decrypted(owner, {report.election.uuid: _decrypt(report, x, random)}, {})


def append_test(record: Record, parts: Mapping[int, Part], engine: Engine) -> tuple[Result, Head]:
    """Check the parts of **every** trustee (7.20), that they open the test sum and that it is what was put in (7.10, 7.16,
    7.19); then write them into its archive."""
    report = verify_test(record, engine)
    missing = missing_trustees(report.trustees, set(parts) | set(report.decryptions))
    if missing:
        hint = "who cannot decrypt the test cannot decrypt the count: a new ceremony of all, and a new setup"
        raise errors.TestTrustee(got="trustee " + ", ".join(missing), hint=hint).within(PLACE)
    area = area_of_test(record.setup, engine)
    votes, result = votes_of_test(record.setup), _opened(report, parts)
    errors.require(errors.TestWrong, result == votes, "result", expected=votes, got=result)
    return append_parts(record, area, report, parts)


def _opened(report: ArchiveReport, parts: Mapping[int, Part]) -> Result:
    try:
        return open_result(report, {owner: part.decryption for owner, part in parts.items()})
    except errors.Refused as refusal:
        raise refusal.within(PLACE) from None
