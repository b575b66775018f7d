"""A rule applied to the areas' tallies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sanduq.count.outcome.bounds import could_change
from sanduq.count.outcome.judge import judge
from sanduq.count.outcome.sums import AreaTally, Poll, check_tallies
from sanduq.count.outcome.types import UNCOUNTED, Decision, Outcome, QuestionOutcome, Region, Uncounted
from sanduq.question.rule import Level, QuestionShape, Rule, check_rule


def decide(rule: Rule, questions: Sequence[QuestionShape], tallies: Sequence[AreaTally]) -> Outcome:
    """The outcome of a referendum: ``tallies`` has every area of the setup, counted or not.

    Raises :class:`errors.RuleInvalid` (2.11) if the rule does not fit the questions and areas, :class:`errors.SetupAreas`
    (2.9), :class:`errors.ResultMalformed` (7.9) or :class:`errors.CountWrong` (7.1) if the tallies do not fit the questions.
    """
    check_rule(rule, questions, ((tally.code, tally.parent) for tally in tallies))
    check_tallies(questions, tallies)
    ordered = sorted(tallies, key=lambda tally: tally.code)
    regions: dict[str | None, list[AreaTally]] = {}
    for tally in ordered:
        regions.setdefault(_region(rule, tally), []).append(tally)
    codes = sorted(regions, key=lambda code: code or "")
    found = tuple(_decide_region(Poll(rule, tuple(questions), tuple(regions[code])), code) for code in codes)
    return Outcome(rule.decides.value, found)


def _region(rule: Rule, tally: AreaTally) -> str | None:
    match rule.regions:
        case Level.AREAS:
            return tally.code
        case Level.PARENTS:
            return tally.parent
        case None:
            return None


def _decide_region(poll: Poll, code: str | None) -> Region:
    questions: list[QuestionOutcome] = []
    decisions: list[Decision] = []
    change = False
    nothing_counted = len(poll.uncounted) == len(poll.tallies) and any(tally.ballots for tally in poll.tallies)
    for item in poll.rule.items:
        outcomes, decision = judge(item, poll)
        if nothing_counted:
            outcomes = tuple(replace(outcome, decision=UNCOUNTED, answers=()) for outcome in outcomes)
            decision = Decision(item.id, UNCOUNTED)
        questions += outcomes
        decisions.append(decision)
        change = change or could_change(item, poll, decision)
    return Region(
        code,
        sum(tally.electorate for tally in poll.tallies),
        sum(tally.ballots for tally in poll.tallies if tally.questions is not None),
        tuple(questions),
        tuple(decisions),
        tuple(Uncounted(tally.code, tally.electorate, tally.ballots) for tally in poll.uncounted),
        change,
    )
