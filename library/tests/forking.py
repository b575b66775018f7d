"""A `sanduq` that has started already, for documents that call it a hundred times: it imports once and forks for each call.

What is called is :func:`sanduq.cli.main`, in a process of its own, with the caller's folder, arguments and open files.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CLIENT = """#!{python} -ISE
import os, socket, sys
server = socket.socket(socket.AF_UNIX)
server.connect({address!r})
socket.send_fds(server, ["\\0".join([os.getcwd(), *sys.argv[1:]]).encode()], [0, 1, 2])
status = server.recv(1)
sys.exit(status[0] if status else 70)
"""


@contextmanager
def started(environment: dict[str, str]) -> Iterator[Path]:
    """A folder with the command ``sanduq`` in it, to be put first on PATH."""
    with tempfile.TemporaryDirectory(prefix="sanduq-") as name:
        address, command = Path(name, "socket"), Path(name, "sanduq")
        command.write_text(CLIENT.format(python=sys.executable, address=str(address)))
        command.chmod(0o755)
        server = subprocess.Popen([sys.executable, __file__, str(address)], env=environment, stdout=subprocess.PIPE)
        try:
            assert server.stdout is not None
            assert server.stdout.readline() == b"ready\n"
            yield Path(name)
        finally:
            server.kill()
            server.communicate()


def serve(address: str) -> None:
    from sanduq.algebra.group import G
    from sanduq.cli import main

    assert G.point * G.point == G**2  # the table of powers is made once, too
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(address)
        server.listen()
        print("ready", flush=True)
        while True:
            connection, _ = server.accept()
            if os.fork() == 0:
                server.close()
                _answer(connection, main)
            connection.close()


def _answer(connection: socket.socket, main: object) -> None:
    """In the child: be the command that was called."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    status = 70
    try:
        message, files, _, _ = socket.recv_fds(connection, 1 << 16, 3)
        for number, file in enumerate(files):
            os.dup2(file, number)
            os.close(file)
        folder, *arguments = message.decode().split("\0")
        os.chdir(folder)
        sys.argv = ["sanduq", *arguments]
        sys.stdin = os.fdopen(0, "r", encoding="utf-8", closefd=False)
        sys.stdout, sys.stderr = (os.fdopen(number, "w", encoding="utf-8", closefd=False) for number in (1, 2))
        main()  # type: ignore[operator]
    except SystemExit as done:
        status = done.code if isinstance(done.code, int) else 0
    except BaseException:  # noqa: BLE001
        traceback.print_exc()  # as the interpreter would, if the command line let anything through
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        connection.send(bytes([status]))
        os._exit(0)


if __name__ == "__main__":
    serve(sys.argv[1])
