"""``sanduq roll``: credentials and the public list."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Annotated

import typer

from sanduq import errors
from sanduq.booth.letter import Draw, Extras, letters_page
from sanduq.box.record import Record
from sanduq.cli.common import app as make_app
from sanduq.cli.common import engine, read_file, require_new, say, write_public, write_secret
from sanduq.question.setup import read_setup
from sanduq.roll import (
    MAX_WEIGHT,
    Hashed,
    check_credential,
    check_uuid,
    is_pin,
    make_roll,
    new_credential,
    new_pin,
    new_uuid,
    pins_text,
    read_roll,
    read_table,
)

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
    rows = ((name, secret) for (name, _), secret in zip(people, secrets, strict=True))
    write_secret(secret_file, _table(("voter", "credential"), rows))
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


@app.command()
def pins(
    path: Annotated[Path, typer.Argument(help="UUID.credentials.csv, the registrar's secret file.")],
    out: Annotated[Path, typer.Option("--out", help="Folder for the two files.")],
) -> None:
    """Make a PIN for each voter of one area, if the box is to ask for one: [bold]offline, at the registrar[/bold].

    Writes UUID.pins.csv (secret: for `roll letters --pins`; destroy it with the credentials) and UUID.pinhashes.csv (for the
    box: salted hashes by public credential; not to be published, as eight digits can be guessed from it).

    Example: sanduq roll pins rolls/north/UUID.credentials.csv --out rolls/north
    """
    uuid = check_uuid(path.name.partition(".")[0])
    secret_file, for_box = out / f"{uuid}.pins.csv", out / f"{uuid}.pinhashes.csv"
    require_new(secret_file, for_box)
    voters = _read_credentials(path)
    chosen = [new_pin() for _ in voters]
    keys = engine().public_credentials(uuid, [credential for _, credential in voters])
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # hashing lets other threads run
        hashed = dict(zip(keys, pool.map(Hashed.of, chosen, keys), strict=True))
    write_secret(secret_file, _table(("voter", "pin"), ((name, pin) for (name, _), pin in zip(voters, chosen, strict=True))))
    write_secret(for_box, pins_text(hashed).rstrip("\n"))
    say(f"PINs         {len(voters)}")
    say(f"secret file  {secret_file}  (mode 600; destroy it with the credentials)")
    say(f"for the box  {for_box}  (mode 600; hand it over, do not publish it)")


@app.command()
def addresses(
    path: Annotated[Path, typer.Argument(help="UUID.credentials.csv, the registrar's secret file.")],
    emails: Annotated[Path, typer.Option("--emails", help="CSV with the columns voter and email.")],
    out: Annotated[Path, typer.Option("--out", help="Folder for UUID.addresses.csv.")],
) -> None:
    """Make the list with which a box sends codes by e-mail: [bold]it tells the box who owns which public credential[/bold].

    Voters without an address are left out, and cannot vote in that box.

    Example: sanduq roll addresses UUID.credentials.csv --emails emails.csv --out rolls/north
    """
    uuid = check_uuid(path.name.partition(".")[0])
    for_box = out / f"{uuid}.addresses.csv"
    require_new(for_box)
    voters = dict(_read_credentials(path))
    found = _by_voter(emails, "email", voters)
    names = [name for name in voters if found.get(name)]
    keys = engine().public_credentials(uuid, [voters[name] for name in names])
    rows = sorted((key, found[name]) for key, name in zip(keys, names, strict=True))
    write_secret(for_box, _table(("credential", "email"), rows))
    say(f"addresses    {len(rows)} of {len(voters)} voters")
    say(f"for the box  {for_box}  (mode 600; it says who owns which public credential)")


@app.command()
def letters(
    path: Annotated[Path, typer.Argument(help="UUID.credentials.csv, the registrar's secret file.")],
    record: Annotated[Path, typer.Option("--record", help="The frozen record's folder, or its setup.json.")],
    booth: Annotated[str, typer.Option("--booth", metavar="URL", help="The booth's address.")],
    out: Annotated[Path, typer.Option("--out", help="The page to print (secret).")],
    pins: Annotated[
        Path | None, typer.Option("--pins", metavar="FILE", help="UUID.pins.csv: print each voter's PIN as well.")
    ] = None,
    bare_link: Annotated[
        bool,
        typer.Option("--link-without-credential", help="The link holds no credential, which has a code of its own."),
    ] = False,
    anchor: Annotated[
        str | None, typer.Option("--anchor", metavar="SHA256", help="The announced SHA-256 of the setup.")
    ] = None,
) -> None:
    """Make the voters' letters of one area, a page each to print: [bold]offline, at the registrar[/bold].

    Each has the credential with check characters, and a code that opens the booth. Needs the package segno.
    With --link-without-credential no browser's history can hold the credential: its code is scanned inside the booth.

    Example: sanduq roll letters UUID.credentials.csv --record record --booth https://booth.example --out letters.html
    """
    require_new(out)
    setup = read_setup(Record(record).setup_bytes if record.is_dir() else read_file(record))
    if anchor is not None and setup.anchor != anchor.strip().lower():
        raise errors.AnchorMismatch(expected=anchor, got=setup.anchor)
    area = setup.by_uuid.get(path.name.partition(".")[0])
    if area is None:
        raise errors.Unusable(f"{path.name} is of none of the record's areas", hint="its name begins with the area's uuid")
    voters = _read_credentials(path)
    extras = Extras(_read_pins_of(pins, area.uuid, voters), bare_link)
    write_secret(out, "".join(letters_page(setup, area, voters, booth, _code(), extras)).rstrip("\n"))
    say(f"letters  {out}  ({len(voters)} pages, mode 600; print, hand out, destroy with the credentials)")


def _code() -> Draw:
    """Draws codes (ISO 18004, error correction M) with segno, which only registrars need."""
    try:
        import segno
    except ImportError:
        raise errors.Unusable("segno is not installed", hint="pip install 'sanduq[letters]'") from None
    return lambda text: str(segno.make_qr(text, error="m").svg_inline(border=4, omitsize=True))


def _table(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A CSV text, without its last newline."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue().rstrip("\n")


def _by_voter(path: Path, column: str, voters: Mapping[str, str]) -> dict[str, str]:
    """What a CSV file with the columns voter and ``column`` says of these voters; nobody twice, and nobody else."""
    found: dict[str, str] = {}
    try:
        for line, (voter, value) in read_table(read_file(path), ("voter", column)):
            if voter in found or voter not in voters:
                what = "the same voter again" if voter in found else "a voter without a credential"
                raise errors.Unusable(f"line {line}: {what}")
            found[voter] = value
    except errors.Unusable as error:
        raise errors.Unusable(f"{path}: {error}", hint=error.hint) from None
    return found


def _read_credentials(path: Path) -> list[tuple[str, str]]:
    try:
        rows = list(csv.reader(io.StringIO(read_file(path).decode("utf-8")), strict=True))
    except (UnicodeDecodeError, csv.Error):
        raise errors.Unusable(f"{path}: not a file of credentials") from None
    if not rows or rows[0] != ["voter", "credential"] or any(len(row) != 2 for row in rows):
        raise errors.Unusable(f"{path}: not a file of credentials", hint="`sanduq roll credentials` makes it")
    for line, (_, credential) in enumerate(rows[1:], 2):
        try:
            check_credential(credential)
        except errors.Refused as refusal:
            raise refusal.within(f"{path.name} line {line}") from None
    return [(voter, credential) for voter, credential in rows[1:]]


def _read_pins_of(path: Path | None, uuid: str, voters: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Every voter's PIN; none without a file."""
    if path is None:
        return {}
    if path.name.partition(".")[0] != uuid:
        raise errors.Unusable(f"{path.name} is of another area", hint=f"its name begins with {uuid}")
    found = _by_voter(path, "pin", dict(voters))
    for voter, _ in voters:
        if not is_pin(found.get(voter, "")):
            raise errors.Unusable(f"{path}: a voter has no PIN of eight digits", hint="`sanduq roll pins` makes this file")
    return found


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
