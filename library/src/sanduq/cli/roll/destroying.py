"""``sanduq roll destroy``: the end of the registrar's files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sanduq import errors
from sanduq.cli.common import Time, clock, say
from sanduq.roll.custody import destroy as destroy_file
from sanduq.roll.custody import may_be_destroyed, read_name


def destroy(
    paths: Annotated[list[Path], typer.Argument(help="The registrar's secret files, or folders with nothing else in them.")],
    force: Annotated[
        bool, typer.Option("--force", help="Also before its day, or if its name says none. It cannot be brought back.")
    ] = False,
    time: Time = None,
) -> None:
    """Destroy the registrar's secret files on their day: write over them, remove them. Before that day it refuses.

    All or none: nothing is touched unless every file may be destroyed. What a disk keeps all the same is said at the end.

    Example: sanduq roll destroy rolls/north/UUID.credentials.until-2031-05-01.csv.age letters
    """
    today = clock(time)[:10]
    found = [file for path in paths for file in (sorted(path.iterdir()) if path.is_dir() else [path])]
    if not found:
        raise errors.Unusable("nothing to destroy")
    for file in found:
        read_name(file)
        may_be_destroyed(file, today, forced=force)
    for file in found:
        destroy_file(file)
        say(f"destroyed  {file}")
    say(f"{len(found)} files. Solid-state disks, journals, snapshots and backups may still hold what stood in them:")
    say("destroy the disk or its key, the passphrases and identities, the printer's memory, and the lists of voters.")
