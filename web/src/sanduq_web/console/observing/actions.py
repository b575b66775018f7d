"""Verbs of observing: those of the vote site, each with its line in the journal of acts: numbers and hashes, no content."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.db import transaction

from sanduq_web import clock
from sanduq_web.console.observing.api import docket, writer
from sanduq_web.console.office.actions import write_down
from sanduq_web.console.office.api import Desk
from sanduq_web.watch.actions import observing as watch
from sanduq_web.watch.models import Accreditation, Evidence, Incident, Statement

_CHANGES: Final = {
    "answer": (watch.answer, "incident-answered"),
    "add": (watch.add, "incident-added-to"),
    "close": (watch.close, "incident-closed"),
    "reopen": (watch.reopen, "incident-reopened"),
}
CHANGES: Final = frozenset(_CHANGES)


@transaction.atomic
def introduce(desk: Desk, organisation: str, about: str, name: str, agrees: bool) -> Accreditation:
    """See :func:`sanduq_web.watch.actions.observing.introduce`."""
    made = watch.introduce(docket(desk.of), writer(desk), organisation, about, name, agrees, clock.now())
    write_down(desk, "accreditation-asked", {"observer": made.number, "state": made.state})
    return made


@transaction.atomic
def accredit(desk: Desk, number: int, shown: str) -> None:
    """The commission accredits an observer."""
    watch.accredit(docket(desk.of), writer(desk), number, shown, clock.now())
    write_down(desk, "observer-accredited", {"observer": number, "words_sha256": shown})


@transaction.atomic
def end_accreditation(desk: Desk, number: int) -> None:
    """The commission ends an accreditation."""
    watch.end_accreditation(docket(desk.of), writer(desk), number, clock.now())
    write_down(desk, "accreditation-ended", {"observer": number})


@transaction.atomic
def report(desk: Desk, told: dict[str, str]) -> Incident:
    """An incident."""
    made = watch.report(docket(desk.of), writer(desk), told, clock.now())
    write_down(desk, "incident-reported", {"incident": made.number, "sha256": made.sha256})
    return made


@transaction.atomic
def change(desk: Desk, do: str, number: int, text: str) -> None:
    """Answer, add to, close or open an incident anew."""
    act, name = _CHANGES[do]
    made = act(docket(desk.of), writer(desk), number, text, clock.now())
    write_down(desk, name, {"incident": number, "entry": made.number, "sha256": made.sha256})


@transaction.atomic
def show_to(desk: Desk, number: int, visibility: str, text: str) -> None:
    """Who reads an incident from now on."""
    made = watch.show_to(docket(desk.of), writer(desk), number, visibility, text, clock.now())
    told = {"incident": number, "entry": made.number, "sha256": made.sha256, "visibility": made.visibility}
    write_down(desk, "incident-shown-to", told)


@transaction.atomic
def attach(desk: Desk, number: int, name: str, pieces: Iterable[bytes]) -> Evidence:
    """A file beside an incident."""
    made = watch.attach(docket(desk.of), writer(desk), number, name, pieces, clock.now())
    write_down(desk, "evidence-added", {"incident": number, "file": made.number, "sha256": made.sha256})
    return made


@transaction.atomic
def state(desk: Desk, language: str, title: str, text: str, number: int | None = None) -> Statement:
    """A statement, or a supplement to one's own."""
    made = watch.state(docket(desk.of), writer(desk), language, title, text, clock.now(), number)
    told = {"statement": made.number, "version": made.version, "sha256": made.sha256}
    write_down(desk, "statement-made" if made.version == 1 else "statement-supplemented", told)
    return made
