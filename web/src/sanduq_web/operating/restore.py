"""Putting a backup into an empty database, and seeing that it is whole before anybody may use it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from sanduq import errors
from sanduq.archive.events import Kind
from sanduq.archive.reader import ArchiveReader
from sanduq.box.record import Record
from sanduq.engine import choose
from sanduq.question.setup import CountingArea
from sanduq.watch.record import verify_record
from sanduq_web.box import actions as box
from sanduq_web.box.models import Archive, Ballot
from sanduq_web.operating import archive, databases
from sanduq_web.question.api import referendum
from sanduq_web.records import export_record

Say = Callable[[str], None]
_HELD_SINCE = ("box", "0003_restoration")
_SESSIONS = "django_session"


@dataclass(frozen=True)
class Restored:
    """What was put back: the manifest, and of each referendum how many ballots are in it."""

    manifest: archive.Manifest
    ballots: Mapping[str, int]


def check(path: Path, sha256: str | None) -> archive.Manifest:
    """Read a backup to its end, and refuse one that is damaged, of another SHA-256 than was noted, or of later tables."""
    if sha256 is not None and archive.sha256_of(path) != sha256.strip().lower():
        raise archive.BackupRefused(
            "the file is not the one that was written down", expected=sha256, got=archive.sha256_of(path)
        )
    manifest = archive.manifest_of(path)
    for _ in archive.pieces(path):
        pass
    known = MigrationLoader(None).disk_migrations or {}
    ours = {app for app, _ in known}  # the console's tables come along as they are: its own settings know them
    later = [
        f"{app}.{name}"
        for app, names in manifest.migrations.items()
        for name in names
        if app in ours and (app, name) not in known
    ]
    if later:
        hint = f"it was made by sanduq-web {manifest.program}: use that version or a later one"
        raise errors.Unusable(f"the backup has tables that this version does not know: {', '.join(later)}", hint=hint)
    return manifest


def restore(path: Path, now: str, say: Say, sha256: str | None = None) -> Restored:
    """Put a backup into the empty database of the settings: held (:mod:`sanduq_web.box.actions.holding`), and verified.

    Refused unless the backup is whole, of the same kind of database, and every area's archive verifies with the library, ends
    where the manifest says, and is what the index of ballots says. SQLite: then there is no database, as before. PostgreSQL:
    what was loaded stays to be looked at, and held.
    """
    manifest = check(path, sha256)
    if manifest.vendor != connection.vendor:
        hint = "`sanduq-web export` and `import` carry a record from one kind to the other"
        raise errors.Unusable(f"the backup is of {manifest.vendor}, and SANDUQ_DATABASE names {connection.vendor}", hint=hint)
    databases.require_empty()
    say(f"backup     of {manifest.made}, sanduq-web {manifest.program}: whole")
    app, name = _HELD_SINCE
    hold = f"UPDATE public.{Archive._meta.db_table} SET held = true;\n" if name in manifest.migrations.get(app, ()) else ""  # noqa: S608
    with databases.loaded(archive.pieces(path), hold):
        # Tables of an earlier version: the later one cannot cast before they are renewed, and then they are held.
        with transaction.atomic() if connection.vendor == "postgresql" else nullcontext():
            call_command("migrate", verbosity=0, interactive=False)
            box.hold_all(manifest.made, now)
            _end_sessions()
        return Restored(manifest, {anchor: _verify(anchor, areas, say) for anchor, areas in manifest.referendums.items()})


def _end_sessions() -> None:
    """Who was logged in when the backup was made is not so now."""
    if _SESSIONS in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {_SESSIONS}")  # noqa: S608  # a table of Django's


def _verify(anchor: str, areas: Mapping[str, archive.Stood], say: Say) -> int:
    """Write the record into a folder of ours, verify it with the library, and compare it with manifest and index."""
    frozen, ballots = referendum(anchor), 0
    with tempfile.TemporaryDirectory(prefix="sanduq-restore-") as folder:
        path = Path(folder) / "record"
        export_record(anchor, path)
        record = Record(path)
        report = verify_record(record, choose(settings.SANDUQ_ENGINE), anchor)
        if sorted(areas) != sorted(frozen.places):
            raise archive.BackupRefused("the manifest has other areas than the database")
        for code, place in frozen.places.items():
            found = report.areas[code]
            expected = (areas[code].height, areas[code].head)
            if (found.height, found.head) != expected:
                raise archive.BackupRefused(
                    "area ends elsewhere than it did", expected=expected, got=(found.height, found.head)
                )
            ballots += _require_index(record, place.area, place.id, areas[code].ballots)
    say(f"verified   {anchor}: {report.phase}, {ballots} ballots in {len(areas)} areas")
    return ballots


def _require_index(record: Record, area: CountingArea, archive_id: int, expected: int) -> int:
    """Every ballot of an archive stands in the index where it stands in the archive, and no other does."""
    rows = Ballot.objects.filter(archive_id=archive_id).order_by("height").values_list("height", "payload", "event")
    index = rows.iterator(chunk_size=5000)
    count = 0
    with record.archive(area).open("rb") as file:
        for entry in ArchiveReader(file):
            if entry.event.kind is not Kind.BALLOT:
                continue
            count += 1
            height, payload, event = next(index, (0, b"", b""))
            got = (height, bytes(payload).hex(), bytes(event).hex())
            if got != (entry.event.height, entry.event.payload, entry.hash):
                raise archive.BackupRefused(f"area {area.code}: the index lacks the ballot at height {entry.event.height}")
    if count != expected or next(index, None) is not None:
        raise archive.BackupRefused(f"area {area.code}: other ballots than were saved", expected=expected, got=count)
    return count
