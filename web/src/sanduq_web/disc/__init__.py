"""Editions as things in the hand: books, archives for Kiwix, disc images, the record and the verifier beside the pages.

An edition is a folder. The two sites copy their pages into it, each with its own settings and in its own process
(:mod:`sanduq_web.mirror`); what is here works on those files alone and knows neither site nor database, so nothing that
is not public already can come into a book or onto a disc. Each part adds files and tells nobody else's.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from sanduq import errors
from sanduq_web import clock

ABOUT: Final = "EDITION.json"
PRESS: Final = "press"
"""The folder of the press site within the edition; below it one for each language."""
VOTE: Final = "vote"
BOOKS: Final = "books"
ZIM: Final = "zim"
RECORD: Final = "record"
SOFTWARE: Final = "software"
SHORT: Final = 12
"""Digits of an anchor in the name of a folder."""


def record_folder(edition: Path, anchor: str) -> Path:
    """Where the record with an anchor lies in an edition."""
    return edition / RECORD / anchor[:SHORT]


@dataclass(frozen=True)
class About:
    """What an edition says of itself: number, date, the moment of its pages, languages, the press site's origin."""

    number: int
    date: date
    moment: datetime
    languages: tuple[str, ...]
    address: str

    @property
    def epoch(self) -> int:
        """The moment in seconds of 1970: the time of every file in what is packed (SOURCE_DATE_EPOCH)."""
        return int(self.moment.timestamp())

    def write(self, folder: Path) -> None:
        """Into the file of which :func:`about` reads it."""
        told = {
            "edition": self.number, "date": self.date.isoformat(), "as_of": self.moment.strftime(clock.FORMAT),
            "languages": list(self.languages), "address": self.address,
        }  # fmt: skip
        (folder / ABOUT).write_text(json.dumps(told, indent=1) + "\n", "utf-8")


def about(folder: Path) -> About:
    """What the edition in a folder says of itself. Raises :class:`sanduq.errors.Unusable` for a folder that holds none."""
    try:
        told: dict[str, Any] = json.loads((folder / ABOUT).read_text("utf-8"))
        moment = clock.moment(told["as_of"])
        return About(told["edition"], date.fromisoformat(told["date"]), moment, tuple(told["languages"]), told["address"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        hint = "begin with `sanduq-press edition`"
        raise errors.Unusable(f"{folder / ABOUT}: this is no edition: {error}", hint=hint) from None
