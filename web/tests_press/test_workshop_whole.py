"""An edition from the desk's page to a reader's disk, with real processes; servers that are killed, and ended."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any, Final
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pytest

pytestmark = pytest.mark.long

HERE: Final = Path(__file__).parent
WAIT: Final = 420
DESK: Final = "/desk/editions/"
SITE: Final = """
import sys; sys.path[:0] = [sys.argv[1], sys.argv[1] + "/../tests"]
import django; django.setup()
from newsroom import article, member, section
from sanduq_web.press.actions import make_site
make_site("The Lake Courier", "127.0.0.1", int(sys.argv[2]), ["en", "fa"])
for language in ("en", "fa"):
    news = section(language)
    for number in range(12):
        article(news, f"Story {number}", slug=f"story-{number}", text="<p>By a hand.</p>" * 40)
print(member("boss", "administrator", []).session.session_key)
"""


class Site:
    """A press site with a workshop, its server, and the browser of an administrator."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.folder, self.shop = folder, folder / "shop"
        (folder / "secret").write_text("x" * 60)
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "sanduq_web.press.settings", "SANDUQ_PRESS_DATABASE": f"sqlite:///{folder / 'press.db'}",
            "SANDUQ_PRESS_MEDIA": str(folder / "media"), "SANDUQ_PRESS_SECRET": str(folder / "secret"),
            "SANDUQ_PRESS_WORKSHOP": str(self.shop), "SANDUQ_PRESS_EDITIONS": str(folder / "offered"),
        }  # fmt: skip
        self.run("-m", "sanduq_web.press", "migrate")
        self.session = self.run("-c", SITE, str(HERE), str(self.port)).split()[-1]
        self.processes: list[subprocess.Popen[bytes]] = []

    def run(self, *words: object, check: bool = True) -> str:
        done = subprocess.run(
            [sys.executable, *map(str, words)], env=self.environment, capture_output=True, text=True, check=False
        )
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self, *more: str) -> subprocess.Popen[bytes]:
        """A server of it, which answers."""
        command = [sys.executable, "-m", "sanduq_web.press", "serve", "--port", str(self.port), *more]
        server = subprocess.Popen(command, env=self.environment, stdout=subprocess.DEVNULL)
        self.processes.append(server)
        until(lambda: self.answers() or server.poll() is not None)
        assert server.poll() is None
        return server

    def answers(self) -> bool:
        with socket.socket() as there:
            return there.connect_ex(("127.0.0.1", self.port)) == 0

    def ask(self, path: str, data: bytes | None = None, kind: str = "application/x-www-form-urlencoded") -> bytes:
        """A page; for the desk's, as the administrator's browser."""
        opener = build_opener(HTTPCookieProcessor(CookieJar()))
        request = Request(f"http://127.0.0.1:{self.port}{path}", data, {"Content-Type": kind} if data else {})
        token = "t" * 32
        if path.startswith("/desk/"):
            request.add_header("Cookie", f"desk={self.session}; csrftoken={token}")
            request.add_header("X-CSRFToken", token)
            request.add_header("Origin", f"http://127.0.0.1:{self.port}")
        try:
            with opener.open(request, timeout=60) as answer:
                found: bytes = answer.read()
                return found
        except HTTPError as error:
            raise AssertionError((path, error.code, error.read()[-2000:])) from None

    def order(self, number: int) -> None:
        self.ask(DESK, urlencode({"number": number, "date": "2026-11-22"}).encode())

    def told(self) -> str:
        return self.ask(f"{DESK}now/").decode()

    def sign(self, raw: bytes, number: int) -> None:
        body = b'--B\r\nContent-Disposition: form-data; name="signature"; filename="s"\r\n\r\n' + raw + b"\r\n--B--\r\n"
        self.ask(f"{DESK}{number}/sign/", body, "multipart/form-data; boundary=B")


def until(holds: Callable[[], Any], seconds: float = WAIT) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it does not come"
        time.sleep(0.1)


def of_this(folder: Path) -> list[str]:
    """Commands that run and name a folder, in their words or in their environment."""
    found = []
    for each in Path("/proc").iterdir():
        if each.name.isdecimal() and int(each.name) != os.getpid():
            try:
                words, environment = (each / "cmdline").read_bytes(), (each / "environ").read_bytes()
                if f"{folder}/".encode() in words + environment:
                    found.append(f"{each.name}: {words.decode().replace(chr(0), ' ')}")
            except OSError:
                continue
    return found


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    found = Site(tmp_path)
    yield found
    for each in found.processes:
        if each.poll() is None:
            each.terminate()
            each.wait(40)


def test_from_the_desk_to_a_disk(site: Site, tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    site.run("-m", "sanduq", "disc", "key", "--unencrypted", "--out", keys)
    (site.shop / "parts").mkdir(parents=True)
    (site.shop / "parts/KEYS").write_bytes((keys / "edition.pub").read_bytes())
    server = site.start()
    site.order(13)
    until(lambda: "At work on:" in site.told() and (site.shop / "edition-13.partial").exists())
    server.kill()
    server.wait()
    site.start()
    until(lambda: "Edition 13 of 2026-11-22: Made" in site.told() or "Failed" in site.told())
    told = site.told()
    assert ": Made" in told and "books/" in told and "zim/" in told, told[-3000:]
    assert "x" * 60 not in told and site.session not in told
    sums = site.ask(f"{DESK}13/sums/")
    assert sums == (site.shop / "edition-13/SHA256SUMS").read_bytes()
    away = tmp_path / "away"  # where the key is
    away.mkdir()
    (away / "SHA256SUMS").write_bytes(sums)
    comment = f"sanduq edition 13 of {datetime(2026, 11, 22, tzinfo=UTC):%Y-%m-%d}"
    subprocess.run(
        ["minisign", "-S", "-l", "-W", "-s", keys / "edition.key", "-m", away / "SHA256SUMS", "-t", comment], check=True
    )
    site.sign((away / "SHA256SUMS.minisig").read_bytes(), 13)
    until(lambda: ": Signed" in site.told() or ": Made" in site.told())
    assert ": Signed" in site.told(), site.told()[-3000:]
    links = re.findall(r'href="(/editions/[^"]+)"', site.told())
    assert [each.rpartition(".")[2] for each in links] == ["iso", "sha256", "zip"]
    assert links[-1].encode() in site.ask("/en/"), "the front page offers it"
    (tmp_path / "got.zip").write_bytes(site.ask(links[-1]))
    with zipfile.ZipFile(tmp_path / "got.zip") as archive:
        archive.extractall(tmp_path / "disk")
    said = site.run("-m", "sanduq", "disc", "verify", tmp_path / "disk/edition-13-2026-11-22", "--key", keys / "edition.pub")
    assert "VERIFIED" in said, said
    assert sorted(each.name for each in site.shop.iterdir()) == ["cache", "edition-13", "edition-13.log", "parts"]


@pytest.mark.parametrize("more", [(), ("--processes", "2")])
def test_a_server_that_is_ended_leaves_nothing_at_work(site: Site, more: tuple[str, ...]) -> None:
    server = site.start(*more)
    site.order(14)
    until((site.shop / "edition-14.partial/press/en").exists)
    assert any("disc build" in each for each in of_this(site.folder))
    began = time.monotonic()
    server.send_signal(signal.SIGTERM)
    server.wait(30)
    assert time.monotonic() - began < 12
    until(lambda: of_this(site.folder) == [], 5)
