"""Copying a whole database out of a running site, and into an empty one: SQLite by itself, PostgreSQL by its own tools.

Names and passwords of PostgreSQL go to its tools by the environment and a file for this user alone, never by arguments, which
everybody on a machine can list.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import IO, Any, Final

from django.conf import settings
from django.db import connection, transaction

from sanduq import errors
from sanduq_web.operating.archive import PIECE, BackupRefused

Ask = Callable[[str], list[tuple[Any, ...]]]
"""A query to the very state that is copied."""
_WHERE_TABLES: Final = "FROM information_schema.tables WHERE table_schema NOT IN ('pg_catalog', 'information_schema')"


def sqlite_path() -> Path:
    """The file of the site's database."""
    return Path(settings.DATABASES["default"]["NAME"])


# --- out -------------------------------------------------------------------------------------------------------------------


def dump(file: IO[bytes], read: Callable[[Ask], Any], beside: Path) -> Any:
    """Write the database as of one moment into ``file``; ``read`` asks that same moment. Nobody who writes is held up.

    ``beside``: a folder of ours for SQLite's copy, which takes as much room as the database.
    """
    return _dump_sqlite(file, read, beside) if connection.vendor == "sqlite" else _dump_postgresql(file, read)


def _dump_sqlite(file: IO[bytes], read: Callable[[Ask], Any], beside: Path) -> Any:
    with tempfile.TemporaryDirectory(prefix=".sanduq-backup-", dir=beside) as folder:
        path = Path(folder) / "copy.db"
        connection.ensure_connection()
        with closing(sqlite3.connect(path, isolation_level=None)) as copy:
            connection.connection.backup(copy)  # SQLite's online backup: one state, while others write
            copy.execute("PRAGMA journal_mode=DELETE")
            copy.execute("VACUUM")  # what was deleted (PINs, addresses, codes) is not carried on in free pages
            found = read(lambda query: copy.execute(query).fetchall())
        with path.open("rb") as source:
            shutil.copyfileobj(source, file, PIECE)
    return found


def _dump_postgresql(file: IO[bytes], read: Callable[[Ask], Any]) -> Any:
    def ask(query: str) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(query)
            return list(cursor.fetchall())

    with transaction.atomic(), _environment() as environment:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        snapshot = str(ask("SELECT pg_export_snapshot()")[0][0])
        command = ["pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
        with _running(command, environment, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None  # noqa: S101  # for the checker of types: it was asked for
            shutil.copyfileobj(process.stdout, file, PIECE)
        return read(ask)


@contextmanager
def _environment() -> Iterator[dict[str, str]]:
    """How PostgreSQL's tools reach the site's database, and where its password lies meanwhile."""
    known = settings.DATABASES["default"]
    with tempfile.TemporaryDirectory(prefix="sanduq-postgres-") as folder:  # of mode 700
        environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
        for name, key in (("PGHOST", "HOST"), ("PGPORT", "PORT"), ("PGUSER", "USER"), ("PGDATABASE", "NAME")):
            if known.get(key):
                environment[name] = str(known[key])
        if known.get("PASSWORD"):
            secret = str(known["PASSWORD"]).replace("\\", "\\\\").replace(":", "\\:")
            path = Path(folder) / "pgpass"
            path.touch(mode=0o600)
            path.write_text(f"*:*:*:*:{secret}\n")
            environment["PGPASSFILE"] = str(path)
        yield environment | {"PGAPPNAME": "sanduq-web backup", "PGCONNECT_TIMEOUT": "20"}


@contextmanager
def _running(command: Sequence[str], environment: dict[str, str], **pipes: Any) -> Iterator[subprocess.Popen[bytes]]:
    """One of PostgreSQL's tools, to its end; what it says is told if it fails, and it is ended if we do."""
    path = shutil.which(command[0])
    if path is None:
        raise errors.Unusable(f"{command[0]} is not here", hint="apt-get install postgresql-client, of the server's version")
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen([path, *command[1:]], env=environment, stderr=said, **pipes)  # noqa: S603  # our own words
        try:
            yield process
            status = process.wait()
        except BaseException:
            process.kill()
            process.wait()
            raise
        finally:
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with suppress(OSError):
                        pipe.close()
        if status != 0:
            said.seek(0)
            # From the second line on stand values of rows.
            first = said.read(2000).decode(errors="replace").strip().partition("\n")[0]
            raise errors.Unusable(f"{command[0]} ended with {status}: {first}")


# --- in --------------------------------------------------------------------------------------------------------------------


def require_empty() -> None:
    """Refuse a database that has a table: nothing is ever restored over anything."""
    if connection.vendor == "sqlite":
        path, count = sqlite_path(), 0
        if path.exists() and path.stat().st_size:
            with closing(sqlite3.connect(path)) as file:
                try:
                    count = file.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
                except sqlite3.DatabaseError:
                    count = -1
    else:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) {_WHERE_TABLES}")
            count = int(cursor.fetchone()[0])
    if count:
        raise errors.Unusable("the database is not empty", hint="name a new one in SANDUQ_DATABASE: nothing was changed")


@contextmanager
def loaded(source: Iterator[bytes], hold: str) -> Iterator[None]:
    """Put a database into the empty one; what is done within comes before anybody else can use it.

    SQLite: the file has its name only when all of that is done. PostgreSQL: all tables come in one transaction, in which the
    statement ``hold`` is the last.
    """
    if connection.vendor == "sqlite":
        yield from _loaded_sqlite(source)
    else:
        _load_postgresql(source, hold)
        yield


def _loaded_sqlite(source: Iterator[bytes]) -> Iterator[None]:
    path = sqlite_path()
    partial = path.with_name(f"{path.name}.restoring")
    connection.close()
    known = connection.settings_dict["NAME"]
    try:
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.writelines(source)
        with closing(sqlite3.connect(partial)) as copy:
            found = copy.execute("PRAGMA quick_check").fetchone()[0]
            if found != "ok":
                raise BackupRefused(f"SQLite finds the database damaged: {str(found)[:200]}")
        connection.settings_dict["NAME"] = str(partial)
        yield
        connection.close()
        with closing(sqlite3.connect(partial)) as copy:
            copy.execute("PRAGMA journal_mode=DELETE")
        with partial.open("rb") as file:
            os.fsync(file.fileno())
        if path.exists():
            require_empty()
            path.unlink()
        os.link(partial, path)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = known
        for left in (partial, Path(f"{partial}-wal"), Path(f"{partial}-shm"), Path(f"{partial}-journal")):
            left.unlink(missing_ok=True)


def _load_postgresql(source: Iterator[bytes], hold: str) -> None:
    connection.close()
    restore = ["pg_restore", "--no-owner", "--no-privileges", "--file=-"]
    load = ["psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null", "--file=-"]
    with _environment() as environment, _running(load, environment, stdin=subprocess.PIPE) as psql:
        # If pg_restore fails, psql is killed before it has heard the end, so nothing is committed.
        try:
            with _running(restore, environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
                _pass_on(source, process, psql)
        except errors.Unusable:
            with suppress(subprocess.TimeoutExpired):
                psql.wait(5)
                return  # it ended first, and says why
            raise
        if psql.stdin is not None:
            with suppress(BrokenPipeError):
                psql.stdin.write(hold.encode())
                psql.stdin.close()


def _pass_on(source: Iterator[bytes], process: subprocess.Popen[bytes], psql: subprocess.Popen[bytes]) -> None:
    """From the backup to pg_restore, and from there to psql; whoever ends early ends all."""

    def feed() -> None:
        try:
            if process.stdin is not None:
                for piece in source:
                    process.stdin.write(piece)
                process.stdin.close()
        except Exception:  # noqa: BLE001  # pg_restore, or the one who asks for its status, says why
            process.kill()

    feeder = Thread(target=feed, daemon=True)
    feeder.start()
    if process.stdout is not None and psql.stdin is not None:
        try:
            shutil.copyfileobj(process.stdout, psql.stdin, PIECE)
        except BrokenPipeError:
            process.kill()
    feeder.join()
