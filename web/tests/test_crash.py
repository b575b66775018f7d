"""Exactly once: under many at the same time, in threads and processes, under retries, and under kill -9 at any moment."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connections, transaction

from rig import Rig, seal
from sanduq.algebra.numbers import sha256_b64
from sanduq.archive.events import Kind
from sanduq.archive.reader import ArchiveReader
from sanduq.box import Taken
from sanduq.box.record import Record
from sanduq_web.box import actions
from sanduq_web.box.actions import casting
from sanduq_web.box.models import Ballot, Chunk
from sanduq_web.question.api import Frozen
from server import Site, database, open_now

VOTERS = 240


# --- threads of one process ------------------------------------------------------------------------------------------------


@pytest.fixture
def threaded(transactional_db: None, frozen: Frozen) -> Frozen:
    return frozen


def _cast_all(frozen: Frozen, ballots: list[bytes], threads: int) -> list[object]:
    def cast(raw: bytes) -> object:
        try:
            return actions.cast(frozen, frozen.place("A"), raw)
        except Exception as error:  # noqa: BLE001  # what it was is looked at by the test
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(cast, ballots))


def test_threads_take_each_ballot_once(threaded: Frozen, rig: Rig) -> None:
    ballots = list(rig.ballots["A"]) * 4
    random.Random(1).shuffle(ballots)
    answers = _cast_all(threaded, ballots, 16)
    by_ballot: dict[bytes, set[object]] = {}
    for raw, (receipt, _) in zip(ballots, answers, strict=True):  # type: ignore[misc]
        by_ballot.setdefault(raw, set()).add(receipt)
    assert all(len(receipts) == 1 for receipts in by_ballot.values())
    assert sum(new for _, new in answers) == Ballot.objects.count() == 12  # type: ignore[misc]
    assert sorted(Ballot.objects.values_list("height", flat=True)) == list(range(1, 13))


def test_a_bad_ballot_refuses_only_itself(threaded: Frozen, rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    append = casting.append

    def slow(frozen: Frozen, place: object, ballots: list[object], now: str) -> object:
        sizes.append(len(ballots))
        time.sleep(0.1)
        return append(frozen, place, ballots, now)  # type: ignore[arg-type]

    monkeypatch.setattr(casting, "append", slow)
    good, bad = list(rig.ballots["A"]), [rig.ballots["B"][n] for n in range(4)]
    (stranger,) = seal(threaded.place("A").election.raw, ["11111-111111-11111-111111"], [1])
    answers = _cast_all(threaded, [good[0], *bad, stranger, *good[1:]], 17)
    assert Counter(type(answer).__name__ for answer in answers) == {
        "tuple": 12,
        "BallotOtherElection": 4,
        "CredentialUnknown": 1,
    }
    assert len(sizes) <= 4, "they were taken together"
    assert max(sizes) > 3


def test_a_batch_that_cannot_be_committed_acknowledges_nobody(
    threaded: Frozen, rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    columns = casting._BALLOT.partition("(")[2]
    monkeypatch.setattr(casting, "_BALLOT", f"INSERT INTO not_there ({columns}")
    answers = _cast_all(threaded, list(rig.ballots["A"]), 6)
    assert {type(answer).__name__ for answer in answers} == {"Busy"}
    assert Chunk.objects.filter(archive_id=threaded.place("A").id, start__gt=0).count() == 0
    monkeypatch.undo()
    assert all(isinstance(answer, tuple) for answer in _cast_all(threaded, list(rig.ballots["A"]), 6))


def test_the_close_waits_for_nobody_and_nobody_comes_after_it(threaded: Frozen, rig: Rig, now) -> None:  # type: ignore[no-untyped-def]
    """Ballots and the close at the same time: each ballot is acknowledged and before the close, or refused and not there."""
    _cast_all(threaded, [rig.ballots["A"][0]], 1)
    go = threading.Event()

    def close() -> None:
        go.wait()
        actions.close_vote(threaded, "2030-05-01T18:00:00Z")
        connections.close_all()

    closer = threading.Thread(target=close)
    closer.start()
    go.set()
    answers = _cast_all(threaded, list(rig.ballots["A"]), 8)
    closer.join()
    assert {type(answer).__name__ for answer in answers} <= {"tuple", "BoxNotOpen"}
    trackers = {answer[0].tracker for answer in answers if isinstance(answer, tuple)} | {sha256_b64(rig.ballots["A"][0])}
    assert Ballot.objects.count() == len(trackers)
    last = Chunk.objects.filter(archive_id=threaded.place("A").id).latest("start")
    assert b"EndBallots" in bytes(last.content)


def test_the_same_row_cannot_be_written_twice(threaded: Frozen, rig: Rig) -> None:
    """If a lock ever failed, the database itself refuses a second ballot at one place."""
    from django.db import IntegrityError

    (raw,) = seal(threaded.place("A").election.raw, [rig.credentials["A"][0]], [1])
    (taken,) = casting.append(threaded, threaded.place("A"), [(raw, json.loads(raw)["credential"])], "2030-05-01T07:00:00Z")
    assert isinstance(taken, Taken)
    row = Ballot.objects.get()
    row.pk, row.height = None, 2
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


# --- processes, and kill -9 ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def site_rig(tmp_path_factory: pytest.TempPathFactory) -> Rig:
    return open_now(tmp_path_factory.mktemp("site") / "record", {"A": VOTERS, "B": 20})


@pytest.fixture
def site(site_rig: Rig, tmp_path: Path) -> Iterator[Site]:
    with database(tmp_path) as url:
        found = Site(url, site_rig)
        found.set_up()
        try:
            yield found
        finally:
            found.kill()


def _stored(site: Site, folder: Path) -> dict[str, tuple[int, str]]:
    """What is in the box, by tracker; the whole record verifies, and nothing stands twice."""
    site.command("export", str(folder))
    command = [sys.executable, "-m", "sanduq", "watch", "verify", str(folder), "--anchor", site.rig.anchor]
    subprocess.run(command, check=True, capture_output=True)
    found: dict[str, tuple[int, str]] = {}
    for area in site.rig.setup.areas:
        with Record(folder).archive(area).open("rb") as file:
            for entry in ArchiveReader(file):
                if entry.event.kind is Kind.BALLOT:
                    tracker = sha256_b64(entry.data[0])
                    assert tracker not in found
                    found[tracker] = (entry.event.height, entry.hash)
    return found


def _vote(site: Site, ballots: list[bytes], seconds: float, threads: int = 12, pace: float = 0) -> dict[str, dict[str, object]]:
    """Cast each, again and again until it is acknowledged; gives the receipts by tracker. One ballot never has two."""
    deadline = time.monotonic() + seconds

    def vote(share: list[bytes]) -> list[tuple[str, dict[str, object]]]:
        receipts = []
        with closing(site.client()) as voter:
            for raw in share:
                time.sleep(random.uniform(0, pace))
                status, body = voter.cast_until_acknowledged("A", raw, deadline)
                assert status in (200, 201), body
                receipts.append((sha256_b64(raw), json.loads(body)))
        return receipts

    with ThreadPoolExecutor(threads) as pool:
        receipts = [each for found in pool.map(vote, [ballots[n::threads] for n in range(threads)]) for each in found]
    for tracker, receipt in receipts:
        assert receipt["tracker"] == tracker
    return dict(receipts)


def _same(receipts: dict[str, dict[str, object]], stored: dict[str, tuple[int, str]]) -> None:
    assert {tracker: (receipt["height"], receipt["event"]) for tracker, receipt in receipts.items()} == stored


def test_processes_share_a_box(site: Site, tmp_path: Path) -> None:
    site.start(processes=2)
    ballots = list(site.rig.ballots["A"]) + list(site.rig.ballots["A"][:60])
    random.Random(2).shuffle(ballots)
    _same(_vote(site, ballots, 60), _stored(site, tmp_path / "record"))


def _kill_while_voting(site: Site, folder: Path, seed: int) -> None:
    """Kill and start again at random moments while ballots come; then see that what was acknowledged is there, once."""
    rng, done = random.Random(seed), threading.Event()
    ballots = list(site.rig.ballots["A"])
    kills = 0

    def kill() -> None:
        nonlocal kills
        while not done.wait(rng.uniform(0.01, 0.4)):
            site.kill()
            site.start()
            kills += 1

    site.start()
    killer = threading.Thread(target=kill)
    killer.start()
    try:
        receipts = _vote(site, ballots, 200, pace=0.1)
    finally:
        done.set()
        killer.join()
    assert kills >= 3
    _same(receipts, _stored(site, folder))
    again = _vote(site, ballots, 60)
    assert again == receipts, "and everybody gets the same receipt again"


def test_killed_at_random_moments(site: Site, tmp_path: Path) -> None:
    _kill_while_voting(site, tmp_path / "record", 1)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2, 12))
def test_killed_at_many_random_moments(site: Site, tmp_path: Path, seed: int) -> None:
    _kill_while_voting(site, tmp_path / "record", seed)
