"""A ``sanduq-web`` (and ``sanduq``) that has started already, for tests that call it many times: it imports once, and forks
for each call. What is called is the command's own ``main``, in a process of its own, with the environment of its site.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def ready(environment: Mapping[str, str]) -> Iterator[Ready]:
    """The commands, with this environment."""
    with tempfile.TemporaryDirectory(prefix="sanduq-ready-") as folder:
        path = Path(folder) / "socket"
        server = subprocess.Popen([sys.executable, __file__, str(path)], env=dict(environment), stdout=subprocess.PIPE)
        try:
            assert server.stdout is not None and server.stdout.readline() == b"ready\n"
            yield Ready(path)
        finally:
            server.kill()
            server.communicate()


class Ready:
    """Call the commands."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def run(self, *words: str, database: str = "") -> tuple[int, str]:
        """The status of ``sanduq-web …`` or ``sanduq …``, and what it said on both outputs; on another database of its kind."""
        with tempfile.TemporaryFile() as said, socket.socket(socket.AF_UNIX) as server:
            server.connect(str(self._path))
            socket.send_fds(server, ["\0".join([database, *words]).encode()], [said.fileno()])
            status = server.recv(1)
            said.seek(0)
            return (status[0] if status else 70), said.read().decode()


def serve(address: str) -> None:
    import django

    django.setup()
    from sanduq.algebra.group import G
    from sanduq.cli import main
    from sanduq_web import command, records
    from sanduq_web.operating import backup, checks, restore

    assert (records, backup, checks, restore) and G.point * G.point == G**2  # all is imported, and the table of powers made
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(address)
        server.listen()
        print("ready", flush=True)
        while True:
            connection, _ = server.accept()
            if os.fork() == 0:
                server.close()
                _answer(connection, {"sanduq": main, "sanduq-web": command.main})
            connection.close()


def _answer(connection: socket.socket, known: dict[str, object]) -> None:
    """In the child: be the command that was called."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    status = 70
    try:
        message, (file,), _, _ = socket.recv_fds(connection, 1 << 16, 1)
        database, *sys.argv = message.decode().split("\0")
        if database:
            _work_on(database)
        for number in (1, 2):
            os.dup2(file, number)
        sys.stdout, sys.stderr = (os.fdopen(number, "w", encoding="utf-8", closefd=False) for number in (1, 2))
        known[sys.argv[0]]()  # type: ignore[operator]
    except SystemExit as done:
        status = done.code if isinstance(done.code, int) else 0
    except BaseException:  # noqa: BLE001
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        connection.send(bytes([status]))
        os._exit(0)


def _work_on(url: str) -> None:
    from django.conf import settings
    from django.db import connection

    from sanduq_web.environment import database

    os.environ["SANDUQ_DATABASE"] = url
    for known in (settings.DATABASES["default"], connection.settings_dict):
        known.update(database("SANDUQ_DATABASE", url))


if __name__ == "__main__":
    serve(sys.argv[1])
