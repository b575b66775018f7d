"""What is to be rehearsed, as frozen values. Numbers are people and ballots; times are ISO 8601 in UTC."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from sanduq.count.outcome import AreaTally
from sanduq.question.areas import Area, Merged, Parent, merge_small
from sanduq.question.rule import QuestionShape, Rule
from sanduq.question.setup import Information
from sanduq.rehearse.patterns import Pattern, deal


@dataclass(frozen=True)
class Text:
    """A text in every language of the rehearsal."""

    by_language: tuple[tuple[str, str], ...]

    def __getitem__(self, language: str) -> str:
        return dict(self.by_language)[language]

    def to_json(self) -> dict[str, str]:
        """The texts by language."""
        return dict(self.by_language)


@dataclass(frozen=True)
class PlanAnswer:
    """An answer, and the column of the CSV with its votes (empty in a draft)."""

    id: str
    text: Text
    column: str


@dataclass(frozen=True)
class PlanQuestion:
    """A question: exactly one answer may be chosen, or blank where that is allowed."""

    id: str
    text: Text
    answers: tuple[PlanAnswer, ...]
    blank: bool
    blank_columns: tuple[str, ...]

    @property
    def shape(self) -> QuestionShape:
        """The question without its texts."""
        return QuestionShape(self.id, tuple(answer.id for answer in self.answers), self.blank)


@dataclass(frozen=True)
class PlanTrustees:
    """How many trustees there are, and how many of them are needed; ``threshold`` None: all of them.

    Beside a threshold group there may be ``mandatory`` ones, who must all take part.
    """

    count: int
    threshold: int | None
    mandatory: int = 0


@dataclass(frozen=True)
class Calendar:
    """From when to when ballots are taken: ``2016-06-23T06:00:00Z``."""

    opens: str
    closes: str


@dataclass(frozen=True)
class Source:
    """Where the figures come from, under which licence, and what has to be said wherever they are shown."""

    text: str
    licence: str
    attribution: str


@dataclass(frozen=True)
class PublishedQuestion:
    """What was published about a question. ``percent`` are of the valid votes, as printed; ``areas`` sums of areas' weights by
    answer.
    """

    id: str
    valid: int
    votes: tuple[tuple[str, int], ...]
    percent: tuple[tuple[str, str], ...]
    areas: tuple[tuple[str, Fraction], ...]


@dataclass(frozen=True)
class Published:
    """What was published about the whole: people, ballots, and the decision of each item of the rule."""

    electorate: int
    ballots: int
    questions: tuple[PublishedQuestion, ...]
    decisions: tuple[tuple[str, str], ...]
    note: str = ""


@dataclass(frozen=True)
class PlanArea:
    """The figures of one area. ``votes`` has a tuple for each question: first blank where that is allowed, then one number an
    answer.

    ``language`` is that of the area's election, if it is not the first of all. ``votes`` are all that is known (the
    marginals); :meth:`patterns` makes whole ballots of them.
    """

    code: str
    name: str
    parent: str | None
    electorate: int
    ballots: int
    votes: tuple[tuple[int, ...], ...]
    language: str | None = None

    def tally(self) -> AreaTally:
        """The result that counting these ballots must give."""
        return AreaTally(self.code, self.parent, self.electorate, self.ballots, self.votes)

    def patterns(self) -> tuple[Pattern, ...]:
        """How many ballots are cast with which choices (``sanduq.rehearse.patterns``)."""
        return deal(self.code, self.votes)


@dataclass(frozen=True)
class Plan:
    """A rehearsal. ``scale`` is 1 for the figures as they are; with any other the figures are made smaller, and must be called
    so.
    """

    title: Text
    languages: tuple[str, ...]
    questions: tuple[PlanQuestion, ...]
    rule: Rule
    trustees: PlanTrustees
    minimum: int
    calendar: Calendar
    source: Source
    parents: tuple[Parent, ...]
    areas: tuple[PlanArea, ...]
    published: Published | None = None
    scale: Fraction = Fraction(1)
    commission: str = "commission"
    registrar: str = "registrar"
    below_minimum: str = "uncounted"
    bindings: bool = True
    information: Information | None = None
    supervisor: Text | None = None
    test_sum: bool = False

    @property
    def shapes(self) -> tuple[QuestionShape, ...]:
        """The questions without their texts, in the order of the ballot."""
        return tuple(question.shape for question in self.questions)

    def tallies(self) -> tuple[AreaTally, ...]:
        """The results that counting must give, area by area."""
        return tuple(area.tally() for area in self.areas)

    @property
    def label(self) -> str:
        """What to write beside every figure: the attribution, and whether the figures were scaled."""
        scaled = "" if self.scale == 1 else f" Scaled by {self.scale} for this rehearsal: these are not the published figures."
        return self.source.attribution + scaled


def merge_plan(plan: Plan, *, absorb: bool = False) -> tuple[Plan, Merged]:
    """The plan with its small areas merged (``sanduq.question.areas``), and what was merged.

    Raises :class:`errors.SetupAreas` where that cannot be. Whether the rule still fits, ``check_rule`` says.
    """
    areas = [Area(area.code, area.name, area.parent, area.electorate) for area in plan.areas]
    merged = merge_small(areas, plan.parents, plan.minimum, absorb=absorb)
    members = {merge.into.code: tuple(area.code for area in merge.areas) for merge in merged.merges}
    given = {area.code: area for area in plan.areas}
    joined = tuple(_sum_up(area, [given[code] for code in members.get(area.code, (area.code,))]) for area in merged.areas)
    return replace(plan, areas=joined), merged


def _sum_up(area: Area, parts: list[PlanArea]) -> PlanArea:
    questions = zip(*(part.votes for part in parts), strict=True)
    votes = tuple(tuple(map(sum, zip(*question, strict=True))) for question in questions)
    languages = {part.language for part in parts}
    language = languages.pop() if len(languages) == 1 else None
    return PlanArea(area.code, area.name, area.parent, area.electorate, sum(part.ballots for part in parts), votes, language)
