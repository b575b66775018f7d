"""The setting: what a box asks for beside the credential; and the registrar's files for it, each whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from sanduq import errors
from sanduq.box.journal import Act
from sanduq.roll import read_pins, read_table
from sanduq_web.box.actions.forgetting import forget_all
from sanduq_web.box.actions.phases import lock
from sanduq_web.box.api import authentication, journal
from sanduq_web.box.models import Address, Authentication, Pin
from sanduq_web.question.api import Frozen, Place, anchors, referendum
from sanduq_web.roll.api import listed, on_roll

_AT_ONCE: Final = 500
_LARGEST: Final = 1 << 30


def choose(frozen: Frozen, kind: str, now: str, *, new: bool) -> None:
    """Set what the box asks for, within the caller's transaction; refused after the opening, unless it is ``new`` here."""
    lock(frozen.anchor)
    if not new and kind == authentication(frozen.anchor):
        return
    opened = now >= frozen.setup.calendar.opens or journal(frozen.anchor)[-1].act is not Act.FROZEN
    if opened and not new:
        raise errors.Unusable("the authentication cannot be changed after the opening", hint="nothing was changed")
    Authentication.objects.update_or_create(referendum_id=frozen.anchor, defaults={"kind": kind})
    forget_all(frozen.anchor)


def keep_pins(paths: Sequence[Path]) -> int:
    """Keep the files of ``sanduq roll pins``, for the areas that they are named by; gives the number of PINs."""
    return _keep_all(paths, Authentication.Kind.PIN, _pins)


def keep_addresses(paths: Sequence[Path]) -> int:
    """Keep the files of ``sanduq roll addresses``; gives the number of addresses."""
    return _keep_all(paths, Authentication.Kind.EMAIL, _addresses)


def _keep_all(paths: Sequence[Path], kind: str, keep: Callable[[Place, bytes], int]) -> int:
    total = 0
    with transaction.atomic():
        for path in paths:
            frozen, place = _area_of(path)
            _require_ready(frozen, kind)
            try:
                with path.open("rb") as file:
                    total += keep(place, file.read(_LARGEST))
            except errors.Unusable as error:
                raise errors.Unusable(f"{path}: {error}", hint=error.hint or "nothing was changed") from None
    return total


def _area_of(path: Path) -> tuple[Frozen, Place]:
    uuid = path.name.partition(".")[0]
    for frozen in map(referendum, anchors()):
        place = frozen.by_uuid(uuid)
        if place is not None:
            return frozen, place
    raise errors.Unusable(f"{path.name} is of no area here", hint="its name begins with the area's uuid")


def _require_ready(frozen: Frozen, kind: str) -> None:
    lock(frozen.anchor)
    if authentication(frozen.anchor) != kind:
        raise errors.Unusable(f"this referendum does not ask for that: import it with --authentication {kind}")
    if journal(frozen.anchor)[-1].act not in (Act.FROZEN, Act.OPENED):
        raise errors.Unusable("the vote is closed: nothing of this kind is kept any more")


def _pins(place: Place, data: bytes) -> int:
    found = read_pins(data)
    _require_on_roll(place, found)
    size = listed(place.area.uuid).size
    if len(found) != size:
        raise errors.Unusable(f"{len(found)} PINs; expected one for each of the {size} credentials")
    Pin.objects.filter(archive_id=place.id).delete()
    rows = (
        Pin(archive_id=place.id, credential=bytes.fromhex(key), salt=each.salt, hash=each.hash) for key, each in found.items()
    )
    Pin.objects.bulk_create(rows, batch_size=_AT_ONCE)
    return len(found)


def _addresses(place: Place, data: bytes) -> int:
    found: dict[str, str] = {}
    for line, (key, email) in read_table(data, ("credential", "email")):
        try:
            validate_email(email)
        except ValidationError:
            raise errors.Unusable(f"line {line}: no address of e-mail") from None
        if key in found:
            raise errors.Unusable(f"line {line}: the same credential again")
        found[key] = email
    if not found:
        raise errors.Unusable("no addresses")
    _require_on_roll(place, found)
    Address.objects.filter(archive_id=place.id).delete()
    rows = (Address(archive_id=place.id, credential=bytes.fromhex(key), email=email) for key, email in found.items())
    Address.objects.bulk_create(rows, batch_size=_AT_ONCE)
    return len(found)


def _require_on_roll(place: Place, found: Mapping[str, object]) -> None:
    for keys in _batches(found):
        try:
            known = on_roll(place.area.uuid, keys)
        except ValueError:
            known = set()
        unknown = sum(key not in known for key in keys)
        if unknown:
            raise errors.Unusable(f"at least {unknown} credentials are not on the public list of {place.code}")


def _batches(keys: Iterable[str]) -> Iterable[list[str]]:
    rest = iter(keys)
    while batch := list(islice(rest, _AT_ONCE)):
        yield batch
