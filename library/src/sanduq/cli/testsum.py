"""``sanduq count test-sum``: before the opening, every trustee shows that it can decrypt (spec 7.h)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sanduq import errors
from sanduq.algebra.numbers import system_random
from sanduq.archive.writer import create
from sanduq.box.journal import Act
from sanduq.box.record import Record
from sanduq.cli.common import Time, clock, engine, progress, read_file, require_new, say, seconds, write_public
from sanduq.cli.common import app as make_app
from sanduq.cli.parts import Anchor, Dkey, Key, Number, Out, first_line, read_all, secret_of, write_parts
from sanduq.count.testsum import area_of_test, make_archive, votes_of_test
from sanduq.count.trustee import Heads, read_heads
from sanduq.watch import trustee
from sanduq.watch.record import trustees_of
from sanduq.watch.testsum import check_decrypted, verify_test

app = make_app("Test sum: before the opening, every trustee decrypts a sum whose result is known, with its real key.")
RecordPath = Annotated[Path, typer.Argument(help="The record's folder.")]
Decryptions = Annotated[list[Path], typer.Argument(help="The trustees' files, of every one of them.")]


@app.command()
def make(record: RecordPath, time: Time = None) -> None:
    """Make the archive of the test: ballots that follow from the setup, and their encrypted sum.

    Example: sanduq count test-sum make record
    """
    opened, now = Record(record), clock(time)
    opened.require_last(Act.FROZEN, now)
    area = area_of_test(opened.setup, engine())
    path = opened.archive(area)
    require_new(path)
    content = make_archive(opened.setup, trustees_of(opened), engine(), seconds(now))
    path.parent.mkdir(exist_ok=True)
    create(path, content)
    say(f"{area.electorate} ballots: {path}")
    say("next  every trustee, with a copy of the record: sanduq count test-sum heads, then sanduq count test-sum decrypt")


@app.command()
def heads(
    record: RecordPath,
    trustee_number: Number,
    out: Annotated[Path, typer.Option("--out", help="The file to exchange.")],
) -> None:
    """Each trustee, on its own copy: verify the test and write down its head, to exchange with the other trustees.

    Example: sanduq count test-sum heads record --trustee 2 --out my-head.json
    """
    require_new(out)
    write_public(out, Heads(trustee_number, trustee.heads_of_test(Record(record), engine())).to_bytes())
    say(f"the head of the test sum: {out}")


@app.command()
def decrypt(
    record: RecordPath,
    anchor: Anchor,
    key: Key,
    out: Out,
    heads: Annotated[
        list[Path] | None, typer.Option("--heads", help="Another trustee's file of `test-sum heads` (may come again).")
    ] = None,
    dkey: Dkey = None,
) -> None:
    """A trustee decrypts the test sum with the real key, as it will decrypt the count: offline, with its own copy.

    Refused: all that `count decrypt` refuses; a test that is not the one of the setup; a vote that is open.

    Example: sanduq count test-sum decrypt record --anchor SHA256 --key trustee.key --dkey trustee.dkey --heads other.json
    --out my-test.json
    """
    opened = Record(record)
    require_new(out)
    x = secret_of(key, dkey)
    others = [read_heads(read_file(path)) for path in heads or []]
    memory = trustee.key_file_memory(key)
    with progress("verify") as tell:
        made = trustee.decrypt_test(opened, anchor, x, others, memory, engine(), system_random, tell)
    write_parts(out, made.owner, made.parts)
    say(f"the test sum is decrypted as trustee {made.owner}: hand over {out}")


@app.command()
def wrap(
    record: RecordPath,
    trustee_number: Annotated[int, typer.Option("--trustee", min=1, max=100, help="Whose it is.")],
    part: Annotated[Path, typer.Argument(help="What belenios-tool wrote.")],
    out: Annotated[Path, typer.Option("--out", help="The file for `test-sum combine`.")],
) -> None:
    """The decryption of a trustee who uses belenios-tool: for a record whose setup has `bindings = false`.

    Example: sanduq count test-sum wrap record --trustee 2 test.txt --out test2.json
    """
    require_new(out)
    uuid = area_of_test(Record(record).setup, engine()).uuid
    write_parts(out, trustee_number, {uuid: first_line(part)})
    say(f"trustee {trustee_number}: {out}")


@app.command()
def combine(record: RecordPath, decryptions: Decryptions, time: Time = None) -> None:
    """Check that every trustee has decrypted the test, that it gives what was put in, and write it into the archive.

    Example: sanduq count test-sum combine record test1.json test2.json test3.json
    """
    opened, now = Record(record), clock(time)
    opened.require_last(Act.FROZEN, now)
    uuid = area_of_test(opened.setup, engine()).uuid
    given = {owner: areas[uuid] for owner, areas in read_all(decryptions).items() if uuid in areas}
    trustee.append_test(opened, given, engine())
    _say_complete(opened, len(given))


@app.command()
def check(record: RecordPath) -> None:
    """Check the test of a record: which trustees have decrypted it, and that it gives what was put in.

    Example: sanduq count test-sum check record
    """
    opened = Record(record)
    try:
        report = verify_test(opened, engine())
    except FileNotFoundError:
        raise errors.TestMissing(hint="sanduq count test-sum make") from None
    check_decrypted(report)
    _say_complete(opened, len(report.decryptions))


def _say_complete(record: Record, trustees: int) -> None:
    votes = " / ".join(", ".join(map(str, row)) for row in votes_of_test(record.setup))
    say(f"the test sum gives what was put in: {votes}")
    say(f"all {trustees} trustees can decrypt")
