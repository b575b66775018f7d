"""Whether an outcome is the published one."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from sanduq import errors
from sanduq.count.outcome import Outcome, QuestionOutcome, percent
from sanduq.rehearse.plan import Plan, Published, PublishedQuestion


def differences(plan: Plan, outcome: Outcome) -> tuple[str, ...]:
    """Everything in which an outcome differs from what was published, as sentences; none if all is as published.

    Raises :class:`errors.Unusable` where there is nothing to compare with: no ``[published]``, or scaled figures.
    """
    if plan.published is None:
        raise errors.Unusable("nothing was published about this rehearsal", hint="add [published] to its file")
    if plan.scale != 1:
        raise errors.Unusable(f"the figures are scaled by {plan.scale}: they cannot be the published ones")
    return tuple(
        f"{what}: published {published}, reckoned {reckoned}"
        for what, published, reckoned in _pairs(plan.published, outcome)
        if published != reckoned
    )


def _pairs(published: Published, outcome: Outcome) -> Iterator[tuple[str, object, object]]:
    whole = outcome.region()
    yield "electorate", published.electorate, whole.electorate
    yield "ballots cast", published.ballots, whole.ballots
    for question in published.questions:
        yield from _question(question, whole.question(question.id))
    for item, decision in published.decisions:
        yield f"decision of {item}", decision, whole.decision(item)


def _question(published: PublishedQuestion, found: QuestionOutcome) -> Iterator[tuple[str, object, object]]:
    valid, votes = found.totals.valid_votes, dict(found.votes)
    yield f"{published.id}: valid votes", published.valid, valid
    for answer, count in published.votes:
        yield f"{published.id}: votes for {answer}", count, votes[answer]
    for answer, text in published.percent:
        digits = len(text.partition(".")[2])
        yield f"{published.id}: per cent for {answer}", text, percent(votes[answer], valid, digits)
    for answer, weight in published.areas:
        says = sum((area.weight for area in found.areas if area.says == answer), Fraction(0))
        yield f"{published.id}: areas for {answer}", weight, says
