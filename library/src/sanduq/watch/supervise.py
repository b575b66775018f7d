"""What a supervisor does with its own copy of a record before it signs: verify everything, and say what there is to sign
(spec 5.e)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sanduq import errors
from sanduq.box.journal import Act, Line
from sanduq.box.record import Record
from sanduq.box.supervision import SignedAct, Statement, require_fitting, statement_of
from sanduq.engine import Engine
from sanduq.watch.journal import outcome_sha256
from sanduq.watch.record import RecordReport, Told, check_anchor, verify_frozen, verify_record


def statement_for(
    record: Record,
    anchor: str,
    act: Act,
    earliest: str,
    engine: Engine,
    *,
    reason: Mapping[str, str] | None = None,
    told: Told | None = None,
) -> Statement:
    """Verify a copy of a record against the announced anchor, and give the statement to be signed for its next act.

    ``reason`` (by language) goes with a suspension and a resumption. Nothing is signed here, and nothing is written.
    """
    check_anchor(record, anchor)
    if act is Act.FROZEN:
        verify_frozen(record, engine, told=told)
        return statement_of(record.setup, record.journal(), act, earliest, {"anchor": record.setup.anchor})
    report = verify_record(record, engine, anchor, told=told)
    return statement_of(record.setup, report.journal, act, earliest, _details(act, report, reason))


def _details(act: Act, report: RecordReport, reason: Mapping[str, str] | None) -> dict[str, Any]:
    """The details of the next act of a verified record, but for what only the box can say."""
    if act is Act.OPENED:
        return opening_detail(report.test_head)
    if act is Act.SUSPENDED:
        return {"reason": dict(reason or {})}
    if act is Act.RESUMED:
        return {"reason": dict(reason or {}), "heads": suspended_at(report.journal)}
    if act is Act.CLOSED:
        heads = {code: area.head_at_close for code, area in report.areas.items()}
        if None in heads.values():
            raise errors.JournalMismatch("the archives are open still", hint="they are ended first: sanduq box close")
        return {"heads": heads}
    if report.outcome is None:
        raise errors.NotFinal(expected="the outcome", got=report.phase)
    return {"outcome_sha256": outcome_sha256(report.outcome)}


def opening_detail(head: str | None) -> dict[str, str]:
    """What the opening says of the test sum: the head of its archive, where the setup reserves one."""
    return {} if head is None else {"test": head}


def suspended_at(journal: tuple[Line, ...] | list[Line]) -> Any:
    """The heads at which the box stands still; refused (8.10) unless the vote is suspended."""
    if not journal or journal[-1].act is not Act.SUSPENDED:
        raise errors.JournalOrder("this can be done when the vote is suspended")
    return journal[-1].details["heads"]


def write_signed(record: Record, signed: SignedAct, now: str, engine: Engine) -> Line:
    """Append an act that is done by its signature alone: frozen, resumed or decided. Verifies what it says first.

    (Opening, suspending and closing do more than this: ``sanduq box``.)
    """
    act = signed.statement.act
    if act not in (Act.FROZEN, Act.RESUMED, Act.DECIDED):
        raise errors.JournalOrder("this act is not done by a signature alone", got=act.value)
    reason = signed.statement.details.get("reason")
    expected = statement_for(record, record.setup.anchor, act, signed.statement.earliest, engine, reason=reason)
    require_fitting(record.setup, record.journal(), signed, act, expected.details)
    return record.write_act(act, now, expected.details, signed.countersignature)
