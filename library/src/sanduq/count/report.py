"""What an archive says once ``watch`` has verified it: the facts that counting goes on from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sanduq.count.decryption import Factors
from sanduq.count.result import Result
from sanduq.engine import Sums
from sanduq.keys.trustees import Trustees
from sanduq.question.election import Election


@dataclass(frozen=True)
class HintsUse:
    """What hints (0.e) were good for: they save time, and no verdict depends on them.

    ``used`` ballots were accepted with theirs, ``bad`` ones had some that did not fit, of ``missing`` ones there were none, or
    they were not looked at. ``problem`` says why the whole file was not used; ``roll`` whether the roll's hints were.
    """

    used: int
    bad: int
    missing: int
    problem: str | None
    roll: bool


@dataclass(frozen=True)
class ArchiveReport:
    """What a verified archive says. ``phase``: open, closed, counting or counted.

    ``ballots`` were taken in, of which ``counted`` are the last of their credential; ``total_weight`` is theirs. ``head`` is
    the hash of the last event and ``height`` its number from 0. ``decryptions`` are the factors of the owners that have
    decrypted. ``marks`` are the heights of the events that were looked for, by their hashes.
    """

    election: Election
    trustees: Trustees
    roll_sha256: str
    trustees_sha256: str
    roll_size: int
    roll_weight: int
    has_certificate: bool
    phase: str
    height: int
    head: str
    head_at_close: str | None
    head_at_sum: str | None
    size: int
    records: int
    ballots: int
    counted: int
    total_weight: int
    sums: Sums
    decryptions: Mapping[int, Factors]
    result: Result | None
    engine: str
    marks: Mapping[str, int] = field(default_factory=dict)
    hints: HintsUse | None = None
