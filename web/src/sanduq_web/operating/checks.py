"""The checks of ``sanduq-web doctor``. Each yields findings; none changes anything, none shows a secret."""

from __future__ import annotations

import os
import re
import shutil
import smtplib
import sqlite3
import ssl
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import run_checks
from django.core.mail import get_connection
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

import sanduq
from sanduq import errors
from sanduq.engine import choose
from sanduq_web import __version__, clock, printing
from sanduq_web.box import api as box
from sanduq_web.box.actions.keys import read_key
from sanduq_web.faults import briefly
from sanduq_web.operating import archive
from sanduq_web.operating.databases import sqlite_path
from sanduq_web.operating.doctor import Finding, fail, warn, well
from sanduq_web.question.api import anchors, referendum

HERE: Final = Path(__file__).resolve().parent.parent
_ROW: Final = re.compile(r"^(SANDUQ_[A-Z_]+)  ", re.MULTILINE)
_LOCAL: Final = ("localhost", "127.0.0.1", "[::1]", "::1")
_MANY: Final = 100_000
"""Electors above which a vote should not be held on SQLite."""
_GIB: Final = 1 << 30
_WRITTEN: Final = "2026-11-01T00:00:00Z"
"""No clock that is right says less: this program was not there."""


def known_settings() -> dict[str, list[str]]:
    """Every variable that a module of settings has in its table, by the module's path within the program."""
    paths = sorted(HERE.glob("**/settings.py"))
    return {path.relative_to(HERE).as_posix(): _ROW.findall(path.read_text("utf-8")) for path in paths}


# --- without a database -------------------------------------------------------------------------------------------------------


def program() -> Iterator[Finding]:
    """What runs here."""
    versions = f"sanduq-web {__version__}, sanduq {sanduq.__version__}, Python {sys.version.split()[0]}"
    yield well("program", versions)
    engine = choose(settings.SANDUQ_ENGINE)
    if engine.name == "python":
        do = "pip install 'sanduq-web[speed]'; SANDUQ_ENGINE must not say python"
        yield warn("engine", "python: some ballots a second at most", do)
    else:
        yield well("engine", engine.name)
    if printing.can_print():
        yield well("PDF", "WeasyPrint, Pango")
    else:
        do = "pip install 'sanduq-web[pdf]'; apt-get install libpango-1.0-0 libpangoft2-1.0-0 fonts-dejavu-core"
        yield warn("PDF", "protocols and the observer's pack cannot be printed", do)


def configuration() -> Iterator[Finding]:
    """Variables that no settings know, hosts, HTTPS, the booth's origin."""
    known = {name for names in known_settings().values() for name in names}
    unknown = sorted(name for name in os.environ if name.startswith("SANDUQ_") and name not in known)
    if unknown:
        yield warn("settings", f"{', '.join(unknown)}: there is no such setting", "see docs/look-up/settings.md")
    else:
        yield well("settings", "all variables that begin with SANDUQ_ are known")
    if settings.DEBUG:
        yield fail("settings", "DEBUG is on: errors would show everybody what is in memory", "use sanduq_web.settings as it is")
    yield from _hosts()
    yield from _booth()


def _hosts() -> Iterator[Finding]:
    hosts = settings.ALLOWED_HOSTS
    if "*" in hosts or any(name.startswith(".") for name in hosts):
        yield fail("hosts", "any name is answered to", "SANDUQ_HOSTS: the names of this site, separated by commas")
    elif all(name in _LOCAL for name in hosts):
        yield warn("hosts", "this machine's own names only", "SANDUQ_HOSTS=vote.example")
    else:
        yield well("hosts", ", ".join(hosts))
    if settings.SANDUQ_HTTPS:
        yield well("HTTPS", "browsers are told to insist on it")
    else:
        yield warn("HTTPS", "not said to be there", "put a proxy that speaks HTTPS in front, then SANDUQ_HTTPS=1")


def _booth() -> Iterator[Finding]:
    parts = urlsplit(settings.SANDUQ_BOOTH)
    bare = f"{parts.scheme}://{parts.netloc}" == settings.SANDUQ_BOOTH
    if parts.scheme not in ("http", "https") or not parts.hostname or not bare:
        yield fail("booth", f"{settings.SANDUQ_BOOTH!r} is no origin", "SANDUQ_BOOTH=https://booth.example, and nothing behind")
    elif parts.hostname in _LOCAL:
        yield warn("booth", f"{settings.SANDUQ_BOOTH} is on this machine", "SANDUQ_BOOTH=https://booth.example")
    elif parts.scheme != "https":
        yield fail("booth", f"{settings.SANDUQ_BOOTH}: browsers seal nothing without HTTPS", "SANDUQ_BOOTH=https://…")
    elif parts.hostname in settings.ALLOWED_HOSTS:
        yield warn("booth", "the booth has the site's own name", "an origin of its own: a hole in one does not reach the other")
    else:
        yield well("booth", settings.SANDUQ_BOOTH)


def system_clock() -> Iterator[Finding]:
    """Whether it is later than this program, and kept right."""
    now = clock.now()
    if now < _WRITTEN:
        yield fail("clock", f"it is {now} here", "set the clock, and have it kept right (systemd-timesyncd, chrony)")
        return
    path = shutil.which("timedatectl")
    said = ""
    if path is not None:
        done = subprocess.run(  # noqa: S603  # our own words
            [path, "show", "--property=NTPSynchronized", "--value"], capture_output=True, check=False, timeout=10
        )
        said = done.stdout.decode(errors="replace").strip()
    if said == "yes":
        yield well("clock", f"{now}, kept right by the network")
    else:
        yield warn("clock", f"{now}; nobody is known to keep it right", "systemd-timesyncd or chrony: the calendar goes by it")


def disk() -> Iterator[Finding]:
    """Room where the database and what is made for a moment lie."""
    places = {"temporary": Path(tempfile.gettempdir())}
    size = 0
    if connection.vendor == "sqlite":
        path = sqlite_path().resolve()
        places["database"] = path.parent
        size = path.stat().st_size if path.exists() else 0
    if settings.SANDUQ_BACKUPS:
        places["backups"] = Path(settings.SANDUQ_BACKUPS)
    for name, folder in places.items():
        if not folder.is_dir():
            yield fail("disk", f"{folder} ({name}) is no folder", "make it, for this service's user alone")
            continue
        free = shutil.disk_usage(folder).free
        said = f"{free / _GIB:.1f} GiB free for {name}"
        if free < max(_GIB // 5, size // 2):
            yield fail("disk", said, "make room: the box refuses ballots when it cannot write")
        elif free < max(2 * _GIB, 3 * size):
            yield warn("disk", said, "make room for the vote, and for a backup beside it")
        else:
            yield well("disk", said)


ALWAYS: Final[tuple[Callable[[], Iterator[Finding]], ...]] = (program, configuration, system_clock, disk)


# --- the database -------------------------------------------------------------------------------------------------------------


def database() -> Iterator[Finding]:
    """Whether it answers, how it keeps what is committed, what it logs, and whether its tables are this version's."""
    if connection.vendor == "sqlite" and not sqlite_path().exists():
        yield fail("database", f"{sqlite_path()} is not there", "SANDUQ_DATABASE, or `sanduq-web migrate`")
        return
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        yield fail("database", briefly(error), "is it running, and is SANDUQ_DATABASE right?")
        return
    yield from _sqlite() if connection.vendor == "sqlite" else _postgresql()
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    applied = executor.loader.applied_migrations
    known = executor.loader.disk_migrations or {}
    ours = {app for app, _ in known}  # the console's tables stand beside: its own settings know them
    later = [f"{app}.{name}" for app, name in applied if app in ours and (app, name) not in known]
    if plan:
        missing = ", ".join(f"{one.app_label}.{one.name}" for one, _ in plan)
        yield fail("tables", f"not renewed: {missing}", "`sanduq-web backup`, then `sanduq-web migrate` (docs/do/upgrade.md)")
    elif later:
        yield fail("tables", f"of a later version: {', '.join(later)}", "use that version of sanduq-web")
    else:
        yield well("tables", "of this version")


def _ask(query: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]


def _sqlite() -> Iterator[Finding]:
    yield well("database", f"SQLite {sqlite3.sqlite_version}, {sqlite_path()}")
    mode = stat.S_IMODE(sqlite_path().stat().st_mode)
    if mode & 0o077:
        yield warn("database", f"its file is open to others (mode {mode:o})", f"chmod 600 {sqlite_path()}")


def _postgresql() -> Iterator[Finding]:
    yield well("database", f"PostgreSQL {_ask('SHOW server_version')}")
    for name in ("fsync", "full_page_writes", "synchronous_commit"):
        if _ask(f"SHOW {name}") == "off":
            yield fail("database", f"{name} is off: what was acknowledged may be lost", f"{name} = on in postgresql.conf")
    if _ask("SHOW log_statement") in ("mod", "all") or _ask("SHOW log_min_duration_statement") != "-1":
        do = "log_statement = none, log_min_duration_statement = -1: ballots would stand in its log with their time"
        yield fail("database", "PostgreSQL logs statements", do)
    if _ask("SHOW log_connections") != "off":
        yield warn("database", "PostgreSQL logs connections", "log_connections = off")
    if _ask("SHOW track_commit_timestamp") == "on":
        yield warn("database", "PostgreSQL keeps the time of every commit", "track_commit_timestamp = off")
    off = float(_ask("SELECT extract(epoch FROM clock_timestamp())")) - clock.seconds(clock.now())
    if abs(off) > 5:
        yield warn("clock", f"the database's clock is {off:+.0f} s away", "keep both right")


# --- what is in it ------------------------------------------------------------------------------------------------------------


def referendums() -> Iterator[Finding]:
    """What is here, whether the clock goes on from what was written, whether SQLite will do."""
    electors = 0
    for anchor in anchors():
        frozen, last = referendum(anchor), box.published_until(anchor)
        phase = box.phase(anchor)
        yield well("referendum", f"{anchor[:12]}…  {phase}, {len(frozen.places)} areas")
        if last > clock.now():
            yield fail("clock", f"{anchor[:12]}… was written to at {last}, which is yet to come", "set the clock right first")
        if box.is_held(anchor):
            yield fail(
                "referendum", f"{anchor[:12]}… was put back from a backup, and is held", "see `sanduq-web resume --help`"
            )
        if phase in ("frozen", "open"):
            electors = max(electors, sum(area.electorate for area in frozen.setup.areas))
            if box.authentication(anchor) == "email" and not (settings.SANDUQ_SMTP and settings.SANDUQ_MAIL_FROM):
                yield fail("mail", f"{anchor[:12]}… sends codes, and there is no mail server", "SANDUQ_SMTP, SANDUQ_MAIL_FROM")
    if connection.vendor == "sqlite" and electors > _MANY:
        yield warn("database", f"SQLite, with {electors} electors: one process only", "PostgreSQL, for several processes")


def box_keys() -> Iterator[Finding]:
    """Each file can be read by us alone, and belongs to a referendum here; each that takes ballots has one."""
    needed = {referendum(anchor).setup.box_key: anchor for anchor in anchors() if box.phase(anchor) in ("frozen", "open")}
    every = {referendum(anchor).setup.box_key for anchor in anchors()}
    found = set()
    for path in settings.SANDUQ_BOX_KEYS:
        try:
            public = read_key(path).public
        except (errors.Unusable, errors.Refused) as error:
            yield fail("box key", str(error), "is the path right, and may this service's user read it?")
            continue
        found.add(public)
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            yield fail("box key", f"{path}: others may read it (mode {mode:o})", f"chmod 600 {path}")
        elif public not in every:
            yield warn("box key", f"{path} belongs to no referendum here", "another referendum's key has no business here")
        else:
            yield well("box key", str(path))
    for public, anchor in needed.items():
        if public not in found:
            yield fail("box key", f"{anchor[:12]}… has none, and takes no ballots", "SANDUQ_BOX_KEY, or `serve --box-key`")


def backups() -> Iterator[Finding]:
    """How old the newest one is, and whether old ones keep what was to be forgotten."""
    if not settings.SANDUQ_BACKUPS:
        do = "SANDUQ_BACKUPS: the folder in which they are kept (docs/do/operate-a-site.md)"
        yield warn("backups", "where they are is not known", do)
        return
    made, broken = [], []
    for path in Path(settings.SANDUQ_BACKUPS).glob(f"*{archive.ENDING}"):
        try:
            made.append(archive.manifest_of(path).made)
        except archive.BackupRefused:
            broken.append(path.name)
    if broken:
        yield fail("backups", f"cannot be read: {', '.join(sorted(broken))}", "make a new one, and look at the disk")
    is_open = any(box.phase(anchor) == "open" for anchor in anchors())
    most = 3600 if is_open else 24 * 3600
    if not made:
        yield fail("backups", "there is none", f"sanduq-web backup FILE{archive.ENDING}")
        return
    age = clock.seconds(clock.now()) - clock.seconds(max(made))
    said = f"{len(made)}, the newest of {max(made)}"
    yield well("backups", said) if age <= most else warn("backups", said, "the timer of docs/do/operate-a-site.md makes them")
    closed = [line.time for anchor in anchors() if box.authentication(anchor) != "none"
              for line in box.journal(anchor) if line.act.value == "closed"]  # fmt: skip
    if closed and min(made) < max(closed):
        yield warn(
            "backups", f"those before {max(closed)} still hold PINs or addresses", "destroy them when the record is safe"
        )


WITH_TABLES: Final[tuple[Callable[[], Iterator[Finding]], ...]] = (referendums, box_keys, backups)


# --- asked for ----------------------------------------------------------------------------------------------------------------


def mail_server() -> Iterator[Finding]:
    """Whether the mail server takes us; nothing is sent."""
    if not settings.SANDUQ_SMTP:
        yield warn("mail", "SANDUQ_SMTP is not set", "needed only where codes are sent by e-mail")
        return
    where = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    try:
        server = get_connection("django.core.mail.backends.smtp.EmailBackend")
        server.open()
        server.close()
    except (smtplib.SMTPException, OSError, ssl.SSLError) as error:
        yield fail("mail", f"{where} does not take us: {type(error).__name__}", "SANDUQ_SMTP")
        return
    yield well("mail", f"{where} takes us")


def django_deploy() -> Iterator[Finding]:
    """What Django itself has to say before a deployment."""
    found = run_checks(include_deployment_checks=True)
    for each in found:
        if not each.is_silenced():
            yield warn("Django", f"{each.id}: {each.msg}", str(each.hint or ""))
    if all(each.is_silenced() for each in found):
        yield well("Django", "check --deploy finds nothing")
