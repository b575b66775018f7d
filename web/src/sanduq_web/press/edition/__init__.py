"""Editions: all that is public, numbered and dated, as a folder that is read without a network.

While an edition is made, pages are rendered as they will stand in it (:data:`current`): without what needs a server, and as of
one moment, so that the same database gives the same files.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from django.utils import timezone

if TYPE_CHECKING:
    from sanduq_web.press.edition.asking import Questions

STAMP: Final = "<!--edition-->"
"""Where a page's number and date stand: put in last: the page is the same in the next edition. Editors cannot write it."""


@dataclass(frozen=True)
class Edition:
    """An edition's number, its date, and the moment as of which its pages are (UTC)."""

    number: int
    date: date
    moment: datetime


current: Final[ContextVar[Edition | None]] = ContextVar("press_edition", default=None)
questions: Final[ContextVar[Questions | None]] = ContextVar("press_edition_questions", default=None)
"""What the page that is made asks of the database."""


def now() -> datetime:
    """The moment for which a page is made, to compare with what the database has."""
    edition = current.get()
    return edition.moment if edition else timezone.now()


def depends_on_more() -> None:
    """What is made now depends on more than the database's answers, such as on the time or on files: it is made each time."""
    asked = questions.get()
    if asked is not None:
        asked.is_all = False
