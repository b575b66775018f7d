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
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from sanduq import __version__, errors
from sanduq.archive.packed import open_archive
from sanduq.count.report import ArchiveReport
from sanduq.engine import Engine, choose
from sanduq.watch.hints import hints_of
from sanduq.watch.record import AreaTask
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
    """One archive; ``setup_sha256`` shows that a worker sees the same record."""

    area: AreaTask
    setup_sha256: str | None = None
    version: str = __version__

    def check_worker(self) -> None:
        """Whoever takes this task has the same program and sees the same record."""
        if self.version != __version__:
            raise errors.Unusable(
                f"a worker has sanduq {__version__}, expected {self.version}", hint="install the same everywhere"
            )
        if self.setup_sha256 is not None and _setup_sha256(self.area) != self.setup_sha256:
            raise errors.Unusable(f"a worker does not see {_setup_path(self.area)} as it is here", hint=_SHARED)


def _setup_path(area: AreaTask) -> Path:
    return Path(area.path).parents[2] / "setup.json"


def _setup_sha256(area: AreaTask) -> str:
    try:
        return hashlib.sha256(_setup_path(area).read_bytes()).hexdigest()
    except OSError:
        return ""


@contextmanager
def _opened(task: Task) -> Iterator[tuple[BinaryIO, BinaryIO | None]]:
    """The archive, and the hints beside it if there are any."""
    task.check_worker()
    path = Path(task.area.path)
    try:
        with open_archive(path) as file, hints_of(path, use=task.area.hints) as beside:
            yield file, beside
    except OSError as error:
        raise errors.Unusable(f"a worker cannot read {path}: {error.strerror}", hint=_SHARED) from None


def whole_task(task: Task) -> ArchiveReport:
    """A whole archive."""
    return join_task(task, ())


def slice_task(task: Task, plan: Plan, number: int) -> Slice | None:
    """One slice of an archive."""
    with _opened(task) as (file, beside):
        return check_slice(file, plan, number, choose(task.area.engine), marks=task.area.marks, hints=beside)


def join_task(task: Task, slices: Sequence[Slice | None]) -> ArchiveReport:
    """The archive whose slices these are."""
    code, fingerprint = task.area.code, task.area.fingerprint
    known = (fingerprint.size, fingerprint.sha256) if fingerprint else None
    try:
        with _opened(task) as (file, beside):
            engine = choose(task.area.engine)
            return join_slices(file, engine, slices, fingerprint=known, marks=task.area.marks, hints=beside)
    except errors.Refused as refusal:
        raise (refusal.within(f"area {code}") if code else refusal) from None


class Cluster:
    """A connection to a cluster. Use :func:`connect`."""

    def __init__(self, client: Client, slice_size: int = SLICE) -> None:
        self._client = client
        self._slice_size = slice_size

    def reports(self, areas: Sequence[AreaTask]) -> Iterator[ArchiveReport]:
        """The verified archives of a record, in their order: what ``verify_record`` asks for."""
        tasks = [Task(replace(area, path=str(Path(area.path).resolve())), _setup_sha256(area)) for area in areas]
        futures: list[Future[ArchiveReport]] = []
        try:
            # An area is cut only if it is more than a worker's share: whole ones take less work.
            sizes = [path.stat().st_size for path in (Path(area.path) for area in areas) if path.is_file()]
            share = sum(sizes) // (2 * max(1, self._workers()))
            futures += (self._submit(task, share) for task in tasks)
            for number, task in enumerate(tasks):
                yield self._result(task, futures[number])
                futures[number].release()
        finally:
            for future in futures:
                future.cancel()

    def report(self, path: Path, engine: Engine, *, hints: bool = True) -> ArchiveReport:
        """The verified archive at ``path``, which is of no record."""
        task = Task(AreaTask(str(path.resolve()), "", engine.name, hints=hints))
        return self._result(task, self._submit(task))

    def _workers(self) -> int:
        return len(self._client.scheduler_info()["workers"])

    def _submit(self, task: Task, least: int = 0) -> Future[ArchiveReport]:
        """The futures of slices live as long as the one that joins them needs them."""
        client, path = self._client, Path(task.area.path)
        plan = None
        if path.is_file():
            with path.open("rb") as file:
                plan = plan_slices(file, self._slice_size, least)
        if plan is None:
            return client.submit(whole_task, task, pure=False)
        slices = [client.submit(slice_task, task, plan, number, pure=False) for number in range(plan.count)]
        return client.submit(join_task, task, slices, pure=False)

    def _result(self, task: Task, future: Future[ArchiveReport]) -> ArchiveReport:
        from concurrent.futures import CancelledError

        from distributed import KilledWorker

        try:
            self._wait(future)
            report: ArchiveReport = future.result()
        except KilledWorker:
            return whole_task(task)  # every worker that took it was lost: perhaps none has the memory
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
                before, there = there, self._workers() > 0
                if not (there or before):
                    raise errors.Unusable("the cluster has lost all its workers", hint="start some, and verify anew") from None


@contextmanager
def connect(where: str, workers: int | None = None, slice_size: int = SLICE, *, hints: bool = True) -> Iterator[Cluster]:
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
