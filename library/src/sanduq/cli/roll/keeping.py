"""What the registrar's commands share: keys, files that are read in memory, and the day of destruction."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from sanduq import errors
from sanduq.archive.writer import create
from sanduq.cli.common import ask_passphrase, clock, note, read_file
from sanduq.roll import check_credential, check_uuid, is_pin, read_table
from sanduq.roll.custody import KeptName, Secret, close, open_once, open_twice, read_name, read_secret

_LARGEST_KEY = 1 << 14
Credentials = Annotated[Path, typer.Argument(help="UUID.credentials…csv.age, the registrar's secret file.")]
Key = Annotated[
    Path | None,
    typer.Option(
        "--key",
        metavar="FILE",
        help="What opens the registrar's files: an identity of age, or a passphrase in the first line. Else a passphrase is "
        "asked for.",
    ),
]
Officers = Annotated[
    list[str] | None,
    typer.Option(
        "--officer",
        metavar="NAME=FILE",
        help="Each of two officers with a key: an identity of age, or a passphrase in the first line. "
        "Without =FILE the passphrase is asked for.",
    ),
]


class Keeper:
    """Opens the registrar's files in memory. A passphrase is asked for once, when the first file needs one."""

    def __init__(self, path: Path | None) -> None:
        self._key = None if path is None else key_in(path)

    @property
    def key(self) -> Secret:
        """What opens the files."""
        if self._key is None:
            self._key = Secret(passphrase=ask_passphrase("Passphrase of the registrar's file: "))
        return self._key

    def read(self, path: Path, kind: str) -> tuple[KeptName, bytes]:
        """A file of this kind, decrypted in memory; a note if it should be destroyed already."""
        name = read_name(path)
        if name.kind != kind:
            raise errors.Unusable(f"{path.name} is no file of {kind}", hint=f"{name.uuid}.{kind}…csv is wanted")
        check_uuid(name.uuid)
        warn_if_past(name, path)
        data = read_file(path)
        if name.locks > 1:
            raise errors.Unusable(f"{path.name} needs two keys")
        return name, open_once(data, self.key, path.name) if name.locks else data

    def write(self, path: Path, text: str) -> None:
        """A new file (mode 600), encrypted as its name says."""
        path.parent.mkdir(parents=True, exist_ok=True)
        create(path, self.closed(path, text), mode=0o600)

    def closed(self, path: Path, text: str) -> bytes:
        """A text as its file holds it: encrypted if the name says so."""
        data = (text + "\n").encode()
        return close(data, [self.key]) if read_name(path).locks else data


def key_in(path: Path) -> Secret:
    """A key from a file."""
    try:
        return read_secret(read_file(path, _LARGEST_KEY).decode(), path.name)
    except UnicodeDecodeError:
        raise errors.Unusable(
            f"{path}: no key is in it", hint="an identity of age, or a passphrase in its first line"
        ) from None


def warn_if_past(name: KeptName, path: Path) -> None:
    """Say so if a file is still there after its day."""
    if name.is_past(clock(None)[:10]):
        note(f"warning: {path.name} was to be destroyed on {name.until}; do it: sanduq roll destroy")


def read_officers(texts: Sequence[str] | None) -> tuple[tuple[str, str], tuple[Secret, Secret]]:
    """Names and keys of two officers, who must be two and have two keys."""
    if len(texts or ()) != 2:
        raise errors.Unusable("two officers are needed", hint="--officer NAME=FILE --officer NAME=FILE")
    found = []
    for text in texts or ():
        name, _, file = text.partition("=")
        name = name.strip()
        if not name:
            raise errors.Unusable("an officer without a name", hint="--officer NAME=FILE")
        key = key_in(Path(file)) if file else Secret(passphrase=ask_passphrase(f"Passphrase of {name}: "))
        found.append((name, key))
    (first, one), (second, other) = found
    if first.casefold() == second.casefold() or one.same_key(other):
        raise errors.Unusable("the two officers are one", hint="two people, each with a key of their own")
    return (first, second), (one, other)


def read_reserve(path: Path, officers: tuple[Secret, Secret]) -> tuple[KeptName, list[tuple[str, str]]]:
    """The reserve credentials, with what they are called (``reserve-1``), opened by both officers."""
    name = read_name(path)
    if name.kind != "reserve" or name.locks != 2:
        raise errors.Unusable(f"{path.name} is no file of reserve credentials", hint="UUID.reserve…csv.age.age is wanted")
    warn_if_past(name, path)
    return name, parse_credentials(open_twice(read_file(path), *officers, path.name), path.name)


def table(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A CSV text, without its last newline."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue().rstrip("\n")


def by_voter(data: bytes, path: Path, column: str, voters: Iterable[str]) -> dict[str, str]:
    """What a CSV text with the columns voter and ``column`` says of these voters; nobody twice, and nobody else."""
    found: dict[str, str] = {}
    known = set(voters)
    try:
        for line, (voter, value) in read_table(data, ("voter", column)):
            if voter in found or voter not in known:
                what = "the same voter again" if voter in found else "a voter without a credential"
                raise errors.Unusable(f"line {line}: {what}")
            found[voter] = value
    except errors.Unusable as error:
        raise errors.Unusable(f"{path}: {error}", hint=error.hint) from None
    return found


def read_credentials(keeper: Keeper, path: Path) -> tuple[KeptName, list[tuple[str, str]]]:
    """The voters with their credentials, in the order of the registrar's list."""
    name, data = keeper.read(path, "credentials")
    return name, parse_credentials(data, path.name)


def parse_credentials(data: bytes, shown: str) -> list[tuple[str, str]]:
    """Voters and credentials from the CSV text; ``shown`` is what errors call it."""
    try:
        rows = list(csv.reader(io.StringIO(data.decode("utf-8")), strict=True))
    except (UnicodeDecodeError, csv.Error):
        raise errors.Unusable(f"{shown}: not a file of credentials") from None
    if not rows or rows[0] != ["voter", "credential"] or any(len(row) != 2 for row in rows):
        raise errors.Unusable(f"{shown}: not a file of credentials", hint="`sanduq roll credentials` makes it")
    for line, (_, credential) in enumerate(rows[1:], 2):
        try:
            check_credential(credential)
        except errors.Refused as refusal:
            raise refusal.within(f"{shown} line {line}") from None
    return [(voter, credential) for voter, credential in rows[1:]]


def read_pins_of(keeper: Keeper, path: Path | None, uuid: str, needed: Iterable[str]) -> Mapping[str, str]:
    """The PINs of an area, by voter, of all who are ``needed``; none without a file."""
    if path is None:
        return {}
    name, data = keeper.read(path, "pins")
    if name.uuid != uuid:
        raise errors.Unusable(f"{path.name} is of another area", hint=f"its name begins with {uuid}")
    found = dict(values for _, values in read_table(data, ("voter", "pin")) if len(values) == 2)
    for voter in needed:
        if not is_pin(found.get(voter, "")):
            raise errors.Unusable(f"{path}: a voter has no PIN of eight digits", hint="`sanduq roll pins` makes this file")
    return found
