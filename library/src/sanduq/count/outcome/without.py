"""The rule applied without some of the areas: what is left where a tribunal has annulled the vote in them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from sanduq import errors
from sanduq.count.outcome.decide import decide
from sanduq.count.outcome.sums import AreaTally
from sanduq.count.outcome.types import Outcome
from sanduq.question.rule import AreaWeights, Level, QuestionShape, Rule


def decide_without(
    rule: Rule, questions: Sequence[QuestionShape], tallies: Sequence[AreaTally], annulled: Collection[str]
) -> Outcome | None:
    """The outcome as if the annulled areas (by code) were no part of the referendum. ``tallies`` has every area of the setup.

    They leave every sum and every denominator, the electorate's too, and the majority of areas; an area there that is the
    parent of several leaves it with the last of them. A region that decides for itself and has no area left is no region of
    the outcome. None: all areas are annulled, so nothing is decided.

    Raises :class:`errors.SetupAreas` (2.9) for a code that is no area's, and whatever :func:`decide` raises.
    """
    known = {tally.code for tally in tallies}
    strange = sorted(set(annulled) - known)
    errors.require(errors.SetupAreas, not strange, "annulled areas that are not there", got=", ".join(strange))
    left = [tally for tally in tallies if tally.code not in annulled]
    return decide(_narrowed(rule, left), questions, left) if left else None


def _narrowed(rule: Rule, left: Sequence[AreaTally]) -> Rule:
    """The same rule with the weights of those areas alone that are left; no weight changes."""
    found = rule.area_weights
    if found is None or found.weights is None:
        return rule
    units = {str(tally.parent) if found.level is Level.PARENTS else tally.code for tally in left}
    weights = tuple((code, weight) for code, weight in found.weights if code in units)
    return replace(rule, area_weights=AreaWeights(found.level, weights))
