"""A rule in plain words. The sentences stand in ``sentences/``, a file a language: to add a language, add a file with the same
names, and its tag here.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from importlib.resources import files
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

LANGUAGES: Final = ("en", "az", "azb", "fa", "ar", "tr")
"""The languages that :func:`describe` has words for."""

_ISOLATE, _END = "\u2068", "\u2069"


@dataclass(frozen=True)
class Sentences:
    """The sentences of a language by their names, and the direction in which it is written."""

    by_name: Mapping[str, str]
    direction: str

    def apart(self, text: str) -> str:
        """``text`` set apart from its surroundings (U+2068, U+2069; UAX 9) where its letters may run the other way."""
        other = ("L",) if self.direction == "rtl" else ("R", "AL", "AN")
        return f"{_ISOLATE}{text}{_END}" if any(unicodedata.bidirectional(one) in other for one in text) else text


@lru_cache
def sentences(lang: str) -> Sentences:
    """Those of one of :data:`LANGUAGES`; raises :class:`errors.Unusable` for any other."""
    if lang not in LANGUAGES:
        raise errors.Unusable(f"no words for the language {lang!r}", hint=f"there are: {', '.join(LANGUAGES)}")
    value = tomllib.loads(files(__package__).joinpath("sentences", f"{lang}.toml").read_text("utf-8"))
    return Sentences(value["sentences"], value["direction"])


def describe(rule: Rule, lang: str = "en", names: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """The rule as sentences in one of :data:`LANGUAGES`.

    ``names`` gives texts for ids of questions and answers, and for codes of areas; ``question/answer`` goes before ``answer``,
    since two questions may have answers of one id, and ``/code`` before ``code``. What has no text stands for itself. Raises
    :class:`errors.Unusable` for a language without words.
    """
    return _Teller(sentences(lang), names or {}, rule).tell()


class _Teller:
    def __init__(self, table: Sentences, names: Mapping[str, str], rule: Rule) -> None:
        self.table, self.names, self.rule = table, names, rule
        level = rule.area_weights.level if rule.area_weights else Level.AREAS
        self.areas = table.by_name[level.value]

    def say(self, sentence: str, **values: str) -> str:
        return self.table.by_name[sentence].format(areas=self.areas, **values)

    def name(self, identifier: str, within: str | None = None) -> str:
        text = self.names.get(identifier, identifier)
        return self.table.apart(text if within is None else self.names.get(f"{within}/{identifier}", text))

    def called(self, identifier: str) -> str:
        """What is decided, before the sentence that says how; a text that asks needs no colon."""
        asks = self.names.get(identifier, "").rstrip().endswith(("?", "؟"))
        return self.say("item-asked" if asks else "item", id=self.name(identifier))

    def join(self, what: str, parts: list[str]) -> str:
        return self.table.by_name[f"join-{what}"].join(parts)

    def tell(self) -> tuple[str, ...]:
        rule = self.rule
        sentences = [self.say("whole" if rule.regions is None else f"each-{rule.regions.value}")]
        for item in rule.items:
            first, *rest = self.item(item)
            # Linked proposals are no question: among texts for people there is none for them.
            nameless = isinstance(item, Linked) and bool(self.names) and item.id not in self.names
            sentences += [("" if nameless else self.called(item.id)) + first, *rest]
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
        return found[0] if len(found) == 1 else self.say("all", conditions=self.join("conditions", found))

    def proposal(self, item: Proposal) -> list[str]:
        conditions = self.conditions(item.share, turnout=item.turnout, approval=item.approval, area_majority=item.area_majority)
        sentences = [self.say("proposal", accept=self.name(item.accept, item.id), conditions=conditions)]
        if item.tie == FAILS and item.share == SIMPLE_MAJORITY:
            sentences.append(self.say("tie-fails"))
        elif item.tie != FAILS:
            sentences.append(self.say("tie-accepts" if item.tie_accepts else "tie-answer", answer=self.name(item.tie, item.id)))
        return [*sentences, self.say("area-accepts")] if item.area_majority is not None else sentences

    def choice(self, item: Choice) -> list[str]:
        named, answer = item.tie != NONE, self.name(item.tie, item.id)
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
            sentences += [self.called(proposal.id) + head, *rest]
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
            codes.setdefault(weight, []).append(self.name(code, ""))
        parts = [self.say("weight", weight=str(w), codes=self.join("codes", codes[w])) for w in sorted(codes, reverse=True)]
        return self.say("weights", weights=self.join("weights", parts))
