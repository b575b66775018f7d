"""How much comes in, limited without keeping who sends it: by kind of form, and for one page by the day
(see :mod:`sanduq_web.flood`).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final, NamedTuple

from django.db import transaction
from django.http import HttpRequest

from sanduq_web import clock
from sanduq_web.flood import MEMORY, TooMany, client_of, count
from sanduq_web.press.models import Tally

__all__ = ["MEMORY", "RATES", "Rate", "TooMany", "client_of", "spend"]


class Rate(NamedTuple):
    """How many in an hour, from all and from one; how many in a day for one page."""

    site: int
    client: int
    page: int = 0


RATES: Final = {
    "comment": Rate(120, 12, 150),
    "report": Rate(60, 12),
    "enquiry": Rate(40, 6),
    "subscribe": Rate(60, 6),
    "signature": Rate(60, 20),
    "words": Rate(40, 12),
}
"""``words``: how many solve the text in place of the picture, which programs read easily."""


def spend(kind: str, request: HttpRequest, page: int | None = None) -> None:
    """One more form of a kind; :class:`TooMany` if it is over a limit."""
    rate = RATES[kind]
    client = client_of(request)
    if client is not None:
        MEMORY.spend(kind, client, rate.client)
    now = clock.moment(clock.now())
    hour = now.replace(minute=0, second=0)
    with transaction.atomic():
        count(Tally, kind, hour, timedelta(hours=1), rate.site)
        if page is not None and rate.page:
            count(Tally, f"{kind} {page}", hour.replace(hour=0), timedelta(days=1), rate.page)
