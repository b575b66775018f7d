"""Python and Rust asked the same things: what the processes of ``test_engines.py`` do.

Each mutation has a seed of its own, ``shape-number``, from which it can be made again::

    mutate_ballot.mutant(small("blank"), random.Random("blank-17"))
"""

from __future__ import annotations

import io
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

import mutate_archive
import mutate_ballot
import sanduq_speed
from sanduq import errors
from sanduq.engine import Engine
from sanduq.engine.python import PythonBallots, PythonEngine
from sanduq.engine.rust import RustEngine
from sanduq.question.election import Election
from sanduq.watch.archive import verify_archive
from small import SHAPES, Small, small

NAMES = tuple(SHAPES)
WRAPPED = 8
"""Of so many ballots one goes through the engine as it is used, too: where Rust refuses, Python judges again."""


@dataclass
class Findings:
    """How often each verdict was given, and every mutation on which the engines differ, in words."""

    verdicts: Counter[str] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)

    def add(self, other: Findings) -> None:
        """Take another one's findings in."""
        self.verdicts += other.verdicts
        self.differences += other.differences

    def note(self, seed: str, what: str, python: object, rust: object, data: bytes) -> None:
        """Count a verdict, and keep what was changed if the engines differ."""
        self.verdicts[str(python[0]) if isinstance(python, tuple) else "accepted"] += 1
        if python != rust:
            self.differences.append(f"{seed}: {what}\n  python: {python}\n  rust:   {rust}\n  data:   {data[:4000]!r}")


def checker(election: Election) -> sanduq_speed.Checker:
    """The Rust engine itself, without the Python that judges again what it refuses."""
    questions = [(len(q.answers), bool(q.blank), q.min, q.max) for q in election.questions]
    return sanduq_speed.Checker(election.uuid, election.fingerprint, bytes.fromhex(election.public_key.hex), questions)


def verdict(judged: str | errors.Refused) -> str | tuple[str, str]:
    """A credential, or step and name of a refusal."""
    return judged if isinstance(judged, str) else (judged.step, type(judged).__name__)


# --- ballots ----------------------------------------------------------------------------------------------------------------


def compare_ballots(numbers: Sequence[int]) -> Findings:
    """The mutations of ballots with these numbers."""
    findings = Findings()
    for place, name in enumerate(NAMES):
        mine = [number for number in numbers if number % len(NAMES) == place]
        if mine:
            _compare_ballots(small(name), mine, findings)
    return findings


def _compare_ballots(election: Small, numbers: Sequence[int], findings: Findings) -> None:
    rng = random.Random(numbers[0])
    seeds = [f"{election.name}-{number}" for number in numbers]
    made = [mutate_ballot.mutant(election, random.Random(seed)) for seed in seeds]
    raws = [raw for _, raw in made]
    python = [verdict(judged) for judged in PythonEngine().ballots(election.election).check(raws)]
    # Rust checks several ballots side by side: so with others in every lane, among honest ones, and alone.
    rust = checker(election.election)
    together = rust.check(raws)
    among = [raw for raw in raws for raw in (*rng.sample(election.ballots, rng.randint(0, 2)), raw)]
    within = dict(zip(among, rust.check(among), strict=True))
    for seed, (what, raw), expected, first in zip(seeds, made, python, together, strict=True):
        answers = {first, within[raw], rust.check([raw])[0]}
        if answers == {None}:  # Rust does not say which step
            got = expected if isinstance(expected, tuple) else "refused"
        else:
            got = " and ".join(answer.hex() if answer else "refused" for answer in answers)
        findings.note(seed, what, expected, got, raw)
    for seed, raw, expected in [*zip(seeds, raws, python, strict=True)][::WRAPPED]:
        [got] = RustEngine().ballots(election.election).check([raw])
        if verdict(got) != expected:
            findings.differences.append(f"{seed}: python says {expected}, rust with python behind it {got}")


# --- archives ---------------------------------------------------------------------------------------------------------------


class RememberingBallots(PythonBallots):
    """The Python engine, which does not check the same ballot twice, and takes few ballots at a time."""

    batch = 2
    accepted: ClassVar[dict[tuple[bytes, bytes], str]] = {}

    def check(self, raws: Sequence[bytes]) -> list[str | errors.Refused]:
        """As the engine does it."""
        return [self._check(raw) for raw in raws]

    def _check(self, raw: bytes) -> str | errors.Refused:
        place = (self._election.raw, raw)
        if place in self.accepted:
            return self.accepted[place]
        [judged] = super().check([raw])
        if isinstance(judged, str):
            self.accepted[place] = judged
        return judged


class RememberingEngine(PythonEngine):
    """The Python engine with :class:`RememberingBallots`."""

    def ballots(self, election: Election) -> PythonBallots:
        """See :class:`sanduq.engine.Engine`."""
        return RememberingBallots(election)


def archive_verdict(archive: bytes, engine: Engine) -> tuple[object, ...]:
    """What the report says, or step, name and sentence of the refusal."""
    try:
        report = vars(verify_archive(io.BytesIO(archive), engine))
    except errors.Refused as refusal:
        return refusal.step, type(refusal).__name__, str(refusal)
    return "accepted", {name: value for name, value in report.items() if name != "engine"}


def compare_archives(numbers: Sequence[int]) -> Findings:
    """The mutations of archives with these numbers."""
    findings, python, rust = Findings(), RememberingEngine(), RustEngine()
    for number in numbers:
        name = NAMES[number % len(NAMES)]
        seed = f"{name}-archive-{number}"
        what, archive = mutate_archive.mutant(small(name), random.Random(seed))
        findings.note(seed, what, archive_verdict(archive, python), archive_verdict(archive, rust), archive)
    return findings
