"""Counting a record, step by step: the encrypted sums, the trustees' parts put together, the rule (spec 7).

Each step verifies what it builds on, goes on with what an interrupted one has done, and writes its act into the journal last.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sanduq import errors
from sanduq.archive import json
from sanduq.box import journal
from sanduq.box.journal import Act
from sanduq.box.record import Record
from sanduq.box.supervision import needs_signature
from sanduq.count.binding import read_bindings
from sanduq.count.decryption import read_decryption
from sanduq.count.report import ArchiveReport
from sanduq.count.steps import append_sum, cut_back
from sanduq.engine import Engine
from sanduq.question.setup import CountingArea
from sanduq.watch import trustee
from sanduq.watch.record import RecordReport, outcome_sha256, verify_record

Parts = Mapping[str, trustee.Part]
"""One trustee's parts, by uuid."""
_form = json.Form(errors.DecryptionMalformed)


def read_parts(data: bytes) -> tuple[int, dict[str, trustee.Part]]:
    """One trustee's file of partial decryptions: whose it is, and its parts. Whether they hold is seen when they are put
    together."""
    fields = _form.fields(json.read(data), ("owner", "areas"))
    areas = fields["areas"]
    if not isinstance(areas, dict):
        _form.fail_kind("areas", areas)
    return _form.number(fields["owner"], "owner"), {uuid: _read_part(value) for uuid, value in areas.items()}


def _read_part(value: object) -> trustee.Part:
    fields = _form.fields(value, ("decryption", "bindings"))
    decryption = read_decryption(json.write(fields["decryption"]).encode())
    return trustee.Part(decryption, read_bindings(fields["bindings"]))


def sum_record(record: Record, engine: Engine, now: str, tell: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Verify every closed area, append its encrypted sum, and write the act; how many areas there are."""
    record.require_last(Act.CLOSED, now)
    areas, heads = record.setup.areas, dict[str, str | None]()
    for number, area in enumerate(areas, 1):
        # An earlier attempt may have been interrupted: what is summed already stays.
        cut_back(record.archive(area))
        report = _verified(record, area, engine)
        heads[area.code] = report.head_at_sum or append_sum(record.archive(area), report).hash
        tell(number, len(areas))
    record.write_act(Act.SUMMED, now, {"heads": heads})
    record.write_fingerprints()
    return len(heads)


def open_record(record: Record, given: Mapping[int, Parts], engine: Engine, now: str) -> None:
    """Check the trustees' parts, append decryptions and results to every area that is to be counted, and write the act. Nothing
    is written unless all can be opened."""
    last = record.last_line()
    if last is None or last.act is not Act.COUNTED:  # else an earlier attempt was interrupted: only the rule is left
        record.require_last(Act.SUMMED, now)
        record.write_act(Act.COUNTED, now, {"heads": _open_all(record, given, engine)})
    record.require_last(Act.COUNTED, now)
    journal.cut_back(record.journal_path)
    record.write_fingerprints()


def _open_all(record: Record, given: Mapping[int, Parts], engine: Engine) -> dict[str, str | None]:
    heads: dict[str, str | None] = {}
    ready: list[tuple[CountingArea, ArchiveReport, dict[int, trustee.Part]]] = []
    for area in record.setup.areas:
        cut_back(record.archive(area))
        report = _verified(record, area, engine)
        heads[area.code] = report.head if report.result is not None else None
        if report.result is not None or 0 < report.counted < record.setup.minimum_ballots:
            continue
        parts = {owner: areas[area.uuid] for owner, areas in given.items() if area.uuid in areas}
        try:
            trustee.check_parts(record, area, report, parts)
        except errors.Refused as refusal:
            raise refusal.within(f"area {area.code}") from None
        ready.append((area, report, parts))
    for area, report, parts in ready:
        heads[area.code] = trustee.append_parts(record, area, report, parts)[1].hash
    return heads


def decide_record(record: Record, engine: Engine, now: str) -> RecordReport:
    """Apply the rule to a counted record; the outcome's hash is written into the journal, unless nothing is decided, or the
    supervisor has to sign it first."""
    report = verify_record(record, engine, None)
    if report.outcome is not None and not needs_signature(record.setup, Act.DECIDED):
        record.write_act(Act.DECIDED, now, {"outcome_sha256": outcome_sha256(report.outcome)})
    return report


def _verified(record: Record, area: CountingArea, engine: Engine) -> ArchiveReport:
    try:
        return trustee.verify_area(record, area, engine)
    except errors.Refused as refusal:
        raise refusal.within(f"area {area.code}") from None
