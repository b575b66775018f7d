"""Invented counts that show what a rule does, as people read them: of a referendum, and of a draft of one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from sanduq.count.outcome import Example
from sanduq.question.rule import Choice, Rule
from sanduq.question.setup import Asked

_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Line:
    """The votes of one question in an example; ``question`` is empty where there is one question only."""

    question: str
    votes: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Row:
    """An example for people. ``decision`` is a word of the outcome, or ``name`` is what is chosen or holds."""

    case: str
    lines: tuple[Line, ...]
    blank: int
    ballots: int
    electorate: int
    areas: str
    decision: str
    name: str


def items(rule: Rule, asked: Iterable[Asked], found: Sequence[Example], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """The items of the rule with their examples; ``letters`` says that A, B, C stand for the answers of a choice."""
    by_id = {each.id: each for each in asked}
    told = []
    for item in rule.items:
        letters, called = isinstance(item, Choice), dict(names)
        if letters:
            called |= {f"{item.id}/{answer.id}": _letter(number) for number, answer in enumerate(by_id[item.id].answers)}
        rows = [_row(example, called) for example in found if example.item == item.id]
        told.append({"name": names.get(item.id, ""), "rows": rows, "letters": letters, "areas": any(row.areas for row in rows)})
    return told


def _letter(number: int) -> str:
    return _LETTERS[number] if number < len(_LETTERS) else f"A{number}"


def _row(example: Example, names: dict[str, str]) -> Row:
    questions, decision = example.region.questions, example.region.decisions[0]
    lines = []
    for outcome in questions:
        votes = tuple((names[f"{outcome.id}/{answer}"], count) for answer, count in outcome.votes)
        lines.append(Line(names[outcome.id] if len(questions) > 1 else "", votes))
    majority = [c for c in questions[0].conditions if c.kind == "area_majority"] if len(questions) == 1 else []
    areas = "".join(f"{_mixed(c.numerator)} / {_mixed(c.denominator)}" for c in majority)
    name = names.get(f"{questions[0].id}/{decision.decision}") or names.get(decision.decision, "")
    totals = questions[0].totals
    return Row(
        example.case.value,
        tuple(lines),
        totals.blank,
        totals.ballots_cast,
        totals.electorate,
        areas,
        decision.decision,
        name,
    )


def _mixed(number: Fraction) -> str:
    """``11½`` rather than ``23/2``."""
    whole, rest = divmod(number, 1)
    if not rest:
        return str(whole)
    part = {Fraction(1, 2): "½", Fraction(1, 4): "¼", Fraction(3, 4): "¾", Fraction(1, 3): "⅓", Fraction(2, 3): "⅔"}.get(rest)
    return str(number) if part is None else f"{whole or ''}{part}"
