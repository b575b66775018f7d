"""Rows that are written once: no code of ours changes or deletes them, and the database itself refuses to.

The triggers are the second lock: they hold for whoever comes past Django, too. Who may change the database's schema can take
them away; what is public has hashes that others have copied.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NoReturn

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from sanduq import errors

_POSTGRES: Final = """
CREATE OR REPLACE FUNCTION sanduq_written_once() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'rows of % are written once', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$;
"""


def _refuse() -> NoReturn:
    raise errors.Unusable("what was written here stays: nobody changes or deletes it", hint="write something behind it")


class Written(models.QuerySet[Any]):
    """Rows that can be added and read."""

    def update(self, **values: Any) -> NoReturn:
        """Refused."""
        _refuse()

    def bulk_update(self, *given: Any, **more: Any) -> NoReturn:
        """Refused."""
        _refuse()

    def delete(self) -> NoReturn:
        """Refused."""
        _refuse()


class Lasting(models.Model):
    """A row that is written once."""

    objects = Written.as_manager()

    class Meta:
        abstract = True

    def save(self, *given: Any, **more: Any) -> None:
        """Written, if it is new."""
        if not self._state.adding:
            _refuse()
        super().save(*given, **more)

    def delete(self, *given: Any, **more: Any) -> NoReturn:
        """Refused."""
        _refuse()


def written_once(*tables: str) -> migrations.RunPython:
    """An operation of a migration: from now on the database refuses to change or delete rows of these tables."""
    return migrations.RunPython(_for(tables, _guard), _for(tables, _unguard))


def _for(tables: tuple[str, ...], act: Callable[[BaseDatabaseSchemaEditor, str], None]) -> Callable[..., None]:
    def run(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "postgresql":
            editor.execute(_POSTGRES, None)
        for table in tables:
            act(editor, table)

    return run


def _guard(editor: BaseDatabaseSchemaEditor, table: str) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(
            f"CREATE TRIGGER {table}_once BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION sanduq_written_once()",
            None,
        )
        return
    for verb in ("UPDATE", "DELETE"):
        editor.execute(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are written once'); END",
            None,
        )


def _unguard(editor: BaseDatabaseSchemaEditor, table: str) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(f"DROP TRIGGER {table}_once ON {table}", None)
        return
    for verb in ("update", "delete"):
        editor.execute(f"DROP TRIGGER {table}_no_{verb}", None)
