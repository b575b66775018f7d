"""Short ways to write rules and tallies, for the tests of ``question.rule`` and ``count.outcome``."""

from __future__ import annotations

from typing import Any

from sanduq.count.outcome import AreaTally
from sanduq.question.rule import QuestionShape, Rule, read_rule

Value = dict[str, Any]

HALF = {"of": "valid-votes", "compare": "more-than", "needed": "1/2"}
AREAS = {"area_accepts": "more-for-than-against", "compare": "more-than", "needed": "1/2"}
AT_LEAST_HALF = {"compare": "at-least", "needed": "1/2"}
ABSOLUTE: Value = {"share": HALF, "otherwise": "run-off"}

YES_NO = QuestionShape("q", ("yes", "no"), True)
ABC = QuestionShape("c", ("a", "b", "c"), True)
LINKED_SHAPES = [
    QuestionShape("a", ("yes", "no"), True),
    QuestionShape("b", ("yes", "no"), True),
    QuestionShape("t", ("x", "y"), True),
]


def share(of: str, compare: str, needed: str) -> dict[str, str]:
    """A threshold with its denominator."""
    return {"of": of, "compare": compare, "needed": needed}


def value(*items: Any, **more: Any) -> Value:
    """The JSON of a rule."""
    return {"decides": "whole", "items": list(items)} | more


def rule(*items: Any, **more: Any) -> Rule:
    """A rule that is read."""
    return read_rule(value(*items, **more))


def proposal(name: Any = "q", **more: Any) -> Value:
    """A proposal by simple majority, unless told otherwise."""
    return {"id": name, "kind": "proposal", "accept": "yes", "share": dict(HALF)} | more


def choice(**more: Any) -> Value:
    """A choice by plurality, unless told otherwise."""
    return {"id": "c", "kind": "choice"} | more


def linked(tie_break: Value | None = None, **more: Any) -> Value:
    """Proposals a and b, and t, in which x prefers a and y prefers b; ``more`` goes to both proposals."""
    usual = {"id": "t", "prefers": {"y": "b", "x": "a"}, "by": "people"}
    proposals = [proposal("a", **more), proposal("b", **more)]
    return {"id": "g", "kind": "linked", "proposals": proposals, "tie_break": usual | (tie_break or {})}


def area(code: str, electorate: int, *questions: tuple[int, ...], parent: str | None = None) -> AreaTally:
    """An area that is counted."""
    return AreaTally(code, parent, electorate, sum(questions[0]), questions)


def uncounted(code: str, electorate: int, ballots: int, parent: str | None = None) -> AreaTally:
    """An area that is not."""
    return AreaTally(code, parent, electorate, ballots, None)
