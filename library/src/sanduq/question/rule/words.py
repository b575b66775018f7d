"""A rule in plain words. One table of sentences a language: to add a language, add a table with the same names."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from sanduq import errors
from sanduq.question.rule.types import (
    FAILS,
    NONE,
    SIMPLE_MAJORITY,
    AreaWeights,
    Choice,
    DecisionBy,
    Item,
    Level,
    Linked,
    Needed,
    Otherwise,
    Proposal,
    Rule,
    Share,
)

_ENGLISH: Final[dict[str, str]] = {
    "whole": "All areas decide together.",
    "each-areas": "Each area decides for itself.",
    "each-parents": "Each region decides for itself; the areas with the same parent are one region.",
    "item": "{id}: ",
    "proposal": "“{accept}” is accepted if {conditions}.",
    "all": "all of this holds: {conditions}",
    "share": "it has {needed} of {of}",
    "turnout": "{needed} of the electorate have voted",
    "approval": "{needed} of the electorate have voted for it",
    "area-majority": "{needed} of the {areas} accept it, by weight",
    "area-accepts": "One of the {areas} accepts if more votes there are for than against; a tie there does not accept.",
    "tie-fails": "If exactly as many are for as against, it is rejected.",
    "tie-accepts": "If exactly as many are for as against, this condition is met.",
    "tie-answer": "If exactly as many are for as against, “{answer}” holds, so that it is rejected.",
    "plurality": "The answer with most votes is chosen.",
    "choice": "The answer with most votes is chosen if {conditions}.",
    "choice-run-off": "If the answer with most votes does not reach its share, there is a run-off between the first two.",
    "run-off-tie": "If several share the second place, all of them go into the run-off.",
    "run-off-tie-answer": "If several share the second place, “{answer}” takes it if it is among them, else all go on.",
    "choice-nothing": "Otherwise nothing is chosen.",
    "choice-tie": "If several share the first place, nothing is chosen.",
    "choice-tie-answer": "If several share the first place, “{answer}” is chosen if it is one of them, else nothing.",
    "linked": "The proposals {first} and {second} are decided each by its own question. If only one is accepted, it holds.",
    "tie-break-people": "If both are accepted, the question {id} decides: the proposal preferred by more votes holds.",
    "tie-break-areas": (
        "If both are accepted, the question {id} decides: the proposal holds whose share of the votes and share of the "
        "{areas}, by weight, have the greater sum. Each of the {areas} goes to the proposal preferred by more votes there, "
        "at a tie to neither."
    ),
    "tie-break-none": "If they are equal there too, neither holds.",
    "tie-break-tie": "If they are equal there too, {proposal} holds.",
    "weights": "Weights: {weights}.",
    "weight": "{weight} for {codes}",
    "weights-equal": "Each of the {areas} has the same weight.",
    "more-than": "more than {fraction}",
    "at-least": "at least {fraction}",
    "areas": "areas",
    "parents": "regions",
    "ballots-cast": "the ballots cast",
    "valid-votes": "the valid votes (blank not counted)",
    "valid-votes-and-blank": "the valid and blank votes",
    "electorate": "the electorate",
    "no-quorum": "No turnout is required.",
}

SENTENCES: Final[Mapping[str, Mapping[str, str]]] = {"en": _ENGLISH}
LANGUAGES: Final = tuple(SENTENCES)
"""The languages that :func:`describe` has words for."""


def describe(rule: Rule, lang: str = "en", names: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """The rule as sentences in one of :data:`LANGUAGES`.

    ``names`` gives texts for ids of questions and answers; an id without a text stands for itself. Raises
    :class:`errors.Unusable` for a language without words.
    """
    if lang not in SENTENCES:
        raise errors.Unusable(f"no words for the language {lang!r}", hint=f"there are: {', '.join(LANGUAGES)}")
    return _Teller(SENTENCES[lang], names or {}, rule).tell()


class _Teller:
    def __init__(self, table: Mapping[str, str], names: Mapping[str, str], rule: Rule) -> None:
        self.table, self.names, self.rule = table, names, rule
        level = rule.area_weights.level if rule.area_weights else Level.AREAS
        self.areas = table[level.value]

    def say(self, sentence: str, **values: str) -> str:
        return self.table[sentence].format(areas=self.areas, **values)

    def name(self, identifier: str) -> str:
        return self.names.get(identifier, identifier)

    def tell(self) -> tuple[str, ...]:
        rule = self.rule
        sentences = [self.say("whole" if rule.regions is None else f"each-{rule.regions.value}")]
        for item in rule.items:
            first, *rest = self.item(item)
            sentences += [self.say("item", id=self.name(item.id)) + first, *rest]
        if not any(self.has_turnout(item) for item in rule.items):
            sentences.append(self.say("no-quorum"))
        if rule.area_weights is not None:
            sentences.append(self.weights(rule.area_weights))
        return tuple(sentences)

    def item(self, item: Item) -> list[str]:
        match item:
            case Proposal():
                return self.proposal(item)
            case Choice():
                return self.choice(item)
            case Linked():
                return self.linked(item)

    def has_turnout(self, item: Item) -> bool:
        return any(map(self.has_turnout, item.proposals)) if isinstance(item, Linked) else item.turnout is not None

    def needed(self, needed: Needed) -> str:
        return self.say(needed.comparison.value, fraction=str(needed.fraction))

    def share(self, share: Share) -> str:
        return self.say("share", needed=self.needed(share.needed), of=self.say(share.of.value))

    def conditions(self, share: Share | None, **others: Needed | None) -> str:
        found = [] if share is None else [self.share(share)]
        found += [self.say(name.replace("_", "-"), needed=self.needed(needed)) for name, needed in others.items() if needed]
        return found[0] if len(found) == 1 else self.say("all", conditions="; ".join(found))

    def proposal(self, item: Proposal) -> list[str]:
        conditions = self.conditions(item.share, turnout=item.turnout, approval=item.approval, area_majority=item.area_majority)
        sentences = [self.say("proposal", accept=self.name(item.accept), conditions=conditions)]
        if item.tie == FAILS and item.share == SIMPLE_MAJORITY:
            sentences.append(self.say("tie-fails"))
        elif item.tie != FAILS:
            sentences.append(self.say("tie-accepts" if item.tie_accepts else "tie-answer", answer=self.name(item.tie)))
        return [*sentences, self.say("area-accepts")] if item.area_majority is not None else sentences

    def choice(self, item: Choice) -> list[str]:
        named, answer = item.tie != NONE, self.name(item.tie)
        if item.share is None and item.turnout is None:
            sentences = [self.say("plurality")]
        else:
            sentences = [self.say("choice", conditions=self.conditions(item.share, turnout=item.turnout))]
            run_off = item.otherwise is Otherwise.RUN_OFF
            sentences.append(self.say("choice-run-off" if run_off else "choice-nothing"))
            if run_off:
                sentences.append(self.say("run-off-tie-answer" if named else "run-off-tie", answer=answer))
        sentences.append(self.say("choice-tie-answer" if named else "choice-tie", answer=answer))
        return sentences

    def linked(self, item: Linked) -> list[str]:
        first, second = item.proposals
        sentences = [self.say("linked", first=self.name(first.id), second=self.name(second.id))]
        for proposal in item.proposals:
            head, *rest = self.proposal(proposal)
            sentences += [self.say("item", id=self.name(proposal.id)) + head, *rest]
        people = item.tie_break.by is DecisionBy.PEOPLE
        sentences.append(self.say("tie-break-people" if people else "tie-break-areas", id=self.name(item.tie_break.id)))
        none = item.tie_break.tie == NONE
        sentences.append(self.say("tie-break-none" if none else "tie-break-tie", proposal=self.name(item.tie_break.tie)))
        return sentences

    def weights(self, weights: AreaWeights) -> str:
        if weights.weights is None:
            return self.say("weights-equal")
        codes: dict[Fraction, list[str]] = {}
        for code, weight in weights.weights:
            codes.setdefault(weight, []).append(self.name(code))
        parts = [self.say("weight", weight=str(w), codes=", ".join(codes[w])) for w in sorted(codes, reverse=True)]
        return self.say("weights", weights="; ".join(parts))
