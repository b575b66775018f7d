"""The box under kill -9, at hundreds of random moments: what was acknowledged is there, and the next command goes on."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from box_rig import Rig, finish, fork, make_rig, stored
from sanduq.engine import choose
from sanduq.watch.archive import verify_archive

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
VOTERS = 120


@pytest.fixture(scope="module")
def rig() -> Rig:
    return make_rig(VOTERS)


def _cast_from(rig: Rig, path: Path, first: int, batch: int) -> Callable[[Callable[[str], None]], None]:
    """In a child: cast ballots one after the other (or by batches), and say each receipt when it is acknowledged."""

    def act(say: Callable[[str], None]) -> None:
        with rig.open(path) as box:
            say(f"cut {box.cut}")
            for start in range(first, VOTERS, batch):
                for number, receipt in enumerate(box.cast_many(rig.ballots[start : start + batch]), start):
                    say(f"{number} {receipt.tracker} {receipt.height} {receipt.event} {receipt.signature}")

    return act


class Round:
    """One archive, whose box is killed again and again until all ballots are in it."""

    def __init__(self, rig: Rig, path: Path, batch: int) -> None:
        self.rig, self.path, self.batch = rig, path, batch
        self.given: dict[int, str] = {}
        path.write_bytes(rig.archive)

    @property
    def done(self) -> bool:
        return len(self.given) == VOTERS

    def kill(self, seconds: float | None = None) -> None:
        """Let a child cast from where the last one stopped, and kill it (None: let it come to its end)."""
        # The last one that was acknowledged is sent again: its voter may not have heard.
        first = max(0, len(self.given) - 1)
        child, hears = fork(_cast_from(self.rig, self.path, first, self.batch))
        if seconds is not None:
            time.sleep(seconds)
            os.kill(child, signal.SIGKILL)
        code, said = finish(child, hears)
        assert code in ((-signal.SIGKILL, 0) if seconds is not None else (0,))
        for line in said[1:]:
            number, receipt = line.split(" ", 1)
            assert self.given.setdefault(int(number), receipt) == receipt

    def check(self) -> None:
        """The next command: it cuts what is unfinished, and then every receipt that was ever given is true."""
        with self.rig.open(self.path):
            pass
        found = {(each.tracker, str(each.height), each.event) for each in stored(self.path)}
        assert [given for given in self.given.values() if tuple(given.split()[:3]) not in found] == []

    def verify(self) -> None:
        """All of it, by the whole verifier; and every ballot once."""
        with self.path.open("rb") as file:
            report = verify_archive(file, choose(None))
        assert (report.ballots, report.counted) == (VOTERS, VOTERS)


def _kill(rig: Rig, folder: Path, kills: int, batch: int, seed: int) -> None:
    rng = random.Random(seed)
    start = time.monotonic()
    round_ = Round(rig, folder / "calm.bel", batch)
    round_.kill(None)
    longest = (time.monotonic() - start) * max(0.08, 2 * batch / VOTERS)
    for number in range(kills):
        if round_.done:
            round_.verify()
            round_ = Round(rig, folder / f"{number}.bel", batch)
        round_.kill(rng.uniform(0, longest))
        round_.check()
    round_.kill(None)
    round_.check()
    round_.verify()


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in (1, 2))])
def test_killed_while_it_casts_one_after_the_other(rig: Rig, tmp_path: Path, seed: int) -> None:
    _kill(rig, tmp_path, 80, 1, seed)


def test_killed_while_it_writes_many_at_once(rig: Rig, tmp_path: Path) -> None:
    _kill(rig, tmp_path, 60, 30, 99)


@pytest.mark.long
def test_killed_thousands_of_times(rig: Rig, tmp_path: Path) -> None:
    for batch in (1, 7, 60):
        (tmp_path / str(batch)).mkdir()
        _kill(rig, tmp_path / str(batch), 1000, batch, batch)


# --- two at the same time ----------------------------------------------------------------------------------------------------


def _cast_each(rig: Rig, path: Path, numbers: list[int]) -> Callable[[Callable[[str], None]], None]:
    """In a child: open the box for each ballot anew, as a command does."""

    def act(say: Callable[[str], None]) -> None:
        for number in numbers:
            with rig.open(path) as box:
                receipt = box.cast(rig.ballots[number])
            say(f"{number} {receipt.tracker} {receipt.height} {receipt.event}")

    return act


@pytest.mark.parametrize("processes", [2, pytest.param(5, marks=pytest.mark.long)])
def test_processes_at_the_same_time_lose_nothing_and_double_nothing(rig: Rig, tmp_path: Path, processes: int) -> None:
    path = tmp_path / "a.bel"
    path.write_bytes(rig.archive)
    # Each ballot is sent by two processes: to one of them it is one that is there already.
    orders = [[n for n in range(60) if processes == 2 or n % processes in (k, (k + 1) % processes)] for k in range(processes)]
    orders[1].reverse()
    children = [fork(_cast_each(rig, path, order)) for order in orders]
    answers = [finish(*child) for child in children]
    assert [code for code, _ in answers] == [0] * processes
    receipts = {line for _, said in answers for line in said}
    assert len(receipts) == 60
    found = stored(path)
    assert sorted(each.height for each in found) == list(range(1, 61))
    assert {tuple(line.split()[1:]) for line in receipts} == {(each.tracker, str(each.height), each.event) for each in found}
    with path.open("rb") as file:
        assert verify_archive(file, choose(None)).counted == 60


def test_one_is_killed_while_the_other_waits(rig: Rig, tmp_path: Path) -> None:
    path = tmp_path / "a.bel"
    path.write_bytes(rig.archive)

    def hold(say: Callable[[str], None]) -> None:
        with rig.open(path) as box:
            box.cast(rig.ballots[0])
            say("held")
            time.sleep(60)

    holder, hears = fork(hold)
    assert os.read(hears, 5) == b"held\n"
    waiter = fork(_cast_each(rig, path, [1, 0]))
    time.sleep(0.1)
    assert len(stored(path)) == 1
    os.kill(holder, signal.SIGKILL)
    finish(holder, hears)
    code, said = finish(*waiter)
    assert (code, len(said)) == (0, 2)
    assert [each.height for each in stored(path)] == [1, 2]
