"""Answering requests: in one process, or in several on one port that another one starts, watches and ends.

The one that watches opens the port and hands it down, so whoever connects while a process dies is served by the others.
"""

from __future__ import annotations

import ctypes
import io
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from http import HTTPStatus
from pathlib import Path
from threading import Event, Thread
from typing import Any, Final, NoReturn
from wsgiref.util import setup_testing_defaults

import waitress
from django.conf import settings
from django.db import connection, connections
from waitress.channel import HTTPChannel
from waitress.task import ErrorTask

from sanduq import errors
from sanduq_web import measure, metrics
from sanduq_web.box.actions import key_of
from sanduq_web.box.api import phase
from sanduq_web.problems import Problem, response_to
from sanduq_web.question.api import anchors, largest_ballot, referendum
from sanduq_web.watch.actions import start_ticker
from sanduq_web.watch.views.record import AHEAD
from sanduq_web.wsgi import application

Say = Callable[[str], None]
_FEWEST_THREADS: Final = 20
_MOST_WARMED: Final = 4
_GRACE: Final = 20.0
"""Seconds that a process has to end by itself."""
_PAUSE: Final = 1.0
"""Seconds before one is started again that has lived for less than :data:`_SHORT`."""
_SHORT: Final = 5.0
_PR_SET_PDEATHSIG: Final = 1


def _tell_problems() -> None:
    """What waitress refuses before it asks us (a body that is far too long, a broken request) is told as a problem, too."""

    class Told(ErrorTask):  # type: ignore[misc]  # waitress has no types
        def execute(self) -> None:
            error = self.request.error
            status = HTTPStatus(error.code)
            response = response_to(Problem(status, status.description or status.phrase, hint="nothing was changed"))
            self.status = f"{status.value} {status.phrase}"
            self.response_headers.extend(response.items())
            self.set_close_on_finish()
            self.content_length = len(response.content)
            self.write(response.content)

    HTTPChannel.error_task_class = Told


def require_threads(threads: int) -> None:
    """So many that voters are served beside whoever holds one for long."""
    if threads < _FEWEST_THREADS:
        raise errors.Unusable(f"--threads: at least {_FEWEST_THREADS}", hint="downloads and bad ballots may hold half of them")


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=1024, reuse_port=True)


def _end(signum: int, frame: object) -> NoReturn:
    """Waitress lets the requests that are under way come to their end."""
    raise SystemExit(0)


def warm(known: Sequence[str]) -> None:
    """Ask for the pages that take long the first time, as a browser would: what they are made of is then there."""
    host = settings.ALLOWED_HOSTS[0].lstrip(".") if settings.ALLOWED_HOSTS else ""
    for anchor in sorted(known, key=lambda anchor: phase(anchor) != "open")[:_MOST_WARMED]:
        for language, _name in settings.LANGUAGES:
            asked = {"PATH_INFO": f"/{language}/{anchor}/watch/", "HTTP_HOST": host if host not in ("", "*") else "localhost"}
            environ = asked | {"wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr}
            setup_testing_defaults(environ)
            answer = application(environ, lambda status, headers, error=None: lambda data: None)
            b"".join(answer)
            answer.close()


def serve(
    host: str,
    port: int,
    threads: int,
    box_keys: Sequence[Path],
    inherited: int | None,
    say: Say,
    metrics_at: tuple[str, int] | None = None,
    *,
    counts: bool = False,
) -> None:
    """Answer requests until SIGTERM, and follow the calendar. ``counts``: for ``metrics_at``, or for who watches this one."""
    if inherited is not None and sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    signal.signal(signal.SIGTERM, _end)
    settings.SANDUQ_BOX_KEYS += [path.resolve() for path in box_keys]
    known = anchors()
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # that requests wait is no news under load
    _tell_problems()
    for anchor in known:
        if phase(anchor) not in ("frozen", "open"):
            continue
        try:
            key_of(referendum(anchor))
        except Problem as problem:
            say(f"{anchor[:12]}…  takes no ballots: {problem.detail}")
    # Who connects while pages are warmed waits for a moment, and is not turned away.
    with _listen(host, port) if inherited is None else socket.socket(fileno=inherited) as server:
        warm(known)
        connections.close_all()
        counted = measure.start() if counts else None
        stop = Event()
        ticker = start_ticker(stop)
        of = "" if inherited is None else f", process {os.getpid()}"
        say(f"{len(known)} referendums, on http://{host}:{port}{of}")
        site = waitress.create_server(
            application,
            sockets=[server],
            threads=threads,
            # Before a request reaches us it is whole, so a slow sender holds no thread; and it is bounded.
            max_request_body_size=max(7 << 20, 2 * largest_ballot()),  # documents of an application
            max_request_header_size=1 << 14,
            channel_timeout=30,
            outbuf_high_watermark=AHEAD,
            connection_limit=1000,
            asyncore_use_poll=True,  # select knows no file above 1024
            ident=None,
        )
        with ExitStack() as stack:
            if counted is not None:
                Thread(target=_watch_queue, args=(site, counted, stop), daemon=True).start()
                if metrics_at is not None:
                    stack.enter_context(metrics.told_at(*metrics_at, counted.registry.collect, say))
            site.run()
    stop.set()
    ticker.join()


def _watch_queue(site: Any, counted: measure.Instruments, stop: Event) -> None:
    while not stop.wait(1):
        counted.queue.set(len(site.task_dispatcher.queue))


# --- several processes -----------------------------------------------------------------------------------------------------


def _require_room(processes: int, threads: int, say: Say) -> None:
    """Several processes need a database for several; it is said if it has too few connections for all their threads."""
    if connection.vendor != "postgresql":
        raise errors.Unusable(
            "several processes need PostgreSQL: SQLite lets one write at a time, so they would wait for each other",
            hint="set SANDUQ_DATABASE to postgres://…, or leave --processes away",
        )
    with connection.cursor() as cursor:
        cursor.execute("SHOW max_connections")
        most, needed = int(cursor.fetchone()[0]), processes * (threads + 1)
    if needed > most - 3:
        say(f"{processes} processes with {threads} threads may need {needed} connections; PostgreSQL allows {most}")
    connection.close()


@contextmanager
def _told_to_end() -> Iterator[list[int]]:
    """The signals to end that have come; they do not interrupt what is under way."""
    came: list[int] = []
    before = {each: signal.signal(each, lambda number, _: came.append(number)) for each in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield came
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def serve_in_processes(
    processes: int,
    host: str,
    port: int,
    threads: int,
    again: Sequence[str],
    say: Say,
    metrics_at: tuple[str, int] | None = None,
) -> None:
    """Keep so many processes serving one port until SIGTERM: one that dies is said and replaced.

    A process answers to nobody for its ballots: what it has acknowledged is in the database, whoever ends it.
    """
    _require_room(processes, threads, say)
    anchors()  # refuses now, in words, what each process would refuse
    connections.close_all()
    with _listen(host, port) as server, _told_to_end() as came, ExitStack() as stack:
        command = [sys.executable, "-m", "sanduq_web", "serve", *again, "--socket", str(server.fileno())]
        environment, folder = dict(os.environ), None
        if metrics_at is not None:
            folder, source = stack.enter_context(metrics.shared())
            stack.enter_context(metrics.told_at(*metrics_at, source, say))
            command.append("--counts")
            environment["PROMETHEUS_MULTIPROC_DIR"] = str(folder)

        def start() -> tuple[subprocess.Popen[bytes], float]:
            # Of a terminal's Ctrl-C only we hear: we end them.
            found = subprocess.Popen(  # noqa: S603  # ourselves
                command, pass_fds=[server.fileno()], start_new_session=True, env=environment
            )
            return found, time.monotonic()

        running = [start() for _ in range(processes)]
        try:
            while not came:
                time.sleep(0.2)
                for place, (process, since) in enumerate(running):
                    if process.poll() is None or came:
                        continue
                    say(f"process {process.pid} has ended ({process.returncode}): another takes its place")
                    if folder is not None:
                        metrics.forget(process.pid, folder)
                    if time.monotonic() - since < _SHORT:
                        time.sleep(_PAUSE)
                    running[place] = start()
        finally:
            _end_all([process for process, _ in running], say)


def _end_all(running: Sequence[subprocess.Popen[bytes]], say: Say) -> None:
    for process in running:
        process.terminate()
    deadline = time.monotonic() + _GRACE
    for process in running:
        try:
            process.wait(max(deadline - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            say(f"process {process.pid} does not end: it is killed")
            process.kill()
            process.wait()
    say("all processes have ended")
