"""What observers write: who they are, incidents with evidence, statements. Nothing here is deleted, and little is changed."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from sanduq import errors
from sanduq_web import clock, plain
from sanduq_web.watch.actions.dockets import Writer, after, days_after, lock, require_area, sealed
from sanduq_web.watch.models import (
    Accreditation,
    Docket,
    Entry,
    Evidence,
    Incident,
    Kind,
    Standing,
    Statement,
    Status,
    Visibility,
)

OBSERVER, COMMISSION, SUPERVISOR = "observer", "commission", "supervisor"
LONGEST_INCIDENT: Final = 8000
LONGEST_STATEMENT: Final = 20_000
LARGEST_FILE: Final = 20 << 20
MOST_FILES: Final = 10
MOST_BYTES: Final = 2 << 30
"""Of all files of a vote: the disk is not filled by one who means harm."""
MOST_STATEMENTS: Final = 50
"""Of one observer, with supplements: the page stays readable."""
_NAME: Final = re.compile(r"[^A-Za-z0-9._-]+")


def _only(who: Writer, *roles: str) -> None:
    if who.role not in roles:
        raise errors.Unusable(f"this is for: {', '.join(roles)}")


# --- accreditation -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def introduce(docket: Docket, who: Writer, organisation: str, about: str, name: str, agrees: bool, now: str) -> Accreditation:
    """An observer says whom it observes for, and whether the public may read it. Other words are accredited anew."""
    _only(who, OBSERVER)
    lock(docket)
    words = {
        "organisation": plain.line(organisation, "organisation", 200),
        "about": plain.line(about, "about", 600, needed=False),
        "name": plain.line(name, "name", 120, needed=False),
    }
    found = Accreditation.objects.filter(docket=docket, post=who.post).first()
    if found is None:
        number = after(Accreditation.objects.filter(docket=docket))
        return Accreditation.objects.create(docket=docket, number=number, post=who.post, agrees=agrees, time=now, **words)
    if found.state == Accreditation.State.ENDED:
        raise errors.Unusable("this accreditation was ended")
    if any(getattr(found, key) != value for key, value in words.items()):
        found.state, found.time = Accreditation.State.ASKED, now
    for key, value in words.items():
        setattr(found, key, value)
    found.agrees = agrees
    found.save()
    return found


@transaction.atomic
def accredit(docket: Docket, who: Writer, number: int, shown: str, now: str) -> None:
    """The commission accredits an observer with the words that it has read (``shown`` is their hash)."""
    _only(who, COMMISSION)
    found = _accreditation(docket, number)
    if found.state != Accreditation.State.ASKED:
        raise errors.Unusable("nothing is asked for")
    if not secrets.compare_digest(words_sha256(found), shown):
        raise errors.Unusable("the observer has changed these words meanwhile", hint="read them again")
    found.state, found.time = Accreditation.State.ACCREDITED, now
    found.save()


@transaction.atomic
def end_accreditation(docket: Docket, who: Writer, number: int, now: str) -> None:
    """End it. What the observer has written stays."""
    _only(who, COMMISSION)
    found = _accreditation(docket, number)
    found.state, found.time = Accreditation.State.ENDED, now
    found.save()


def words_sha256(found: Accreditation) -> str:
    """The hash of what an observer says of itself."""
    words = {"about": found.about, "name": found.name, "organisation": found.organisation}
    return sealed(words, salted=False)["sha256"]


def public_name(docket: Docket, post: int) -> str:
    """As whom an observer may be named in public now; empty if it does not agree, or is not accredited."""
    found = Accreditation.objects.filter(docket=docket, post=post, agrees=True, state=Accreditation.State.ACCREDITED).first()
    return ", ".join(filter(None, (found.name, found.organisation))) if found else ""


def _accreditation(docket: Docket, number: int) -> Accreditation:
    found = Accreditation.objects.select_for_update().filter(docket=docket, number=number).first()
    if found is None:
        raise errors.Unusable("there is no such observer")
    return found


# --- incidents ---------------------------------------------------------------------------------------------------------------


def may_read(incident: Incident, who: Writer) -> bool:
    """Whether an incident is for this reader. Its reporter always reads it."""
    if incident.post == who.post:
        return True
    visibility = incident.standing.visibility
    if visibility == Visibility.OBSERVERS:
        return who.role == OBSERVER
    return who.role in (OBSERVER, COMMISSION, SUPERVISOR)


@transaction.atomic
def report(docket: Docket, who: Writer, told: dict[str, str], now: str) -> Incident:
    """An incident. ``told`` has kind, area, place, happened (a time, UTC), text, visibility."""
    _only(who, OBSERVER, SUPERVISOR, COMMISSION)
    kept = lock(docket)
    if told["kind"] not in Kind.values or told["visibility"] not in Visibility.values:
        raise errors.Unusable("kind and visibility are of the lists")
    if told["visibility"] == Visibility.OBSERVERS:
        _only(who, OBSERVER)
    if clock.seconds(told["happened"]) > clock.seconds(now) + 300:
        raise errors.Unusable("this has not happened yet: times are UTC")
    words = {
        "kind": told["kind"],
        "area": require_area(kept, told["area"]),
        "place": plain.line(told["place"], "place", 200, needed=False),
        "happened": told["happened"],
        "text": plain.text(told["text"], "description", LONGEST_INCIDENT),
    }
    number = after(Incident.objects.filter(docket=kept))
    seal = sealed(words | {"number": number, "time": now})
    made = Incident.objects.create(docket=kept, number=number, time=now, post=who.post, **words, **seal)
    due = days_after(now, kept.answer_days)
    Standing.objects.create(incident=made, status=Status.OPEN, visibility=told["visibility"], due=due)
    return made


def incident_for(docket: Docket, who: Writer, number: int) -> Incident:
    """An incident that is for this reader, locked within the caller's transaction."""
    query = Incident.objects.select_related("standing").select_for_update(of=("self",))
    found: Incident | None = query.filter(docket=docket, number=number).first()
    if found is None or not may_read(found, who):
        raise errors.Unusable("there is no such incident")
    return found


def _write(incident: Incident, who: Writer, now: str, text: str, **changes: str) -> Entry:
    number = after(Entry.objects.filter(incident=incident))
    words = {"text": text, "status": "", "visibility": "", "due": ""} | changes
    seal = sealed(words | {"incident": incident.number, "number": number, "time": now})
    Standing.objects.filter(pk=incident.pk).update(**changes)
    return Entry.objects.create(incident=incident, number=number, time=now, post=who.post, role=who.role, **words, **seal)


@transaction.atomic
def answer(docket: Docket, who: Writer, number: int, text: str, now: str) -> Entry:
    """The commission's answer. Only who reported it closes an incident."""
    _only(who, COMMISSION)
    found = incident_for(docket, who, number)
    if found.standing.status == Status.CLOSED:
        raise errors.Unusable("this incident is closed")
    return _write(found, who, now, plain.text(text, "answer", LONGEST_INCIDENT), status=Status.ANSWERED.value)


def _mine(found: Incident, who: Writer) -> None:
    if found.post != who.post and who.role != SUPERVISOR:
        raise errors.Unusable("this is for whoever reported it, and for the supervisor")


@transaction.atomic
def add(docket: Docket, who: Writer, number: int, text: str, now: str) -> Entry:
    """Its reporter, or the supervisor, adds something."""
    found = incident_for(docket, who, number)
    _mine(found, who)
    return _write(found, who, now, plain.text(text, "text", LONGEST_INCIDENT))


@transaction.atomic
def close(docket: Docket, who: Writer, number: int, text: str, now: str) -> Entry:
    """Its reporter, or the supervisor, has nothing more to ask."""
    found = incident_for(docket, who, number)
    _mine(found, who)
    if found.standing.status == Status.CLOSED:
        raise errors.Unusable("this incident is closed")
    return _write(found, who, now, plain.text(text, "reason", LONGEST_INCIDENT), status=Status.CLOSED.value)


@transaction.atomic
def reopen(docket: Docket, who: Writer, number: int, text: str, now: str) -> Entry:
    """The answer was none: it is open again, with a new due date."""
    found = incident_for(docket, who, number)
    _mine(found, who)
    if found.standing.status == Status.OPEN:
        raise errors.Unusable("this incident is open")
    due = days_after(now, docket.answer_days)
    return _write(found, who, now, plain.text(text, "reason", LONGEST_INCIDENT), status=Status.OPEN.value, due=due)


@transaction.atomic
def show_to(docket: Docket, who: Writer, number: int, visibility: str, text: str, now: str) -> Entry:
    """Who reads it from now on; the reason stands behind the incident. The commission cannot hide what was reported."""
    found = incident_for(docket, who, number)
    _mine(found, who)
    if visibility not in Visibility.values or visibility == found.standing.visibility:
        raise errors.Unusable("expected another visibility of the list")
    if visibility == Visibility.OBSERVERS:
        _only(who, OBSERVER)
    return _write(found, who, now, plain.text(text, "reason", LONGEST_INCIDENT), visibility=visibility)


# --- evidence ----------------------------------------------------------------------------------------------------------------


def _folder(docket: Docket) -> Path:
    return Path(settings.SANDUQ_CONSOLE_FILES) / "evidence" / str(docket.pk)


def evidence_path(docket: Docket, sha256: str) -> Path:
    """Where the bytes of a file lie."""
    return _folder(docket) / sha256


def safe_name(name: str) -> str:
    """A file's name in plain letters, without folders: it goes into a header, and onto somebody's disk."""
    base = name.replace("\\", "/").rpartition("/")[2]
    return _NAME.sub("-", base).strip("-.")[-80:] or "file"


@transaction.atomic
def attach(docket: Docket, who: Writer, number: int, name: str, pieces: Iterable[bytes], now: str) -> Evidence:
    """Keep a file beside an incident of one's own. It is never opened, unpacked or shown."""
    lock(docket)
    found = incident_for(docket, who, number)
    if found.post != who.post:
        raise errors.Unusable("evidence is added by whoever reported the incident")
    files = Evidence.objects.filter(incident=found)
    if files.count() >= MOST_FILES:
        raise errors.Unusable(f"an incident has at most {MOST_FILES} files")
    used = sum(Evidence.objects.filter(incident__docket=docket).values_list("size", flat=True))
    sha256, size = _store(_folder(docket), pieces, min(LARGEST_FILE, MOST_BYTES - used))
    if files.filter(sha256=sha256).exists():
        raise errors.Unusable("this file is there already")
    values: dict[str, Any] = {"name": safe_name(name), "size": size, "sha256": sha256, "post": who.post, "time": now}
    return Evidence.objects.create(incident=found, number=after(files), **values)


def _store(folder: Path, pieces: Iterable[bytes], most: int) -> tuple[str, int]:
    """Write a file under its hash; what is refused leaves nothing."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = folder / f".{secrets.token_hex(8)}.partial"
    digest, size = hashlib.sha256(), 0
    try:
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for piece in pieces:
                size += len(piece)
                if size > most:
                    raise errors.Unusable(f"the file is larger than {most} bytes, the most that is taken")
                digest.update(piece)
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        if not size:
            raise errors.Unusable("the file is empty")
        partial.replace(folder / digest.hexdigest())
    finally:
        partial.unlink(missing_ok=True)
    return digest.hexdigest(), size


# --- statements --------------------------------------------------------------------------------------------------------------


@transaction.atomic
def state(docket: Docket, who: Writer, language: str, title: str, text: str, now: str, number: int | None = None) -> Statement:
    """A statement beside the result, or (``number``) a supplement to one's own. From then on it is everybody's to read."""
    _only(who, OBSERVER)
    kept = lock(docket)
    if language not in dict(settings.LANGUAGES):
        raise errors.Unusable("language: expected one of this site")
    if Statement.objects.filter(docket=kept, post=who.post).count() >= MOST_STATEMENTS:
        raise errors.Unusable(f"an observer makes at most {MOST_STATEMENTS} statements, supplements counted")
    versions = Statement.objects.filter(docket=kept, number=number) if number is not None else Statement.objects.none()
    last = versions.order_by("-version").first()
    if number is not None and (last is None or last.post != who.post):
        raise errors.Unusable("there is no such statement of yours")
    values: dict[str, Any] = {
        "number": last.number if last else after(Statement.objects.filter(docket=kept)),
        "version": last.version + 1 if last else 1,
        "time": now,
        "author": public_name(kept, who.post),
        "language": language,
        "title": plain.line(title, "title", 200),
        "text": plain.text(text, "statement", LONGEST_STATEMENT),
        "parent": last.sha256 if last else "",
    }
    return Statement.objects.create(docket=kept, post=who.post, **values, **sealed(values, salted=False))
