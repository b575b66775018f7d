"""The page of one referendum: what is asked, every side, who may vote, how, when, how it is decided, and the anchor."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from sanduq.count.outcome import Example, examples
from sanduq.keys.trustees import PublicKey, Single, read_trustees
from sanduq.question.rule import LANGUAGES, Choice, describe
from sanduq_web.box import api as box
from sanduq_web.question.api import Frozen, referendum, tell
from sanduq_web.watch.views.pages import current, page

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@require_safe
def one(request: HttpRequest, anchor: str) -> HttpResponse:
    """What is asked, who may vote, when, how it is decided, and the anchor."""
    frozen, language = current(anchor), get_language() or ""
    words = language if language in LANGUAGES else "en"
    names = tell(frozen, words).names
    more: dict[str, Any] = {"rule": describe(frozen.setup.rule, words, names), "rule_language": words}
    more |= {"electorate": sum(area.electorate for area in frozen.setup.areas), "booth": settings.SANDUQ_BOOTH}
    more |= {"items": _items(frozen, names), "places": _places(frozen), "trustees": _trustees(frozen)}
    more["authentication"] = box.authentication(anchor)
    return page(request, "watch/referendum.html", anchor, "referendum", more)


# --- examples ---------------------------------------------------------------------------------------------------------------


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


@lru_cache(maxsize=64)
def _examples(anchor: str) -> tuple[Example, ...]:
    setup = referendum(anchor).setup
    return examples(setup.rule, setup.shapes, [(area.code, area.parent) for area in setup.areas])


def _items(frozen: Frozen, names: Any) -> list[dict[str, Any]]:
    """The items of the rule with their examples; ``letters`` says that A, B, C stand for the answers of a choice."""
    found = []
    for item in frozen.setup.rule.items:
        letters, called = isinstance(item, Choice), dict(names)
        if letters:
            answers = next(asked.answers for asked in frozen.setup.questions if asked.id == item.id)
            called |= {f"{item.id}/{answer.id}": _letter(number) for number, answer in enumerate(answers)}
        rows = [_row(example, called) for example in _examples(frozen.anchor) if example.item == item.id]
        found.append(
            {"name": names.get(item.id, ""), "rows": rows, "letters": letters, "areas": any(row.areas for row in rows)}
        )
    return found


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


# --- who may vote, and who counts -------------------------------------------------------------------------------------------


def _places(frozen: Frozen) -> list[dict[str, Any]]:
    """The highest regions with their areas and electorate, in the order of the setup; or the areas where there are none."""
    parents = {region.code: region.parent for region in frozen.setup.regions}

    def top(code: str | None) -> str | None:
        while code is not None and parents.get(code) is not None:
            code = parents[code]
        return code

    rows: dict[str, dict[str, Any]] = {
        region.code: {"name": region.name, "areas": 0, "electorate": 0}
        for region in frozen.setup.regions
        if region.parent is None
    }
    alone = []
    for area in frozen.setup.areas:
        above = top(area.parent)
        if above is None:
            alone.append({"name": area.name, "areas": 1, "electorate": area.electorate})
        else:
            rows[above]["areas"] += 1
            rows[above]["electorate"] += area.electorate
    return [row for row in rows.values() if row["areas"]] + alone


def _trustees(frozen: Frozen) -> dict[str, Any]:
    """How many there are and are needed, and each one's name and key."""
    policy = frozen.setup.trustees
    public: list[PublicKey] = []
    for item in read_trustees(frozen.trustees).items:
        public += [item.public_key] if isinstance(item, Single) else item.verification_keys
    people = [{"name": one.name or "", "key": one.key.hex} for one in public]
    always = policy.mandatory if policy.size else 0
    return {
        "people": people,
        "size": policy.mandatory + policy.size,
        "needed": policy.mandatory + policy.threshold,
        "always": always,
    }
