"""On a cluster: verdict and report of one machine, whoever dies."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import plan_files
from sanduq import errors
from sanduq.box.record import Record
from sanduq.cluster import Cluster, Task, connect, whole_task
from sanduq.engine import choose
from sanduq.rehearse import read_plan, read_scale
from sanduq.rehearse.plan import PlanTrustees
from sanduq.rehearse.play import play
from sanduq.watch.record import AreaTask, RecordReport, verify_record

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
SLICE = 20_000
"""Bytes of a slice here: four or five ballots."""


def _record(folder: Path, scale: str) -> tuple[Record, str]:
    plan = read_plan(plan_files.write(folder), read_scale(scale))
    played = play(dataclasses.replace(plan, trustees=PlanTrustees(1, None)), folder / "record", choose(None))
    return Record(folder / "record"), played.setup.anchor


def _told(report: RecordReport) -> RecordReport:
    """All of it but for how many ballots were checked with hints: at the end of a slice some go without."""
    areas = {code: dataclasses.replace(area, hints=None) for code, area in report.areas.items()}
    return dataclasses.replace(report, areas=areas)


@pytest.fixture(scope="module")
def small_record(tmp_path_factory: pytest.TempPathFactory) -> tuple[Record, str]:
    return _record(tmp_path_factory.mktemp("cluster"), "1/20")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A cluster within this process: all that is asked of it but processes."""
    distributed = pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None, protocol="inproc://"
        ) as made,
        distributed.Client(made) as client,
    ):
        yield Cluster(client, SLICE)


def test_the_report_is_that_of_one_machine(small_record: tuple[Record, str], cluster: Cluster) -> None:
    record, anchor = small_record
    alone = _told(verify_record(record, choose(None), anchor))
    assert _told(verify_record(record, choose(None), anchor, reports_of=cluster.reports)) == alone


def test_without_hints_too(small_record: tuple[Record, str], cluster: Cluster) -> None:
    record, anchor = small_record
    report = verify_record(record, choose(None), anchor, hints=False, reports_of=cluster.reports)
    assert report == verify_record(record, choose(None), anchor, hints=False)


def test_one_archive_by_itself(small_record: tuple[Record, str], cluster: Cluster) -> None:
    record, anchor = small_record
    path = record.archive(record.setup.areas[0])
    alone = verify_record(record, choose(None), anchor).areas[record.setup.areas[0].code]
    assert dataclasses.replace(cluster.report(path, choose(None)), hints=alone.hints) == alone


def test_a_refusal_is_that_of_one_machine(small_record: tuple[Record, str], cluster: Cluster, tmp_path: Path) -> None:
    record, anchor = small_record
    copied = tmp_path / "record"
    subprocess.run(["cp", "-r", str(record.path), str(copied)], check=True)
    changed = Record(copied)
    archive = changed.archive(changed.setup.areas[1])
    data = bytearray(archive.read_bytes())
    data[len(data) // 2] ^= 1
    archive.write_bytes(data)
    said = []
    for more in ({}, {"reports_of": cluster.reports}):
        with pytest.raises(errors.Refused) as caught:
            verify_record(changed, choose(None), anchor, **more)  # type: ignore[arg-type]
        said.append((type(caught.value), str(caught.value)))
    assert said[0] == said[1]


def test_a_worker_that_sees_another_record_says_so(small_record: tuple[Record, str]) -> None:
    record, _ = small_record
    area = record.setup.areas[0]
    sha256 = hashlib.sha256(record.setup_bytes).hexdigest()
    here = AreaTask(str(record.archive(area)), area.code, choose(None).name)
    task = Task(here, sha256)
    assert whole_task(task).election.uuid == area.uuid
    for changed, said in (
        (dataclasses.replace(task, setup_sha256="0" * 64), "does not see"),
        (dataclasses.replace(task, area=dataclasses.replace(here, path="/nowhere/areas/X/x.bel")), "does not see"),
        (dataclasses.replace(task, area=dataclasses.replace(here, path=str(record.path / "areas/X/x.bel"))), "cannot read"),
        (dataclasses.replace(task, version="0.0.0"), "expected 0.0.0"),
    ):
        with pytest.raises(errors.Unusable, match=said):
            whole_task(changed)


def test_without_a_scheduler_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sanduq.cluster._FIRST_WORKER", 1)
    with pytest.raises(errors.Unusable, match="no scheduler answers"), connect("tcp://127.0.0.1:9"):
        pass


# --- processes ---------------------------------------------------------------------------------------------------------------


def _workers_of(cluster: Cluster) -> list[int]:
    return list(cluster._client.run(os.getpid).values())


@pytest.mark.long
def test_a_worker_is_killed_and_the_report_is_the_same(tmp_path: Path) -> None:
    record, anchor = _record(tmp_path, "1/4")
    expected = _told(verify_record(record, choose(None), anchor))
    with connect("local", 3, SLICE) as cluster:
        pids = _workers_of(cluster)
        assert len(set(pids)) == 3
        killed = threading.Event()

        def kill() -> None:
            time.sleep(0.2)
            os.kill(pids[0], signal.SIGKILL)
            killed.set()

        threading.Thread(target=kill).start()
        for _ in range(3):
            assert _told(verify_record(record, choose(None), anchor, reports_of=cluster.reports)) == expected
        assert killed.is_set()
        assert pids[0] not in _workers_of(cluster)


@pytest.mark.long
def test_what_kills_every_worker_is_done_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An area for which no worker has the memory: each that takes it dies."""
    record, anchor = _record(tmp_path, "1/20")
    expected = _told(verify_record(record, choose(None), anchor))
    with connect("local", 2) as cluster:
        submit = cluster._client.submit

        def deadly(act: object, *args: object, **more: object) -> object:
            return submit(signal.raise_signal, signal.SIGKILL, **more)

        monkeypatch.setattr(cluster._client, "submit", deadly)
        assert _told(verify_record(record, choose(None), anchor, reports_of=cluster.reports)) == expected


@pytest.mark.long
def test_a_scheduler_elsewhere(tmp_path: Path) -> None:
    """As an operator starts it: a scheduler and two workers as commands, and the record on a path that they share."""
    record, anchor = _record(tmp_path, "1/10")
    address = f"tcp://127.0.0.1:{_free_port()}"
    scheduler = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", address, "--no-dashboard"]
    worker = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-dashboard", "--no-nanny"]
    started = [subprocess.Popen(command, stderr=subprocess.DEVNULL, cwd=tmp_path) for command in (scheduler, worker, worker)]
    try:
        command = [sys.executable, "-m", "sanduq", "watch", "verify", str(record.path), "--anchor", anchor, "--final"]
        alone = subprocess.run(command, check=True, capture_output=True)
        done = subprocess.run([*command, "--dask", address], check=True, capture_output=True)
        assert done.stdout == alone.stdout
    finally:
        for process in started:
            process.kill()
            process.wait()


def _free_port() -> int:
    import socket

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
