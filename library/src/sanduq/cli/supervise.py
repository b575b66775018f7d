"""``sanduq question supervise``: what the supervisor does whom a setup names, offline, with its own copy of the record."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from sanduq import errors
from sanduq.box.journal import SIGNED, Act, Countersignature, check_reason
from sanduq.box.record import Record
from sanduq.box.supervision import LARGEST, SignedAct, Statement, needs_signature, read_signed_act, require_fitting
from sanduq.box.supervision import sign as sign_statement
from sanduq.box.suspension import suspend
from sanduq.cli.common import (
    Time,
    ask_passphrase,
    clock,
    engine,
    new_passphrase,
    progress,
    read_file,
    require_new,
    say,
    write_public,
    write_secret,
)
from sanduq.cli.common import app as make_app
from sanduq.count.report import ArchiveReport
from sanduq.disc import SecretKey, read_secret
from sanduq.disc.minisign import LARGEST as LARGEST_KEY
from sanduq.question.setup import Setup
from sanduq.watch.supervise import statement_for, write_signed

app = make_app("Supervise: sign, as the supervisor whom the setup names, what is frozen, opened, suspended, closed, decided.")
RecordPath = Annotated[Path, typer.Argument(help="The record's folder.")]
SignedFile = Annotated[
    Path | None,
    typer.Option("--signed", metavar="FILE", help="Where the setup names a supervisor: what it signed (question supervise)."),
]
_ACTS = [act.value for act in Act if act in SIGNED]


@app.command()
def key(
    out: Annotated[Path, typer.Option("--out", help="Folder for the two files.")],
    unencrypted: Annotated[
        bool, typer.Option("--unencrypted", help="No passphrase: whoever has the file can sign in your name.")
    ] = False,
) -> None:
    """Make the supervisor's key. The commission freezes its public part, supervisor.pub, with the setup.

    Example: sanduq question supervise key --out our-key
    """
    require_new(out / "supervisor.key", out / "supervisor.pub")
    made = SecretKey.new()
    text = made.to_bytes(None if unencrypted else new_passphrase("--unencrypted, to have none"))
    write_secret(out / "supervisor.key", text.decode().rstrip("\n"))
    write_public(out / "supervisor.pub", made.public.public.hex().encode() + b"\n")
    say(f"public key   {made.public.public.hex()}")
    say(f"keep secret  {out / 'supervisor.key'}")


@app.command()
def sign(
    record: RecordPath,
    act: Annotated[str, typer.Option("--act", metavar="ACT", help=f"What is to be done: {', '.join(_ACTS)}.")],
    anchor: Annotated[str, typer.Option("--anchor", help="The announced SHA-256 of the setup: never taken from the record.")],
    key: Annotated[Path, typer.Option("--key", help="The secret key's file, supervisor.key. Its passphrase is asked for.")],
    out: Annotated[Path, typer.Option("--out", help="The file to hand over.")],
    reason: Annotated[
        list[str] | None,
        typer.Option("--reason", metavar="LANGUAGE=TEXT", help="Why it is suspended or resumed, published (may come again)."),
    ] = None,
    earliest: Annotated[
        str | None,
        typer.Option("--earliest", metavar="2026-05-01T06:00:00Z", help="Not to be done before (UTC). Default: now."),
    ] = None,
) -> None:
    """Verify your own copy of the record against the announced anchor, say what there is to sign, and sign it.

    Refused: a record that does not verify, an act that is not the next, ends of areas that are open still, an outcome that
    nobody has counted. A signature cannot be taken back: sign the opening, the closing and the outcome when they are due.

    Example: sanduq question supervise sign record --act opened --anchor 5c1c… --key our-key/supervisor.key --out opened.json
    """
    require_new(out)
    opened, reasons = Record(record), _reasons(reason or [])
    if act not in _ACTS:
        raise errors.Unusable(f"--act {act!r}: one of {', '.join(_ACTS)}")
    with progress("areas") as tell:
        done: list[str] = []

        def told(code: str, report: ArchiveReport) -> None:
            done.append(code)
            tell(len(done), len(opened.setup.areas))

        statement = statement_for(opened, anchor, Act(act), clock(earliest), engine(), reason=reasons, told=told)
    _say_statement(opened.setup, statement)
    secret = read_secret(read_file(key, LARGEST_KEY), ask_passphrase)
    named = opened.setup.supervisor
    public = secret.public.public.hex()
    if named is None or named.key != public:
        raise errors.SecretKeyMismatch("this is not the supervisor's key", expected=named.key if named else None, got=public)
    write_public(out, sign_statement(statement, secret.private).to_bytes())
    say(f"signed       {out}")


def _reasons(given: list[str]) -> dict[str, str]:
    """``en=…`` by language."""
    found: dict[str, str] = {}
    for each in given:
        language, mark, text = each.partition("=")
        if not mark or language in found:
            raise errors.Unusable(f"--reason {each[:40]!r}: once for each language, as en=TEXT")
        found[language] = text
    if found:
        try:
            check_reason(found)
        except errors.Refused as refusal:
            raise errors.Unusable(f"--reason: {refusal.brief}") from None
    return found


def _say_statement(setup: Setup, statement: Statement) -> None:
    language = next(iter(setup.languages))
    say(f"referendum   {setup.title[language]}")
    say(f"anchor       {statement.anchor}")
    say(f"act          {statement.act.value}, line {statement.height + 1} of the journal, not before {statement.earliest}")
    for name, value in statement.details.items():
        for key, text in value.items() if isinstance(value, dict) else [("", value)]:
            say(f"{name:12} {key}{' ' if key else ''}{text}")


@app.command()
def add(
    record: RecordPath,
    signed: Annotated[Path, typer.Argument(help="What `question supervise sign` wrote.")],
    time: Time = None,
) -> None:
    """The commission does what the supervisor has signed, and writes it into the journal: that it is frozen, suspended, resumed
    or decided. (Opening and closing: sanduq box open, sanduq box close.)

    Example: sanduq question supervise add record suspended.json
    """
    opened, now, given = Record(record), clock(time), read_signed(signed)
    act = given.statement.act
    if act is Act.FROZEN and now >= opened.setup.calendar.opens:
        raise errors.Unusable(f"the vote opens at {opened.setup.calendar.opens}, and it is {now}: freeze before that")
    if act in (Act.OPENED, Act.CLOSED):
        raise errors.Unusable("this does more than to sign", hint=f"sanduq box {act.value.removesuffix('ed')} --signed FILE")
    line = suspend(opened, given, now) if act is Act.SUSPENDED else write_signed(opened, given, now, engine())
    say(f"{line.act.value} at {line.time}: line {line.height + 1} of the journal")


def signed_act(record: Record, act: Act, details: Mapping[str, Any], path: Path | None) -> Countersignature | None:
    """The supervisor's signature of an act that is about to be done, from its file; None where nobody has to sign."""
    if not needs_signature(record.setup, act):
        if path is not None:
            raise errors.Unusable("the setup names no supervisor", hint="without --signed")
        return None
    if path is None:
        raise errors.ActUnsigned(got=act.value, hint=f"sanduq question supervise sign --act {act.value}, then --signed FILE")
    given = read_signed(path)
    require_fitting(record.setup, record.journal(), given, act, details)
    return given.countersignature


def read_signed(path: Path) -> SignedAct:
    """A supervisor's file."""
    try:
        return read_signed_act(read_file(path, LARGEST))
    except errors.Refused as refusal:
        raise refusal.within(path.name) from None


def tell_what_to_sign(record: Path, act: Act) -> None:
    """Say which signature the act waits for."""
    say(f"next    the supervisor signs: sanduq question supervise sign {record} --act {act.value}")
