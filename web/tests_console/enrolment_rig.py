"""A register's test tools: areas of a draft, keys, files, and the work in the background done here."""

from __future__ import annotations

import threading
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pyrage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from rig import Person, Staff, person
from sanduq_web.console.enrolment import actions, areas, keys, working
from sanduq_web.console.enrolment.areas import DraftArea
from sanduq_web.console.enrolment.models import Load
from sanduq_web.console.office.actions import confirm, propose
from sanduq_web.console.office.models import Role

AREAS = {code: DraftArea(code, name, size) for code, name, size in (("N", "North", 1000), ("S", "South", None))}


def prepare(settings: Any, monkeypatch: Any, folder: Path) -> Any:
    """Keys and areas for a console; gives the registrar's identity, which is elsewhere."""
    key, look = folder / "roll.key", folder / "lookup.key"
    keys.make_key(key)
    look.write_text("k" * 50)
    settings.SANDUQ_CONSOLE_ROLL_KEY, settings.SANDUQ_ROLL_LOOKUP = key, look
    monkeypatch.setattr(areas, "SOURCES", [lambda vote: AREAS])
    return pyrage.x25519.Identity.generate()


def with_day(people: Staff) -> Person:
    """The commission sets a day of destruction; gives a second registrar."""
    actions.set_destruction(people.commission.desk, (timezone.now() + timedelta(days=90)).date())
    return person(Role.REGISTRAR, people.vote)


def work() -> None:
    """What waits is done."""
    while working.work_once(threading.Event()):
        pass


def brought(who: Person, text: str | bytes, encoding: str = "utf-8") -> Load:
    """A file, checked."""
    raw = text.encode() if isinstance(text, str) else text
    load = actions.receive(who.desk, BytesIO(raw), encoding)
    work()
    load.refresh_from_db()
    return load


def in_force(first: Person, second: Person, text: str | bytes) -> Load:
    """A file that two registrars brought into force."""
    from sanduq_web.console.enrolment.deeds import payload_of

    load = brought(first, text)
    made = propose(first.desk, "register-in-force", payload_of(load))
    confirm(second.desk, made.pk, made.sha256)
    work()
    load.refresh_from_db()
    return load


def upload(text: str | bytes) -> SimpleUploadedFile:
    """A file as a form sends it."""
    return SimpleUploadedFile("roll.csv", text.encode() if isinstance(text, str) else text, "text/csv")
