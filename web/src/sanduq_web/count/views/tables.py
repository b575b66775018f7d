"""The result by area: a table, with a bar beside the figures, and a map. Both say the same."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from sanduq.count.outcome import AreaTally
from sanduq.question.rule import Proposal
from sanduq_web.count.api import Result
from sanduq_web.count.views.telling import kinds_of, questions_of
from sanduq_web.drawing import Drawn, Part, bar, draw, leaning, sample
from sanduq_web.pages import by_letters, isolated, number, share
from sanduq_web.question.api import Frozen, Shown, Telling

ORDERS: Final = ("area", "votes", "turnout")
"""By what a table can be sorted: the area's name; the share of the first column of votes; turnout."""


@dataclass(frozen=True)
class Cell:
    """The votes of an answer in an area, or in all, and their share of the valid votes there."""

    votes: int
    share: str


@dataclass(frozen=True)
class AreaLine:
    """One area, or the sum of those that are counted. ``cells`` is empty for an area that is not counted."""

    name: str
    electorate: int
    ballots: int
    turnout: str
    valid: int
    blank: int
    cells: tuple[Cell, ...]
    bar: SafeString
    order: tuple[Fraction, Fraction]


@dataclass(frozen=True)
class Column:
    """An answer, with the class of its part in bars."""

    text: str
    kind: str


@dataclass(frozen=True)
class Key:
    """One line of a map's legend."""

    sample: SafeString
    text: str


@dataclass(frozen=True)
class Table:
    """One question by area."""

    id: str
    text: str
    blank: bool
    columns: tuple[Column, ...]
    lines: tuple[AreaLine, ...]
    total: AreaLine
    map: SafeString | None
    legend: tuple[Key, ...]
    accept: str


def tell_tables(frozen: Frozen, result: Result, text: Telling, shown: Shown, by: str = "area") -> list[Table]:
    """A table for each question, in the setup's order."""
    return [_Maker(frozen, result, text, index).table(shown, by) for index in range(len(frozen.setup.questions))]


class _Maker:
    def __init__(self, frozen: Frozen, result: Result, text: Telling, index: int) -> None:
        self.asked, self.index, self.tallies = frozen.setup.questions[index], index, result.tallies
        self.answers = [(answer.id, answer.text[text.language]) for answer in self.asked.answers]
        self.text = self.asked.text[text.language]
        self.names = {area.code: area.name for area in frozen.setup.areas}
        self.rule = questions_of(frozen.setup.rule.items)[self.asked.id]
        self.kinds = kinds_of(self.rule, tuple(answer for answer, _text in self.answers))
        accepts = self.rule.accept if isinstance(self.rule, Proposal) else self.answers[0][0]
        self.first = next(place for place, (answer, _text) in enumerate(self.answers) if answer == accepts)

    def table(self, shown: Shown, by: str) -> Table:
        lines = [self.line(tally) for tally in self.tallies]
        if by == "area":
            lines.sort(key=lambda line: by_letters(line.name))
        else:
            lines.sort(key=lambda line: (-line.order[by == "turnout"], by_letters(line.name)))
        columns = tuple(Column(text, self.kinds[answer]) for answer, text in self.answers)
        has_map = shown.outlines is not None and isinstance(self.rule, Proposal)
        name = f"map-{self.index + 1}"
        return Table(
            self.asked.id,
            self.text,
            self.asked.blank,
            columns,
            tuple(lines),
            self.total(),
            self.map(shown, name) if has_map else None,
            self.legend(name) if has_map else (),
            self.answers[self.first][1],
        )

    def line(self, tally: AreaTally) -> AreaLine:
        votes = None if tally.questions is None else tally.questions[self.index]
        return self.make(self.names[tally.code], tally.electorate, tally.ballots, votes)

    def total(self) -> AreaLine:
        """Of the areas that are counted; the electorate is that of all, as in the outcome."""
        rows = [tally.questions[self.index] for tally in self.tallies if tally.questions is not None]
        ballots = sum(tally.ballots for tally in self.tallies if tally.questions is not None)
        votes = tuple(map(sum, zip(*rows, strict=True))) if rows else None
        return self.make("", sum(tally.electorate for tally in self.tallies), ballots, votes)

    def make(self, name: str, electorate: int, ballots: int, row: tuple[int, ...] | None) -> AreaLine:
        turnout, voted = share(ballots, electorate), Fraction(ballots, electorate or 1)
        if row is None:
            return AreaLine(name, electorate, ballots, turnout, 0, 0, (), SafeString(), (Fraction(-1), voted))
        blank, votes = (row[0], row[1:]) if self.asked.blank else (0, row)
        valid = sum(votes)
        parts = [Part(self.kinds[answer], count) for (answer, _text), count in zip(self.answers, votes, strict=True)]
        order = (Fraction(votes[self.first], valid or 1), voted)
        drawn = mark_safe(bar(parts, valid))  # noqa: S308  # its classes are ours
        cells = tuple(Cell(count, share(count, valid)) for count in votes)
        return AreaLine(name, electorate, ballots, turnout, valid, blank, cells, drawn, order)

    def map(self, shown: Shown, name: str) -> SafeString | None:
        if shown.outlines is None:
            return None
        areas = {tally.code: self.drawn(tally) for tally in self.tallies}
        title = _("Map of the areas: %(question)s") % {"question": isolated(self.text)}
        return mark_safe(draw(shown.outlines, areas, title=title, name=name))  # noqa: S308  # draw escapes

    def drawn(self, tally: AreaTally) -> Drawn:
        place = isolated(self.names[tally.code])
        if tally.questions is None:
            return Drawn("none", f"{place}: {_('Not counted')}")
        votes = tally.questions[self.index][int(self.asked.blank) :]
        mine, valid = votes[self.first], sum(votes)
        answer = isolated(self.answers[self.first][1])
        return Drawn(leaning(mine, valid), f"{place}: {answer} {share(mine, valid)} ({_('Valid votes')}: {number(valid)})")

    def legend(self, name: str) -> tuple[Key, ...]:
        ranges = {"3": "≥ 65 %", "2": "55–65 %", "1": "50–55 %"}
        keys = [(f"for-{step}", _("for, %(range)s") % {"range": isolated(text)}) for step, text in ranges.items()]
        keys.append(("tie", _("exactly as many for as against")))
        keys += [(f"against-{s}", _("against, %(range)s") % {"range": isolated(ranges[s])}) for s in ("1", "2", "3")]
        keys.append(("none", _("Not counted")))

        return tuple(Key(mark_safe(sample(kind, f"{name}-key")), text) for kind, text in keys)  # noqa: S308
