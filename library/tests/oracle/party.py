"""Who can do the work of an election: the same verbs for the tool and for sanduq. What they exchange are bytes of files."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class Seat:
    """Which threshold trustee somebody is: number ``index`` (from 1) of ``size``, of whom ``threshold`` are enough."""

    index: int
    threshold: int
    size: int


@dataclass(frozen=True)
class Secret:
    """A trustee's secret files: .privkey alone, or .key and .dkey of a threshold trustee."""

    key: bytes
    dkey: bytes | None = None


@dataclass(frozen=True)
class Credentials:
    """Secret ones in the order of the voters, and the public list as it stands in the archive."""

    secret: tuple[str, ...]
    roll: bytes


def commitment(polynomial: bytes) -> str:
    """What a trustee publishes before the file of step 3: SHA-256 of the message that it signed. By hand, as anybody may."""
    return sha256(json.loads(polynomial)["coefexps"]["message"].encode()).hexdigest()


class Party(Protocol):
    """The tool, or sanduq."""

    name: str

    # keys
    def single(self) -> tuple[Secret, bytes]:
        """A mandatory trustee's secret and its public file."""
        ...

    def begin(self, seat: Seat) -> tuple[bytes, bytes]:
        """Step 1: the secret key's file and the certificate's."""
        ...

    def check_certs(self, certs: bytes) -> None:
        """Step 2: all certificates, one a line; raises if anything is wrong."""
        ...

    def polynomial(self, certs: bytes, key: bytes, seat: Seat) -> bytes:
        """Step 3."""
        ...

    def route(self, certs: bytes, polynomials: Sequence[bytes]) -> list[bytes]:
        """Step 4: the vinput of each trustee."""
        ...

    def finish(self, certs: bytes, key: bytes, vinput: bytes, commitments: Sequence[str]) -> bytes:
        """Step 5: the voutput."""
        ...

    def assemble(self, certs: bytes, polynomials: Sequence[bytes], voutputs: Sequence[bytes]) -> bytes:
        """Step 6: what is published of the group."""
        ...

    def trustees(self, singles: Sequence[bytes], group: bytes | None) -> bytes:
        """All trustees together, as in the archive."""
        ...

    # roll and question
    def uuid(self) -> str:
        """A fresh uuid."""
        ...

    def credentials(self, uuid: str, voters: int, weights: Sequence[int] | None) -> Credentials:
        """Credentials for all voters."""
        ...

    def public(self, uuid: str, credential: str) -> str:
        """The public credential of a secret one; raises if it has not the form of one."""
        ...

    def election(self, uuid: str, trustees: bytes, template: bytes) -> bytes:
        """The election's text."""
        ...

    # booth and box
    def start(self, folder: Path, uuid: str, election: bytes, trustees: bytes, roll: bytes) -> Path:
        """A new archive, up to its Setup event."""
        ...

    def seal(self, archive: Path, credential: str, choices: Sequence[Sequence[int]]) -> bytes:
        """A signed ballot."""
        ...

    def cast(self, archive: Path, ballot: bytes) -> None:
        """Put a ballot into the archive."""
        ...

    def close(self, archive: Path) -> None:
        """End the vote."""
        ...

    # count
    def sum(self, archive: Path) -> None:
        """Append the encrypted sum."""
        ...

    def decrypt(self, archive: Path, owner: int, secret: Secret) -> bytes:
        """A trustee's partial decryption of the sum."""
        ...

    def count(self, archive: Path, decryptions: Mapping[int, bytes]) -> None:
        """Append decryptions, by owner, and the result."""
        ...
