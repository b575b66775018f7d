"""A record comes in, and goes out: what the commands ``import`` and ``export`` do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction

from sanduq import errors
from sanduq.archive.writer import create, sync_folder
from sanduq.box.record import Record
from sanduq.engine import choose
from sanduq.question.setup import canonical
from sanduq.roll import read_roll
from sanduq.watch.record import RecordReport, verify_record
from sanduq_web.box import actions as box
from sanduq_web.box import api as box_api
from sanduq_web.count import actions as count
from sanduq_web.count import api as count_api
from sanduq_web.drawing.boundaries import LARGEST
from sanduq_web.question import actions as question
from sanduq_web.question.api import Frozen, is_here, referendum
from sanduq_web.roll import actions as roll

Told = Callable[[str, str, int], None]


@dataclass(frozen=True)
class Extras:
    """What comes with a record and is no part of it: boundaries as TopoJSON, credits, what the box asks for
    beside the credential. What is None stays as it is."""

    boundaries: bytes | None = None
    credits: Sequence[str] | None = None
    authentication: str | None = None


def read_map(path: Path) -> bytes:
    """A file of boundaries, bounded before it is read: a longer one comes back too long, and is refused as such."""
    with path.open("rb") as file:
        return file.read(LARGEST + 1)


def _tell_nobody(done: str, code: str, credentials: int) -> None:
    pass


def import_record(
    path: Path,
    now: str,
    anchor: str | None = None,
    step: tuple[int, int] | None = None,
    extras: Extras | None = None,
    told: Told = _tell_nobody,
) -> RecordReport:
    """Verify a record with the library, and then keep it; of one that is here already, keep what it has more. ``told`` hears
    what is done of which area, and how many credentials it has.

    Everything or nothing is kept. A box that takes ballots holds more than any copy of it, so an older copy is refused (8.15).
    """
    record, extras = Record(path), extras or Extras()
    if extras.boundaries is not None:
        question.fit(extras.boundaries, record.setup)
    question.check_credits(extras.credits or ())
    report = verify_record(
        record, choose(settings.SANDUQ_ENGINE), anchor, told=lambda code, area: told("verified", code, area.roll_size)
    )
    _require_kept(report)
    with transaction.atomic():
        new = not is_here(report.anchor)
        if not new:
            frozen = referendum(report.anchor)
            for code, place in frozen.places.items():
                box.extend(place, record.archive(place.area), report.areas[code].head, now)
        else:
            frozen = _keep(record, report, now, step, told)
        for place in frozen.places.values():
            count.keep_proofs(place, record.proofs_bytes(place.area))
        box.extend_journal(report.anchor, report.journal)
        count.keep(frozen, report)
        question.keep_beside(report.anchor, extras.boundaries, extras.credits)
        if extras.authentication is not None:
            box.choose(frozen, extras.authentication, now, new=new)
    box.complete_fingerprints(report.anchor)
    return report


def _require_kept(report: RecordReport) -> None:
    """The box of this site opens and closes by the calendar alone, and no table of it holds a test sum."""
    if report.setup.test_uuid is not None:
        raise errors.Unusable("this site cannot keep a record with a test sum", hint="serve its files, or carry it on a disc")
    if report.setup.supervisor is not None and report.phase != "decided":
        raise errors.Unusable(
            "this site cannot hold a vote that a supervisor signs", hint="hold it with `sanduq box`, and import what is decided"
        )


def _keep(record: Record, report: RecordReport, now: str, step: tuple[int, int] | None, told: Told) -> Frozen:
    setup = report.setup
    trustees = next(iter(report.areas.values())).trustees.to_bytes()
    rows = question.add(setup, trustees, {code: area.election.raw for code, area in report.areas.items()})
    for area in setup.areas:
        text = box.keep(rows[area.code], record.archive(area), report.areas[area.code].head, step, now)
        told("kept", area.code, roll.keep(area.uuid, read_roll(text)).size)
    return referendum(report.anchor)


def export_record(anchor: str, path: Path) -> None:
    """Write the whole record, also what is not public yet, into a new folder; setup.json comes last, as in a freeze."""
    if path.exists() and any(path.iterdir()):
        raise errors.Unusable(f"{path} is not empty", hint="nothing was changed; name a new folder")
    frozen = referendum(anchor)
    # In this order: what is read later can only have grown.
    fingerprints, lines = canonical(box_api.fingerprints(frozen)), box_api.journal_bytes(anchor)
    for place in frozen.places.values():
        folder = path / "areas" / place.code
        folder.mkdir(parents=True)
        with (folder / f"{place.area.uuid}.bel").open("xb") as file:
            file.writelines(box_api.pieces(place.id, 0, box_api.whole_size(place)))
        proofs = count_api.proofs(place)
        if proofs is not None:
            create(folder / f"{place.area.uuid}.proofs", proofs)
        sync_folder(folder)
    create(path / "journal.jsonl", lines)
    create(path / "fingerprints.json", fingerprints)
    create(path / "setup.json", frozen.raw)
