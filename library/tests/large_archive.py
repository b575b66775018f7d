"""A large archive on the disk, and how much memory it takes to verify it: what the processes of ``test_memory.py`` do."""

from __future__ import annotations

import os
import random
from pathlib import Path

from sanduq.archive.events import Kind
from sanduq.archive.writer import event_records, setup_records
from sanduq.engine import choose
from sanduq.keys.ceremony import new_single
from sanduq.keys.trustees import Single, Trustees
from sanduq.question.election import Question, make_election
from sanduq.roll import make_roll, new_credential
from sanduq.watch.archive import verify_archive
from small import TIME, seeded

BATCH = 5000
QUESTION = Question("Which?", ("first", "second", "third"), 1, 1, True)


def write_archive(path: Path, ballots: int) -> int:
    """An open election of so many voters, a tenth of whom vote twice and a tenth not at all; gives the file's size in bytes."""
    engine, rng, choose_from = choose("rust"), seeded("large"), random.Random("large")
    _, key = new_single(rng)
    trustees = Trustees((Single(key),))
    election = make_election("1" * 14, "Large", "large", trustees.public_key, (QUESTION,))
    credentials = [new_credential(choose_from.choice) for _ in range(ballots)]
    roll = make_roll((public, None) for public in engine.public_credentials(election.uuid, credentials))
    content, head = setup_records(TIME, election.raw, trustees.to_bytes(), roll.to_bytes())
    voters = [number % (ballots - ballots // 10) for number in range(ballots)]
    with path.open("wb") as file:
        file.write(content)
        for start in range(0, ballots, BATCH):
            some = [credentials[voter] for voter in voters[start : start + BATCH]]
            votes = [
                [[int(number == place) for place in range(QUESTION.choices)]]
                for number in choose_from.choices(range(4), k=len(some))
            ]
            for raw in engine.seal_many(election, some, votes):
                content, head = event_records(head, Kind.BALLOT, [raw])
                file.write(content)
        return file.tell()


def _megabytes(field: str) -> int:
    """A number of ``/proc/self/status`` (the kernel's ``ru_maxrss`` would hold the parent's memory too)."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(field):
            return int(line.split()[1]) >> 10
    raise AssertionError(f"the system does not tell {field}")


def verify(path: Path, engine: str) -> tuple[int, int, int, int]:
    """Ballots, ballots that count, megabytes before and at the most."""
    before = _megabytes("VmRSS:")
    with path.open("rb") as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_SEQUENTIAL)
        report = verify_archive(file, choose(engine))
    return report.ballots, report.counted, before, _megabytes("VmHWM:")
