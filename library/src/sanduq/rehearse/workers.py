"""Work for several processes: each takes an area at a time. They end with the process that started them, however it ends."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import active_children, get_context, parent_process
from typing import TypeVar

from sanduq import errors

Task = TypeVar("Task")
Made = TypeVar("Made")


def in_processes(act: Callable[[Task], Made], tasks: Sequence[Task], jobs: int) -> Iterator[Made]:
    """``act`` of each task, in the order in which they are done; ``jobs`` processes at the same time, or this one if 1."""
    if jobs <= 1 or len(tasks) <= 1:
        yield from map(act, tasks)
        return
    before = set(active_children())
    threads = max(1, (os.cpu_count() or 1) // jobs)
    # Spawned, not forked: the Rust engine's threads would not survive a fork.
    pool = ProcessPoolExecutor(jobs, get_context("spawn"), initializer=_begin, initargs=(threads,))
    futures: list[Future[Made]] = []
    try:
        futures += (pool.submit(act, task) for task in tasks)
        for future in as_completed(futures):
            yield future.result()
    except BrokenProcessPool:
        raise errors.Unusable(
            "a process that played an area has died", hint="memory may be short: try again with fewer --jobs"
        ) from None
    except BaseException:
        for child in set(active_children()) - before:
            child.terminate()
        raise
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _begin(threads: int) -> None:
    """In each process, before its first task: its share of the processors. A terminal's Ctrl-C is for who started it."""
    os.environ["RAYON_NUM_THREADS"] = str(threads)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A process that is killed cannot end its children: each sees to that by itself."""
    parent = parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)
