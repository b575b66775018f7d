"""``sanduq roll letters``: print-ready letters of one area."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from sanduq import errors
from sanduq.archive.writer import create
from sanduq.booth.letter import Letter, Sheet, booth_link, language_of, letter_value
from sanduq.booth.letter_pdf import CHUNK, chunks, require_glyphs
from sanduq.box.record import Record
from sanduq.cli.common import progress, read_file, require_new, say
from sanduq.cli.roll.keeping import Credentials, Keeper, Key, read_credentials, read_pins_of
from sanduq.question.setup import CountingArea, Setup, read_setup
from sanduq.roll.people import Person, read_people

RecordOption = Annotated[Path, typer.Option("--record", help="The frozen record's folder, or its setup.json.")]
Booth = Annotated[str, typer.Option("--booth", metavar="URL", help="The booth's address.")]
Pins = Annotated[Path | None, typer.Option("--pins", metavar="FILE", help="UUID.pins…csv: print each voter's PIN as well.")]
BareLink = Annotated[
    bool, typer.Option("--link-without-credential", help="The link holds no credential, which has a code of its own.")
]
Anchor = Annotated[str | None, typer.Option("--anchor", metavar="SHA256", help="The announced SHA-256 of the setup.")]
People = Annotated[
    Path | None,
    typer.Option(
        "--people", metavar="CSV", help="Columns voter, and any of name, address (lines divided by |), language, email."
    ),
]
Sender = Annotated[str, typer.Option("--sender", help="A line above the address: to where the letter comes back.")]
Window = Annotated[str, typer.Option("--window", metavar="left|right", help="Where the envelope has its window.")]
Fonts = Annotated[
    Path | None,
    typer.Option("--fonts", metavar="FOLDER", help="Further fonts (.ttf, .otf), for scripts that ours do not have."),
]
_Only = Annotated[list[str] | None, typer.Option("--only", metavar="VOTER", help="This voter's letter only; repeatable.")]
_Jobs = Annotated[int, typer.Option("--jobs", min=1, max=64, help="How many processes. Default: one for each processor.")]
_Size = Annotated[int, typer.Option("--size", min=1, max=2000, help="How many letters in one file.")]


def letters(
    path: Credentials,
    record: RecordOption,
    booth: Booth,
    out: Annotated[Path, typer.Option("--out", help="Folder for the PDFs (secret).")],
    people: People = None,
    pins: Pins = None,
    bare_link: BareLink = False,
    anchor: Anchor = None,
    only: _Only = None,
    sender: Sender = "",
    window: Window = "left",
    fonts: Fonts = None,
    key: Key = None,
    jobs: _Jobs = os.cpu_count() or 1,
    size: _Size = CHUNK,
) -> None:
    """Make the voters' letters of one area, a page each to print: [bold]offline, at the registrar[/bold].

    A4, folded twice as a Z for envelopes with a window: only the address is outside. Inside are the credential with check
    characters and a code that opens the booth, in the voter's language; a pattern lies on them. Needs sanduq\\[letters].
    With --link-without-credential no browser's history can hold the credential: its code is scanned inside the booth.

    Example: sanduq roll letters UUID.credentials.until-2031-05-01.csv.age --record record --booth https://booth.example
    --people people.csv --out letters
    """
    setup = read_setup_of(record, anchor)
    keeper = Keeper(key)
    name, voters = read_credentials(keeper, path)
    area = area_of(setup, name.uuid, path)
    known = people_of(people, setup, voters)
    voters = _chosen(voters, only)
    pin_of = read_pins_of(keeper, pins, area.uuid, (voter for voter, _ in voters))
    sheet = make_sheet(setup, area, booth, sender, window, bare_link)
    made = [Letter(voter, credential, known.get(voter, Person()), pin_of.get(voter)) for voter, credential in voters]
    check_letters(sheet, made, fonts)
    files = [out / str(name.of("letters", form="pdf", locks=0, part=f"{n:04}")) for n in range(1, -(-len(made) // size) + 1)]
    require_new(*files)
    out.mkdir(parents=True, exist_ok=True)
    done = 0
    with progress("letters") as told:
        for file, (pdf, count) in zip(files, chunks(sheet, made, fonts, jobs, size), strict=True):
            create(file, pdf, mode=0o600)
            done += count
            told(done, len(made))
    say(f"letters  {done} in {len(files)} files: {out}  (mode 600; print, hand out, destroy with the credentials)")
    without = sum(not letter.person.lines for letter in made) if people else 0
    if without:
        say(f"without  {without} voters have no address: their number stands in its place")


def read_setup_of(record: Path, anchor: str | None) -> Setup:
    """The frozen setup, which must have the announced anchor if one is given."""
    setup = read_setup(Record(record).setup_bytes if record.is_dir() else read_file(record))
    if anchor is not None and setup.anchor != anchor.strip().lower():
        raise errors.AnchorMismatch(expected=anchor, got=setup.anchor)
    return setup


def area_of(setup: Setup, uuid: str, path: Path) -> CountingArea:
    """The area to which a file of credentials belongs."""
    area = setup.by_uuid.get(uuid)
    if area is None:
        raise errors.Unusable(f"{path.name} is of none of the record's areas", hint="its name begins with the area's uuid")
    return area


def people_of(path: Path | None, setup: Setup, voters: Sequence[tuple[str, str]]) -> Mapping[str, Person]:
    """What is known of these voters; :class:`errors.Unusable` if others are named, or a row is wrong."""
    if path is None:
        return {}
    try:
        known = read_people(read_file(path), list(setup.languages))
    except errors.Unusable as error:
        raise errors.Unusable(f"{path}: {error.message}", hint=error.hint) from None
    strangers = len(known.keys() - {voter for voter, _ in voters})
    if strangers:
        raise errors.Unusable(f"{path}: {strangers} voters without a credential in this area", hint="one file for each area")
    return known


def make_sheet(setup: Setup, area: CountingArea, booth: str, sender: str, window: str, bare_link: bool) -> Sheet:
    """What all letters of an area share."""
    if window not in ("left", "right"):
        raise errors.Unusable(f"--window {window!r}", hint="left or right")
    booth_link(booth, setup.anchor, area.code, None, area.language)  # refuses an address before any work is done
    return Sheet(setup, area, booth, sender.strip(), window, bare_link)


def check_letters(sheet: Sheet, made: Sequence[Letter], fonts: Path | None) -> None:
    """Everything that will be printed can be: one letter's texts in each language, and every address."""
    if not made:
        raise errors.Unusable("no letters to make")
    of_language = {language_of(sheet, letter.person): letter for letter in made}
    said = []
    for language, letter in of_language.items():
        value = letter_value(sheet, letter, lambda _: "")
        said.append((f"the letter in {language}", "".join(text for text in value.values() if isinstance(text, str))))
    said.append(("--sender", sheet.sender))
    said += [("the address of a voter", "".join((letter.voter, *letter.person.lines))) for letter in made]
    require_glyphs(said, fonts)


def _chosen(voters: list[tuple[str, str]], only: Sequence[str] | None) -> list[tuple[str, str]]:
    if not only:
        return voters
    unknown = set(only) - {voter for voter, _ in voters}
    if unknown:
        raise errors.Unusable(f"--only: {len(unknown)} who are not in the registrar's file")
    return [(voter, credential) for voter, credential in voters if voter in set(only)]
