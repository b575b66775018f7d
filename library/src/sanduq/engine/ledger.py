"""What a verifier keeps of every ballot of an archive: which are in the box (4.7), and whose is the last.

A :class:`Ledger` is the reference's; the Rust engine has one of its own, in less memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Protocol

from sanduq import errors
from sanduq.algebra.elgamal import Ciphertext
from sanduq.roll import Roll


class Place(NamedTuple):
    """Where a ballot's text stands in the file."""

    start: int
    length: int


class Keeper(Protocol):
    """Keeps ballots that were checked, by their credentials."""

    @property
    def counted(self) -> int:
        """How many credentials have a ballot."""
        ...

    @property
    def total_weight(self) -> int:
        """The weight of these."""
        ...

    def enter(self, credential: str, digest: str, place: Place) -> tuple[int, Place | None]:
        """The ballot's weight, and where the one stands that it replaces; refuses 4.6 and 4.7, and then nothing has changed."""
        ...


class Ledger:
    """The reference's :class:`Keeper`."""

    def __init__(self, roll: Roll) -> None:
        self._weights = roll.weights
        self._last: dict[str, Place] = {}
        self._seen: set[bytes] = set()
        self.total_weight = 0

    @property
    def counted(self) -> int:
        """See :class:`Keeper`."""
        return len(self._last)

    def enter(self, credential: str, digest: str, place: Place) -> tuple[int, Place | None]:
        """See :class:`Keeper`."""
        errors.require(errors.CredentialUnknown, credential in self._weights, got=credential)
        weight = self._weights.get(credential, 0)
        payload = bytes.fromhex(digest)
        errors.require(errors.BallotReplayed, payload not in self._seen, got=digest)
        self._seen.add(payload)
        before = self._last.get(credential)
        self._last[credential] = place
        if before is None:
            self.total_weight += weight
        return weight, before


@dataclass(frozen=True)
class Start:
    """Where bytes of an archive stand: the byte ``offset`` of the file, behind the event ``head``; the next event has this
    ``height``, and all records have this ``time``.
    """

    offset: int
    head: str
    height: int
    time: int


@dataclass(frozen=True)
class Stretch:
    """Ballots that an engine took from the bytes of an archive, with all that is around them.

    ``count`` ballots in ``length`` bytes up to the event ``head``; ``sums`` is their product, in which those that were
    ``replaced`` (with their weights) still are. With ``hinted`` hints it was sooner, and ``bad`` did not fit.
    """

    count: int
    length: int
    head: str
    sums: tuple[tuple[Ciphertext, ...], ...]
    replaced: tuple[tuple[Place, int], ...]
    hinted: int
    bad: int
