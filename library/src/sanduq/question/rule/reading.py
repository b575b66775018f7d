"""From plain JSON to a :class:`Rule` (2.11). Strict: an unknown field, a fraction not in lowest terms, a useless threshold is
refused.

A refusal says where: ``rule: item 2: share: needed: …``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any, Final, TypeVar

from sanduq import errors
from sanduq.archive.json import Form
from sanduq.question.rule.types import (
    FAILS,
    HALF,
    NONE,
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
    Rule,
    Share,
    TieBreak,
    check_id,
)

MAX_ITEMS: Final = 50
MAX_AREAS: Final = 100_000
_FRACTION: Final = re.compile(r"(0|[1-9][0-9]{0,17})(?:/([1-9][0-9]{0,17}))?\Z")
_form: Final = Form(errors.RuleInvalid)

T = TypeVar("T")
S = TypeVar("S", Decides, Level, Otherwise, DecisionBy, Denominator, Comparison)


def read_rule(value: Any) -> Rule:
    """The rule in a JSON value; raises :class:`errors.RuleInvalid`, saying where."""
    return _at("rule", _rule, value)


def _at(place: str, read: Callable[[Any], T], value: Any) -> T:
    try:
        return read(value)
    except errors.Refused as refusal:
        raise refusal.within(place) from None


def _word(kind: type[S]) -> Callable[[Any], S]:
    def read(value: Any) -> S:
        known = {member.value: member for member in kind}
        found = known.get(value) if isinstance(value, str) else None
        if found is None:
            raise errors.RuleInvalid("not one of the words", expected=", ".join(known), got=value)
        return found

    return read


def fraction(value: Any) -> Fraction:
    """A fraction of at most 18 digits above and below, in lowest terms: ``"1/2"``, ``"2/3"``, ``"1"``."""
    match = _FRACTION.match(value) if isinstance(value, str) else None
    if match is None:
        raise errors.RuleInvalid("not a fraction", expected='a text like "1/2"', got=value)
    result = Fraction(int(match[1]), int(match[2] or 1))
    errors.require(errors.RuleInvalid, str(result) == value, "a fraction not in lowest terms", expected=result, got=value)
    return result


def _id(value: Any) -> str:
    return check_id(_form.text(value, "an id"), "id")


def _id_or(word: str) -> Callable[[Any], str]:
    return lambda value: word if value == word else _id(value)


def _needed(fields: dict[str, Any]) -> Needed:
    needed = Needed(_at("needed", fraction, fields["needed"]), _at("compare", _word(Comparison), fields["compare"]))
    if needed.comparison is Comparison.MORE_THAN:
        errors.require(errors.RuleInvalid, needed.fraction < 1, "more than the whole can never be reached", got=needed.fraction)
    else:
        errors.require(
            errors.RuleInvalid, 0 < needed.fraction <= 1, "not a share", expected="above 0, at most 1", got=needed.fraction
        )
    return needed


def _quorum(value: Any) -> Needed:
    return _needed(_form.fields(value, ("compare", "needed")))


def _share(value: Any) -> Share:
    fields = _form.fields(value, ("of", "compare", "needed"))
    return Share(_at("of", _word(Denominator), fields["of"]), _needed(fields))


def _proposal_share(value: Any) -> Share:
    share = _share(value)
    hint = "ask for 1/2 of the valid votes, and beside it for an approval quorum"
    low = share.needed.fraction
    errors.require(errors.RuleInvalid, low >= HALF, "a minority would carry it", expected="1/2 or more", got=low, hint=hint)
    hint = "write more-than 1/2, and in tie what holds if exactly as many are for as against"
    tied = share == Share(Denominator.VALID_VOTES, Needed(HALF, Comparison.AT_LEAST))
    errors.require(errors.RuleInvalid, not tied, "at least 1/2 of the valid votes hides what a tie does", hint=hint)
    return share


def _area_majority(value: Any) -> Needed:
    fields = _form.fields(value, ("area_accepts", "compare", "needed"))
    if fields["area_accepts"] != "more-for-than-against":
        raise errors.RuleInvalid("area_accepts", expected="more-for-than-against", got=fields["area_accepts"])
    return _needed(fields)


def _proposal(value: Any) -> Proposal:
    optional = ("tie", "turnout", "approval", "area_majority")
    fields = _form.fields(value, ("id", "kind", "accept", "share"), optional)
    errors.require(errors.RuleInvalid, fields["kind"] == "proposal", "kind", expected="proposal", got=fields["kind"])
    proposal = Proposal(
        _at("id", _id, fields["id"]),
        _at("accept", _id, fields["accept"]),
        _at("share", _proposal_share, fields["share"]),
        _at("tie", _id_or(FAILS), fields.get("tie", FAILS)),
        _optional(fields, "turnout", _quorum),
        _optional(fields, "approval", _quorum),
        _optional(fields, "area_majority", _area_majority),
    )
    simple = proposal.share == SIMPLE_MAJORITY
    message = "tie: only where the share is more than 1/2 of the valid votes can there be a tie"
    errors.require(errors.RuleInvalid, simple or "tie" not in fields, message, got=proposal.tie)
    return proposal


def _optional(fields: dict[str, Any], name: str, read: Callable[[Any], T]) -> T | None:
    return _at(name, read, fields[name]) if name in fields else None


def _choice(value: Any) -> Choice:
    fields = _form.fields(value, ("id", "kind"), ("share", "otherwise", "tie", "turnout"))
    missing = [name for name in ("share", "otherwise") if name not in fields]
    errors.require(errors.RuleInvalid, len(missing) != 1, "share and otherwise go together", got=f"no {', '.join(missing)}")
    return Choice(
        _at("id", _id, fields["id"]),
        _optional(fields, "share", _share),
        _optional(fields, "otherwise", _word(Otherwise)) or Otherwise.NOTHING,
        _at("tie", _id_or(NONE), fields.get("tie", NONE)),
        _optional(fields, "turnout", _quorum),
    )


def _prefers(value: Any) -> tuple[tuple[str, str], tuple[str, str]]:
    if not isinstance(value, dict) or len(value) != 2:
        raise errors.RuleInvalid("not an object with two answers, each naming a proposal", got=value)
    first, second = sorted((_id(answer), _at(answer, _id, proposal)) for answer, proposal in value.items())
    return first, second


def _tie_break(value: Any) -> TieBreak:
    fields = _form.fields(value, ("id", "prefers", "by"), ("tie",))
    return TieBreak(
        _at("id", _id, fields["id"]),
        _at("prefers", _prefers, fields["prefers"]),
        _at("by", _word(DecisionBy), fields["by"]),
        _at("tie", _id_or(NONE), fields.get("tie", NONE)),
    )


def _linked(value: Any) -> Linked:
    fields = _form.fields(value, ("id", "kind", "proposals", "tie_break"))
    proposals = _form.items(fields["proposals"], "proposal", _proposal)
    if len(proposals) != 2:
        raise errors.RuleInvalid("linked proposals", expected="2", got=len(proposals))
    linked = Linked(
        _at("id", _id, fields["id"]), (proposals[0], proposals[1]), _at("tie_break", _tie_break, fields["tie_break"])
    )
    ids, tie_break = {p.id for p in proposals}, linked.tie_break
    named = {proposal for _, proposal in tie_break.prefers}
    errors.require(errors.RuleInvalid, named == ids, "tie_break: prefers", expected=_list(ids), got=_list(named))
    errors.require(errors.RuleInvalid, tie_break.tie in ids | {NONE}, "tie_break: tie", expected=_list(ids), got=tie_break.tie)
    return linked


_KINDS: Final[dict[str, Callable[[Any], Item]]] = {"proposal": _proposal, "choice": _choice, "linked": _linked}


def _item(value: Any) -> Item:
    kind = value.get("kind") if isinstance(value, dict) else None
    if not isinstance(kind, str) or kind not in _KINDS:
        raise errors.RuleInvalid("kind", expected=", ".join(_KINDS), got=kind)
    return _KINDS[kind](value)


def _weights(value: Any) -> tuple[tuple[str, Fraction], ...]:
    if not isinstance(value, dict) or not 0 < len(value) <= MAX_AREAS:
        raise errors.RuleInvalid("not an object with the weight of each area", got=type(value).__name__)
    weights = sorted(
        (_form.text(code, "a code"), _at(f"area {str(code)[:64]}", fraction, weight)) for code, weight in value.items()
    )
    for code, weight in weights:
        errors.require(errors.RuleInvalid, weight > 0, f"the weight of area {code[:64]}", expected="above 0", got=weight)
    return tuple(weights)


def _area_weights(value: Any) -> AreaWeights:
    fields = _form.fields(value, ("level",), ("weights",))
    return AreaWeights(_at("level", _word(Level), fields["level"]), _optional(fields, "weights", _weights))


def _rule(value: Any) -> Rule:
    fields = _form.fields(value, ("decides", "items"), ("regions", "area_weights"))
    items = _form.items(fields["items"], "item", _item)
    errors.require(errors.RuleInvalid, 0 < len(items) <= MAX_ITEMS, "items", expected=f"1 to {MAX_ITEMS}", got=len(items))
    rule = Rule(
        items,
        _at("decides", _word(Decides), fields["decides"]),
        _optional(fields, "regions", _word(Level)),
        _optional(fields, "area_weights", _area_weights),
    )
    _require_coherent(rule)
    return rule


def _require_coherent(rule: Rule) -> None:
    each, levels = rule.decides is Decides.EACH, rule.area_weights
    errors.require(
        errors.RuleInvalid, each == (rule.regions is not None), 'regions: goes with decides "each", and only with it'
    )
    message = "area_weights: goes with a majority of areas, and only with it"
    errors.require(errors.RuleInvalid, rule.uses_areas == (levels is not None), message)
    if levels is not None and rule.regions is not None:
        finer = (rule.regions, levels.level) == (Level.PARENTS, Level.AREAS)
        errors.require(errors.RuleInvalid, finer, "area_weights: level: a region of one area has no majority of areas")
    ids = [*rule.question_ids, *(item.id for item in rule.items if isinstance(item, Linked))]
    twice = sorted({name for name in ids if ids.count(name) > 1})
    errors.require(errors.RuleInvalid, not twice, "an id stands twice", got=_list(twice))


def _list(names: set[str] | list[str]) -> str:
    return ", ".join(sorted(names))
