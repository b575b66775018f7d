"""Editions: all that is public, numbered and dated, as a folder that is read without a network.

While an edition is made, pages are rendered as they will stand in it (:data:`current`): without what needs a server, and as of
one moment, so that the same database gives the same files.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.utils import timezone


@dataclass(frozen=True)
class Edition:
    """An edition's number, its date, and the moment as of which its pages are (UTC)."""

    number: int
    date: date
    moment: datetime


current: Final[ContextVar[Edition | None]] = ContextVar("press_edition", default=None)


def now() -> datetime:
    """The moment for which a page is made."""
    edition = current.get()
    return edition.moment if edition else timezone.now()
