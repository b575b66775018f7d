"""What the desk does: ask for an edition, end one, bring its signature."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from sanduq import errors
from sanduq.disc import KEYS, SUMS, check_signature, read_edition, read_keys, read_signature
from sanduq_web.press.models import EditionJob, EditionState
from sanduq_web.press.workshop import folder, folder_of, log_of, offered

_CAN_BEGIN_AGAIN: Final = (EditionState.FAILED, EditionState.ENDED)


def ask(number: int, day: date) -> EditionJob:
    """An edition is to be made. A number is given once; one that failed or was ended may be made again.

    Raises :class:`sanduq.errors.Unusable` without a workshop, and for a number that is taken.
    """
    if folder_of(number).exists():
        raise errors.Unusable(f"edition {number} lies in the workshop already", hint="take the next number")
    if next(offered().glob(f"edition-{number}-*"), None):  # made by command
        raise errors.Unusable(f"readers have edition {number} already", hint="take the next number")
    log_of(number).unlink(missing_ok=True)  # what an earlier try said
    with transaction.atomic():
        begun = EditionJob.objects.filter(number=number, state__in=_CAN_BEGIN_AGAIN)
        if begun.update(date=day, state=EditionState.WAITING, stage="", log="", beat_on=None, ended_on=None):
            return EditionJob.objects.get(number=number)
    try:
        with transaction.atomic():
            return EditionJob.objects.create(number=number, date=day)
    except IntegrityError:
        raise errors.Unusable(f"edition {number} is there already", hint="take the next number") from None


def end(number: int) -> None:
    """An edition that waits or is being made is not made; one that waits for its signature is thrown away."""
    open_states = (EditionState.WAITING, EditionState.WORKING, EditionState.MADE)
    found = EditionJob.objects.filter(number=number, state__in=open_states)
    if found.update(state=EditionState.ENDED, beat_on=None, ended_on=timezone.now()):
        shutil.rmtree(folder_of(number), ignore_errors=True)


def bring_signature(number: int, raw: bytes) -> None:
    """The signature of an edition's SHA256SUMS, made where the key is. The workshop then checks every file, and packs.

    Raises :class:`sanduq.errors.Refused` for one that no key of the edition's KEYS made, or that names another edition or day
    (spec 10.b, 10.e), :class:`sanduq.errors.Unusable` if the edition does not wait for one.
    """
    job = EditionJob.objects.filter(number=number, state=EditionState.MADE).first()
    if job is None:
        raise errors.Unusable(f"edition {number} does not wait for a signature")
    edition = folder_of(number)
    try:
        _check(job, edition, raw)
        partial = edition.with_name(f"{edition.name}.minisig")  # beside it: else it would be a file that nobody signed
        partial.write_bytes(raw)
        partial.replace(edition / f"{SUMS}.minisig")
    except OSError as error:
        hint = "if it was taken from the workshop, throw it away, and make it again"
        raise errors.Unusable(f"edition {number} cannot be read or written: {error.strerror}", hint=hint) from None
    if not EditionJob.objects.filter(pk=job.pk, state=EditionState.MADE).update(state=EditionState.PACKING, beat_on=None):
        raise errors.Unusable(f"edition {number} does not wait for a signature any more")


def _check(job: EditionJob, edition: Path, raw: bytes) -> None:
    sums = (edition / SUMS).read_bytes()
    keys = edition / KEYS
    if not keys.is_file():
        raise errors.Unusable("the edition has no KEYS", hint=f"put KEYS into {folder() / 'parts'}, and make it again")
    signature = read_signature(raw)
    try:
        known = {entry.key.id: entry.key for entry in read_keys(keys.read_bytes())}
    except errors.Refused as refusal:
        raise refusal.within(KEYS) from None
    key = known.get(signature.key_id)
    if key is None:
        raise errors.Unusable(f"key {signature.key_id} is not in the edition's KEYS", hint=", ".join(known))
    check_signature(signature, key, sums)
    named = read_edition(signature.comment)
    if (named.number, named.date) != (job.number, job.date.isoformat()):
        hint = f"sign with --edition {job.number} --date {job.date.isoformat()}"
        raise errors.Unusable(f"the signature is of edition {named.number} of {named.date}", hint=hint)
