"""What the public pages of a registration ask: which are open, and what became of somebody's case or entry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from sanduq_web import clock
from sanduq_web.flood import MEMORY, TooMany, client_of, count
from sanduq_web.problems import Unknown
from sanduq_web.roll.actions.cases import hash_of
from sanduq_web.roll.looking_up import is_there, key_of, keyed, plain_voter
from sanduq_web.roll.models import Case, LookUp, Registration, Tally

RATES: Final = {"apply": (400, 6), "object": (200, 6), "look-up": (20_000, 30), "code": (20_000, 30)}
"""How many in an hour, from all and from one."""
_TRIES: Final = 10
"""So many wrong details are tried for one number in a day."""


@dataclass(frozen=True)
class Open:
    """A registration as its pages show it, on a day."""

    row: Registration
    today: date

    @property
    def applies(self) -> bool:
        """Whether applications are taken."""
        begins, ends = self.row.applies_from, self.row.applies_until
        return bool(begins and ends and begins <= self.today <= ends)

    @property
    def objects(self) -> bool:
        """Whether objections are taken."""
        return bool(self.row.objects_until and self.today <= self.row.objects_until)

    @property
    def looks_up(self) -> bool:
        """Whether entries of a register are looked up by number and detail."""
        return bool(self.row.generation) and is_there()

    def name(self, language: str) -> str:
        """Its name, in a language if it has one there."""
        return _in(self.row.names, language)

    def needs(self, language: str) -> str:
        """Which documents are asked for."""
        return _in(self.row.needs, language)


def _in(texts: dict[str, str], language: str) -> str:
    return texts.get(language) or texts.get(settings.LANGUAGE_CODE) or next(iter(texts.values()), "")


def _today() -> date:
    return clock.moment(clock.now()).date()


def open_one(uuid: UUID) -> Open:
    """A registration that is shown."""
    found = Registration.objects.filter(uuid=uuid, shown=True).first()
    if found is None:
        raise Unknown("this registration")
    return Open(found, _today())


def all_open() -> list[Open]:
    """Registrations that are shown."""
    return [Open(row, _today()) for row in Registration.objects.filter(shown=True).order_by("pk")]


def spend(kind: str, request: HttpRequest) -> None:
    """One more form of a kind; :class:`TooMany` if it is over a limit."""
    site, one = RATES[kind]
    client = client_of(request)
    if client is not None:
        MEMORY.spend(kind, client, one)
    hour = clock.moment(clock.now()).replace(minute=0, second=0)
    with transaction.atomic():
        count(Tally, kind, hour, timedelta(hours=1), site)


@dataclass(frozen=True)
class Answer:
    """What became of it. ``case``: of somebody's own code; else an entry of the register."""

    area: str
    state: str
    case: Case | None = None


def by_number(of: Open, voter: str, detail: str) -> Answer | None:
    """An entry by its number and its secret detail. A wrong detail, and a number that is none, have the same answer, and both
    are counted: after ten in a day that number is not looked up any more.
    """
    if not of.looks_up:
        return None
    name = f"tries {keyed('tries', of.row.uuid.hex, plain_voter(voter)).hex()}"
    day = clock.moment(clock.now()).replace(hour=0, minute=0, second=0)
    if Tally.objects.filter(name=name, begins=day, count__gte=_TRIES).exists():
        raise TooMany
    found = None
    if detail:
        key = key_of(of.row.uuid.hex, voter, detail)
        rows = LookUp.objects.filter(registration=of.row, generation__in=(0, of.row.generation), key=key)
        found = rows.values_list("area", "state").first()
    if found is None:
        with transaction.atomic():
            count(Tally, name, day, timedelta(days=1), _TRIES)
        return None
    return Answer(_area(of, found[0]), found[1])


def by_code(of: Open, code: str) -> Answer | None:
    """What became of an application or objection, by the code that its sender got."""
    case = Case.objects.filter(registration=of.row, code_sha256=hash_of(code)).first()
    return None if case is None else Answer(_area(of, case.area), case.decided, case)


def _area(of: Open, code: str) -> str:
    return next((name for known, name in of.row.areas if known == code), code)
