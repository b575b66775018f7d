"""``sanduq roll reserve`` and ``register``: a reserve credential for a lost letter, under four eyes; the public register."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace as with_other
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from sanduq import errors
from sanduq.archive.events import Kind
from sanduq.archive.packed import is_there, open_archive
from sanduq.archive.reader import ArchiveReader
from sanduq.archive.writer import create, replace
from sanduq.booth.letter import Letter
from sanduq.booth.letter_pdf import pages
from sanduq.box.intake import credential_in
from sanduq.box.record import Record
from sanduq.cli.common import Json, Time, clock, engine, print_json, read_file, say
from sanduq.cli.roll.keeping import (
    Credentials,
    Keeper,
    Key,
    Officers,
    read_credentials,
    read_officers,
    read_pins_of,
    read_reserve,
    table,
)
from sanduq.cli.roll.letters import (
    Anchor,
    BareLink,
    Booth,
    Fonts,
    People,
    Pins,
    Sender,
    Window,
    area_of,
    check_letters,
    make_sheet,
    people_of,
    read_setup_of,
)
from sanduq.question.setup import CountingArea
from sanduq.roll import read_roll, read_table
from sanduq.roll.custody import KeptName, Secret
from sanduq.roll.people import Person
from sanduq.roll.reserves import (
    LONGEST,
    NOTE_COLUMNS,
    REASONS,
    Note,
    Register,
    append,
    check_register,
    check_votes,
    credential_for,
    longer,
    opened,
    read_note,
    read_register,
)

_Reserve = Annotated[Path, typer.Option("--reserve", metavar="FILE", help="UUID.reserve…csv.age.age, with the credentials.")]
_RegisterFile = Annotated[Path, typer.Option("--register", metavar="FILE", help="UUID.reserves.jsonl, the public register.")]
_Why = Annotated[str, typer.Option("--why", metavar="|".join(REASONS), help="Why the voter gets another one.")]
_Again = Annotated[bool, typer.Option("--another", help="The voter has had a reserve already, and lost that as well.")]


def reserve(
    path: Credentials,
    voter: Annotated[str, typer.Option("--voter", help="Whose letter was lost: the voter's number.")],
    why: _Why,
    officer: Officers,
    reserve: _Reserve,
    register: _RegisterFile,
    record: Annotated[Path, typer.Option("--record", help="A copy of the record's folder, as new as can be had.")],
    booth: Booth,
    out: Annotated[Path, typer.Option("--out", help="Folder for the letter (secret).")],
    another: _Again = False,
    people: People = None,
    pins: Pins = None,
    bare_link: BareLink = False,
    anchor: Anchor = None,
    sender: Sender = "",
    window: Window = "left",
    fonts: Fonts = None,
    key: Key = None,
    time: Time = None,
) -> None:
    """Give a reserve credential for a lost letter, under four eyes: [bold]offline, at the registrar, two officers[/bold].

    Refused if the lost credential has voted in the copy of the record. The lost one stays on the list: who finds the letter can
    vote, and then both ballots count; the public register lets everybody see that. Asked again for the same voter, the
    command prints the same letter once more (--another gives a further reserve).

    Example: sanduq roll reserve UUID.credentials.until-2031-05-01.csv.age --voter E-0002 --why lost
    --officer Ann=ann.key --officer Bo=bo.key --reserve UUID.reserve.until-2031-05-01.csv.age.age
    --register UUID.reserves.jsonl --record record --booth https://booth.example --out letters
    """
    _check_reason(why)
    (names, keys), setup, keeper = read_officers(officer), read_setup_of(record, anchor), Keeper(key)
    name, voters = read_credentials(keeper, path)
    area = area_of(setup, name.uuid, path)
    if voter not in dict(voters):
        raise errors.Unusable("no such voter in the registrar's file")
    sheet = make_sheet(setup, area, booth, sender, window, bare_link)
    held = _reserves(reserve, keys, name.uuid)  # refuses before anything is given
    letter = Letter(voter, dict(voters)[voter], people_of(people, setup, voters).get(voter, Person()))
    check_letters(sheet, [letter], fonts)
    first = engine().public_credentials(name.uuid, [letter.credential])[0]
    with opened(register) as (known, file):
        wanted = Note(voter, "", first, clock(time), why, names)
        known, note = _given(known, file, wanted, another, record, area, keeper, path.with_name(str(name.of("given"))))
        called, secret = held[note.reserve]
        pin = read_pins_of(keeper, pins, area.uuid, [called]).get(called)
        out_file = _letter_file(out, name, note)
        create(out_file, pages(sheet, [with_other(letter, credential=secret, pin=pin)], fonts), mode=0o600)
    _say_given(out_file, register, known)


def _check_reason(why: str) -> None:
    if why not in REASONS:
        raise errors.Unusable(f"--why {why!r}", hint=", ".join(REASONS))


def _say_given(letter: Path, register: Path, known: Register) -> None:
    say(f"letter    {letter}  (mode 600; print, hand out, destroy)")
    say(f"register  {register}  {len(known.given)} given, {len(known.left)} left; publish it")
    say(f"head      {known.head}")


def _given(
    known: Register,
    file: BinaryIO,
    wanted: Note,
    another: bool,
    record: Path,
    area: CountingArea,
    keeper: Keeper,
    notes_file: Path,
) -> tuple[Register, Note]:
    """The register and the note when the voter has a reserve: the one that they had, or a fresh one.

    First our own note is on the disk, then the register's line: what a run that ended in between had decided is written first.
    """
    errors.require(errors.ReserveUnknown, known.roll_sha256 == area.roll_sha256, "another list", got=known.roll_sha256)
    notes = _read_notes(keeper, notes_file)
    for noted in notes:
        if noted.reserve in known.left:
            known = append(file, known, noted.given)
    mine, last = credential_for(wanted.voter, notes, {wanted.voter: wanted.replaces})
    if last is not None and not another:
        return known, last
    if not known.left:
        raise errors.Unusable("no reserve credential is left")
    _require_not_voted(record, area, mine)
    note = with_other(wanted, reserve=known.left[0], replaces=mine)
    longer(known, note.given)  # refuses before anything is written
    _write_notes(keeper, notes_file, [*notes, note])
    return append(file, known, note.given), note


def _reserves(path: Path, officers: tuple[Secret, Secret], uuid: str) -> Mapping[str, tuple[str, str]]:
    """What each reserve is called, and its credential, by public credential."""
    name, listed = read_reserve(path, officers)
    if name.uuid != uuid:
        raise errors.Unusable(f"{path.name} is of another area", hint=f"its name begins with {uuid}")
    return dict(zip(engine().public_credentials(uuid, [secret for _, secret in listed]), listed, strict=True))


def _read_notes(keeper: Keeper, path: Path) -> list[Note]:
    """To whom reserves were given so far."""
    if not path.exists():
        return []
    _, data = keeper.read(path, "given")
    return [read_note(row) for _, row in read_table(data, NOTE_COLUMNS)]


def _write_notes(keeper: Keeper, path: Path, notes: Sequence[Note]) -> None:
    replace(path, keeper.closed(path, table(NOTE_COLUMNS, (note.row() for note in notes))), mode=0o600)


def _letter_file(out: Path, name: KeptName, note: Note) -> Path:
    """A name that is free: the same letter may be printed more than once."""
    out.mkdir(parents=True, exist_ok=True)
    tried = 1
    while (path := out / str(name.of("letters", form="pdf", locks=0, part=f"reserve-{note.reserve[:8]}-{tried}"))).exists():
        tried += 1
    return path


def voted(record: Path, area: CountingArea) -> set[str]:
    """The public credentials that have a ballot in a copy of the record, whose chain is checked."""
    archive = Record(record).archive(area)
    if not is_there(archive):
        raise errors.Unusable(f"the copy of the record has no archive of area {area.code}", hint="fetch a whole one")
    with open_archive(archive) as file:
        entries = ArchiveReader(file, stop_at_tail=True)
        return {credential_in(entry.data[0]) or "" for entry in entries if entry.event.kind is Kind.BALLOT}


def _require_not_voted(record: Path, area: CountingArea, key: str) -> None:
    if not record.is_dir():
        raise errors.Unusable("--record must be a folder here: whether the lost credential has voted stands in its archive")
    if key in voted(record, area):
        raise errors.Unusable(
            "the credential that was lost has voted: with a reserve that person, or who has the letter, would vote twice",
            hint="nothing was given; the voter may complain to the commission",
        )


def register(
    path: Annotated[Path, typer.Argument(help="UUID.reserves.jsonl, the public register of reserves.")],
    roll: Annotated[Path, typer.Option("--roll", help="UUID.roll.json, the public list.")],
    record: Annotated[
        Path | None, typer.Option("--record", help="A copy of the record's folder: has a reserve voted that nobody has?")
    ] = None,
    head: Annotated[
        str | None, typer.Option("--head", metavar="SHA256", help="A last line that was announced: it must still be there.")
    ] = None,
    json: Json = False,
) -> None:
    """Check the public register of reserve credentials: for everybody; it holds no names and no secrets.

    Refused if a line was changed or taken out (1.9 to 1.11), or a reserve voted that was given to nobody (1.12). It says how
    often a lost credential and its reserve have both voted: both ballots count, and the commission must answer for it.

    Example: sanduq roll register UUID.reserves.jsonl --roll UUID.roll.json --record record
    """
    known, listed = read_register(read_file(path, LONGEST)), read_roll(read_file(roll, 1 << 30))
    check_register(known, roll.name.partition(".")[0], listed)
    if head is not None and head not in _heads(known):
        raise errors.ReservesChain("the announced line is not in it", expected=head, got=known.head)
    both = None
    if record is not None:
        both = check_votes(known, voted(record, area_of(Record(record).setup, known.uuid, path)))
    value = {"uuid": known.uuid, "reserves": len(known.reserves), "given": len(known.given), "head": known.head}
    if json:
        print_json(value | {"both_voted": None if both is None else [one.reserve for one in both]})
        return
    say(f"reserves  {len(known.reserves)}, given {len(known.given)}")
    say(f"head      {known.head}")
    if both is not None:
        say("unused    no reserve has voted that was given to nobody")
        say(f"double    {len(both)} times the lost credential and its reserve have both voted")
    for one in both or ():
        say(f"both      {one.replaces} and {one.reserve}")


def _heads(known: Register) -> set[str]:
    """The SHA-256 of every line."""
    return {with_other(known, given=known.given[:count]).head for count in range(len(known.given) + 1)}
