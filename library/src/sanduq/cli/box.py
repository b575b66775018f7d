"""``sanduq box``: open the vote, take ballots, close it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sanduq import errors
from sanduq.box import Box, BoxKey, check_receipt, read_receipt
from sanduq.box.journal import VOTING, Act
from sanduq.box.receipt import FILE_PREFIX
from sanduq.box.record import Record
from sanduq.box.supervision import needs_signature
from sanduq.cli.common import Time, clock, engine, read_file, require_new, say, write_public, write_secret
from sanduq.cli.common import app as make_app
from sanduq.cli.supervise import SignedFile, signed_act, tell_what_to_sign
from sanduq.question.setup import CountingArea
from sanduq.watch.supervise import opening_detail
from sanduq.watch.testsum import complete_test

app = make_app("Box: takes ballots in, appends them to the public record, gives receipts.")
RecordPath = Annotated[Path, typer.Argument(help="The record's folder.")]


@app.command()
def key(out: Annotated[Path, typer.Option("--out", help="Folder for the two files.")]) -> None:
    """Make the box's signing key: its public part goes into the setup.

    Example: sanduq box key --out box-key
    """
    require_new(out / "box.key", out / "box.pub")
    made = BoxKey.new()
    write_secret(out / "box.key", FILE_PREFIX + made.secret_hex())
    write_public(out / "box.pub", made.public.encode() + b"\n")
    say(f"public key   {made.public}")
    say(f"keep secret  {out / 'box.key'}")


@app.command(name="open")
def open_(record: RecordPath, signed: SignedFile = None, time: Time = None) -> None:
    """Open the vote in all areas: from now on ballots are taken.

    Refused while the trustees have not decrypted the test sum that the setup reserves, and without the supervisor's signature
    where the setup names one.

    Example: sanduq box open record
    """
    opened, now = Record(record), clock(time)
    opened.require_last(Act.FROZEN, now)
    if now < opened.setup.calendar.opens:
        raise errors.BoxNotOpen("the calendar does not allow it yet", expected=f"from {opened.setup.calendar.opens}", got=now)
    details = opening_detail(complete_test(opened, engine()))
    opened.write_act(Act.OPENED, now, details, signed_act(opened, Act.OPENED, details, signed))
    say(f"open since {now}, until {opened.setup.calendar.closes}")


def area_of_ballot(record: Record, raw: bytes) -> CountingArea:
    """The area whose uuid a ballot names."""
    area = record.setup.by_uuid.get(
        raw[18:].split(b'"', 1)[0].decode("ascii", "replace") if raw[:18] == b'{"election_uuid":"' else ""
    )
    if area is None:
        raise errors.BallotOtherElection("the ballot names no area of this record")
    return area


@app.command()
def cast(
    record: RecordPath,
    ballot: Annotated[Path, typer.Argument(help="The signed ballot.")],
    key: Annotated[Path, typer.Option("--key", help="The box's secret key: receipts are signed with it.")],
    receipt: Annotated[Path | None, typer.Option("--receipt", help="Write the receipt here.")] = None,
    time: Time = None,
) -> None:
    """Check a ballot, append it durably, and only then acknowledge it. The same ballot again gives the same receipt.

    Example: sanduq box cast record ballot.json --key box-key/box.key --receipt receipt.json
    """
    opened, now = Record(record), clock(time)
    if receipt is not None:
        require_new(receipt)
    raw = read_file(ballot, 1 << 24)
    area = area_of_ballot(opened, raw)
    secret = read_box_key(key, opened.setup.box_key)
    with opened.gate(), Box.open(opened.archive(area), engine(), secret) as box:
        opened.require_voting(now)
        if now >= opened.setup.calendar.closes:
            raise errors.BoxNotOpen("the time to vote is over", expected=f"before {opened.setup.calendar.closes}", got=now)
        given = box.cast(raw)
        if box.cut:
            say(f"an unfinished write of {box.cut} bytes was cut off first; it was never acknowledged")
    # The ballot is in the box: its voter hears so even if the receipt's file cannot be written.
    say(f"tracker  {given.tracker}")
    say(f"area     {area.code}")
    say(f"height   {given.height}")
    say(f"event    {given.event}")
    if receipt is not None:
        write_public(receipt, given.to_bytes())


def read_box_key(path: Path, expected: str) -> BoxKey:
    """The box's key from its file; it must be the one of the setup."""
    return BoxKey.from_file(read_file(path, 4096).decode("ascii", "replace"), expected)


@app.command(name="check")
def check_(
    record: RecordPath,
    receipt: Annotated[Path, typer.Argument(help="The receipt.")],
) -> None:
    """Check a receipt: signed by the box, and its ballot stands in the archive where the box said.

    Example: sanduq box check record receipt.json
    """
    from sanduq.watch.receipt import find_receipt

    opened, given = Record(record), read_receipt(read_file(receipt, 1 << 16))
    check_receipt(given, opened.setup.box_key)
    area = opened.setup.by_uuid.get(given.uuid)
    if area is None:
        raise errors.NotInSetup(got=given.uuid)
    later = find_receipt(opened.archive(area), given)
    say(f"the ballot is in area {area.code} at height {given.height}, and the receipt is the box's")
    say("a later ballot of the same credential counts instead" if later else "it is the last ballot of its credential")


@app.command()
def close(record: RecordPath, signed: SignedFile = None, time: Time = None) -> None:
    """Close the vote in all areas: no more ballots.

    Where the setup names a supervisor, the archives are ended first; it signs where they ended, and the same command is given
    again with its signature.

    Example: sanduq box close record
    """
    opened, now = Record(record), clock(time)
    last = opened.last_line()
    opened.require_last(last.act if last is not None and last.act in (*VOTING, Act.SUSPENDED) else Act.OPENED, now)
    if now < opened.setup.calendar.closes:
        raise errors.BoxNotOpen("the calendar does not allow it yet", expected=f"from {opened.setup.calendar.closes}", got=now)
    heads: dict[str, str | None] = {}
    with opened.gate(alone=True):
        for area in opened.setup.areas:
            with Box.open(opened.archive(area), engine()) as box:
                heads[area.code] = (box.close() if box.is_open else box.head).hash
    opened.write_fingerprints()
    if signed is None and needs_signature(opened.setup, Act.CLOSED):
        say(f"ended at {now}: {len(heads)} areas take no more ballots")
        tell_what_to_sign(record, Act.CLOSED)
        return
    opened.write_act(Act.CLOSED, now, {"heads": heads}, signed_act(opened, Act.CLOSED, {"heads": heads}, signed))
    say(f"closed at {now}: {len(heads)} areas")
