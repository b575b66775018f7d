"""Taking ballots onto the end of an archive, whatever keeps it: a file, or the rows of a database (spec 5.a).

An :class:`Intake` is pure: it is told where the archive ends and what is in it, is given ballots that an engine has accepted,
and says for each what must be appended, or refuses it. Who keeps the archive holds the lock, writes durably, and only then
acknowledges; if that fails, the intake is thrown away.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from sanduq import errors
from sanduq.algebra.numbers import sha256_b64, sha256_hex
from sanduq.archive.events import Kind
from sanduq.archive.writer import Head, event_records
from sanduq.box.receipt import Receipt

_MARK = b'"credential":"'


@dataclass(frozen=True)
class Place:
    """Where a ballot stands: its event's height and hash."""

    height: int
    event: str


class Known(Protocol):
    """What is known of an archive. A payload is the SHA-256 of a ballot's text, in 64 digits."""

    def on_roll(self, credential: str) -> bool:
        """Whether a public credential is on the area's list."""
        ...

    def place(self, payload: str) -> Place | None:
        """Where this very ballot stands, if it does."""
        ...

    def latest(self, credential: str) -> str | None:
        """The payload of the last ballot of a credential."""
        ...


@dataclass(frozen=True)
class Taken:
    """A ballot that is in the box. ``content`` is what must be appended for it: nothing, if it stood there already."""

    raw: bytes
    payload: str
    credential: str
    place: Place
    content: bytes

    def receipt(self, uuid: str) -> Receipt:
        """What the box is to sign for it."""
        return Receipt(uuid, sha256_b64(self.raw), self.place.height, self.place.event)


class Intake:
    """Takes ballots one after the other behind ``head``, which moves on with each."""

    def __init__(self, head: Head, known: Known) -> None:
        if head.kind not in (Kind.SETUP, Kind.BALLOT):
            raise errors.BoxNotOpen("the vote is closed", got=f"the last event is {head.kind}")
        self.head = head
        self._known = known
        self._places: dict[str, Place] = {}
        self._latest: dict[str, str] = {}

    def take(self, raw: bytes, credential: str) -> Taken:
        """One ballot that an engine has accepted for ``credential`` (4.6, 5.2); after a refusal all is as before.

        The same ballot again stands where it stands, if it is still the last of its credential.
        """
        errors.require(errors.CredentialUnknown, self._known.on_roll(credential), got=credential)
        payload = sha256_hex(raw)
        place = self._places.get(payload) or self._known.place(payload)
        if place is not None:
            if (self._latest.get(credential) or self._known.latest(credential)) != payload:
                raise errors.BallotSuperseded(got=sha256_b64(raw))
            return Taken(raw, payload, credential, place, b"")
        content, self.head = event_records(self.head, Kind.BALLOT, [raw])
        place = Place(self.head.height, self.head.hash or "")
        self._places[payload] = place
        self._latest[credential] = payload
        return Taken(raw, payload, credential, place, content)


def credential_in(raw: bytes) -> str | None:
    """The credential that a ballot names: a look into its text, which decides nothing and checks nothing."""
    start = raw.find(_MARK) + len(_MARK)
    found = raw[start : start + 64]
    digits = len(found) == 64 and not found.strip(b"0123456789abcdef")
    return found.decode() if start >= len(_MARK) and digits else None
