"""A box with ballots for it that were sealed beforehand, and children that cast them: for the tests that kill."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sanduq import errors
from sanduq.algebra.elgamal import NOTHING
from sanduq.algebra.numbers import sha256_b64, system_random
from sanduq.archive.events import Kind
from sanduq.archive.reader import ArchiveReader
from sanduq.archive.writer import setup_records
from sanduq.box import Box, BoxKey, Receipt
from sanduq.engine import Sums, choose
from sanduq.keys.ceremony import new_single
from sanduq.keys.trustees import Single, Trustees
from sanduq.question.election import Election, Question, make_election
from sanduq.roll import Roll, make_roll, new_credential, new_uuid

_CREDENTIAL = b'"credential":"'


class Trusting:
    """An engine that believes every ballot: what is tested is the writing. (Rust's threads would not survive a fork either.)"""

    name = "trusting"
    batch = 16

    def check_roll(self, roll: Roll) -> None:
        """Nothing."""

    def ballots(self, election: Election) -> Trusting:
        """Itself."""
        return self

    def check(self, raws: Sequence[bytes]) -> list[str | errors.Refused]:
        """The credential that stands in the text."""
        starts = [raw.index(_CREDENTIAL) + len(_CREDENTIAL) for raw in raws]
        return [raw[start : start + 64].decode() for raw, start in zip(raws, starts, strict=True)]

    hint_size = 64

    def check_and_hint(self, raws: Sequence[bytes]) -> list[tuple[str, bytes] | errors.Refused]:
        """The same, with the SHA-256 of the text, twice, for hints."""
        pairs = zip(self.check(raws), raws, strict=True)
        return [v if isinstance(v, errors.Refused) else (v, hashlib.sha256(raw).digest() * 2) for v, raw in pairs]

    def screen(self, raws: Sequence[bytes]) -> list[str | None]:
        """The same."""
        return [verdict for verdict in self.check(raws) if isinstance(verdict, str)]

    def sum(self, raws: Sequence[bytes], weights: Sequence[int]) -> Sums:
        """Never asked for."""
        return ((NOTHING,),)

    def public_credentials(self, uuid: str, credentials: Sequence[str]) -> list[str]:
        """Never asked for."""
        return []

    def seal_many(
        self, election: Election, credentials: Sequence[str], choices: Sequence[Sequence[Sequence[int]]]
    ) -> list[bytes]:
        """Never asked for."""
        return []


@dataclass(frozen=True)
class Rig:
    """An archive up to its Setup event, and ballots for it: one a voter, then a second one of each of the first voters."""

    archive: bytes
    ballots: tuple[bytes, ...]
    again: tuple[bytes, ...]
    key: BoxKey

    @contextmanager
    def open(self, path: Path) -> Iterator[Box]:
        """The box, locked."""
        with Box.open(path, Trusting(), self.key) as box:
            yield box


def make_rig(voters: int, twice: int = 4) -> Rig:
    """Real ballots, sealed by the fastest engine there is."""
    engine = choose(None)
    uuid, (_, public) = new_uuid(), new_single(system_random)
    trustees = Trustees((Single(public),))
    question = Question("Shall it?", ("Yes", "No"), 1, 1, None)
    election = make_election(uuid, "rig", "0" * 64, trustees.public_key, (question,))
    credentials = [new_credential() for _ in range(voters)]
    roll = make_roll((key, None) for key in engine.public_credentials(uuid, credentials))
    content, _ = setup_records(1_700_000_000, election.raw, trustees.to_bytes(), roll.to_bytes())
    ballots = engine.seal_many(election, credentials, [[[1, 0]]] * voters)
    again = engine.seal_many(election, credentials[:twice], [[[0, 1]]] * twice)
    return Rig(content, tuple(ballots), tuple(again), BoxKey.new())


def stored(path: Path) -> list[Receipt]:
    """What stands in an archive, with every check of the reader (0.1 to 0.15): tracker, height and event of each ballot."""
    found = []
    with path.open("rb") as file:
        for entry in ArchiveReader(file):
            if entry.event.kind is Kind.BALLOT:
                found.append(Receipt("", sha256_b64(entry.data[0]), entry.event.height, entry.hash))
    return found


def fork(act: Callable[[Callable[[str], None]], None]) -> tuple[int, int]:
    """Run ``act`` in a child; gives its process id, and the end of a pipe that hears each line that it says."""
    hears, says = os.pipe()
    child = os.fork()
    if child:
        os.close(says)
        return child, hears
    status = 70
    try:
        os.close(hears)
        act(lambda line: os.write(says, f"{line}\n".encode()) and None)
        status = 0
    finally:
        os._exit(status)


def finish(child: int, hears: int) -> tuple[int, list[str]]:
    """Wait for a child: its exit code (negative: the signal), and all whole lines that it said."""
    with os.fdopen(hears, "rb") as pipe:
        said = pipe.read()
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return code, said.decode().split("\n")[:-1]
