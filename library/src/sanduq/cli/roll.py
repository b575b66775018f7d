"""``sanduq roll``: credentials and the public list."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Annotated

import typer

from sanduq import errors
from sanduq.cli.common import app as make_app
from sanduq.cli.common import engine, read_file, require_new, say, write_public, write_secret
from sanduq.roll import MAX_WEIGHT, check_uuid, make_roll, new_credential, new_uuid, read_roll

app = make_app("Roll: who may vote. Credentials and the public list.")


@app.callback()
def _group() -> None:
    pass


@app.command()
def credentials(
    out: Annotated[Path, typer.Option("--out", help="Folder for the two files.")],
    count: Annotated[
        int | None, typer.Option("--count", min=1, max=5_000_000, help="How many voters, numbered from 1.")
    ] = None,
    voters: Annotated[
        Path | None, typer.Option("--voters", help="CSV with the columns voter and, if votes have weights, weight.")
    ] = None,
    uuid: Annotated[str | None, typer.Option("--uuid", help="The election's uuid (default: a fresh one).")] = None,
) -> None:
    """Make a credential for each voter of one counting area: [bold]offline, at the registrar[/bold].

    Writes UUID.roll.json (public: keys without names, in an order that says nothing) and UUID.credentials.csv
    (secret: who gets which credential; print, hand out, destroy on its date).

    Example: sanduq roll credentials --count 500 --out rolls/north
    """
    if (count is None) is (voters is None):
        raise errors.Unusable("one of --count and --voters is needed", hint="sanduq roll credentials --help")
    people = [(str(n), None) for n in range(1, (count or 0) + 1)] if voters is None else _read_voters(voters)
    uuid = check_uuid(uuid) if uuid else new_uuid()
    public, secret_file = out / f"{uuid}.roll.json", out / f"{uuid}.credentials.csv"
    require_new(public, secret_file)
    secrets = [new_credential() for _ in people]
    keys = engine().public_credentials(uuid, secrets)
    roll = make_roll(zip(keys, (weight for _, weight in people), strict=True))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("voter", "credential"))
    writer.writerows((name, secret) for (name, _), secret in zip(people, secrets, strict=True))
    write_secret(secret_file, text.getvalue().rstrip("\n"))
    write_public(public, roll.to_bytes())
    say(f"uuid          {uuid}")
    say(f"credentials   {len(people)}")
    say(f"public list   {public}  SHA-256 {roll.sha256}")
    say(f"secret file   {secret_file}  (mode 600; destroy it on its date)")


@app.command()
def check(path: Annotated[Path, typer.Argument(help="UUID.roll.json")]) -> None:
    """Check a public list: its form, that no key stands twice, that every key is in the group.

    Example: sanduq roll check rolls/north/UUID.roll.json
    """
    roll = read_roll(read_file(path, 1 << 30))
    engine().check_roll(roll)
    say(f"{len(roll)} credentials, total weight {roll.total_weight}, SHA-256 {roll.sha256}")


def _read_voters(path: Path) -> list[tuple[str, int | None]]:
    try:
        text = read_file(path).decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise errors.Unusable(f"{path}: not a CSV file in UTF-8 ({error})") from None
    problems, people, seen = [], [], set()
    weighted = bool(rows) and "weight" in rows[0]
    for line, row in enumerate(rows, 2):
        name, weight = (row.get("voter") or "").strip(), row.get("weight")
        if not name or name in seen:
            problems.append(f"line {line}: {'the same voter again' if name else 'no voter'}")
        if weighted and not ((weight or "").isascii() and (weight or "").isdigit() and int((weight or "0")[:20]) <= MAX_WEIGHT):
            problems.append(f"line {line}: the weight is no whole number from 0 to {MAX_WEIGHT}")
            continue
        seen.add(name)
        people.append((name, int(weight or 0) if weighted else None))
    if not rows:
        problems.append("no voters: the first line names the columns, the others are voters")
    if problems:
        raise errors.Unusable(f"{path}: " + "; ".join(problems[:20]))
    return people
