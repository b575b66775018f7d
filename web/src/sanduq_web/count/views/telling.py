"""What was decided, in the reader's language: words for what the outcome says in structure, and every number with its name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _

from sanduq.count.outcome import ACCEPTED, REJECTED, RUN_OFF, TIE, UNCOUNTED, Condition, Decision, QuestionOutcome, Region
from sanduq.question.rule import (
    SIMPLE,
    SIMPLE_MAJORITY,
    Choice,
    Comparison,
    DecisionBy,
    Item,
    Level,
    Linked,
    Needed,
    Proposal,
    TieBreak,
)
from sanduq_web.count.api import Result
from sanduq_web.pages import isolated, share
from sanduq_web.question.api import Frozen, Telling

Question = Proposal | Choice | TieBreak


@dataclass(frozen=True)
class Row:
    """One condition: what is counted, of what, what is needed, whether it is met."""

    name: str
    counted: str
    numerator: Fraction
    of: str
    denominator: Fraction
    share: str
    needed: str
    met: bool


@dataclass(frozen=True)
class Votes:
    """One answer with its votes, and their share of the valid votes; ``kind`` is its class in bars."""

    text: str
    votes: int
    share: str
    kind: str


@dataclass(frozen=True)
class AreaRow:
    """How one area counts in a majority of areas."""

    name: str
    weight: Fraction
    says: str


@dataclass(frozen=True)
class QuestionTold:
    """One question with its figures."""

    id: str
    text: str
    outcome: QuestionOutcome
    votes: tuple[Votes, ...]
    rows: tuple[Row, ...]
    areas: tuple[AreaRow, ...]
    by_parents: bool

    @property
    def weight(self) -> Fraction:
        """The sum of the areas' weights."""
        return sum((row.weight for row in self.areas), Fraction(0))

    @property
    def sums(self) -> list[tuple[str, Fraction]]:
        """What areas say, with the sum of the weights of those that say so."""
        found: dict[str, Fraction] = {}
        for row in self.areas:
            found[row.says] = found.get(row.says, Fraction(0)) + row.weight
        return list(found.items())

    @property
    def area_conditions(self) -> list[Row]:
        """The conditions that count areas."""
        return [row for row, condition in zip(self.rows, self.outcome.conditions, strict=True) if condition.of == "areas"]


@dataclass(frozen=True)
class Verdict:
    """One decision in a word; ``kind`` is its class."""

    text: str
    word: str
    kind: str


@dataclass(frozen=True)
class RegionTold:
    """Who decides together. ``name`` is empty if the whole decides."""

    name: str
    verdicts: tuple[Verdict, ...]
    turnout: str
    region: Region
    questions: tuple[QuestionTold, ...]
    uncounted: tuple[tuple[str, int, int], ...]


def names_of(frozen: Frozen) -> dict[str, str]:
    """The names of regions and areas by code; an area's comes before that of a region with its code."""
    setup = frozen.setup
    return {region.code: region.name for region in setup.regions} | {area.code: area.name for area in setup.areas}


def questions_of(items: tuple[Item, ...]) -> dict[str, Question]:
    """What the rule says of each question."""
    found: dict[str, Question] = {}
    for item in items:
        for each in (*item.proposals, item.tie_break) if isinstance(item, Linked) else (item,):
            found[each.id] = each
    return found


def kinds_of(question: Question, answers: tuple[str, ...]) -> dict[str, str]:
    """The class of each answer in a bar: for and against where there is a proposal, else by its place."""
    if isinstance(question, Proposal):
        return {answer: "for" if answer == question.accept else "against" for answer in answers}
    return {answer: f"part-{1 + place % 6}" for place, answer in enumerate(answers)}


def tell_regions(frozen: Frozen, result: Result, text: Telling) -> list[RegionTold]:
    """Each region that decides; only one, without a name, if the whole decides."""
    return [_Teller(frozen, text).region(region) for region in result.outcome.regions]


class _Teller:
    def __init__(self, frozen: Frozen, text: Telling) -> None:
        self.rule = frozen.setup.rule
        self.texts = {item.id: text.title for item in self.rule.items} | dict(text.names)
        self.areas = names_of(frozen)
        self.questions = questions_of(self.rule.items)
        weights = self.rule.area_weights
        self.by_parents = weights is not None and weights.level is Level.PARENTS
        self.regions = self.areas | {region.code: region.name for region in frozen.setup.regions}

    def name(self, code: str) -> str:
        return isolated(self.texts.get(code, code))

    def region(self, region: Region) -> RegionTold:
        by_code = self.regions if self.rule.regions is Level.PARENTS else self.areas
        name = "" if region.code is None else by_code.get(region.code, region.code)
        verdicts = tuple(self.verdict(decision) for decision in region.decisions)
        questions = tuple(self.question(question) for question in region.questions)
        uncounted = tuple((self.areas[area.code], area.ballots, area.electorate) for area in region.uncounted)
        return RegionTold(name, verdicts, share(region.ballots, region.electorate), region, questions, uncounted)

    def verdict(self, decision: Decision) -> Verdict:
        choice = isinstance(self.questions.get(decision.id), Choice)
        return Verdict(self.texts.get(decision.id, decision.id), *self.word(decision.decision, decision.answers, choice=choice))

    def word(self, decision: str, answers: tuple[str, ...], *, choice: bool) -> tuple[str, str]:
        """A decision in words, and its class."""
        names: Mapping[str, str] = {"answers": " · ".join(map(self.name, answers))}
        match decision:
            case _ if decision == ACCEPTED:
                return _("accepted"), "accepted"
            case _ if decision == REJECTED:
                return (_("Nothing was chosen") if choice else _("rejected")), "rejected"
            case _ if decision == RUN_OFF:
                return _("Run-off between: %(answers)s") % names, "open"
            case _ if decision == TIE:
                return (_("Tie between: %(answers)s") % names if answers else _("Tie")), "open"
            case _ if decision == UNCOUNTED:
                return _("Not counted"), "open"
        return _("Chosen: %(answers)s") % {"answers": self.name(decision)}, "accepted"

    def question(self, outcome: QuestionOutcome) -> QuestionTold:
        question = self.questions[outcome.id]
        kinds = kinds_of(question, tuple(answer for answer, _votes in outcome.votes))
        votes = tuple(
            Votes(self.texts.get(answer, answer), count, share(count, outcome.totals.valid_votes), kinds[answer])
            for answer, count in outcome.votes
        )
        rows = tuple(self.row(question, condition) for condition in outcome.conditions)
        text = self.texts.get(outcome.id, outcome.id)
        return QuestionTold(outcome.id, text, outcome, votes, rows, self.area_rows(question, outcome), self.by_parents)

    def area_rows(self, question: Question, outcome: QuestionOutcome) -> tuple[AreaRow, ...]:
        names = self.regions if self.by_parents else self.areas
        says = {TIE: _("Tie"), UNCOUNTED: _("Not counted")}
        if isinstance(question, Proposal):
            says |= {answer: _("Rejects") for answer, _votes in outcome.votes} | {question.accept: _("Accepts")}
        order = [*dict(outcome.votes), TIE, UNCOUNTED]
        found = sorted(outcome.areas, key=lambda area: (order.index(area.says), names.get(area.code, area.code)))
        return tuple(
            AreaRow(names.get(area.code, area.code), area.weight, says.get(area.says) or self.texts.get(area.says, area.says))
            for area in found
        )

    def row(self, question: Question, condition: Condition) -> Row:
        name, counted = self.counted(question, condition)
        numerator, denominator = condition.numerator, condition.denominator
        of = self.denominator(condition.of)
        needed = self.needed(question, condition.kind)
        return Row(name, counted, numerator, of, denominator, share(numerator, denominator), needed, condition.met)

    def counted(self, question: Question, condition: Condition) -> tuple[str, str]:
        """The name of a condition, and what it counts."""
        answer = {"answer": self.name(condition.subject)}
        match condition.kind:
            case "share":
                return _("Share of the votes"), _("Votes for %(answer)s") % answer
            case "turnout":
                return _("Turnout quorum"), _("Ballots cast")
            case "approval":
                return _("Approval quorum"), _("Votes for %(answer)s") % answer
            case "area_majority" if self.by_parents:
                return _("Majority of regions"), _("Regions that accept, by weight")
            case "area_majority":
                return _("Majority of areas"), _("Areas that accept, by weight")
            case "most_votes":
                return _("Most votes"), _("Votes for %(answer)s") % answer
            case _ if isinstance(question, TieBreak) and question.by is DecisionBy.PEOPLE_AND_AREAS:
                return _("Tie-break"), _("Share of votes plus share of areas for %(answer)s") % answer
            case _:
                return _("Tie-break"), _("Votes preferring %(answer)s") % answer

    def denominator(self, of: str) -> str:
        return {
            "ballots-cast": _("Ballots cast"),
            "valid-votes": _("Valid votes"),
            "valid-votes-and-blank": _("Valid and blank votes"),
            "electorate": _("Electorate"),
            "areas": _("All regions, by weight") if self.by_parents else _("All areas, by weight"),
            "sum-of-shares": _("Both sums together"),
        }[of]

    def needed(self, question: Question, kind: str) -> str:
        if kind == "most_votes":
            return _("More than any other answer")
        needed = _needed(question, kind)
        fraction = {"share": isolated(str(needed.fraction))}
        # Where a tie accepts, exactly a half is enough.
        ties = isinstance(question, Proposal) and kind == "share" and question.share == SIMPLE_MAJORITY and question.tie_accepts
        if needed.comparison is Comparison.AT_LEAST or ties:
            return _("At least %(share)s") % fraction
        return _("More than %(share)s") % fraction


def _needed(question: Question, kind: str) -> Needed:
    """The threshold of a condition, as the rule has it; that of a tie-break is a half."""
    if kind == "share" and not isinstance(question, TieBreak) and question.share is not None:
        return question.share.needed
    found = getattr(question, kind, None)
    return found if isinstance(found, Needed) else SIMPLE
