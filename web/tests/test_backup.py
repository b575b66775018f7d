"""Backups: made while ballots come, put back whole or not at all; and a box that was put back forks nothing."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from ready import Ready, ready
from rig import Rig
from sanduq import errors
from sanduq.algebra.numbers import sha256_b64
from sanduq.archive.events import Kind
from sanduq.archive.reader import ArchiveReader
from sanduq.box.record import Record
from sanduq_web.operating import archive
from sanduq_web.operating.restore import check
from server import Site, database, open_now
from test_crash import _same, _vote

POSTGRES = os.environ.get("SANDUQ_DATABASE", "").startswith("postgres")


@pytest.fixture(scope="module")
def rig_now(tmp_path_factory: pytest.TempPathFactory) -> Rig:
    return open_now(tmp_path_factory.mktemp("backup") / "record", {"A": 60, "B": 3})


@dataclass
class Quick(Site):
    """A site whose commands need not start first."""

    commands: Ready | None = None

    def said(self, *words: str, status: int = 0, program: str = "sanduq-web") -> str:
        assert self.commands is not None
        got, text = self.commands.run(program, *words, database=self.url)
        assert got == status, text
        assert "Traceback" not in text
        return text

    def command(self, *arguments: str) -> None:
        self.said(*arguments)


@pytest.fixture(scope="module")
def commands(rig_now: Rig) -> Iterator[Ready]:
    """The commands of any site on this kind of database."""
    url = os.environ["SANDUQ_DATABASE"] if POSTGRES else "sqlite:///nowhere.db"
    with ready(Site(url, rig_now).environment) as found:
        yield found


@pytest.fixture
def two(rig_now: Rig, commands: Ready, tmp_path: Path) -> Iterator[tuple[Quick, Quick]]:
    """A site, and an empty database to put a backup into."""
    with ExitStack() as stack:
        sites = []
        for name in ("first", "second"):
            (tmp_path / name).mkdir()
            site = Quick(stack.enter_context(database(tmp_path / name)), rig_now)
            site.commands = commands
            stack.callback(site.kill)
            sites.append(site)
        sites[0].set_up()
        yield sites[0], sites[1]


def said(site: Quick, *arguments: str, status: int = 0) -> str:
    return site.said(*arguments, status=status)


def stored_in(site: Quick, folder: Path) -> dict[str, tuple[int, str]]:
    """What is in the box, by tracker; the whole record verifies."""
    site.said("export", str(folder))
    site.said("watch", "verify", str(folder), "--anchor", site.rig.anchor, program="sanduq")
    found = {}
    for area in site.rig.setup.areas:
        with Record(folder).archive(area).open("rb") as file:
            ballots = [entry for entry in ArchiveReader(file) if entry.event.kind is Kind.BALLOT]
        found |= {sha256_b64(entry.data[0]): (entry.event.height, entry.hash) for entry in ballots}
    return found


def test_a_backup_made_while_ballots_come_is_put_back_whole_and_forks_nothing(two: tuple[Quick, Quick], tmp_path: Path) -> None:
    first, second = two
    first.start()
    ballots = list(first.rig.ballots["A"])
    before = _vote(first, ballots[:20], 60)
    file = tmp_path / "one.sanduq-backup"
    told: list[str] = []
    saver = threading.Thread(target=lambda: told.append(said(first, "backup", str(file))))
    saver.start()
    later = _vote(first, ballots[20:50], 60, threads=3, pace=0.2)
    saver.join()
    # What the site acknowledged before the backup was begun is in it; it is of one moment, for its owner alone.
    hashed = re.search("sha256 +([0-9a-f]{64})", told[0])
    assert hashed and file.stat().st_mode & 0o077 == 0
    assert "is there already" in said(first, "backup", str(file), status=2)
    exported = tmp_path / "newest"
    first.command("export", str(exported))
    prints = exported / "fingerprints.json"
    all_of_it = stored_in(first, tmp_path / "check")
    first.kill()

    assert "expected 0000" in said(second, "restore", str(file), "--sha256", "0" * 64, status=1)
    assert "verified" in said(second, "restore", str(file), "--sha256", hashed[1])
    assert "is not empty" in said(second, "restore", str(file), status=2)
    stored = stored_in(second, tmp_path / "restored")
    wanted = {tracker: (receipt["height"], receipt["event"]) for tracker, receipt in before.items()}
    assert wanted.items() <= stored.items() <= all_of_it.items()
    assert "is held" in said(second, "doctor", status=1)

    # Held: nothing is taken, whoever asks; every receipt is still given.
    second.start()
    with closing(second.client()) as voter:
        assert [voter.cast("A", raw)[0] for raw in (ballots[50], ballots[0])] == [503, 503]
        status, page = voter.get(f"/en/{second.rig.anchor}/")
        assert (status, b"put back from a backup" in page) == (200, True)
    assert stored_in(second, tmp_path / "still") == stored
    assert "may be missing: nothing was changed" in said(second, "resume", status=2)

    # A newer record than the backup: what was published cannot be left out, and the existing import brings it.
    forged = json.loads(prints.read_text())
    forged["A"] |= {"height": len(all_of_it), "head": "0" * 64}
    (tmp_path / "ahead.json").write_text(json.dumps(forged))
    if len(stored) < len(all_of_it):
        words = said(second, "resume", "--published", str(tmp_path / "ahead.json"), "--complete", status=2)
        assert "were published" in words
    second.command("import", str(exported), "--anchor", second.rig.anchor)
    assert stored_in(second, tmp_path / "again") == all_of_it
    assert "another event than was published" in said(
        second, "resume", "--published", str(tmp_path / "ahead.json"), "--complete", status=1
    )
    said(second, "resume", "--published", str(prints), "--complete")
    receipts = _vote(second, ballots, 60)
    assert {tracker: receipts[tracker] for tracker in before | later} == before | later
    _same(receipts, stored_in(second, tmp_path / "after"))


def damage(file: Path, folder: Path, name: str) -> Path:
    """A backup in which something is not as it was."""
    path = folder / f"{name}.sanduq-backup"
    shutil.copy(file, path)
    if name == "cut":
        path.write_bytes(path.read_bytes()[:-2000])
    elif name == "flipped":
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
    else:
        with zipfile.ZipFile(file) as old, zipfile.ZipFile(path, "w") as new:
            manifest = json.loads(old.read("manifest.json"))
            if name == "later":
                manifest["migrations"]["box"].append("9999_later")
            elif name == "other form":
                manifest["format"] = "sanduq-backup/9"
            elif name == "more promised":
                (areas,) = manifest["referendums"].values()
                areas["A"]["height"] += 1
            elif name == "other kind":
                manifest["vendor"] = "postgresql"
            new.writestr("database", old.read("database"))
            new.writestr("manifest.json", json.dumps(manifest))
            if name == "more members":
                new.writestr("more", "")
    return path


DAMAGED = (
    ("cut", 1, "damaged"),
    ("flipped", 1, ""),
    ("later", 2, "box.9999_later"),
    ("other form", 1, "form of backup"),
    ("more members", 1, "no backup"),
)


@pytest.mark.parametrize(("name", "status", "words"), DAMAGED)
def test_a_damaged_backup_is_refused(name: str, status: int, words: str, tmp_path: Path) -> None:
    file = tmp_path / "good.sanduq-backup"
    known = {"box": ["0001_initial"]}
    areas = {"0" * 64: {"A": archive.Stood("uuid", 1, "00", 1, 0, 1)}}

    def dump(into: object) -> archive.Manifest:
        into.write(random.Random(1).randbytes(20_000))  # type: ignore[attr-defined]
        return archive.Manifest("2030-05-01T06:00:00Z", "0", "sqlite", known, areas)

    made = archive.write(file, dump)
    assert check(file, archive.sha256_of(file)) == made
    with pytest.raises(errors.Unusable, match="is there already"):
        archive.write(file, dump)
    with pytest.raises(errors.Unusable if status == 2 else archive.BackupRefused, match=words or "damaged|not the one"):
        check(damage(file, tmp_path, name), None)
    with pytest.raises(archive.BackupRefused, match="written down"):
        check(file, "0" * 64)
    assert not list(tmp_path.glob("*.partial"))


@pytest.mark.long
@pytest.mark.skipif(POSTGRES, reason="what is refused before anything is loaded is the same")
def test_what_is_not_a_whole_backup_is_put_nowhere_and_a_loss_is_told(two: tuple[Quick, Quick], tmp_path: Path) -> None:
    first, second = two
    file = tmp_path / "good.sanduq-backup"
    said(first, "backup", str(file))
    assert "whole" in said(second, "restore", str(file), "--check")
    for name, status, words in (*DAMAGED, ("other kind", 2, "the backup is of")):
        assert words in said(second, "restore", str(damage(file, tmp_path, name)), status=status), name
    assert "is not there" in said(second, "doctor", status=1)
    # Found out only when it is loaded: then nothing has been, and nothing lies about.
    assert "ends elsewhere" in said(second, "restore", str(damage(file, tmp_path, "more promised")), status=1)
    assert list((tmp_path / "second").iterdir()) == []
    said(second, "restore", str(file))
    # It is older than what was acknowledged since, which its operator accepts: that is told to everybody.
    said(second, "resume", "--accept-loss", "--complete", status=2)
    assert "nobody's copy was compared" in said(second, "resume", "--accept-loss")
    assert "not held" in said(second, "resume", "--accept-loss", status=2)
    second.start()
    receipts = _vote(second, list(second.rig.ballots["A"][:2]), 60)
    assert set(receipts) == {sha256_b64(raw) for raw in second.rig.ballots["A"][:2]}
    with closing(second.client()) as reader:
        page = reader.get(f"/en/{second.rig.anchor}/")[1].decode()
    assert "may be missing" in page
    assert re.search(r"/en/[0-9a-f]{64}/check/", page)


@pytest.mark.skipif(not POSTGRES, reason="PostgreSQL's own tools are asked")
def test_no_argument_has_the_password(two: tuple[Quick, Quick], tmp_path: Path) -> None:
    first, _ = two
    seen: set[str] = set()
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            for path in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    line = path.read_bytes().decode(errors="replace")
                except OSError:
                    continue
                if line.startswith(("pg_dump", "/usr")) and "pg_dump" in line:
                    seen.add(line)
            time.sleep(0.002)

    looker = threading.Thread(target=look)
    looker.start()
    said(first, "backup", str(tmp_path / "one.sanduq-backup"))
    done.set()
    looker.join()
    password = first.url.partition("//")[2].partition("@")[0].partition(":")[2]
    assert seen and password
    assert not [line for line in seen if password in line]
