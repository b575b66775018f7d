"""``sanduq booth``: seal a ballot, then challenge it or cast it; check a challenged one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from sanduq import errors
from sanduq.algebra.numbers import system_random
from sanduq.archive import json
from sanduq.archive.reader import ArchiveReader
from sanduq.archive.writer import create
from sanduq.booth.files import booth_sha256
from sanduq.booth.seal import check_challenge, check_choice
from sanduq.booth.seal import seal as seal_ballot
from sanduq.booth.sealed_file import cast_file, challenge_file, save
from sanduq.cli.common import app as make_app
from sanduq.cli.common import note, read_file, require_new, say, write_public
from sanduq.question.election import Election, Question, read_election
from sanduq.roll import public_credential, read_roll, read_typed_credential

app = make_app("Booth: where a ballot is sealed, and where a sealed ballot is challenged. Never both.")
_LONGEST_CHOICES: Final = 1 << 16
Archive = Annotated[Path, typer.Option("--archive", help="The area's .bel.")]
Credential = Annotated[
    Path, typer.Option("--credential", help="A file that holds the credential (so that it stands in no list of processes).")
]


def read_credential(path: Path) -> str:
    """A credential from a file, with or without the check characters of the letter."""
    return read_typed_credential(read_file(path, 4096).decode("ascii", "replace").strip())


def setup_of(archive: Path) -> tuple[Election, bytes]:
    """The election and the roll's text of an archive."""
    with archive.open("rb") as file:
        for entry in ArchiveReader(file, stop_at_tail=True):
            return read_election(entry.data[0]), entry.data[2]
    raise errors.Truncated("the archive has no Setup event")


@app.command()
def seal(
    archive: Archive,
    credential: Credential,
    out: Annotated[Path, typer.Option("--out", help="The sealed ballot (secret; can be used once).")],
    choices: Annotated[
        Path | None,
        typer.Option(
            "--choices",
            metavar="FILE",
            allow_dash=True,
            help="For each question a list of 0 and 1, as JSON ([[1,0]]); with blank, that one first. - is standard input. "
            "Without this option you are asked.",
        ),
    ] = None,
) -> None:
    """Encrypt your choices and show the hash. Then decide: cast it, or challenge it.

    The choice is read from a file or asked for, so that it stands in no list of processes and in no shell's history.

    Example: sanduq booth seal --archive UUID.bel --credential me.txt --out sealed.json
    """
    require_new(out)
    election, roll = setup_of(archive)
    public = public_credential(election.uuid, read_credential(credential))
    if public not in read_roll(roll):
        raise errors.CredentialUnknown("your credential is not on the public list of this area", hint="is this the right area?")
    sealed = seal_ballot(election, public, _choices(election, choices), system_random)
    out.parent.mkdir(parents=True, exist_ok=True)
    save(out, sealed)
    say(f"hash    {sealed.unsigned.hash}")
    say(f"sealed  {out}")
    say("next    write the hash down; then either `sanduq booth cast` or `sanduq booth challenge`, never both")


def _choices(election: Election, path: Path | None) -> list[list[int]]:
    if path is None:
        if not sys.stdin.isatty():
            raise errors.Unusable("no choices", hint="--choices FILE, or --choices - for standard input")
        return [_ask(question) for question in election.questions]
    data = sys.stdin.buffer.read(_LONGEST_CHOICES + 1) if str(path) == "-" else read_file(path, _LONGEST_CHOICES)
    return _read_choices(data[: _LONGEST_CHOICES + 1])


def _read_choices(data: bytes) -> list[list[int]]:
    form = json.Form(errors.ChoiceInvalid)

    def vector(value: Any) -> list[int]:
        return list(form.items(value, "choice", lambda item: form.number(item, "choice", 0, 1)))

    return list(form.items(json.read(data), "question", vector))


def _ask(question: Question) -> list[int]:
    """The choice of somebody at a terminal; asked again until the question allows it."""
    labels = (["blank"] if question.blank else []) + list(question.answers)
    say(question.question)
    for number, label in enumerate(labels, 1):
        say(f"  {number}  {label}")
    how_many = f"{question.min}" if question.min == question.max else f"{question.min} to {question.max}"
    while True:
        said = typer.prompt(f"the number of your choice ({how_many} of the answers)").replace(",", " ").split()
        numbers = {int(text) for text in said if text.isascii() and text.isdigit() and len(text) < 6}
        chosen = [int(number in numbers) for number in range(1, len(labels) + 1)]
        try:
            check_choice(question, chosen)
        except errors.Refused as refusal:
            note(str(refusal))
            continue
        if len(numbers) == len(said) == sum(chosen):
            return chosen
        note("numbers of the list, each once, please")


@app.command()
def challenge(
    sealed: Annotated[Path, typer.Argument(help="The sealed ballot.")],
    out: Annotated[Path, typer.Option("--out", help="The opened ballot, for a checker. It shows what was chosen.")],
) -> None:
    """Open a sealed ballot, to see that it holds what you chose. It can never be cast after this; seal a new one.

    Example: sanduq booth challenge sealed.json --out opened.json
    """
    require_new(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    create(out, challenge_file(sealed), mode=0o600)  # it shows what was chosen: its owner hands it to the checker
    say(f"opened  {out}")
    say("next    have it checked on another device: sanduq booth check")


@app.command()
def check(
    opened: Annotated[Path, typer.Argument(help="The opened ballot of `booth challenge`.")],
    archive: Archive,
    hash: Annotated[str, typer.Option("--hash", help="The hash that the booth had shown.")],  # noqa: A002
) -> None:
    """Recompute a challenged ballot: does it hold what the voter chose, and has it the hash that was shown?

    Example: sanduq booth check opened.json --archive UUID.bel --hash HASH
    """
    election, _ = setup_of(archive)
    chosen = check_challenge(read_file(opened), election, hash)
    for question, vector in zip(election.questions, chosen, strict=True):
        labels = (["blank"] if question.blank else []) + list(question.answers)
        names = [label for label, m in zip(labels, vector, strict=True) if m]
        say(f"{question.question}: {', '.join(names) or 'nothing'}")
    say("the ballot holds this, and its hash is the one that was shown")


@app.command()
def cast(
    sealed: Annotated[Path, typer.Argument(help="The sealed ballot.")],
    credential: Credential,
    out: Annotated[Path, typer.Option("--out", help="The signed ballot, to be sent to the box.")],
) -> None:
    """Sign a sealed ballot and destroy its randomness. Asked again, it gives the same ballot.

    Example: sanduq booth cast sealed.json --credential me.txt --out ballot.json
    """
    require_new(out)
    raw = cast_file(sealed, read_credential(credential), system_random)
    write_public(out, raw)
    say(f"ballot  {out}")
    say("next    sanduq box cast")


@app.command(name="hash")
def hash_(folder: Annotated[Path, typer.Argument(help="The built booth, or a copy that a server handed out.")]) -> None:
    """Print the hash of a booth's files: the setup names it (`question freeze --booth`, `question show`).

    Example: sanduq booth hash booth/dist
    """
    if not folder.is_dir():
        raise errors.Unusable(f"{folder}: there is no such folder")
    say(booth_sha256(folder))
