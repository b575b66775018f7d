"""The areas' tallies, and their sums."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Final

from sanduq import errors
from sanduq.count.outcome.types import TIE, UNCOUNTED, AreaVote, Condition, Totals
from sanduq.question.rule import AreaWeights, Comparison, Denominator, Level, Needed, QuestionShape, Rule, Share


@dataclass(frozen=True)
class AreaTally:
    """The result of one counting area.

    ``ballots`` are those counted, blank ones too (with weighted votes: their total weight; then the electorate is a total
    weight as well). ``questions`` has a tuple for each question, in the order of the setup: first the number of blanks where
    blank is allowed, then one number an answer. None: the area was not counted, having too few ballots.
    """

    code: str
    parent: str | None
    electorate: int
    ballots: int
    questions: tuple[tuple[int, ...], ...] | None


def check_tallies(shapes: Sequence[QuestionShape], tallies: Sequence[AreaTally]) -> None:
    """Refuse tallies that are not tallies of these questions (2.9, 7.1, 7.9)."""
    codes = [tally.code for tally in tallies]
    errors.require(errors.SetupAreas, len(set(codes)) == len(codes), "an area stands twice among the tallies")
    for tally in tallies:
        try:
            _check_tally(shapes, tally)
        except errors.Refused as refusal:
            raise refusal.within(f"area {tally.code}") from None


def _check_tally(shapes: Sequence[QuestionShape], tally: AreaTally) -> None:
    fits = 0 <= tally.ballots <= tally.electorate
    errors.require(errors.CountWrong, fits, "ballots", expected=f"0 to {tally.electorate}, the electorate", got=tally.ballots)
    if tally.questions is None:
        return
    sizes, expected = [len(q) for q in tally.questions], [shape.choices for shape in shapes]
    errors.require(errors.ResultMalformed, sizes == expected, "numbers a question", expected=expected, got=sizes)
    for shape, votes in zip(shapes, tally.questions, strict=True):
        place = f"question {shape.id}"
        errors.require(errors.CountWrong, min(votes) >= 0, f"{place}: votes", expected="0 or more", got=min(votes))
        fits = sum(votes) <= tally.ballots
        errors.require(
            errors.CountWrong, fits, f"{place}: votes and blank", expected=f"at most {tally.ballots}", got=sum(votes)
        )


_WORDS: Final = {
    Comparison.MORE_THAN: "more than",
    Comparison.AT_LEAST: "at least",
    Denominator.ELECTORATE: "the electorate",
    Denominator.BALLOTS_CAST: "the ballots cast",
    Denominator.VALID_VOTES: "the valid votes",
    Denominator.VALID_VOTES_AND_BLANK: "the valid votes and blank",
}


def compare(
    kind: str, subject: str, of: str, words: str, needed: Needed, numerator: Fraction | int, whole: Fraction | int
) -> Condition:
    """A condition, evaluated."""
    text = f"{_WORDS[needed.comparison]} {needed.fraction}"
    met = needed.met(numerator, whole)
    return Condition(kind, subject, of, words, text, Fraction(numerator), Fraction(whole), met)


def quorum(kind: str, subject: str, words: str, needed: Needed, count: int, totals: Totals) -> Condition:
    """A quorum of the electorate."""
    electorate = Denominator.ELECTORATE
    return compare(kind, subject, electorate.value, f"{words} of {_WORDS[electorate]}", needed, count, totals.electorate)


def share_of(subject: str, share: Share, count: int, totals: Totals) -> Condition:
    """The share of the votes for one answer."""
    words = f"votes for {subject} of {_WORDS[share.of]}"
    return compare("share", subject, share.of.value, words, share.needed, count, totals.of(share.of))


@dataclass(frozen=True)
class Poll:
    """The areas that decide together, with the rule's words for them."""

    rule: Rule
    shapes: tuple[QuestionShape, ...]
    tallies: tuple[AreaTally, ...]

    @cached_property
    def _places(self) -> dict[str, int]:
        return {shape.id: place for place, shape in enumerate(self.shapes)}

    def shape(self, question: str) -> QuestionShape:
        """The shape of a question."""
        return self.shapes[self._places[question]]

    @property
    def uncounted(self) -> tuple[AreaTally, ...]:
        """The areas without a result."""
        return tuple(tally for tally in self.tallies if tally.questions is None)

    def sums(self, question: str) -> tuple[int, ...]:
        """The votes of a question, per choice."""
        return _sums(self._places[question], self.shape(question), self.tallies)

    def totals(self, question: str) -> Totals:
        """The totals of a question."""
        shape, sums = self.shape(question), self.sums(question)
        blank = sums[0] if shape.blank else 0
        ballots = sum(tally.ballots for tally in self.tallies if tally.questions is not None)
        return Totals(sum(tally.electorate for tally in self.tallies), ballots, blank, sum(sums) - blank)

    def votes(self, question: str) -> tuple[tuple[str, int], ...]:
        """The votes of a question, per answer."""
        shape, sums = self.shape(question), self.sums(question)
        return tuple(zip(shape.answers, sums[shape.blank :], strict=True))

    def areas(self, question: str) -> tuple[AreaVote, ...]:
        """Which of its two answers each area gives to a question, areas by code."""
        place, shape, weights = self._places[question], self.shape(question), self.rule.area_weights or AreaWeights(Level.AREAS)
        units: dict[str, list[AreaTally]] = {}
        for tally in self.tallies:
            units.setdefault(str(tally.parent) if weights.level is Level.PARENTS else tally.code, []).append(tally)
        return tuple(AreaVote(code, weights.weight(code), _says(place, shape, units[code])) for code in sorted(units))

    def filled(self, question: str, choice: int | None) -> Poll:
        """The same poll as if all uncounted ballots had been cast for one choice of a question (None: for nothing)."""
        return replace(self, tallies=tuple(self._fill(tally, question, choice) for tally in self.tallies))

    def _fill(self, tally: AreaTally, question: str, choice: int | None) -> AreaTally:
        if tally.questions is not None:
            return tally
        empty = [[0] * shape.choices for shape in self.shapes]
        if choice is not None:
            empty[self._places[question]][choice] = tally.ballots
        return replace(tally, questions=tuple(map(tuple, empty)))


def _sums(place: int, shape: QuestionShape, tallies: Sequence[AreaTally]) -> tuple[int, ...]:
    rows = [tally.questions[place] for tally in tallies if tally.questions is not None]
    return tuple(sum(column) for column in zip([0] * shape.choices, *rows, strict=True))


def _says(place: int, shape: QuestionShape, tallies: Sequence[AreaTally]) -> str:
    if all(tally.questions is None for tally in tallies):
        return UNCOUNTED
    first, second = _sums(place, shape, tallies)[shape.blank :]
    return TIE if first == second else shape.answers[first < second]
