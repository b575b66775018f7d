"""The archive for the registrar's offline machine, and the checks of the lists that come back."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from typing import Any, BinaryIO, Final

from django.conf import settings
from django.db import transaction

from sanduq import errors
from sanduq.engine import choose
from sanduq.roll import make_roll, read_roll
from sanduq_web.console.enrolment import keys
from sanduq_web.console.enrolment.areas import areas_of
from sanduq_web.console.enrolment.loading import Beat
from sanduq_web.console.enrolment.models import AreaCount, Entry, Export, Load, RollFile

PEOPLE: Final = ("voter", "name", "address", "language", "email")
"""The columns of people.csv, as `sanduq roll letters --people` reads them."""
RESERVE: Final = "reserve-{:05}"
_CHUNK: Final = 2000


class _Hashed:
    """A file that is hashed and counted as it is written."""

    def __init__(self, target: BinaryIO) -> None:
        self._target = target
        self.sha256 = hashlib.sha256()
        self.size = 0

    def write(self, raw: bytes) -> int:
        self.sha256.update(raw)
        self.size += len(raw)
        return self._target.write(raw)

    def flush(self) -> None:
        self._target.flush()


def write_export(export: Export, beat: Beat) -> None:
    """For each area ``AREA/voters.csv`` (voter, weight) and ``AREA/people.csv``, in a ZIP archive that is sealed as it is made:
    nothing of it touches the disk in the clear.
    """
    path = settings.SANDUQ_CONSOLE_FILES / export.file
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    register = export.register
    counts: dict[str, int] = {}
    areas = list(areas_of(register.vote))
    with path.open("wb") as target:
        hashed: Any = _Hashed(target)
        with (
            keys.sealing(hashed, register.recipients.split()) as into,
            zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        ):
            for area in areas:
                counts[area] = _area(archive, export, area, beat)
    with transaction.atomic():
        export.state, export.sha256, export.size, export.counts = "made", hashed.sha256.hexdigest(), hashed.size, counts
        export.save()
        beat()


def _area(archive: zipfile.ZipFile, export: Export, area: str, beat: Beat) -> int:
    register = export.register
    weighted = Load.objects.filter(pk=register.generation, weighted=True).exists()
    number = 0
    with archive.open(f"{area}/voters.csv", "w", force_zip64=True) as raw, _csv(raw) as text:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(("voter", "weight") if weighted else ("voter",))
        for entry in _entries(export, area, beat):
            writer.writerow((entry.voter, entry.weight) if weighted else (entry.voter,))
            number += 1
        for reserve in range(1, export.reserves + 1):
            name = RESERVE.format(reserve)
            writer.writerow((name, 1) if weighted else (name,))
            number += 1
    with archive.open(f"{area}/people.csv", "w", force_zip64=True) as raw, _csv(raw) as text:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(PEOPLE)
        for entry in _entries(export, area, beat):
            told = keys.open_fields(bytes(entry.sealed), f"{register.pk.hex} {entry.voter}")
            address = "|".join(told.get("address", "").split("\n"))
            writer.writerow((entry.voter, told.get("name", ""), address, entry.language, told.get("email", "")))
    return number


def _csv(raw: Any) -> io.TextIOWrapper:
    return io.TextIOWrapper(raw, "utf-8", newline="")


def _entries(export: Export, area: str, beat: Beat) -> Any:
    """Those of an area who may vote, by voter, in pages, so that no cursor stays open for long."""
    register = export.register
    for generation in sorted({0, register.generation}):
        after = ""
        while True:
            query = Entry.objects.filter(register=register, generation=generation, area=area, voter__gt=after)
            found = list(query.order_by("voter")[:_CHUNK])
            yield from (entry for entry in found if not entry.state)
            beat()
            if len(found) < _CHUNK:
                break
            after = found[-1].voter


# --- lists -------------------------------------------------------------------------------------------------------------------


def check_list(row: RollFile, beat: Beat) -> None:
    """Check a public list as it came: afterwards it is ``good``, or ``refused`` with the reason."""
    try:
        roll = read_roll(bytes(row.raw))
        if make_roll((key, weight if roll.weighted else None) for key, weight in roll.weights.items()).to_bytes() != bytes(
            row.raw
        ):
            raise errors.Unusable("the list is not in its order", hint="`sanduq roll credentials` writes it so")
        _fits(row, len(roll), roll.total_weight)
        beat()
        choose(settings.SANDUQ_ENGINE).check_roll(roll)
        row.size, row.weight, row.state, row.log = len(roll), roll.total_weight, "good", ""
    except (errors.Refused, errors.Unusable) as refusal:
        row.state, row.log = "refused", f"{refusal}. {refusal.hint}" if refusal.hint else str(refusal)
    with transaction.atomic():
        beat()
        RollFile.objects.filter(pk=row.pk).update(state=row.state, log=row.log, size=row.size, weight=row.weight)


def _fits(row: RollFile, size: int, weight: int) -> None:
    area = areas_of(row.register.vote).get(row.area)
    if area is None:
        raise errors.Unusable("the draft has no such area any more")
    if area.electorate is not None and size > area.electorate:
        raise errors.Unusable(f"the list has {size} credentials; the area has {area.electorate} electors")
    last = Export.objects.filter(register=row.register, state__in=("made", "gone")).exclude(sha256="").order_by("-pk").first()
    if last is None:
        return
    expected = last.counts.get(row.area, 0)
    if size != expected:
        raise errors.Unusable(f"the list has {size} credentials; {expected} went out for this area, with its reserves")
    counts = AreaCount.objects.filter(register=row.register, generation__in=(0, row.register.generation), area=row.area)
    weights = sum(each.weight for each in counts) + last.reserves
    if weight != weights:
        raise errors.Unusable(f"all weights together are {weight}; expected {weights}")
