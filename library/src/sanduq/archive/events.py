"""Events and the small structures that link records together (spec 0.d; BS §Public data)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar

from sanduq import errors
from sanduq.archive import json

T = TypeVar("T")


class Kind(StrEnum):
    """What an event says has happened."""

    SETUP = "Setup"
    BALLOT = "Ballot"
    END_BALLOTS = "EndBallots"
    ENCRYPTED_TALLY = "EncryptedTally"
    SHUFFLE = "Shuffle"
    END_SHUFFLES = "EndShuffles"
    PARTIAL_DECRYPTION = "PartialDecryption"
    RESULT = "Result"


DATA_BEFORE: Final = {
    Kind.SETUP: (4, 5),
    Kind.BALLOT: (1,),
    Kind.END_BALLOTS: (0,),
    Kind.ENCRYPTED_TALLY: (2,),
    Kind.SHUFFLE: (2,),
    Kind.END_SHUFFLES: (0,),
    Kind.PARTIAL_DECRYPTION: (2,),
    Kind.RESULT: (1,),
}
"""How many data records an event brings."""

MAY_FOLLOW: Final[dict[Kind | None, tuple[Kind, ...]]] = {
    None: (Kind.SETUP,),
    Kind.SETUP: (Kind.BALLOT, Kind.END_BALLOTS),
    Kind.BALLOT: (Kind.BALLOT, Kind.END_BALLOTS),
    Kind.END_BALLOTS: (Kind.ENCRYPTED_TALLY,),
    # Nothing leads to Shuffle or away from it: it belongs to questions that are refused (2.4).
    Kind.SHUFFLE: (),
    Kind.ENCRYPTED_TALLY: (Kind.END_SHUFFLES, Kind.PARTIAL_DECRYPTION, Kind.RESULT),
    Kind.END_SHUFFLES: (Kind.PARTIAL_DECRYPTION, Kind.RESULT),
    Kind.PARTIAL_DECRYPTION: (Kind.PARTIAL_DECRYPTION, Kind.RESULT),
    Kind.RESULT: (),
}
"""Which kinds of event may follow which (0.15)."""

_event = json.Form(errors.MalformedJson)

_HASH: Final = rb'"([0-9a-f]{64})"'
# The canonical text of a ballot's event. It is looked for first, as there are millions of them; another text is read as JSON.
_BALLOT: Final = re.compile(rb'\{"parent":%b,"height":([1-9][0-9]{0,8}),"type":"Ballot","payload":%b\}' % (_HASH, _HASH))


@dataclass(frozen=True)
class Event:
    """One link of the chain."""

    parent: str | None
    height: int
    kind: Kind
    payload: str | None

    def to_json(self) -> dict[str, object]:
        """The JSON value, fields in their order."""
        value: dict[str, object] = {} if self.parent is None else {"parent": self.parent}
        value |= {"height": self.height, "type": self.kind.value}
        return value if self.payload is None else value | {"payload": self.payload}

    def to_bytes(self) -> bytes:
        """The canonical text."""
        return json.write(self.to_json()).encode()


def ballot_event(parent: str, height: int, payload: str) -> bytes:
    """The canonical text of a ballot's event: there are millions of them. Parent and payload are hashes, in 64 digits."""
    return f'{{"parent":"{parent}","height":{height},"type":"Ballot","payload":"{payload}"}}'.encode()


def read_event(data: bytes) -> Event:
    """The event in ``data`` (0.1, 0.2)."""
    ballot = _BALLOT.fullmatch(data)
    if ballot is not None:
        parent, height, payload = ballot.groups()
        return Event(parent.decode(), int(height), Kind.BALLOT, payload.decode())
    value = _event.fields(json.read(data), ("height", "type"), ("parent", "payload"))
    kind = value["type"]
    if not isinstance(kind, str) or kind not in Kind.__members__.values():
        _event.fail("type", kind)
    event = Event(
        _event.hash(value["parent"], "parent") if "parent" in value else None,
        _event.number(value["height"], "height"),
        Kind(kind),
        _event.hash(value["payload"], "payload") if "payload" in value else None,
    )
    json.require_canonical(data, event.to_json())
    return event


@dataclass(frozen=True)
class SetupData:
    """The hashes of what a Setup event brings."""

    election: str
    trustees: str
    credentials: str
    credentials_certificate: str | None = None

    @property
    def references(self) -> tuple[str, ...]:
        """The hashes in the order of their records."""
        three = (self.election, self.trustees, self.credentials)
        return three if self.credentials_certificate is None else (*three, self.credentials_certificate)

    def to_bytes(self) -> bytes:
        """The canonical text."""
        names = ("election", "trustees", "credentials", "credentials_certificate")
        return json.write(dict(zip(names, self.references, strict=False))).encode()


def read_setup_data(data: bytes) -> SetupData:
    """Setup data (0.1, 0.2)."""
    needed = ("election", "trustees", "credentials")
    value = _event.fields(json.read(data), needed, ("credentials_certificate",))
    setup = SetupData(**{name: _event.hash(found, name) for name, found in value.items()})
    _require_same(data, setup.to_bytes())
    return setup


@dataclass(frozen=True)
class Sized:
    """An encrypted tally's hash, with how many ballots are in it and their weight."""

    num_tallied: int
    total_weight: int
    encrypted_tally: str

    def to_bytes(self) -> bytes:
        """The canonical text."""
        weight = json.weight_value(self.total_weight)
        return json.write(
            {"num_tallied": self.num_tallied, "total_weight": weight, "encrypted_tally": self.encrypted_tally}
        ).encode()


def read_sized(data: bytes) -> Sized:
    """A sized encrypted tally (0.1, 0.2)."""
    value = _event.fields(json.read(data), ("num_tallied", "total_weight", "encrypted_tally"))
    sized = Sized(
        _event.number(value["num_tallied"], "num_tallied"),
        _event.weight(value["total_weight"], "total_weight"),
        _event.hash(value["encrypted_tally"], "encrypted_tally"),
    )
    _require_same(data, sized.to_bytes())
    return sized


@dataclass(frozen=True)
class Owned:
    """Whose a partial decryption is: trustees are counted from 1."""

    owner: int
    payload: str

    def to_bytes(self) -> bytes:
        """The canonical text."""
        return json.write({"owner": self.owner, "payload": self.payload}).encode()


def read_owned(data: bytes) -> Owned:
    """An owned partial decryption (0.1, 0.2)."""
    value = _event.fields(json.read(data), ("owner", "payload"))
    owned = Owned(_event.number(value["owner"], "owner"), _event.hash(value["payload"], "payload"))
    _require_same(data, owned.to_bytes())
    return owned


def _require_same(data: bytes, canonical: bytes) -> None:
    errors.require(errors.NotCanonical, data == canonical)
