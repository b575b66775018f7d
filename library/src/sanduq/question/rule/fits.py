"""Whether a rule fits the questions and the areas of its setup (2.11)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sanduq import errors
from sanduq.question.rule.types import FAILS, NONE, Choice, Decides, Level, Linked, Proposal, QuestionShape, Rule, check_id


def check_rule(rule: Rule, shapes: Sequence[QuestionShape], areas: Iterable[tuple[str, str | None]]) -> None:
    """Refuse (2.11) a rule that does not decide exactly these questions over exactly these areas.

    ``areas`` are the codes of the counting areas, each with that of its parent or None. After small areas were merged, these
    are the merged ones.
    """
    by_id = {shape.id: shape for shape in shapes}
    errors.require(errors.RuleInvalid, len(by_id) == len(shapes), "two questions have the same id")
    for shape in shapes:
        _check_shape(shape)
    used, there = set(rule.question_ids), set(by_id)
    errors.require(errors.RuleInvalid, used <= there, "the rule names questions that are not asked", got=_list(used - there))
    errors.require(errors.RuleInvalid, there <= used, "the rule leaves questions undecided", got=_list(there - used))
    for item in rule.items:
        try:
            _check_item(item, by_id)
        except errors.Refused as refusal:
            raise refusal.within(f"rule: item {item.id}") from None
    _check_areas(rule, tuple(areas))


def _check_shape(shape: QuestionShape) -> None:
    check_id(shape.id, "question")
    for answer in shape.answers:
        check_id(answer, f"question {shape.id}: answer")
    different = len(set(shape.answers)) == len(shape.answers)
    errors.require(errors.RuleInvalid, different, f"question {shape.id}: two answers have the same id")
    errors.require(
        errors.RuleInvalid,
        len(shape.answers) >= 2,
        f"question {shape.id}: answers",
        expected="2 or more",
        got=len(shape.answers),
    )


def _check_item(item: Proposal | Choice | Linked, by_id: dict[str, QuestionShape]) -> None:
    match item:
        case Proposal():
            answers = by_id[item.id].answers
            _require_two(answers, item.id)
            _require_answer(item.accept, answers, "accept")
            _require_answer(item.tie, (*answers, FAILS), "tie")
        case Choice():
            _require_answer(item.tie, (*by_id[item.id].answers, NONE), "tie")
        case Linked():
            for proposal in item.proposals:
                _check_item(proposal, by_id)
            answers = by_id[item.tie_break.id].answers
            _require_two(answers, item.tie_break.id)
            for answer, _ in item.tie_break.prefers:
                _require_answer(answer, answers, "tie_break: prefers")


def _require_two(answers: tuple[str, ...], question: str) -> None:
    errors.require(errors.RuleInvalid, len(answers) == 2, f"question {question}: answers", expected="2", got=len(answers))


def _require_answer(name: str, answers: tuple[str, ...], place: str) -> None:
    errors.require(errors.RuleInvalid, name in answers, f"{place}: no such answer", expected=", ".join(answers), got=name)


def _check_areas(rule: Rule, areas: tuple[tuple[str, str | None], ...]) -> None:
    errors.require(errors.RuleInvalid, bool(areas), "there is no area")
    levels = {rule.regions if rule.decides is Decides.EACH else None, rule.area_weights.level if rule.area_weights else None}
    orphans = sorted(code for code, parent in areas if parent is None)
    if Level.PARENTS in levels:
        errors.require(
            errors.RuleInvalid, not orphans, "the rule speaks of the areas' parents; areas without one", got=_list(orphans)
        )
    if rule.area_weights is None or rule.area_weights.weights is None:
        return
    units = {str(parent) if rule.area_weights.level is Level.PARENTS else code for code, parent in areas}
    weighed = {code for code, _ in rule.area_weights.weights}
    hint = "weights name every area, and only areas; were small areas merged after the rule was written?"
    errors.require(errors.RuleInvalid, units <= weighed, "areas without a weight", got=_list(units - weighed), hint=hint)
    errors.require(
        errors.RuleInvalid, weighed <= units, "weights of areas that are not there", got=_list(weighed - units), hint=hint
    )


def _list(names: set[str] | list[str]) -> str:
    return ", ".join(sorted(names))
