"""``sanduq roll``: credentials and the public list."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sanduq.cli.common import app as make_app
from sanduq.cli.common import engine, read_file, say
from sanduq.cli.roll.destroying import destroy
from sanduq.cli.roll.letters import letters
from sanduq.cli.roll.mailing import mail
from sanduq.cli.roll.making import addresses, credentials, pins
from sanduq.cli.roll.reserve import register, reserve
from sanduq.roll import read_roll

app = make_app("Roll: who may vote. Credentials and the public list.")


@app.callback()
def _group() -> None:
    pass


app.command()(credentials)


@app.command()
def check(path: Annotated[Path, typer.Argument(help="UUID.roll.json")]) -> None:
    """Check a public list: its form, that no key stands twice, that every key is in the group.

    Example: sanduq roll check rolls/north/UUID.roll.json
    """
    roll = read_roll(read_file(path, 1 << 30))
    engine().check_roll(roll)
    say(f"{len(roll)} credentials, total weight {roll.total_weight}, SHA-256 {roll.sha256}")


for command in (pins, addresses, letters, mail, reserve, register, destroy):
    app.command()(command)
