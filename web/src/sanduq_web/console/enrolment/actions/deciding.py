"""Two officers decide an application or an objection: one gives an opinion with its reason, a second one agrees."""

from __future__ import annotations

from typing import Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from sanduq import errors
from sanduq.question.setup import hidden_in
from sanduq_web.console.enrolment import keys
from sanduq_web.console.enrolment.actions.files import open_register
from sanduq_web.console.enrolment.cases import case_of, texts_of
from sanduq_web.console.enrolment.models import AreaCount, Entry, Opinion, Register
from sanduq_web.console.office.actions import write_down
from sanduq_web.console.office.api import Desk
from sanduq_web.roll import actions as roll
from sanduq_web.roll.models import Case

_LONGEST: Final = 4000
OF_APPLICATIONS: Final = 0
"""The generation of entries that come from applications: always in force."""


@transaction.atomic
def give_opinion(desk: Desk, number: int, yes: bool, reason: str, strikes: str = "") -> Opinion:
    """An officer's opinion, with its reason, which the sender will read. It decides nothing yet."""
    register = open_register(desk.of)
    case = case_of(desk.of, number, lock=True)
    text = reason.replace("\r\n", "\n").strip()
    if not 1 <= len(text) <= _LONGEST or hidden_in(text) is not None:
        raise errors.Unusable(f"the reason: expected plain text of 1 to {_LONGEST} characters")
    if case.decided:
        raise errors.Unusable("this is decided", hint="its sender may object until the deadline")
    if Opinion.objects.filter(case=case, state="open").exists():
        raise errors.Unusable("there is an opinion already", hint="agree to it, or dispute it")
    if strikes:
        if not yes or case.kind != "object":
            raise errors.Unusable("an entry is struck off, or entered again, where an objection is right")
        _entry(register, strikes)
    made = Opinion.objects.create(case=case, yes=yes, reason=text, strikes=strikes, by=desk.post)
    write_down(desk, "opinion-given", {"case": number, "kind": case.kind})
    return made


def _entry(register: Register, voter: str) -> Entry:
    query = Entry.objects.filter(register=register, generation__in=(OF_APPLICATIONS, register.generation), voter=voter)
    found = query.select_for_update().first()
    if found is None:
        raise errors.Unusable("there is no entry of this number in force")
    return found


def _open(desk: Desk, number: int) -> Opinion:
    case = case_of(desk.of, number, lock=True)
    found = Opinion.objects.select_for_update(of=("self",)).select_related("by").filter(case=case, state="open").first()
    if found is None or case.decided:
        raise errors.Unusable("there is no opinion to agree to")
    found.case = case
    return found


@transaction.atomic
def dispute(desk: Desk, number: int) -> None:
    """The opinion does not stand; anybody may give another one. Whoever gave it may take it back so."""
    open_register(desk.of)
    found = _open(desk, number)
    found.state, found.second = "disputed", desk.post
    found.save()
    write_down(desk, "opinion-disputed", {"case": number})


@transaction.atomic
def agree(desk: Desk, number: int, opinion: int) -> None:
    """Another officer agrees to what it has read: now it is decided, and done."""
    register = open_register(desk.of)
    found = _open(desk, number)
    if found.pk != opinion:
        raise errors.Unusable("this is not the opinion that you have read", hint="read it again")
    if found.by.officer_id == desk.officer.pk:
        raise errors.Unusable("another person must agree to this", hint="not the one who gave the opinion")
    found.state, found.second = "agreed", desk.post
    found.save()
    today = timezone.now().date()
    case = roll.decide(number, desk.of.pk, found.yes, found.reason, today)
    if found.yes and case.kind == "apply":
        _enter(register, case, found.reason)
    elif found.yes and case.of is not None:
        _enter(register, case.of, found.reason)
    elif found.strikes:
        _strike(register, found.strikes)
    write_down(desk, "case-decided", {"case": number, "kind": case.kind, "yes": found.yes})


def _enter(register: Register, case: Case, reason: str) -> None:
    if case.voter:
        raise errors.Unusable("this application led to an entry already")
    texts = texts_of(case)
    voter = f"R#{case.number:06}"  # no file has such a number: # is none of its characters
    values = {name: str(texts[name]) for name in ("name", "address", "email") if texts.get(name)}
    Entry.objects.create(
        register=register, generation=OF_APPLICATIONS, line=case.number, voter=voter, area=case.area, language=case.language,
        weight=1, withheld=bool(texts.get("withheld")), sealed=keys.seal_fields(values, f"{register.pk.hex} {voter}"),
    )  # fmt: skip
    _count(register, OF_APPLICATIONS, case.area, 1, 1, 0)
    roll.entered(case, voter, reason, timezone.now().date())


def _strike(register: Register, voter: str) -> None:
    """Off, or, where it is off, on again."""
    entry = _entry(register, voter)
    entry.state = "" if entry.state else "out"
    entry.save()
    sign = -1 if entry.state else 1
    _count(register, entry.generation, entry.area, sign, sign * entry.weight, -sign)
    told = keys.open_fields(bytes(entry.sealed), f"{register.pk.hex} {voter}")
    if "key" in told:
        roll.strike(register.pk, entry.generation, bytes.fromhex(told["key"]), entry.state)


def _count(register: Register, generation: int, area: str, entries: int, weight: int, out: int) -> None:
    row, _new = AreaCount.objects.get_or_create(register=register, generation=generation, area=area)
    AreaCount.objects.filter(pk=row.pk).update(entries=F("entries") + entries, weight=F("weight") + weight, out=F("out") + out)
