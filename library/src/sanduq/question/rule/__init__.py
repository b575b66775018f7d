"""The rule of decision: what decides, as data, fixed before opening (DESIGN, "What decides"; spec 2;
``docs/look-up/rules.md``).

A rule says for each question which share of which denominator it needs, what happens at a tie, whether a turnout quorum, an
approval quorum or a majority of areas is needed beside it, and whether the referendum decides as a whole or each region for
itself. It is a value: :func:`read_rule` makes it from plain JSON (strings and lists, fractions as ``"p/q"``),
:meth:`Rule.to_json` writes it back, :func:`check_rule` sees that it fits the questions and the areas, :func:`describe` says it
in plain words. ``sanduq.count.outcome`` applies it.

Quorums are possible but never a default: the Revised Code of Good Practice on Referendums advises against both kinds (Venice
Commission, CDL-AD(2022)015, III.7).
"""

from sanduq.question.rule.fits import check_rule
from sanduq.question.rule.reading import read_rule
from sanduq.question.rule.types import (
    FAILS,
    NONE,
    RESERVED,
    SIMPLE,
    SIMPLE_MAJORITY,
    AreaWeights,
    Choice,
    Comparison,
    Decides,
    DecisionBy,
    Denominator,
    Item,
    Level,
    Linked,
    Needed,
    Otherwise,
    Proposal,
    QuestionShape,
    Rule,
    Share,
    TieBreak,
    check_id,
)
from sanduq.question.rule.words import LANGUAGES, describe

__all__ = [
    "FAILS",
    "LANGUAGES",
    "NONE",
    "RESERVED",
    "SIMPLE",
    "SIMPLE_MAJORITY",
    "AreaWeights",
    "Choice",
    "Comparison",
    "Decides",
    "DecisionBy",
    "Denominator",
    "Item",
    "Level",
    "Linked",
    "Needed",
    "Otherwise",
    "Proposal",
    "QuestionShape",
    "Rule",
    "Share",
    "TieBreak",
    "check_id",
    "check_rule",
    "describe",
    "read_rule",
]
