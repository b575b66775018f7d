"""``sanduq roll credentials``, ``pins``, ``addresses``: what a registrar makes for one area."""

from __future__ import annotations

import csv
import io
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Annotated

import typer

from sanduq import errors
from sanduq.archive.writer import create
from sanduq.cli.common import Time, clock, engine, new_passphrase, read_file, require_new, say, write_public, write_secret
from sanduq.cli.roll.keeping import (
    Credentials,
    Keeper,
    Key,
    Officers,
    by_voter,
    key_in,
    read_credentials,
    read_officers,
    read_reserve,
    table,
)
from sanduq.roll import MAX_WEIGHT, Hashed, Roll, check_uuid, make_roll, new_credential, new_pin, new_uuid, pins_text
from sanduq.roll.custody import (
    KeptName,
    Secret,
    check_day,
    check_new_passphrase,
    check_recipient,
    close,
    close_twice,
    read_name,
)
from sanduq.roll.reserves import make_register

_Count = Annotated[int | None, typer.Option("--count", min=1, max=5_000_000, help="How many voters, numbered from 1.")]
_Voters = Annotated[
    Path | None, typer.Option("--voters", help="CSV with the columns voter and, if votes have weights, weight.")
]
_EncryptTo = Annotated[
    list[str] | None,
    typer.Option(
        "--encrypt-to", metavar="RECIPIENT", help="A recipient of age (age1…) who can open the secret file; repeatable."
    ),
]
_NewKey = Annotated[
    Path | None,
    typer.Option(
        "--key",
        metavar="FILE",
        help="What closes the secret file: a key of age, or a passphrase in the first line. Else it is asked for.",
    ),
]
_Unencrypted = Annotated[
    bool, typer.Option("--unencrypted", help="For rehearsals: whoever has the secret file can vote for all.")
]
_DestroyOn = Annotated[
    str | None,
    typer.Option("--destroy-on", metavar="2031-05-01", help="The day on which the secret files must be destroyed; published."),
]
_Reserve = Annotated[
    int, typer.Option("--reserve", min=0, max=100_000, help="So many more credentials on the list that belong to nobody.")
]


def credentials(
    out: Annotated[Path, typer.Option("--out", help="Folder for the files.")],
    count: _Count = None,
    voters: _Voters = None,
    uuid: Annotated[str | None, typer.Option("--uuid", help="The election's uuid (default: a fresh one).")] = None,
    destroy_on: _DestroyOn = None,
    encrypt_to: _EncryptTo = None,
    key: _NewKey = None,
    unencrypted: _Unencrypted = False,
    reserve: _Reserve = 0,
    officer: Officers = None,
    time: Time = None,
) -> None:
    """Make a credential for each voter of one counting area: [bold]offline, at the registrar[/bold].

    Writes UUID.roll.json (public: keys without names, in an order that says nothing) and UUID.credentials…csv.age
    (secret: who gets which credential; encrypted by age; print, hand out, destroy on its date). With --reserve also
    UUID.reserve…csv.age.age, which two officers open together, and UUID.reserves.jsonl, the public register of reserves.

    Example: sanduq roll credentials --voters north.csv --destroy-on 2031-05-01 --out rolls/north
    """
    if (count is None) is (voters is None):
        raise errors.Unusable("one of --count and --voters is needed", hint="sanduq roll credentials --help")
    people: list[tuple[str, int | None]]
    people = [(str(n), None) for n in range(1, (count or 0) + 1)] if voters is None else _read_voters(voters)
    uuid = check_uuid(uuid) if uuid else new_uuid()
    until = _day_of(destroy_on, unencrypted)
    kept = KeptName(uuid, "credentials", until, locks=int(not unencrypted))
    public, secret_file = out / f"{uuid}.roll.json", out / str(kept)
    extra = (out / str(kept.of("reserve", locks=2)), out / f"{uuid}.reserves.jsonl") if reserve else ()
    require_new(public, secret_file, *extra)
    officers = _officers_of(officer, reserve, people)
    keys = _keys(encrypt_to, key, unencrypted)
    made = [new_credential() for _ in range(len(people) + reserve)]
    on_list = engine().public_credentials(uuid, made)
    roll = make_roll(zip(on_list, [*(weight for _, weight in people), *[None] * reserve], strict=True))
    if officers is not None:
        _write_reserve(
            extra, made[len(people) :], officers, make_register(uuid, roll, on_list[len(people) :], clock(time)).to_bytes()
        )
    text = table(("voter", "credential"), ((name, secret) for (name, _), secret in zip(people, made, strict=False)))
    create_secret(secret_file, text, keys)
    write_public(public, roll.to_bytes())
    _say_made(roll, len(people), public, secret_file, extra)


def _say_made(roll: Roll, voters: int, public: Path, secret_file: Path, extra: tuple[Path, ...]) -> None:
    name = read_name(secret_file)
    say(f"uuid          {name.uuid}")
    say(f"credentials   {voters}")
    if extra:
        say(f"reserve       {len(roll) - voters}, which two officers open together: {extra[0]}")
        say(f"register      {extra[1]}  (public)")
        say(f"electorate    the setup's must be {len(roll)} or more: reserves stand on the list (8.6)")
    say(f"public list   {public}  SHA-256 {roll.sha256}")
    how = ("mode 600" if name.locks == 0 else "encrypted") + f"; destroy it on {name.until or 'its date'}"
    say(f"secret file   {secret_file}  ({how})")


def _day_of(destroy_on: str | None, unencrypted: bool) -> str | None:
    if destroy_on is None and not unencrypted:
        raise errors.Unusable(
            "the secret file needs a day of destruction",
            hint="--destroy-on 2031-05-01; in rehearsals --unencrypted does without",
        )
    return None if destroy_on is None else check_day(destroy_on)


def _keys(encrypt_to: list[str] | None, path: Path | None, unencrypted: bool) -> list[Secret]:
    """What closes the secret file; nothing if it stays open."""
    if sum((bool(encrypt_to), path is not None, unencrypted)) > 1:
        raise errors.Unusable("one of --encrypt-to, --key and --unencrypted", hint="sanduq roll credentials --help")
    if unencrypted:
        return []
    if encrypt_to:
        return [Secret(recipient=check_recipient(text)) for text in encrypt_to]
    if path is not None:
        key = key_in(path)
        if key.passphrase is None:
            return [key]
    else:
        otherwise = "--encrypt-to for a key of age, --unencrypted for a rehearsal"
        key = Secret(passphrase=new_passphrase(otherwise, "Passphrase for the registrar's file: "))
    check_new_passphrase(key.passphrase or "")
    return [key]


def _officers_of(officer: list[str] | None, reserve: int, people: list[tuple[str, int | None]]) -> tuple[Secret, Secret] | None:
    if not reserve:
        if officer:
            raise errors.Unusable("officers without reserve credentials", hint="--reserve N")
        return None
    if any(weight is not None for _, weight in people):
        raise errors.Unusable("reserve credentials where votes have weights", hint="nobody knows whose weight one would need")
    if any(name.startswith("reserve-") for name, _ in people):
        raise errors.Unusable("a voter is called reserve-…", hint="that is how reserve credentials are called")
    _, officers = read_officers(officer)
    for key in officers:
        if key.passphrase is not None:
            check_new_passphrase(key.passphrase)
    return officers


def create_secret(path: Path, text: str, keys: list[Secret]) -> None:
    """A new secret file (mode 600), encrypted if there are keys."""
    if not keys:
        write_secret(path, text)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    create(path, close((text + "\n").encode(), keys), mode=0o600)


def _write_reserve(paths: tuple[Path, ...], made: list[str], officers: tuple[Secret, Secret], register: bytes) -> None:
    rows = ((f"reserve-{number}", secret) for number, secret in enumerate(made, 1))
    data = (table(("voter", "credential"), rows) + "\n").encode()
    paths[0].parent.mkdir(parents=True, exist_ok=True)
    create(paths[0], close_twice(data, *officers), mode=0o600)
    write_public(paths[1], register)


def pins(
    path: Credentials,
    out: Annotated[Path, typer.Option("--out", help="Folder for the two files.")],
    key: Key = None,
    reserve: Annotated[
        Path | None, typer.Option("--reserve", metavar="FILE", help="UUID.reserve…csv.age.age: PINs for reserves as well.")
    ] = None,
    officer: Officers = None,
) -> None:
    """Make a PIN for each voter of one area, if the box is to ask for one: [bold]offline, at the registrar[/bold].

    Writes UUID.pins…csv (secret, encrypted as the credentials are: for `roll letters --pins`; destroy it with them) and
    UUID.pinhashes.csv (for the box: salted hashes by public credential; not to be published, as eight digits can be guessed
    from it).

    Example: sanduq roll pins rolls/north/UUID.credentials.until-2031-05-01.csv.age --out rolls/north
    """
    keeper = Keeper(key)
    name, voters = read_credentials(keeper, path)
    secret_file, for_box = out / str(name.of("pins")), out / f"{name.uuid}.pinhashes.csv"
    require_new(secret_file, for_box)
    if reserve is not None:
        voters += _reserves_of(reserve, officer, name.uuid)
    chosen = [new_pin() for _ in voters]
    keys = engine().public_credentials(name.uuid, [credential for _, credential in voters])
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # hashing lets other threads run
        hashed = dict(zip(keys, pool.map(Hashed.of, chosen, keys), strict=True))
    keeper.write(secret_file, table(("voter", "pin"), ((voter, pin) for (voter, _), pin in zip(voters, chosen, strict=True))))
    write_secret(for_box, pins_text(hashed).rstrip("\n"))
    say(f"PINs         {len(voters)}")
    how = "encrypted" if name.locks else "mode 600"
    say(f"secret file  {secret_file}  ({how}; destroy it with the credentials)")
    say(f"for the box  {for_box}  (mode 600; hand it over, do not publish it)")


def _reserves_of(path: Path, officer: list[str] | None, uuid: str) -> list[tuple[str, str]]:
    _, keys = read_officers(officer)
    name, reserves = read_reserve(path, keys)
    if name.uuid != uuid:
        raise errors.Unusable(f"{path.name} is of another area", hint=f"its name begins with {uuid}")
    return reserves


def addresses(
    path: Credentials,
    emails: Annotated[Path, typer.Option("--emails", help="CSV with the columns voter and email.")],
    out: Annotated[Path, typer.Option("--out", help="Folder for UUID.addresses.csv.")],
    key: Key = None,
) -> None:
    """Make the list with which a box sends codes by e-mail: [bold]it tells the box who owns which public credential[/bold].

    Voters without an address are left out, and cannot vote in that box.

    Example: sanduq roll addresses UUID.credentials.until-2031-05-01.csv.age --emails emails.csv --out rolls/north
    """
    name, listed = read_credentials(Keeper(key), path)
    for_box = out / f"{name.uuid}.addresses.csv"
    require_new(for_box)
    voters = dict(listed)
    found = by_voter(read_file(emails), emails, "email", voters)
    names = [voter for voter in voters if found.get(voter)]
    keys = engine().public_credentials(name.uuid, [voters[voter] for voter in names])
    rows = sorted((key, found[voter]) for key, voter in zip(keys, names, strict=True))
    write_secret(for_box, table(("credential", "email"), rows))
    say(f"addresses    {len(rows)} of {len(voters)} voters")
    say(f"for the box  {for_box}  (mode 600; it says who owns which public credential)")


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
