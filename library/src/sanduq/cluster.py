"""Verify a record on several machines: areas, and slices of large areas, as tasks of a Dask cluster.

Each task is given paths and names, reads the record for itself, and gives back what it found: a report of an area, or a slice
of one (``sanduq.watch.slices``). Everything that decides stays where it was: ``watch.record`` puts the verdict together, area
by area in the setup's order, so verdict and report are those of one machine. A worker that is lost costs time: its tasks are
given to others, and what no worker finishes is done here.

The workers are trusted as this machine is: they say what is right. The record must lie on a path that all of them share. This
is the one module of the library that uses a network, through ``distributed`` (the extra ``cluster``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from sanduq import __version__, errors
from sanduq.archive.packed import open_archive
from sanduq.box.record import Fingerprint, Record
from sanduq.count.report import ArchiveReport
from sanduq.engine import Engine, choose
from sanduq.question.setup import CountingArea
from sanduq.watch.slices import SLICE, Plan, Slice, check_slice, join_slices, plan_slices

if TYPE_CHECKING:
    from distributed import Client, Future

LOCAL: Final = "local"
_FIRST_WORKER: Final = 60
_LOOK: Final = 30
"""Seconds: for the first worker, and between two looks whether there are workers still."""
_SHARED: Final = "the record must lie on a path that all workers share, and be the same for all"


@dataclass(frozen=True)
class Task:
    """One area, by paths and names only; ``setup_sha256`` shows that a worker sees the same record."""

    path: str
    code: str
    engine: str
    fingerprint: Fingerprint | None
    setup_sha256: str | None
    version: str = __version__

    def check_worker(self) -> None:
        """Whoever takes this task has the same program and sees the same record."""
        if self.version != __version__:
            raise errors.Unusable(
                f"a worker has sanduq {__version__}, expected {self.version}", hint="install the same everywhere"
            )
        if self.setup_sha256 is None:
            return
        setup = Path(self.path).parents[2] / "setup.json"
        try:
            same = hashlib.sha256(setup.read_bytes()).hexdigest() == self.setup_sha256
        except OSError:
            same = False
        if not same:
            raise errors.Unusable(f"a worker does not see {setup} as it is here", hint=_SHARED)


@contextmanager
def _opened(task: Task) -> Iterator[BinaryIO]:
    task.check_worker()
    try:
        with open_archive(Path(task.path)) as file:
            yield file
    except OSError as error:
        raise errors.Unusable(f"a worker cannot read {task.path}: {error.strerror}", hint=_SHARED) from None


def verify_task(task: Task) -> ArchiveReport:
    """A whole area."""
    return join_task(task, ())


def slice_task(task: Task, plan: Plan, number: int) -> Slice | None:
    """One slice of an area."""
    with _opened(task) as file:
        return check_slice(file, plan, number, choose(task.engine))


def join_task(task: Task, slices: Sequence[Slice | None]) -> ArchiveReport:
    """The area whose slices these are."""
    known = (task.fingerprint.size, task.fingerprint.sha256) if task.fingerprint else None
    try:
        with _opened(task) as file:
            return join_slices(file, choose(task.engine), slices, known)
    except errors.Refused as refusal:
        raise (refusal.within(f"area {task.code}") if task.code else refusal) from None


class Cluster:
    """A connection to a cluster. Use :func:`connect`."""

    def __init__(self, client: Client, slice_size: int = SLICE) -> None:
        self._client = client
        self._slice_size = slice_size

    def reports(
        self, record: Record, engine: Engine, fingerprints: Mapping[str, Fingerprint]
    ) -> Iterator[tuple[CountingArea, ArchiveReport]]:
        """The verified archives in the setup's order: what ``verify_record`` asks for."""
        sha256 = hashlib.sha256(record.setup_bytes).hexdigest()
        areas = record.setup.areas
        tasks = [
            Task(str(record.archive(area).resolve()), area.code, engine.name, fingerprints.get(area.code), sha256)
            for area in areas
        ]
        futures: list[Future[ArchiveReport]] = []
        try:
            futures += (self._submit(task) for task in tasks)
            for number, (area, task) in enumerate(zip(areas, tasks, strict=True)):
                yield area, self._result(task, futures[number])
                futures[number].release()
        finally:
            for future in futures:
                future.cancel()

    def report(self, path: Path, engine: Engine) -> ArchiveReport:
        """The verified archive at ``path``."""
        task = Task(str(path.resolve()), "", engine.name, None, None)
        return self._result(task, self._submit(task))

    def _submit(self, task: Task) -> Future[ArchiveReport]:
        """The futures of slices live as long as the one that joins them needs them."""
        client, path = self._client, Path(task.path)
        plan = None
        if path.is_file():
            with path.open("rb") as file:
                plan = plan_slices(file, self._slice_size)
        if plan is None:
            return client.submit(verify_task, task, pure=False)
        slices = [client.submit(slice_task, task, plan, number, pure=False) for number in range(plan.count)]
        return client.submit(join_task, task, slices, pure=False)

    def _result(self, task: Task, future: Future[ArchiveReport]) -> ArchiveReport:
        from concurrent.futures import CancelledError

        from distributed import KilledWorker

        try:
            self._wait(future)
            report: ArchiveReport = future.result()
        except KilledWorker:
            return verify_task(task)  # every worker that took it was lost: perhaps none has the memory
        except (OSError, TimeoutError, CancelledError):
            raise errors.Unusable("the scheduler is gone", hint="start it anew, and verify anew") from None
        return report

    def _wait(self, future: Future[ArchiveReport]) -> None:
        """Until a task is done, as long as there is anybody who could do it."""
        from distributed import wait

        there = True
        while not future.done():
            try:
                wait(future, timeout=_LOOK)
            except TimeoutError:
                before, there = there, bool(self._client.scheduler_info()["workers"])
                if not (there or before):
                    raise errors.Unusable("the cluster has lost all its workers", hint="start some, and verify anew") from None


@contextmanager
def connect(where: str, workers: int | None = None, slice_size: int = SLICE) -> Iterator[Cluster]:
    """The cluster whose scheduler is at ``where`` (``tcp://10.0.0.1:8786``); ``local``: one of this machine, with so many
    workers (default: a processor each), which ends with the block."""
    try:
        from distributed import Client, LocalCluster
    except ImportError as error:
        hint = "install the extra: pip install 'sanduq[cluster]'"
        raise errors.Unusable("a cluster needs the package distributed", hint=hint) from error
    if where == LOCAL:
        with LocalCluster(**_local(workers)) as cluster, Client(cluster) as client:
            yield Cluster(client, slice_size)
        return
    try:
        client = Client(where, timeout=_FIRST_WORKER)
    except (OSError, TimeoutError, ValueError) as error:
        raise errors.Unusable(f"no scheduler answers at {where}", hint="write it like tcp://10.0.0.1:8786") from error
    with client:
        try:
            client.wait_for_workers(1, timeout=_FIRST_WORKER)
        except TimeoutError:
            hint = "start some: dask worker tcp://10.0.0.1:8786 --nthreads 1"
            raise errors.Unusable(f"the scheduler at {where} has no workers", hint=hint) from None
        yield Cluster(client, slice_size)


def _local(workers: int | None) -> dict[str, Any]:
    """Processes of one thread each, on the loopback only, without a page about themselves."""
    import os

    return {
        "n_workers": workers or os.cpu_count() or 1,
        "threads_per_worker": 1,
        "processes": True,
        "host": "127.0.0.1",
        "dashboard_address": None,
        "memory_limit": 0,
        "env": {"RAYON_NUM_THREADS": "1"},
    }
