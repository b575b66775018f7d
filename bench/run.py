"""What it costs, side by side with the peer in one run: one JSON object a line on standard output.

usage: python bench/run.py [--ballots N] [--rounds N]

Machines are shared and noisy, so absolute figures move; quote the **ratios**, which come from rounds that take turns.
``ballots/s`` are for one processor unless the line says ``cores``. Of the ways to verify, with hints and without, the seconds
of the processor are taken, and the ratio to the peer's in the same round. The peer is belenios-tool; its cost of checking a
ballot is that of ``election verify-ballot`` on a good ballot less that on an unreadable one (the same start-up, no check).
"""

from __future__ import annotations

import argparse
import io
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import sanduq_speed
from sanduq.algebra.numbers import system_random
from sanduq.archive.events import Kind
from sanduq.archive.hints import header
from sanduq.archive.reader import ArchiveReader
from sanduq.archive.writer import Head, event_records, setup_records
from sanduq.engine import choose
from sanduq.keys.ceremony import new_single
from sanduq.keys.trustees import Single, Trustees
from sanduq.question.election import Election, Question, make_election
from sanduq.roll import make_roll, new_credential, new_uuid, read_roll
from sanduq.watch.archive import verify_archive

ROOT = Path(__file__).resolve().parent.parent
TOOL = ROOT / ".tools" / "belenios-tool" / "belenios-tool"


def line(name: str, **values: object) -> None:
    """One measurement."""
    print(json.dumps({"bench": name, **values}), flush=True)


def timed(act: Callable[[], object]) -> float:
    """Seconds that an act takes."""
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def election_of(count: int) -> tuple[Election, list[str], bytes, bytes]:
    """An election with one question of three answers, its credentials, and the texts of trustees and roll."""
    uuid = new_uuid()
    trustees = Trustees((Single(new_single(system_random)[1]),))
    question = Question("Shall the proposal be adopted?", ("Yes", "No", "Blank"))
    election = make_election(uuid, "Bench", "bench", trustees.public_key, (question,))
    credentials = [new_credential() for _ in range(count)]
    keys = choose("rust").public_credentials(uuid, credentials)
    return election, credentials, trustees.to_bytes(), make_roll((key, None) for key in keys).to_bytes()


def choices(count: int) -> list[list[list[int]]]:
    """What the voters choose, in turn."""
    return [[[int(n % 3 == index) for index in range(3)]] for n in range(count)]


def one_core(ballots: int, rounds: int) -> None:
    """Checking and sealing, Rust and Python, in this process (which has one thread: see main)."""
    election, credentials, _, roll = election_of(ballots)
    rust, python = choose("rust"), choose("python")
    sealed = rust.seal_many(election, credentials, choices(ballots))
    few = max(4, ballots // 500)
    rates: dict[str, list[float]] = {"rust check": [], "python check": [], "rust seal": [], "python seal": [], "rust sum": []}
    for _ in range(rounds):
        rates["rust check"].append(ballots / timed(lambda: rust.ballots(election).check(sealed)))
        rates["python check"].append(few / timed(lambda: python.ballots(election).check(sealed[:few])))
        rates["rust seal"].append(ballots / timed(lambda: rust.seal_many(election, credentials, choices(ballots))))
        rates["python seal"].append(few / timed(lambda: python.seal_many(election, credentials[:few], choices(few))))
        rates["rust sum"].append(ballots / timed(lambda: rust.ballots(election).sum(sealed, [1] * ballots)))
    for name, found in rates.items():
        line(name, unit="ballots/s", median=round(statistics.median(found), 1), rounds=[round(rate, 1) for rate in found])
    ratios = [a / b for a, b in zip(rates["rust check"], rates["python check"], strict=True)]
    line("rust check / python check", ratio=round(statistics.median(ratios), 1))
    line("size of a ballot", bytes=len(sealed[0]), roll_bytes=len(roll) / ballots)


def against_the_peer(rounds: int) -> None:
    """Rust's check beside the peer's, in turns."""
    if not TOOL.exists():
        line("peer", skipped="belenios-tool is not there: scripts/belenios_tool.sh")
        return
    count = 400
    election, credentials, trustees, roll = election_of(count)
    rust = choose("rust")
    sealed = rust.seal_many(election, credentials, choices(count))
    checker = rust.ballots(election)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        content, _ = setup_records(1_800_000_000, election.raw, trustees, roll)
        (folder / f"{election.uuid}.bel").write_bytes(content)
        good, bad = folder / "good.json", folder / "bad.json"
        good.write_bytes(sealed[0] + b"\n")
        bad.write_bytes(b"{}\n")

        def ask(ballot: Path) -> int:
            command = [str(TOOL), "election", "verify-ballot", "--dir", name, "--ballot", str(ballot)]
            return subprocess.run(command, capture_output=True, check=False).returncode

        if ask(good) != 0 or ask(bad) == 0:
            line("peer", skipped="the peer does not judge these ballots as expected")
            return
        peers, ours = [], []
        for _ in range(max(rounds, 15)):
            peers.append(timed(lambda: ask(good)) - timed(lambda: ask(bad)))
            ours.append(timed(lambda: checker.check(sealed)) / count)
    peer, own = statistics.median(peers), statistics.median(ours)
    line("peer check", unit="ms/ballot", median=round(1000 * peer, 2))
    line("rust check beside it", unit="ms/ballot", median=round(1000 * own, 3))
    line("peer check / rust check", ratio=round(peer / own, 1))


def checker_of(election: Election, *, portable: bool = False) -> sanduq_speed.Checker:
    """The Rust engine itself, with the processor's extra instructions or without."""
    questions = [(len(q.answers), bool(q.blank), q.min, q.max) for q in election.questions]
    make = sanduq_speed.Checker.portable if portable else sanduq_speed.Checker
    return make(election.uuid, election.fingerprint, bytes.fromhex(election.public_key.hex), questions)


def busy(act: Callable[[], object]) -> float:
    """Seconds of processor that an act takes, of all threads: what others do on the machine counts less."""
    start = time.process_time()
    act()
    return time.process_time() - start


def archive_of(election: Election, trustees: bytes, roll: bytes, sealed: list[bytes]) -> tuple[bytes, bytes]:
    """An open archive, and its hints."""
    content, head = setup_records(1_800_000_000, election.raw, trustees, roll)
    rust = choose("rust")
    parts, ballots = [content], rust.ballots(election)
    hints = [header(head.hash or "", ballots.hint_size, rust.hint_roll(read_roll(roll)))]
    for raw, hint in zip(sealed, ballots.hint(sealed), strict=True):
        content, head = event_records(head, Kind.BALLOT, [raw])
        parts.append(content)
        hints.append(hint or bytes(ballots.hint_size))
    return b"".join(parts), b"".join(hints)


def hinted(ballots: int, rounds: int) -> None:
    """All ways to verify, on one core, in turns: with and without hints and lanes, ballots and whole archives."""
    election, credentials, trustees, roll = election_of(ballots)
    lanes, portable = checker_of(election), checker_of(election, portable=True)
    votes = choices(ballots)
    sealed = lanes.vartime_seal(credentials, votes)
    archive, hints = archive_of(election, trustees, roll, sealed)
    records = hints[-ballots * lanes.hint_size :]
    few, some = sealed[: max(8, ballots // 50)], sealed[: max(8, ballots // 10)]
    rust = choose("rust")
    ways: dict[str, tuple[int, Callable[[], object]]] = {
        "strict, portable": (len(few), lambda: portable.check(few)),
        "strict, eight lanes": (len(some), lambda: lanes.check(some)),
        "strict, eight lanes, making hints": (len(some), lambda: lanes.check_and_hint(some)),
        "hints, portable": (ballots, lambda: portable.check_hinted(sealed, records)),
        "hints, eight lanes": (ballots, lambda: lanes.check_hinted(sealed, records)),
        "whole archive, no hints": (ballots, lambda: verify_archive(io.BytesIO(archive), rust)),
        "whole archive, hints": (ballots, lambda: verify_archive(io.BytesIO(archive), rust, hints=io.BytesIO(hints))),
        "generator, portable": (len(some), lambda: portable.vartime_seal(credentials[: len(some)], votes[: len(some)])),
        "generator, eight lanes": (ballots, lambda: lanes.vartime_seal(credentials, votes)),
    }
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    ratios: dict[str, list[float]] = {name: [] for name in ways}
    # The peer reads the roll each time it starts: a long one would drown the ballot in its start-up.
    (first,) = choose("python").public_credentials(election.uuid, credentials[:1])
    with peer(election, trustees, make_roll([(first, None)]).to_bytes(), sealed[0]) as ask:
        for _ in range(rounds):
            round_of = {name: busy(act) / count for name, (count, act) in ways.items()}
            theirs = None if ask is None else statistics.median(ask() for _ in range(5))
            for name, own in round_of.items():
                seconds[name].append(own)
                if theirs is not None:
                    ratios[name].append(theirs / own)
    for name, found in seconds.items():
        values: dict[str, object] = {"unit": "ballots/s", "median": round(1 / statistics.median(found))}
        if ratios[name] and not name.startswith("generator"):
            values["peer_ratio"] = round(statistics.median(ratios[name]), 1)
        line(name, **values, rounds=[round(1 / each) for each in found])
    line("hints", bytes_per_ballot=lanes.hint_size)


@contextmanager
def peer(election: Election, trustees: bytes, roll: bytes, raw: bytes) -> Iterator[Callable[[], float] | None]:
    """Seconds of processor that the peer takes to check one ballot, its start-up taken off; None where there is no peer."""
    if not TOOL.exists():
        line("peer", skipped="belenios-tool is not there: scripts/belenios_tool.sh")
        yield None
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        content, _ = setup_records(1_800_000_000, election.raw, trustees, roll)
        (folder / f"{election.uuid}.bel").write_bytes(content)
        good, bad = folder / "good.json", folder / "bad.json"
        good.write_bytes(raw + b"\n")
        bad.write_bytes(b"{}\n")

        def ask(ballot: Path) -> tuple[int, float]:
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            command = [str(TOOL), "election", "verify-ballot", "--dir", name, "--ballot", str(ballot)]
            code = subprocess.run(command, capture_output=True, check=False).returncode
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            return code, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

        if ask(good)[0] != 0 or ask(bad)[0] == 0:
            line("peer", skipped="the peer does not judge these ballots as expected")
            yield None
            return
        yield lambda: max(1e-6, ask(good)[1] - ask(bad)[1])


def whole_archive(ballots: int) -> None:
    """`sanduq watch verify` on an archive of this many ballots: all cores, wall time, peak memory of the process."""
    election, credentials, trustees, roll = election_of(ballots)
    sealed = choose("rust").seal_many(election, credentials, choices(ballots))
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / f"{election.uuid}.bel"
        content, head = setup_records(1_800_000_000, election.raw, trustees, roll)
        with path.open("wb") as file:
            file.write(content)
            for raw in sealed:
                content, head = _ballot(head, raw)
                file.write(content)
        size = path.stat().st_size
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        environment = {name: value for name, value in os.environ.items() if name != "RAYON_NUM_THREADS"}
        command = [sys.executable, "-m", "sanduq", "watch", "verify", str(path), "--json"]
        seconds = timed(lambda: subprocess.run(command, check=True, capture_output=True, env=environment))
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        reading = timed(lambda: _read(path))
    line("archive", ballots=ballots, megabytes=round(size / 1e6, 1), bytes_per_ballot=round((size - len(roll)) / ballots))
    rate = round(ballots / seconds)
    line("watch verify", unit="ballots/s", cores=os.cpu_count(), median=rate, seconds=round(seconds, 1))
    line("watch verify, memory", megabytes=round(max(peak, before) / 1024))
    line("reading and hashing alone", unit="ballots/s", median=round(ballots / reading))


def _ballot(head: Head, raw: bytes) -> tuple[bytes, Head]:
    return event_records(head, Kind.BALLOT, [raw])


def _read(path: Path) -> None:
    with path.open("rb") as file:
        for _ in ArchiveReader(file):
            pass


def main() -> None:
    """Run everything; the one-core part in a process of its own with one thread."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ballots", type=int, default=4000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--part", choices=("one-core", "hinted", "whole"))
    given = parser.parse_args()
    if given.part == "one-core":
        one_core(given.ballots, given.rounds)
        against_the_peer(given.rounds)
        return
    if given.part == "hinted":
        hinted(given.ballots, given.rounds)
        return
    if given.part == "whole":
        whole_archive(5 * given.ballots)
        return
    line("machine", cores=os.cpu_count(), engine=choose("rust").name, python=sys.version.split()[0])
    numbers = ["--ballots", str(given.ballots), "--rounds", str(given.rounds)]
    for part, threads in (("one-core", "1"), ("hinted", "1"), ("whole", None)):
        environment = os.environ | ({"RAYON_NUM_THREADS": threads} if threads else {})
        subprocess.run([sys.executable, __file__, *numbers, "--part", part], check=True, env=environment)


if __name__ == "__main__":
    main()
