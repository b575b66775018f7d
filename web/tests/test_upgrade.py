"""A database with the tables of the first migrations, and a vote under way in it, is taken over whole."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from ready import ready
from rig import Rig
from server import open_now
from test_backup import Quick, stored_in
from test_crash import _vote

POSTGRES = os.environ.get("SANDUQ_DATABASE", "").startswith("postgres")
FIRST = """
import django
django.setup()
from django.core.management import call_command
for app in ("question", "roll", "box", "count"):
    call_command("migrate", app, "0001", verbosity=0)
"""


@pytest.fixture(scope="module")
def rig_now(tmp_path_factory: pytest.TempPathFactory) -> Rig:
    return open_now(tmp_path_factory.mktemp("upgrade") / "record", {"A": 8, "B": 2})


def as_of_the_first(new: Path, old: Path, site: Quick) -> None:
    """A database of the first tables, with the rows of a new one."""
    env = site.environment | {"SANDUQ_DATABASE": f"sqlite:///{old}"}
    subprocess.run([sys.executable, "-c", FIRST], env=env, check=True, capture_output=True)
    with closing(sqlite3.connect(old, isolation_level=None)) as file:
        file.execute("ATTACH ? AS later", [str(new)])
        tables = [name for (name,) in file.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'")]
        for table in tables:
            if table.startswith(("django_", "sqlite_")):
                continue
            columns = ", ".join(row[1] for row in file.execute(f"PRAGMA main.table_info({table})"))
            file.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM later.{table}")
        assert "box_archive" in tables
        assert "box_restoration" not in tables


@pytest.mark.long
@pytest.mark.skipif(POSTGRES, reason="the first tables are made anew in SQLite's file")
def test_a_vote_under_way_goes_on_in_later_tables(rig_now: Rig, tmp_path: Path) -> None:
    rig_now.key_file.chmod(0o600)
    with ExitStack() as stack:
        sites = [Quick(f"sqlite:///{tmp_path / name}.db", rig_now) for name in ("new", "old", "back")]
        commands = stack.enter_context(ready(sites[0].environment))
        for each in sites:
            each.commands = commands
            stack.callback(each.kill)
        new, old, back = sites
        new.set_up()
        new.start()
        receipts = _vote(new, list(rig_now.ballots["A"][:5]), 60, threads=2)
        new.kill()
        known = stored_in(new, tmp_path / "before")
        as_of_the_first(tmp_path / "new.db", tmp_path / "old.db", old)

        assert "box.0003_restoration" in old.said("doctor", status=1)
        file = str(tmp_path / "old.sanduq-backup")
        old.said("backup", file)
        old.said("migrate")
        assert "box.0003" not in old.said("doctor")
        assert stored_in(old, tmp_path / "after") == known
        for path in (tmp_path / "before").rglob("*"):
            if path.is_file():
                assert (tmp_path / "after" / path.relative_to(tmp_path / "before")).read_bytes() == path.read_bytes()
        old.start()
        again = _vote(old, list(rig_now.ballots["A"]), 60, threads=2)
        assert {tracker: again[tracker] for tracker in receipts} == receipts

        # A backup of the first tables is put back with the later ones, and held.
        back.said("restore", file)
        assert "is held" in back.said("doctor", status=1)
        assert stored_in(back, tmp_path / "back") == known
