"""Whether ballots that were not counted could have changed a decision. ``False`` is a promise; ``True`` may be too careful.

The uncounted ballots of a question may be any mix of its choices. Nothing is guessed: the rule is applied to the extreme mixes,
and the following says why these are enough.

*Proposal.* Each condition only becomes easier if one more of the uncounted ballots accepts: the votes for rise, those against
fall, and with them every share, quorum and area. So if all accepting and all rejecting give the same decision, all mixes
between do.

*Tie-break question.* The same with "prefers the first": its strength only rises, the other's only falls. Each question of a
linked item is answered by itself, so every combination of what its questions may come to is possible, and all are tried.
What lies between two different extremes of the tie-break question need not be tried: they differ already.

*Choice.* Let u be the number of uncounted ballots and let all of them be cast for X, for each X in turn, and for nothing. If W
is chosen in each of these cases, then W ≥ X + u for each other X (at a tie the rule prefers W), so no mix brings X before W;
and W's share is smallest where all ballots went to another. If nothing is chosen for want of a share, no X reaches it with all
of them, hence with none of the mixes. For a run-off the extremes alone are not enough (30 : 30 : 30 stays a run-off of three if
all go to one, but not if they split), so there must also be exactly two answers in it, each with more than u votes above all
others.
"""

from __future__ import annotations

from itertools import product

from sanduq.count.outcome.judge import judge_choice, judge_proposal, judge_tie_break, link
from sanduq.count.outcome.sums import Poll
from sanduq.count.outcome.types import RUN_OFF, Decision
from sanduq.question.rule import Choice, Item, Linked, Proposal, TieBreak


def could_change(item: Item, poll: Poll, decision: Decision) -> bool:
    """Whether some way in which the uncounted ballots may have been cast gives another decision of this item."""
    if not any(tally.ballots for tally in poll.uncounted):
        return False
    match item:
        case Proposal():
            return _proposals(item, poll) != {decision.decision}
        case Choice():
            return _choice_could_change(item, poll, decision)
        case Linked():
            first, second = (_proposals(proposal, poll) for proposal in item.proposals)
            preferred = _preferred(item.tie_break, poll)
            found = {link(item, (a, b), c) for a, b, c in product(first, second, preferred)}
            return found != {decision.decision}


def _proposals(item: Proposal, poll: Poll) -> set[str]:
    shape = poll.shape(item.id)
    return {judge_proposal(item, poll.filled(item.id, shape.position(answer))).decision for answer in shape.answers}


def _preferred(item: TieBreak, poll: Poll) -> set[str]:
    shape = poll.shape(item.id)
    return {judge_tie_break(item, poll.filled(item.id, shape.position(answer))).decision for answer in shape.answers}


def _choice_could_change(item: Choice, poll: Poll, decision: Decision) -> bool:
    shape, base = poll.shape(item.id), (decision.decision, decision.answers)
    for choice in (None, *range(shape.choices)):
        outcome = judge_choice(item, poll.filled(item.id, choice))
        if (outcome.decision, outcome.answers) != base:
            return True
    if decision.decision != RUN_OFF:
        return False
    uncounted, votes = sum(tally.ballots for tally in poll.uncounted), dict(poll.votes(item.id))
    inside = [votes.pop(answer) for answer in decision.answers]
    return len(inside) != 2 or (bool(votes) and max(votes.values()) + uncounted >= min(inside))
