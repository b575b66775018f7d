"""Archives that somebody else than the box has made: what a trustee must not decrypt."""

from __future__ import annotations

from pathlib import Path

from cli.hand import Life
from sanduq.algebra.numbers import sha256_hex
from sanduq.archive.events import Kind, Sized
from sanduq.archive.reader import ArchiveReader, Entry
from sanduq.archive.writer import Head, event_records, setup_records
from sanduq.booth.ballot import read_ballot
from sanduq.count.tally import tally_bytes
from sanduq.count.trustee import Heads
from sanduq.engine.python import PythonEngine
from sanduq.keys.trustees import read_trustees
from sanduq.question.election import make_election, read_election
from sanduq.roll import make_roll, new_credential, public_credential


def entries(path: Path) -> list[Entry]:
    """All events of an archive."""
    with path.open("rb") as file:
        return list(ArchiveReader(file))


def _seconds(path: Path) -> int:
    with path.open("rb") as file:
        reader = ArchiveReader(file)
        next(iter(reader))
        return reader.time


def write(path: Path, setup: list[bytes], ballots: list[bytes], counted: list[bytes] | None = None, time: int = 0) -> None:
    """A whole archive up to its encrypted sum: of ``counted``, else of all ballots."""
    election = read_election(setup[0])
    content, head = setup_records(time, *setup[:3])
    parts = [content]

    def add(kind: Kind, data: list[bytes], head: Head) -> Head:
        more, head = event_records(head, kind, data)
        parts.append(more)
        return head

    for ballot in ballots:
        head = add(Kind.BALLOT, [ballot], head)
    head = add(Kind.END_BALLOTS, [], head)
    last = list({read_ballot(ballot, election).credential: ballot for ballot in ballots}.values())
    chosen = last if counted is None else counted
    tally = tally_bytes(PythonEngine().ballots(election).sum(chosen, [1] * len(chosen)))
    add(Kind.ENCRYPTED_TALLY, [tally, Sized(len(last), len(last), sha256_hex(tally)).to_bytes()], head)
    path.write_bytes(b"".join(parts))


def remake(path: Path, *, without: int = 0, sum_of: int | None = None) -> None:
    """The same archive with its last ballots left out, or with a sum of the first ballots only."""
    setup, *rest = entries(path)
    ballots = [entry.data[0] for entry in rest if entry.event.kind is Kind.BALLOT]
    ballots = ballots[: len(ballots) - without]
    write(path, list(setup.data), ballots, None if sum_of is None else ballots[:sum_of], _seconds(path))


def drill(life: Life, uuid: str, *, from_area: str = "south") -> bytes:
    """An election of the same trustees that "drills" the count: a new roll, one ballot; as a ``.bel`` it verifies."""
    setup = entries(life.archive(from_area))[0]
    real = read_election(setup.data[0])
    key = read_trustees(setup.data[1]).public_key
    election = make_election(uuid, "drill", real.description, key, real.questions)
    credential = new_credential()
    roll = make_roll([(public_credential(uuid, credential), None)])
    (ballot,) = PythonEngine().seal_many(election, [credential], [[[0, 1, 0]]])
    path = life.path("drill.bel")
    write(path, [election.raw, setup.data[1], roll.to_bytes()], [ballot])
    return path.read_bytes()


def heads_of(life: Life) -> Path:
    """A file of heads that agrees with whatever stands in the record now: the other trustees are deceived too."""
    value = {}
    for path in sorted((life.folder / "record" / "areas").glob("*/*.bel")):
        found = entries(path)
        value[read_election(found[0].data[0]).uuid] = found[-1].hash
        value[path.stem] = found[-1].hash
    heads = life.path("heads")
    heads.write_bytes(Heads(3, value).to_bytes())
    return heads
