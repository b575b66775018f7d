"""A site in processes of its own, on a database of its own, to be killed; and clients that post as voters' phones do."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from rig import Rig, make_rig

FORMAT = "%Y-%m-%dT%H:%M:%SZ"


def open_now(path: Path, areas: dict[str, int]) -> Rig:
    """A referendum whose vote is open, by the real clock."""
    now = datetime.now(UTC)
    opens, closes, frozen = ((now + timedelta(hours=h)).strftime(FORMAT) for h in (-1, 24, -2))
    return make_rig(path, areas, opens, closes, frozen=frozen)


@contextmanager
def database(folder: Path) -> Iterator[str]:
    """The address of an empty database: a file, or one more in the PostgreSQL of ``SANDUQ_DATABASE``."""
    url = os.environ.get("SANDUQ_DATABASE", "")
    if not url.startswith("postgres"):
        yield f"sqlite:///{folder / 'site.db'}"
        return
    import psycopg

    name = f"crash_{os.getpid()}_{time.monotonic_ns()}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@dataclass
class Site:
    """Processes that serve one database on one port."""

    url: str
    rig: Rig
    port: int = 0
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def command(self, *arguments: str) -> None:
        """A command of ``sanduq-web``, to its end."""
        subprocess.run([sys.executable, "-m", "sanduq_web", *arguments], check=True, env=self.environment, capture_output=True)

    @property
    def environment(self) -> dict[str, str]:
        key = {"SANDUQ_DATABASE": self.url, "SANDUQ_BOX_KEY": str(self.rig.key_file), "SANDUQ_STEP": "1/20"}
        return {**os.environ, **key, "DJANGO_SETTINGS_MODULE": "sanduq_web.settings"}

    def set_up(self) -> None:
        self.command("migrate")
        self.command("import", str(self.rig.path), "--anchor", self.rig.anchor)

    def start(self, processes: int = 1) -> None:
        if not self.port:
            with socket.create_server(("127.0.0.1", 0)) as probe:
                self.port = probe.getsockname()[1]
        command = [sys.executable, "-m", "sanduq_web", "serve", "--port", str(self.port)]
        for _ in range(processes):
            self.processes.append(subprocess.Popen(command, env=self.environment, stdout=subprocess.DEVNULL))
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with suppress(OSError, http.client.HTTPException), closing(self.client()) as client:
                if client.get(f"/api/v1/referendums/{self.rig.anchor}")[0] == 200:
                    return
            time.sleep(0.05)
        raise TimeoutError("the site does not answer")

    def kill(self) -> None:
        """kill -9, all of them."""
        for process in self.processes:
            process.send_signal(signal.SIGKILL)
        for process in self.processes:
            process.wait()
        self.processes.clear()

    def client(self) -> Voter:
        return Voter(self.port, self.rig.anchor)


@dataclass
class Voter:
    """One connection; it may break at any moment."""

    port: int
    anchor: str
    connection: http.client.HTTPConnection | None = None

    def _ask(self, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            self.connection.request(method, path, body, {"Content-Type": "application/json"})
            answer = self.connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            self.close()
            raise

    def close(self) -> None:
        """Hang up."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def get(self, path: str) -> tuple[int, bytes]:
        return self._ask("GET", path)

    def cast(self, code: str, raw: bytes) -> tuple[int, bytes]:
        return self._ask("POST", f"/api/v1/referendums/{self.anchor}/areas/{code}/ballots", raw)

    def cast_until_acknowledged(self, code: str, raw: bytes, deadline: float) -> tuple[int, bytes]:
        """As a phone does: send the same again until there is an answer."""
        while time.monotonic() < deadline:
            with suppress(OSError, http.client.HTTPException):
                status, body = self.cast(code, raw)
                if status not in (429, 503):
                    return status, body
            time.sleep(0.02)
        raise TimeoutError("nobody answers")
