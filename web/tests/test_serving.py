"""Several processes on one port: watched, replaced, ended; and nothing is lost whichever of them dies."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from rig import Rig
from server import Site, database, open_now
from test_crash import _same, _stored, _vote

POSTGRES = os.environ.get("SANDUQ_DATABASE", "").startswith("postgres")


@pytest.fixture(scope="module")
def rig_now(tmp_path_factory: pytest.TempPathFactory) -> Rig:
    return open_now(tmp_path_factory.mktemp("serving") / "record", {"A": 80, "B": 2})


@pytest.fixture
def site(rig_now: Rig, tmp_path: Path) -> Iterator[Site]:
    with database(tmp_path) as url:
        found = Site(url, rig_now)
        found.set_up()
        yield found


@dataclass
class Watched:
    """A process that watches others, and what it and they have said."""

    process: subprocess.Popen[str]
    said: list[str] = field(default_factory=list)

    def read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            self.said.extend(iter(lines.readline, ""))

    def serving(self) -> list[int]:
        """Those that have said that they serve, in that order."""
        return [int(number) for number in re.findall(r"on http\S+, process (\d+)", "".join(self.said))]

    def wait_for(self, count: int) -> list[int]:
        deadline = time.monotonic() + 60
        while len(self.serving()) < count:
            assert time.monotonic() < deadline, self.said
            assert self.process.poll() is None, self.said
            time.sleep(0.05)
        return self.serving()


@contextmanager
def _serving(site: Site, *arguments: str) -> Iterator[Watched]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        site.port = probe.getsockname()[1]
    command = [sys.executable, "-m", "sanduq_web", "serve", "--port", str(site.port), "--threads", "20", *arguments]
    process = subprocess.Popen(command, env=site.environment, stdout=subprocess.PIPE, text=True)
    found = Watched(process)
    reader = threading.Thread(target=found.read)
    reader.start()
    try:
        yield found
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
        reader.join()


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(POSTGRES, reason="SQLite is meant")
def test_several_need_postgresql(site: Site) -> None:
    command = [sys.executable, "-m", "sanduq_web", "serve", "--processes", "2"]
    done = subprocess.run(command, env=site.environment, capture_output=True, text=True, check=False)
    assert (done.returncode, "several processes need PostgreSQL" in done.stderr) == (2, True), done
    done = subprocess.run([*command[:-1], "0"], env=site.environment, capture_output=True, text=True, check=False)
    assert (done.returncode, "a number from 1 to 64" in done.stderr) == (2, True), done


def test_one_that_is_told_to_end_ends(site: Site) -> None:
    with _serving(site) as watched:
        deadline = time.monotonic() + 60
        while not watched.said:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert _vote(site, list(site.rig.ballots["A"][:4]), 30, threads=2)
    assert watched.process.returncode == 0


@pytest.mark.skipif(not POSTGRES, reason="several processes need PostgreSQL")
def test_one_that_is_killed_is_replaced_and_nothing_is_lost(site: Site, tmp_path: Path) -> None:
    ended = threading.Event()
    killed: list[int] = []
    with _serving(site, "--processes", "2") as watched:
        watched.wait_for(2)

        def kill() -> None:
            while not ended.wait(0.3):
                alive = [pid for pid in watched.serving() if pid not in killed]
                if len(alive) == 2:
                    killed.append(alive[0])
                    os.kill(alive[0], signal.SIGKILL)

        killer = threading.Thread(target=kill)
        killer.start()
        try:
            receipts = _vote(site, list(site.rig.ballots["A"]), 200, pace=0.5)
        finally:
            ended.set()
            killer.join()
        assert killed
        everybody = watched.wait_for(2 + len(killed))
        assert f"process {killed[0]} has ended (-9): another takes its place" in "".join(watched.said)
        assert _vote(site, list(site.rig.ballots["A"]), 100) == receipts
    assert watched.process.returncode == 0
    assert not any(map(_alive, everybody))
    _same(receipts, _stored(site, tmp_path / "record"))


@pytest.mark.skipif(not POSTGRES, reason="several processes need PostgreSQL")
def test_none_outlives_the_one_that_watches(site: Site) -> None:
    with _serving(site, "--processes", "2") as watched:
        served = watched.wait_for(2)
        watched.process.kill()
        deadline = time.monotonic() + 30
        while any(map(_alive, served)):
            assert time.monotonic() < deadline
            time.sleep(0.05)
