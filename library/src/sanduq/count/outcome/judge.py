"""One item of the rule applied to the areas that decide together. Each function here is one paragraph of
``docs/look-up/rules.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from sanduq.count.outcome.sums import Poll, compare, quorum, share_of
from sanduq.count.outcome.types import ACCEPTED, REJECTED, RUN_OFF, TIE, AreaVote, Condition, Decision, QuestionOutcome, Totals
from sanduq.question.rule import (
    NONE,
    SIMPLE,
    SIMPLE_MAJORITY,
    Choice,
    DecisionBy,
    Item,
    Linked,
    Otherwise,
    Proposal,
    TieBreak,
)


def judge(item: Item, poll: Poll) -> tuple[tuple[QuestionOutcome, ...], Decision]:
    """The outcome of each question of an item, and the item's decision."""
    if isinstance(item, Linked):
        first, second = (judge_proposal(proposal, poll) for proposal in item.proposals)
        preferred = judge_tie_break(item.tie_break, poll)
        decision = link(item, (first.decision, second.decision), preferred.decision)
        return (first, second, preferred), Decision(item.id, decision)
    question = judge_proposal(item, poll) if isinstance(item, Proposal) else judge_choice(item, poll)
    return (question,), Decision(item.id, question.decision, question.answers)


def judge_proposal(item: Proposal, poll: Poll) -> QuestionOutcome:
    """Accepted if every condition is met."""
    totals, votes = poll.totals(item.id), dict(poll.votes(item.id))
    ayes = votes[item.accept]
    tied = 2 * ayes == totals.valid_votes > 0
    conditions = [_share_or_tie(item, share_of(item.accept, item.share, ayes, totals), tied)]
    if item.turnout is not None:
        conditions.append(quorum("turnout", item.accept, "ballots cast", item.turnout, totals.ballots_cast, totals))
    if item.approval is not None:
        conditions.append(quorum("approval", item.accept, f"votes for {item.accept}", item.approval, ayes, totals))
    areas: tuple[AreaVote, ...] = ()
    if item.area_majority is not None:
        areas = poll.areas(item.id)
        words = f"areas for {item.accept} of all areas, by weight"
        weight, whole = _weight(areas, item.accept), _weight(areas)
        conditions.append(compare("area_majority", item.accept, "areas", words, item.area_majority, weight, whole))
    decision = ACCEPTED if all(condition.met for condition in conditions) else REJECTED
    return QuestionOutcome(item.id, totals, poll.votes(item.id), tuple(conditions), decision, tied=tied, areas=areas)


def _share_or_tie(item: Proposal, share: Condition, tied: bool) -> Condition:
    """Where a tie accepts, exactly a half is enough."""
    if not (item.tie_accepts and item.share == SIMPLE_MAJORITY):
        return share
    needed = f"{share.needed}, or exactly {item.share.needed.fraction}"
    return Condition(
        share.kind, share.subject, share.of, share.condition, needed, share.numerator, share.denominator, share.met or tied
    )


def _weight(areas: Sequence[AreaVote], answer: str | None = None) -> Fraction:
    return sum((area.weight for area in areas if answer is None or area.says == answer), Fraction(0))


def judge_choice(item: Choice, poll: Poll) -> QuestionOutcome:
    """The answer with most votes, if it has the share that it needs; else a run-off, or nothing."""
    totals, votes = poll.totals(item.id), poll.votes(item.id)
    most = max(count for _, count in votes)
    leaders = tuple(answer for answer, count in votes if count == most)
    first = item.tie if item.tie in leaders else leaders[0]
    tied = len(leaders) > 1 and most > 0
    conditions = [_most_votes(first, most, totals, clear=most > 0 and (not tied or item.tie in leaders))]
    if item.share is not None:
        conditions.append(share_of(first, item.share, most, totals))
    if item.turnout is not None:
        conditions.append(quorum("turnout", first, "ballots cast", item.turnout, totals.ballots_cast, totals))
    met = {condition.kind: condition.met for condition in conditions}
    decision: tuple[str, tuple[str, ...]] = REJECTED, ()
    if most > 0 and met.get("turnout", True):
        decision = _chosen(item, votes, leaders, met.get("share", True))
    return QuestionOutcome(item.id, totals, votes, tuple(conditions), *decision, tied)


def _most_votes(answer: str, count: int, totals: Totals, *, clear: bool) -> Condition:
    """The condition that every choice has: one answer comes first, by votes or by the rule for ties."""
    words, whole = f"votes for {answer} of the valid votes", Fraction(totals.valid_votes)
    return Condition("most_votes", answer, "valid-votes", words, "more than any other answer", Fraction(count), whole, clear)


def _chosen(
    item: Choice, votes: tuple[tuple[str, int], ...], leaders: tuple[str, ...], reached: bool
) -> tuple[str, tuple[str, ...]]:
    if reached:
        if len(leaders) == 1 or item.tie in leaders:
            return (leaders[0] if len(leaders) == 1 else item.tie), ()
        return TIE, leaders
    if item.otherwise is Otherwise.RUN_OFF:
        return RUN_OFF, run_off(votes, item.tie)
    return REJECTED, ()


def run_off(votes: tuple[tuple[str, int], ...], tie: str = NONE) -> tuple[str, ...]:
    """The answers of the run-off, in the order of the question: the first two, and at a tie for the second place all that share
    it.

    If ``tie`` is one of those that share it, that one alone takes the place.
    """
    counts = sorted((count for _, count in votes), reverse=True)
    bar = counts[1]
    above = {answer for answer, count in votes if count > bar}
    level = {answer for answer, count in votes if count == bar}
    if len(above) == 1 and tie in level:
        level = {tie}
    return tuple(answer for answer, _ in votes if answer in above | level)


def judge_tie_break(item: TieBreak, poll: Poll) -> QuestionOutcome:
    """Which of two proposals is preferred: by the votes, or by the sum of the shares of votes and areas."""
    totals, votes, prefers = poll.totals(item.id), poll.votes(item.id), dict(item.prefers)
    people = {answer: Fraction(count, totals.valid_votes or 1) for answer, count in votes}
    areas: tuple[AreaVote, ...] = ()
    if item.by is DecisionBy.PEOPLE:
        strength = {answer: Fraction(count) for answer, count in votes}
        words, of = "votes preferring {} of the valid votes", "valid-votes"
    else:
        areas = poll.areas(item.id)
        whole = _weight(areas)
        strength = {answer: part + _weight(areas, answer) / whole for answer, part in people.items()}
        words, of = "share of votes plus share of areas for {}, of both sums", "sum-of-shares"
    total = sum(strength.values(), Fraction(0))
    conditions = tuple(
        compare("tie_break", prefers[answer], of, words.format(prefers[answer]), SIMPLE, part, total)
        for answer, part in strength.items()
    )
    found = [condition.subject for condition in conditions if condition.met]
    tied = not found and total > 0
    decision = found[0] if found else item.tie if tied and item.tie != NONE else TIE
    return QuestionOutcome(item.id, totals, votes, conditions, decision, tied=tied, areas=areas)


def link(item: Linked, decisions: tuple[str, str], preferred: str) -> str:
    """The proposal that comes to hold, or REJECTED; TIE if both are accepted and neither is preferred."""
    accepted = [p.id for p, decision in zip(item.proposals, decisions, strict=True) if decision == ACCEPTED]
    return REJECTED if not accepted else accepted[0] if len(accepted) == 1 else preferred
