"""An edition of the vote site: all that is public at a moment, numbered and dated, to be read without a network.

While one is made, pages are rendered as they will stand in it (:data:`current`): without what needs a server, and without doing
what the calendar says is due, so that nothing becomes public by being copied.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from sanduq_web import dates


@dataclass(frozen=True)
class Edition:
    """Number, date, the moment as of which its pages are (UTC), the site's origin; anchors of the records that lie in it."""

    number: int
    date: date
    moment: datetime
    address: str
    records: frozenset[str] = field(default_factory=frozenset)

    def told(self, language: str) -> dict[str, Any]:
        """What pages show of it, in a language."""
        moment = (
            f"{dates.both(self.moment.date(), language)}{dates.writing(language).comma} {dates.clock(self.moment, language)}"
        )
        number, day = dates.numerals(self.number, language), dates.both(self.date, language)
        return {"number": number, "date": day, "moment": moment, "address": self.address, "records": self.records}


current: Final[ContextVar[Edition | None]] = ContextVar("vote_edition", default=None)
