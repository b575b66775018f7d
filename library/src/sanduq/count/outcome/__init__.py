"""What a result decides: the rule applied to the areas' tallies (spec 7; ``docs/look-up/rules.md``).

:func:`decide` takes a rule (``sanduq.question.rule``), the shapes of the questions and one :class:`AreaTally` an area, and
gives an :class:`Outcome`: every total, every condition with both sides of its comparison, every decision. It is exact, pure,
and the same on every machine. An area that could not be counted stands apart; :attr:`Region.uncounted_could_change` is False
only if no way in which its ballots may have been cast could change a decision. :func:`examples` invents counts that show what
a rule does. :func:`decide_without` leaves areas out whose vote was annulled.
"""

from sanduq.count.outcome.decide import decide
from sanduq.count.outcome.examples import Case, Example, examples
from sanduq.count.outcome.sums import AreaTally
from sanduq.count.outcome.types import (
    ACCEPTED,
    REJECTED,
    RUN_OFF,
    TIE,
    UNCOUNTED,
    AreaVote,
    Condition,
    Decision,
    Outcome,
    QuestionOutcome,
    Region,
    Totals,
    Uncounted,
    number,
    percent,
)
from sanduq.count.outcome.without import decide_without

__all__ = [
    "ACCEPTED",
    "REJECTED",
    "RUN_OFF",
    "TIE",
    "UNCOUNTED",
    "AreaTally",
    "AreaVote",
    "Case",
    "Condition",
    "Decision",
    "Example",
    "Outcome",
    "QuestionOutcome",
    "Region",
    "Totals",
    "Uncounted",
    "decide",
    "decide_without",
    "examples",
    "number",
    "percent",
]
