"""The journal of a record fits the calendar, says what the archives say, and is signed where it has to be (spec 8.10, 8.11,
8.16 to 8.18)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sanduq import errors
from sanduq.algebra.numbers import sha256_hex
from sanduq.box.journal import Act, Line
from sanduq.box.supervision import check_line
from sanduq.count.outcome import Outcome
from sanduq.count.report import ArchiveReport
from sanduq.question.setup import Setup, canonical

Reports = Mapping[str, ArchiveReport]
PHASES: Final[Mapping[Act, str]] = {
    Act.FROZEN: "frozen",
    Act.OPENED: "open",
    Act.SUSPENDED: "suspended",
    Act.RESUMED: "open",
    Act.CLOSED: "closed",
    Act.SUMMED: "counting",
    Act.COUNTED: "counted",
    Act.DECIDED: "decided",
}


def outcome_sha256(outcome: Outcome) -> str:
    """SHA-256 of the outcome's canonical JSON: what the journal commits to."""
    return sha256_hex(canonical(outcome.to_json()))


def heads_named(journal: Sequence[Line]) -> dict[str, frozenset[str]]:
    """The heads at which the box stood when the vote was suspended, by area: whoever reads the archives looks for them."""
    found: dict[str, set[str]] = {}
    for line in journal:
        heads = line.details.get("heads") if line.act is Act.SUSPENDED else None
        for code, head in heads.items() if isinstance(heads, dict) else ():
            found.setdefault(code, set()).add(str(head))
    return {code: frozenset(heads) for code, heads in found.items()}


def check_journal(
    setup: Setup,
    journal: Sequence[Line],
    reports: Reports,
    uncounted: Sequence[str],
    outcome: Outcome | None,
    test_head: str | None,
) -> str:
    """Every check of a journal that was read (8.8, 8.9); gives the phase. ``test_head`` is that of the verified test sum."""
    if not journal:
        raise errors.JournalMalformed("the journal is empty", hint=_EMPTY if setup.supervisor else None)
    for number, line in enumerate(journal, 1):
        try:
            check_line(setup, line)
        except errors.Refused as refusal:
            raise refusal.within(f"journal line {number}") from None
    acts = {line.act: line for line in journal}
    anchor = acts[Act.FROZEN].details.get("anchor") if Act.FROZEN in acts else None
    errors.require(errors.JournalMismatch, anchor == setup.anchor, "anchor", expected=setup.anchor, got=anchor)
    _check_opening(setup, acts, reports, test_head)
    _check_suspensions(journal, reports)
    _check_count(acts, reports, uncounted)
    if Act.DECIDED in acts:
        expected = None if outcome is None else outcome_sha256(outcome)
        got = acts[Act.DECIDED].details.get("outcome_sha256")
        errors.require(errors.JournalMismatch, expected is not None and got == expected, "outcome", expected=expected, got=got)
    return PHASES[journal[-1].act]


_EMPTY: Final = "the supervisor has to sign that it is frozen: sanduq question supervise sign"


def _check_opening(setup: Setup, acts: Mapping[Act, Line], reports: Reports, test_head: str | None) -> None:
    """Not before the calendar allows (8.10), no ballot before, and the test sum that was decrypted (8.11)."""
    for act, earliest in ((Act.OPENED, setup.calendar.opens), (Act.CLOSED, setup.calendar.closes)):
        on_time = act not in acts or acts[act].time >= earliest
        errors.require(errors.JournalOrder, on_time, f"{act.value} before the calendar allows", expected=f"from {earliest}")
    if Act.OPENED not in acts:
        voted = [code for code, report in reports.items() if report.height > 0]
        errors.require(errors.JournalMismatch, not voted, "ballots before the opening", got=", ".join(voted[:5]))
        return
    got = acts[Act.OPENED].details.get("test")
    errors.require(errors.JournalMismatch, got == test_head, "head of the test sum", expected=test_head, got=got)


def _check_suspensions(journal: Sequence[Line], reports: Reports) -> None:
    """The box stood where it says when the vote was suspended (8.11), and no ballot came in until it was resumed (8.18)."""
    for number, line in enumerate(journal, 1):
        if line.act is not Act.SUSPENDED:
            continue
        heights = _heights(line.details.get("heads"), reports)
        following = journal[number] if number < len(journal) else None
        if following is not None and following.act is Act.RESUMED:
            got, expected = following.details.get("heads"), line.details.get("heads")
            errors.require(errors.SuspensionBroken, got == expected, f"between lines {number} and {number + 1} of the journal")
            continue
        # Suspended still, or closed without having been resumed: no ballot stands behind these heads.
        grown = [code for code, height in heights.items() if reports[code].ballots > height]
        errors.require(errors.SuspensionBroken, not grown, f"after line {number} of the journal", got=", ".join(grown[:5]))


def _heights(heads: Any, reports: Reports) -> dict[str, int]:
    """Where the events stand whose hashes were noted, by area."""
    known = isinstance(heads, dict) and heads.keys() == reports.keys()
    errors.require(errors.JournalMismatch, known, "heads when suspended", expected=f"{len(reports)} areas")
    heights = {}
    for code, head in heads.items() if known else ():
        height = reports[code].marks.get(head) if isinstance(head, str) else None
        errors.require(errors.JournalMismatch, height is not None, f"area {code}: head when suspended", got=head)
        if height is not None:
            heights[code] = height
    return heights


def _check_count(acts: Mapping[Act, Line], reports: Reports, uncounted: Sequence[str]) -> None:
    """Heads when closed, summed and counted (8.11)."""
    _check_heads(acts, Act.CLOSED, {code: report.head_at_close for code, report in reports.items()})
    _check_heads(acts, Act.SUMMED, {code: report.head_at_sum for code, report in reports.items()})
    counted = {code: report.head for code, report in reports.items() if report.result is not None}
    done = Act.COUNTED not in acts or counted.keys() | set(uncounted) == reports.keys()
    errors.require(errors.JournalMismatch, done, "counted, but areas have no result")
    _check_heads(acts, Act.COUNTED, counted | dict.fromkeys(uncounted))


def _check_heads(acts: Mapping[Act, Line], act: Act, expected: Mapping[str, str | None]) -> None:
    if act not in acts:
        return
    got = acts[act].details.get("heads")
    errors.require(errors.JournalMismatch, got == expected, f"heads when {act.value}", expected=f"{len(expected)} areas")
    done = act is Act.COUNTED or None not in expected.values()
    errors.require(errors.JournalMismatch, done, f"{act.value}, but areas are not")
