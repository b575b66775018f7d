"""What others ask of the public lists."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from sanduq_web.problems import Unknown
from sanduq_web.roll.looking_up import is_there as can_be_looked_up
from sanduq_web.roll.looking_up import key_of, plain_detail, plain_voter
from sanduq_web.roll.models import Entry, PublicList
from sanduq_web.roll.people import FORMULA, address_lines, is_email, wrong_letter
from sanduq_web.roll.registering import all_open

__all__ = [
    "FORMULA", "Listed", "address_lines", "all_open", "bounds", "bucket", "can_be_looked_up", "is_email", "key_of", "listed",
    "on_roll", "plain_detail", "plain_voter", "prefixes", "wrong_letter",
]  # fmt: skip


@dataclass(frozen=True)
class Listed:
    """A public list: its key in the database, its size, its buckets' digits."""

    id: int
    size: int
    weighted: bool
    prefix: int


@lru_cache(maxsize=4096)
def listed(uuid: str) -> Listed:
    """The list of an election; it never changes."""
    found = PublicList.objects.filter(uuid=uuid).first()
    if found is None:
        raise Unknown("this list")
    return Listed(found.pk, found.size, found.weighted, found.prefix)


def prefixes(uuids: Iterable[str]) -> Mapping[str, int]:
    """The digits of the buckets of several lists."""
    return dict(PublicList.objects.filter(uuid__in=list(uuids)).values_list("uuid", "prefix"))


def on_roll(uuid: str, credentials: Iterable[str]) -> set[str]:
    """Which of these public credentials are on the list of an election."""
    keys = [bytes.fromhex(credential) for credential in set(credentials)]
    found = Entry.objects.filter(list_id=listed(uuid).id, key__in=keys).values_list("key", flat=True)
    return {bytes(key).hex() for key in found}


def bounds(uuid: str, prefix: str) -> tuple[bytes, bytes]:
    """The least and the greatest key of a bucket: its prefix has as many digits as the list says, or it is unknown."""
    digits = listed(uuid).prefix
    if len(prefix) != digits or re.fullmatch("[0-9a-f]*", prefix) is None:
        raise Unknown(f"a bucket of another form than {digits} hexadecimal digits")
    low, high = (bytes.fromhex(prefix.ljust(64, digit)) for digit in "0f")
    return low, high


def bucket(uuid: str, prefix: str) -> list[str]:
    """All entries that begin with a prefix, in the list's own form."""
    kept, (low, high) = listed(uuid), bounds(uuid, prefix)
    rows = Entry.objects.filter(list_id=kept.id, key__gte=low, key__lte=high).order_by("key").values_list("key", "weight")
    return [bytes(key).hex() + (f",{weight}" if kept.weighted else "") for key, weight in rows]
