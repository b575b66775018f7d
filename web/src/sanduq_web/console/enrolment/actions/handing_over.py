"""What goes to the registrar's offline machine, what comes back from it, and reserves that are given out."""

from __future__ import annotations

import hashlib
import re
import secrets
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction

from sanduq import errors
from sanduq.roll import check_uuid
from sanduq_web.console.enrolment import keys, working
from sanduq_web.console.enrolment.actions.files import open_register, register
from sanduq_web.console.enrolment.areas import areas_of
from sanduq_web.console.enrolment.models import AreaCount, Entry, Export, Job, Reserve, RollFile
from sanduq_web.console.office.actions import write_down
from sanduq_web.console.office.api import Desk

LARGEST_LIST: Final = 400 << 20
MOST_RESERVES: Final = 100_000
WHY: Final = ("lost", "undelivered", "damaged", "seen")
"""As `sanduq roll reserve` has them."""
_NAME: Final = re.compile(r"([1-9A-HJ-NP-Za-km-z]{14,64})\.roll\.json\Z")


@transaction.atomic
def ask_for_export(desk: Desk, reserves: int) -> Export:
    """Have the archive made for the registrar's offline machine, in the background; earlier ones are deleted."""
    found = open_register(desk.of)
    if not found.recipients:
        raise errors.Unusable("the registrar's recipients are not set", hint="two registrars set them on the page of the roll")
    if not 0 <= reserves <= MOST_RESERVES:
        raise errors.Unusable(f"reserves for each area: expected 0 to {MOST_RESERVES}")
    if not AreaCount.objects.filter(register=found, generation__in=(0, found.generation), entries__gt=0).exists():
        raise errors.Unusable("there is no register in force")
    if Export.objects.filter(register=found, state="waiting").exists():
        raise errors.Unusable("one is being made already", hint="wait for it")
    for before in Export.objects.filter(register=found, state="made"):
        gone(before)
    name = f"registers/{secrets.token_hex(16)}.zip.age"
    made = Export.objects.create(register=found, reserves=reserves, file=name, by=desk.post)
    working.add("export", found.pk, made.pk)
    write_down(desk, "roll-exported", {"export": made.pk, "reserves": reserves})
    return made


def gone(export: Export) -> None:
    """Its file is deleted."""
    keys.forget(settings.SANDUQ_CONSOLE_FILES / export.file)
    export.state = "gone"
    export.save()


@transaction.atomic
def bring_list(desk: Desk, area: str, name: str, raw: bytes) -> RollFile:
    """Take the public list of an area in; it is checked in the background, and takes the place of the one before."""
    found = open_register(desk.of)
    if area not in areas_of(desk.of):
        raise errors.Unusable("expected an area of the draft")
    match = _NAME.match(name)
    if match is None:
        raise errors.Unusable("expected a file UUID.roll.json, under the name that `sanduq roll credentials` gave it")
    if not 0 < len(raw) <= LARGEST_LIST:
        raise errors.Unusable(f"the list has {len(raw) >> 20} MiB; expected something, and at most {LARGEST_LIST >> 20}")
    uuid, sha256 = check_uuid(match[1]), hashlib.sha256(raw).hexdigest()
    for before in RollFile.objects.filter(register=found, area=area).defer("raw"):
        Job.objects.filter(kind="list", register=found, of=before.pk).delete()
        before.delete()
    try:
        with transaction.atomic():
            made = RollFile.objects.create(register=found, area=area, uuid=uuid, sha256=sha256, by=desk.post, raw=raw)
    except IntegrityError:
        hint = "make the credentials of each area in a run of its own"
        raise errors.Unusable("another area has a list of this uuid", hint=hint) from None
    working.add("list", found.pk, made.pk)
    write_down(desk, "list-brought", {"area": area, "sha256": sha256, "uuid": uuid})
    return made


@transaction.atomic
def remove_list(desk: Desk, area: str) -> None:
    """Take the list of an area back."""
    found = open_register(desk.of)
    row = RollFile.objects.filter(register=found, area=area).defer("raw").first()
    if row is None:
        raise errors.Unusable("this area has no list")
    Job.objects.filter(kind="list", register=found, of=row.pk).delete()
    write_down(desk, "list-removed", {"area": area, "sha256": row.sha256})
    row.delete()


# --- reserves ----------------------------------------------------------------------------------------------------------------


@transaction.atomic
def give_reserve(desk: Desk, area: str, number: int, voter: str, why: str) -> Reserve:
    """One officer says: reserve ``number`` of an area is given for the entry of ``voter``. It holds when a second confirms."""
    found = register(desk.of)
    if desk.of.referendum_id is None:
        raise errors.Unusable("the vote is not frozen: until then the register itself is corrected")
    if found.destroyed_at is not None:
        raise errors.Unusable("this register was destroyed: nobody can be recognised any more")
    if why not in WHY:
        raise errors.Unusable(f"expected one of the reasons {', '.join(WHY)}")
    last = Export.objects.filter(register=found, state__in=("made", "gone")).exclude(sha256="").order_by("-pk").first()
    if last is None or not 1 <= number <= last.reserves:
        raise errors.Unusable(f"expected the number of a reserve: 1 to {last.reserves if last else 0}")
    entry = Entry.objects.filter(register=found, generation__in=(0, found.generation), voter=voter, area=area, state="").first()
    if entry is None:
        raise errors.Unusable("there is no entry of this number in this area that may vote")
    if Reserve.objects.filter(register=found, area=area, number=number).exists():
        raise errors.Unusable("this reserve was given already")
    made = Reserve.objects.create(register=found, area=area, number=number, voter=voter, why=why, by=desk.post)
    write_down(desk, "reserve-proposed", {"area": area, "number": number, "why": why})
    return made


def _reserve(desk: Desk, key: int) -> Reserve:
    query = Reserve.objects.select_for_update(of=("self",)).select_related("by")
    found = query.filter(pk=key, register_id=desk.of.pk, second=None).first()
    if found is None:
        raise errors.Unusable("there is no such reserve that waits for a second person")
    return found


@transaction.atomic
def second_reserve(desk: Desk, key: int) -> None:
    """A second officer has seen the person, or the letter that came back, too."""
    found = _reserve(desk, key)
    if found.by.officer_id == desk.officer.pk:
        raise errors.Unusable("another person must confirm this", hint="not the one who proposed it")
    found.second = desk.post
    found.save()
    write_down(desk, "reserve-given", {"area": found.area, "number": found.number, "why": found.why})


@transaction.atomic
def take_back_reserve(desk: Desk, key: int) -> None:
    """What was proposed was wrong; it was not given out."""
    found = _reserve(desk, key)
    write_down(desk, "reserve-taken-back", {"area": found.area, "number": found.number})
    found.delete()
