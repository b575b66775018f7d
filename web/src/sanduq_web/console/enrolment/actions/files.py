"""Verbs of the register: taking a file in, bringing it into force, throwing it away, setting the day of its destruction."""

from __future__ import annotations

import hashlib
import os
import secrets
from datetime import date
from typing import Any, BinaryIO, Final

from django.conf import settings
from django.db import transaction

from sanduq import errors
from sanduq_web import clock
from sanduq_web.console.enrolment import keys, working
from sanduq_web.console.enrolment.models import Job, Load, LoadState, Register
from sanduq_web.console.enrolment.reading import ENCODINGS
from sanduq_web.console.office.actions import write_down
from sanduq_web.console.office.api import Desk
from sanduq_web.console.office.models import Vote
from sanduq_web.roll import actions as roll

LARGEST: Final = 512 << 20
_FOLDER: Final = "registers"
_MOST_LOADS: Final = 20


def register(vote: Vote) -> Register:
    """The register of a vote, locked within the caller's transaction; an empty one is made if there is none."""
    found, _new = Register.objects.get_or_create(vote=vote)
    return Register.objects.select_for_update().get(pk=found.pk)


def open_register(vote: Vote) -> Register:
    """The register, as long as it can be changed: neither frozen with its vote, nor destroyed."""
    found = register(vote)
    if vote.referendum_id is not None:
        raise errors.Unusable("the vote is frozen: its roll is part of the anchor and cannot be changed")
    if found.destroyed_at is not None:
        raise errors.Unusable("this register was destroyed")
    return found


@transaction.atomic
def set_destruction(desk: Desk, day: date) -> None:
    """The commission says on which day all data of people are destroyed; an act that everybody with a post reads."""
    found = register(desk.of)
    if found.destroyed_at is not None:
        raise errors.Unusable("this register was destroyed")
    if day <= clock.moment(clock.now()).date():
        raise errors.Unusable("the day of destruction: expected a day to come")
    before, found.destroy_on = found.destroy_on, day
    found.save()
    roll.set_destruction(desk.of.pk, day)
    write_down(desk, "destruction-set", {"on": day.isoformat(), "before": before.isoformat() if before else None})


class _Hashed:
    """A file that is hashed and counted as it is read."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self.sha256 = hashlib.sha256()
        self.size = 0

    def read(self, size: int = -1) -> bytes:
        raw = self._source.read(size)
        self.sha256.update(raw)
        self.size += len(raw)
        return raw


def receive(desk: Desk, source: BinaryIO, encoding: str) -> Load:
    """Take a register's file in, sealed as it comes; it is checked in the background. Nothing is in force by it."""
    if encoding not in ENCODINGS:
        raise errors.Unusable(f"expected one of the encodings {', '.join(ENCODINGS)}")
    with transaction.atomic():
        _may_receive(desk)
    name = f"{_FOLDER}/{secrets.token_hex(16)}.age"
    path = settings.SANDUQ_CONSOLE_FILES / name
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    hashed: Any = _Hashed(source)
    try:
        with open(path, "xb", opener=_for_us_alone) as target:  # Path.open has no opener
            keys.seal_file(hashed, target)
        if not 0 < hashed.size <= LARGEST:
            raise errors.Unusable(f"the file has {hashed.size >> 20} MiB; expected something, and at most {LARGEST >> 20}")
        with transaction.atomic():
            found = _may_receive(desk)
            load = Load.objects.create(
                register=found, file=name, sha256=hashed.sha256.hexdigest(), size=hashed.size, encoding=encoding, by=desk.post
            )
            working.add("check", found.pk, load.pk)
            write_down(desk, "register-uploaded", {"load": load.pk, "sha256": load.sha256, "size": load.size})
    except BaseException:
        keys.forget(path)
        raise
    return load


def _for_us_alone(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _may_receive(desk: Desk) -> Register:
    found = open_register(desk.of)
    keys.own_recipient()  # or it says what is missing
    if found.destroy_on is None:
        raise errors.Unusable(
            "the commission has not said when people's data are destroyed", hint="it sets the day on its page of the roll first"
        )
    loads = Load.objects.filter(register=found)
    if loads.filter(state=LoadState.CHECKING).exists():
        raise errors.Unusable("a file is being checked already", hint="wait for it, or throw it away")
    if loads.filter(state=LoadState.CHECKED).count() >= _MOST_LOADS:
        raise errors.Unusable("many files wait to be brought into force", hint="throw away those that are not wanted")
    return found


@transaction.atomic
def throw_away(desk: Desk, number: int) -> None:
    """A file that is not in force: what came of it is deleted."""
    found = register(desk.of)
    states = (LoadState.CHECKING, LoadState.CHECKED)
    load = Load.objects.select_for_update().filter(pk=number, register=found, state__in=states).first()
    if load is None:
        raise errors.Unusable("there is no such file, or it is in force")
    end(load)
    write_down(desk, "register-thrown-away", {"load": load.pk})


def end(load: Load) -> None:
    """A load is over, within the caller's transaction; its rows go in the background."""
    load.state = LoadState.ENDED
    load.save()
    Job.objects.filter(kind="check", register_id=load.register_id, of=load.pk).delete()
    keys.forget(settings.SANDUQ_CONSOLE_FILES / load.file)
    working.add("wipe", load.register_id, load.pk)


def into_force(vote: Vote, number: int) -> Load:
    """What was checked holds from now on, at once and whole, within the caller's transaction; what held before is deleted."""
    found = open_register(vote)
    load = Load.objects.select_for_update().filter(pk=number, register=found, state=LoadState.CHECKED).first()
    if load is None:
        raise errors.Unusable("there is no such file that was checked", hint="propose it anew")
    for before in Load.objects.filter(register=found, state=LoadState.LIVE):
        end(before)
    load.state = LoadState.LIVE
    load.save()
    found.generation = load.pk
    found.save()
    roll.use_generation(vote.pk, load.pk)
    return load
