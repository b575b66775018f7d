"""``KEYS``: the public keys of an edition, and how one key follows another (spec 10.c).

A key is two lines, minisign's file. Where it follows an older key, four lines more: the older key's signature, by minisign, of
these two lines. So each part can be cut out and checked with minisign alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from sanduq import errors
from sanduq.disc.minisign import (
    EditionKey,
    Signature,
    after,
    check_signature,
    is_date,
    key_of,
    lines_of,
    read_signature,
)
from sanduq.disc.secret import SecretKey
from sanduq.disc.words import fingerprint

LARGEST: Final = 1 << 17
_FOLLOWS: Final = re.compile(r"sanduq key ([0-9A-F]{16}) after ([0-9A-F]{16}) of ([0-9]{4}-[0-9]{2}-[0-9]{2})\Z")


@dataclass(frozen=True)
class KeyEntry:
    """A key, and the signature of the key that it follows, if any. None of it is judged yet."""

    key: EditionKey
    by: Signature | None = None

    def to_bytes(self) -> bytes:
        """Its two or six lines."""
        return self.key.to_bytes() + (self.by.to_bytes() if self.by else b"")


Reached = Mapping[EditionKey, tuple[EditionKey, ...]]
"""Keys that a reader trusts, each with the way to it: from a key of the reader's own over those between to the key itself."""


def renewed(old: SecretKey, new: EditionKey, day: str) -> KeyEntry:
    """The new key, signed by the old one on a day (``2026-11-22``, as the signer says)."""
    return KeyEntry(new, old.sign(new.to_bytes(), f"sanduq key {new.id} after {old.id} of {day}"))


def read_keys(data: bytes) -> tuple[KeyEntry, ...]:
    """The entries of KEYS (10.5 to 10.8). Each of their lines has one writing."""
    lines = lines_of(data, LARGEST)
    found: list[KeyEntry] = []
    while lines:
        comment = after("untrusted comment: ", lines[0])
        key = key_of(lines[1] if len(lines) > 1 else "")
        by = None
        if comment != f"minisign public key {key.id}":
            raise errors.MinisignMalformed("the comment of a key", expected=f"minisign public key {key.id}")
        # A key's line is short, a signature's is long.
        if len(lines) > 3 and len(lines[3]) > 56:
            by = read_signature("".join(f"{line}\n" for line in lines[2:6]).encode())
        found.append(KeyEntry(key, by))
        del lines[: 6 if by else 2]
    if not found:
        raise errors.MinisignMalformed(expected="keys as `sanduq disc key` and `sanduq disc renew` write them")
    return tuple(found)


def follow(entries: Iterable[KeyEntry], keys: Iterable[EditionKey], fingerprints: Iterable[str] = ()) -> Reached:
    """The keys that are trusted: the reader's own, and those that they lead to, in the order of the entries (10.13).

    A key may be trusted by its fingerprint, and then comes from the entries. What an unknown key has signed leads nowhere, and
    is no fault; what a trusted key is said to have signed, and has not, is refused.
    """
    wanted = set(fingerprints)
    reached: dict[EditionKey, tuple[EditionKey, ...]] = {key: (key,) for key in keys}
    for entry in entries:
        key, by = entry.key, entry.by
        if fingerprint(key.public) in wanted:
            reached.setdefault(key, (key,))
        if by is None:
            continue
        older = [each for each in reached if each.id == by.key_id and each != key]
        if older:
            signer = _require_renewed(entry, by, older)
            reached.setdefault(key, (*reached[signer], key))
    return reached


def _require_renewed(entry: KeyEntry, by: Signature, older: list[EditionKey]) -> EditionKey:
    """The key of those with this id that has signed the entry's key."""
    said = _FOLLOWS.match(by.comment)
    fits = said is not None and (said[1], said[2]) == (entry.key.id, by.key_id) and is_date(said[3])
    errors.require(errors.RenewalInvalid, fits, expected=f"sanduq key {entry.key.id} after {by.key_id} of …", got=by.comment)
    for each in older:
        try:
            check_signature(by, each, entry.key.to_bytes())
        except errors.Refused:
            continue
        return each
    raise errors.RenewalInvalid(got=f"key {entry.key.id}, said to follow {by.key_id}")
