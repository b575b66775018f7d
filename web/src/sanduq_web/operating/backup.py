"""Making a backup while the site runs."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from django.db import connection

from sanduq import errors
from sanduq_web import __version__
from sanduq_web.box.models import Archive, Ballot
from sanduq_web.operating import archive, databases
from sanduq_web.question.models import Area, Referendum


def backup(path: Path, now: str) -> archive.Manifest:
    """Write a backup into a new file: everything as of one moment, whoever casts meanwhile."""
    if not path.parent.is_dir():
        raise errors.Unusable(f"{path.parent} is no folder", hint="nothing was written")

    def read(ask: databases.Ask) -> archive.Manifest:
        return archive.Manifest(now, __version__, connection.vendor, _migrations(ask), _stood(ask))

    return archive.write(path, lambda file: databases.dump(file, read, path.parent))


def _migrations(ask: databases.Ask) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for app, name in ask("SELECT app, name FROM django_migrations ORDER BY app, name"):
        found[app].append(name)
    return dict(found)


def _stood(ask: databases.Ask) -> dict[str, dict[str, archive.Stood]]:
    """Where every area's archive ends, by anchor and code. Plain SQL: SQLite's copy is not the site's own connection."""
    # The only words put into these statements are names of our own tables.
    archives, areas, ballots = Archive._meta.db_table, Area._meta.db_table, Ballot._meta.db_table
    found: dict[str, dict[str, archive.Stood]] = {
        anchor: {}
        for (anchor,) in ask(f"SELECT anchor FROM {Referendum._meta.db_table} ORDER BY anchor")  # noqa: S608
    }
    counted: dict[int, int] = dict(ask(f"SELECT archive_id, count(*) FROM {ballots} GROUP BY archive_id"))  # noqa: S608
    query = f"""SELECT a.referendum_id, a.code, a.uuid, b.area_id, b.height, b.head, b.size, b.public_height
        FROM {archives} b JOIN {areas} a ON a.id = b.area_id ORDER BY a.referendum_id, a.position"""  # noqa: S608
    for anchor, code, uuid, pk, height, head, size, public in ask(query):
        found[anchor][code] = archive.Stood(uuid, height, head, size, public, counted.get(pk, 0))
    return found
