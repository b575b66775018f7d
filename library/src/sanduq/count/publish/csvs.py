"""A result as tidy CSV (RFC 4180, UTF-8): one row for each area, question and choice; one kind of thing in each column."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Final

from sanduq.count.outcome import AreaTally
from sanduq.question.setup import Setup

BLANK: Final = "blank"
COLUMNS: Final = ("area", "name", "region", "electorate", "ballots", "counted", "question", "choice", "text", "votes")
"""``ballots`` are those that count (with weighted votes, their weight); ``counted`` is yes or no: an area below the minimum of
ballots has no votes. ``text`` is the choice in the first language of the setup, empty for blank."""


def tidy_rows(setup: Setup, tallies: Sequence[AreaTally]) -> Iterator[tuple[str, ...]]:
    """The rows below the names of the columns: areas in the order of the setup, then questions, then choices, blank first."""
    names = {area.code: area.name for area in setup.areas}
    language = next(iter(setup.languages))
    for tally in tallies:
        counted = tally.questions is not None
        area = (tally.code, names[tally.code], tally.parent or "", str(tally.electorate), str(tally.ballots))
        for index, question in enumerate(setup.questions):
            choices = [(BLANK, "")] if question.blank else []
            choices += [(answer.id, answer.text[language]) for answer in question.answers]
            votes = [str(number) for number in tally.questions[index]] if tally.questions is not None else [""] * len(choices)
            for (choice, text), number in zip(choices, votes, strict=True):
                yield (*area, "yes" if counted else "no", question.id, choice, text, number)


def tidy_csv(setup: Setup, tallies: Sequence[AreaTally]) -> str:
    """The whole file, with lines that end in a newline alone."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_plain(row) for row in tidy_rows(setup, tallies))
    return text.getvalue()


def _plain(row: Sequence[str]) -> list[str]:
    """A cell that a spreadsheet would take for a formula gets an apostrophe, as those programs write it themselves."""
    return [f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell for cell in row]
