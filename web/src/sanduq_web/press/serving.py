"""Answering requests: in one process, or in several on one port that another one starts and ends."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from threading import Event
from typing import Any, Final, NoReturn

import waitress
from django.conf import settings
from django.db import connections

from sanduq_web.press.desk.tick import every_minute
from sanduq_web.press.feed import start_reader
from sanduq_web.press.workshop.working import start as start_workshop
from sanduq_web.press.wsgi import application

Say = Callable[[str], None]
_GRACE: Final = 20.0
# What a request may be, before anything of ours sees it; held in memory, so that nothing uncleaned is on the disk.
_BOUNDS: Final[dict[str, Any]] = {
    "max_request_body_size": 24 << 20,
    "max_request_header_size": 32 << 10,
    "inbuf_overflow": 25 << 20,
    "channel_timeout": 60,
}


def _end(signum: int, frame: object) -> NoReturn:
    """Requests that are under way come to their end."""
    raise SystemExit(0)


def _listen(host: str, port: int) -> socket.socket:
    return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=1024)


@contextmanager
def _by_the_clock(stop: Event) -> Iterator[None]:
    """What is done beside the requests; of what makes editions nothing goes on afterwards."""
    every_minute()
    if settings.SANDUQ_PRESS_VOTE:
        start_reader(stop)
    workshop = start_workshop(stop) if settings.SANDUQ_PRESS_WORKSHOP else None
    try:
        yield
    finally:
        stop.set()
        if workshop is not None:
            workshop.join(_GRACE)


def serve(host: str, port: int, threads: int, inherited: int | None, say: Say) -> None:
    """Answer requests until SIGTERM, and read the state of the vote every minute; a port that is handed down is served only."""
    signal.signal(signal.SIGTERM, _end)
    with (
        _listen(host, port) if inherited is None else socket.socket(fileno=inherited) as server,
        _by_the_clock(Event()) if inherited is None else nullcontext(),
    ):
        if inherited is None:
            say(f"press site on http://{host}:{port}")
        waitress.serve(
            application, sockets=[server], threads=threads, ident=None, connection_limit=1000, asyncore_use_poll=True, **_BOUNDS
        )


def serve_in_processes(processes: int, host: str, port: int, threads: int, say: Say) -> None:
    """Keep so many processes serving one port until SIGTERM; one that ends is replaced."""
    stop, ended = Event(), Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda number, frame: ended.set())
    connections.close_all()
    with _listen(host, port) as server, _by_the_clock(stop):
        command = [
            sys.executable,
            "-m",
            "sanduq_web.press",
            "serve",
            "--threads",
            str(threads),
            "--socket",
            str(server.fileno()),
        ]

        def start() -> subprocess.Popen[bytes]:
            return subprocess.Popen(command, pass_fds=[server.fileno()], start_new_session=True)  # noqa: S603

        running = [start() for _ in range(processes)]
        say(f"press site on http://{host}:{port}, {processes} processes")
        while not ended.wait(1):
            for place, process in enumerate(running):
                if process.poll() is not None:
                    say(f"process {process.pid} has ended ({process.returncode}): another takes its place")
                    running[place] = start()
        stop.set()
        _end_all(running)


def _end_all(running: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in running:
        process.terminate()
    deadline = time.monotonic() + _GRACE
    for process in running:
        try:
            process.wait(max(deadline - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
