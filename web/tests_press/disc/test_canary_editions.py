"""A whole edition, with all that must not come out around it: nothing of that is in any file, however deep it lies."""

from __future__ import annotations

import base64
import gzip
import io
import json
import lzma
import os
import re
import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from libzim.writer import Creator
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pypdf import PdfWriter
from pypdf.generic import NameObject, StreamObject

import canaries
import papers
from canaries import CANARY
from inside import found, inside, opened, times
from sanduq_web import clock

FIREFOX = os.environ.get("SANDUQ_FIREFOX", "/usr/bin/firefox-esr")
ROOT = Path(__file__).resolve().parents[3]
OURS = {"testserver", "vote.example", "localhost:8080"}
"""The two sites, and the booth as the vote site's settings name it if nothing is said."""
NAMES = {
    "www.w3.org", "www.idpf.org", "www.daisy.org", "purl.org", "vocabulary.itunes.apple.com", "ns.adobe.com", "www.aiim.org",
    "schemas.openxmlformats.org", "scripts.sil.org", "github.com",
}  # fmt: skip
"""Of namespaces, in books and papers, which no program fetches; and of the font's licence and makers, in the font."""
_SHORT = 6
"""A name with so few letters stands in other words."""
_URL = re.compile(rb"https?://([A-Za-z0-9.:\[\]-]+)")
_PATHS = re.compile(rb"/(?:root|home|tmp|work|usr|var|etc|opt)/[a-z0-9_.-]{2,}|[A-Z]:\\\\[A-Za-z]|site-packages|\.venv")


def run(environment: dict[str, str], *command: object) -> None:
    done = subprocess.run([*map(str, command)], check=False, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, f"{command}: {done.stdout[-3000:]}{done.stderr[-3000:]}"


def a_vote(folder: Path, environment: dict[str, str]) -> dict[str, Any]:
    """What the operator of the vote site adds, and what is secret there."""
    folder.mkdir()
    around = {each: value for each, value in environment.items() if not each.startswith("DJANGO")}
    path = os.pathsep.join([str(ROOT / "web" / "tests")])
    script = ROOT / "web" / "tests" / "vote_to_copy.py"
    run(around | {"PYTHONPATH": path}, sys.executable, script, folder, "https://vote.example")
    told: dict[str, Any] = json.loads((folder / "told.json").read_text("utf-8"))
    return told


def a_press(folder: Path, media: Path) -> dict[str, str]:
    """The database of this test as a file, and the settings of whoever makes an edition of it."""
    database = folder / f"{CANARY}.db"
    database.write_bytes(bytes(connection.connection.serialize()))
    secret = folder / "secret"
    secret.write_text(f"{CANARY} key " * 8)
    return os.environ | {
        "SANDUQ_PRESS_DATABASE": f"sqlite:///{database}", "SANDUQ_PRESS_MEDIA": str(media), "SANDUQ_PRESS_SECRET": str(secret),
        "SANDUQ_PRESS_HOSTS": "testserver", "SANDUQ_PRESS_SMTP": f"smtp://{CANARY}:{CANARY}@mail.example:25",
        "SANDUQ_PRESS_MAIL_FROM": f"{CANARY}@mail.example", "HOME": str(folder), "USER": f"{CANARY}-user",
        "LOGNAME": f"{CANARY}-user", "HOSTNAME": f"{CANARY}-host", "TZ": "Asia/Tehran",
    }  # fmt: skip


def whole(folder: Path, environment: dict[str, str], moment: str) -> tuple[Path, Path]:
    """An edition of all parts, signed; and what is handed on."""
    edition, packed, key, parts = (folder / each for each in ("edition", "packed", "key", "vote/parts"))
    python = (sys.executable, "-P", "-m")
    run(environment, *python, "sanduq", "disc", "key", "--unencrypted", "--out", key)
    (parts / "KEYS").write_bytes((key / "edition.pub").read_bytes())
    built = ROOT / "booth" / "dist-disc" / "VERIFY.html"
    if built.exists():
        run(environment, *python, "sanduq", "disc", "page", built, "--key", key / "edition.pub", "--out", parts / "VERIFY.html")
    given = ["--number", 13, "--date", moment[:10], "--as-of", moment]
    given += ["--address", "http://testserver", "--parts", parts, "--cache", folder / "cache"]
    run(environment, *python, "sanduq_web", "disc", "build", edition, *given)
    run(
        environment, *python, "sanduq", "disc", "sign", edition, "--key", key / "edition.key", "--edition", 13,
        "--date", moment[:10],
    )  # fmt: skip
    run(environment, *python, "sanduq_web", "disc", "pack", edition, packed)
    return edition, packed


def _hidden(secret: str) -> dict[str, bytes]:
    """Files of each kind that an edition has, each with the secret where only a searcher of that kind finds it."""
    plain, paper, photo, painted = secret.encode(), io.BytesIO(), io.BytesIO(), io.BytesIO()
    writer = PdfWriter()
    stream = StreamObject()
    stream._data = b"BT (%s) Tj ET" % plain
    writer.add_blank_page(9, 9)[NameObject("/Contents")] = writer._add_object(stream.flate_encode())
    writer.add_metadata({"/Author": "Nobody"})
    writer.write(paper)
    exif = Image.Exif()
    exif[0x9C9D] = secret.encode("utf-16-le")
    Image.new("RGB", (4, 4)).save(photo, "JPEG", exif=exif)
    about = PngInfo()
    about.add_text("Author", secret, zip=True)
    Image.new("RGB", (4, 4)).save(painted, "PNG", pnginfo=about)
    return {
        "a.pdf": paper.getvalue(), "b.jpg": photo.getvalue(), "c.png": painted.getvalue(),
        "d.gz": gzip.compress(plain + b"1"),
        "e.xz": lzma.compress(plain + b"2"), "f.epub": papers.packed({"x.xhtml": plain + b"3"}),
        "g.html": b'<img src="data:image/png;base64,' + base64.b64encode(gzip.compress(plain + b"4")) + b'">',
        "h.txt": base64.b64encode(b"ab" + plain + b"c"), "i.txt": secret.encode("utf-16"), "j.txt": plain.hex().encode(),
        "k.docx": papers.packed({"inner.zip": papers.packed({f"{secret}.txt": "x"})}), f"{secret}.txt": b"x",
    }  # fmt: skip


def test_the_searcher_finds(tmp_path: Path) -> None:
    """In each kind of file, in an archive of archives, in ZIM and on a disc; and times, too."""
    secret = "Zq-Hidden-Word"
    there = _hidden(secret)
    for name, raw in there.items():
        (tmp_path / name).write_bytes(raw)
        assert found([(name, name.encode()), *opened(name, raw)], [secret]), name
        assert not found(opened("x", raw), ["Zq-other"]) and [
            each for each in found(inside(tmp_path), [secret]) if name in each
        ]
    with Creator(tmp_path / "l.zim") as creator:
        creator.add_metadata("Creator", secret)
    assert [each for each in found(inside(tmp_path), [secret]) if each.startswith("l.zim / M/Creator")]
    disc = tmp_path.with_suffix(".iso")
    command = ["xorriso", "-as", "mkisofs", "-quiet", "-R", "-J", "-o", str(disc), str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True)
    told = found(opened("disc", disc.read_bytes()), [secret])
    assert [name for name in there if not any(f"disc / {name}" in each for each in told)] == []
    assert [*times(b"D:20261122215520+00'00' 2026-11-22T21:55:21Z 1795384522")] == [
        datetime(2026, 11, 22, 21, 55, second, tzinfo=UTC) for second in (20, 21, 22)
    ]


def walked(edition: Path, anchor: str, environment: dict[str, str]) -> None:
    """A reader's way through it, in Firefox (booth/test/browser/edition.test.ts)."""
    if not Path(FIREFOX).exists() or not (ROOT / "booth/node_modules").exists():
        return
    script = (edition / f"vote/trackers/{anchor[:12]}/trackers-all.js").read_text("utf-8")
    tracker = str(re.findall(r'"([A-Za-z0-9+/]{43})":', script)[0])
    around = environment | {"SANDUQ_EDITION": str(edition), "SANDUQ_ANCHOR": anchor, "SANDUQ_TRACKER": tracker}
    command = ["npx", "vitest", "run", "--config", "vitest.browser.config.ts", "test/browser/edition.test.ts"]
    done = subprocess.run(command, cwd=ROOT / "booth", env=around, check=False, capture_output=True, text=True)
    assert done.returncode == 0 and "1 passed" in done.stdout, done.stdout + done.stderr


@pytest.mark.long
@pytest.mark.usefixtures("site")
def test_nothing_comes_out(tmp_path: Path, media: Path, reader: Client, desk: Any, moderators: Any, letters: Any) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("the database must be a file")
    folder = tmp_path / f"{CANARY}-machine"
    folder.mkdir()
    canaries.sow(reader)
    environment = a_press(folder, media)
    told = a_vote(folder / "vote", environment)
    edition, packed = whole(folder, environment, told["moment"])
    there = [*inside(edition), *inside(packed)]
    assert any("/ press/en/news/grebes/index.html" in name for name, _ in there)
    assert any(".zim / M/Title" in name for name, _ in there)
    secret = [CANARY, papers.PERSON, *canaries.cells(), *told["secret"]]
    secret += [name for name in {socket.gethostname(), socket.getfqdn()} - {"localhost"} if len(name) > _SHORT]
    assert found(there, secret) == []
    assert found(there, [canaries.READ]) != []
    assert {(name, match[0]) for name, raw in there for match in _PATHS.finditer(raw)} == set()
    began, ended = clock.moment(told["moment"]), datetime.now(UTC)
    late = {(name, each) for name, raw in there for each in times(raw) if began < each <= ended}
    assert late == set()
    away = {match[1].decode().rstrip(".:") for _, raw in there for match in _URL.finditer(raw)}
    assert away - OURS - NAMES == set()
    fetched = {
        match[1].decode() for name, raw in there if name.endswith((".html", ".css", ".js")) for match in _URL.finditer(raw)
    }
    assert fetched - OURS - {"www.w3.org"} == set()
    walked(edition, told["decided"], dict(os.environ))
