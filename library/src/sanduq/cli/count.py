"""``sanduq count``: the encrypted sums, the trustees' decryptions, the result."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sanduq import errors
from sanduq.algebra.numbers import system_random
from sanduq.box.journal import Act
from sanduq.box.record import Record
from sanduq.box.supervision import needs_signature
from sanduq.cli import testsum, trial
from sanduq.cli.common import Time, clock, engine, note, progress, read_file, require_new, say, write_public
from sanduq.cli.common import app as make_app
from sanduq.cli.parts import Anchor, Dkey, Key, Number, Out, Parts, first_line, read_all, secret_of, write_parts
from sanduq.cli.supervise import tell_what_to_sign
from sanduq.count.trustee import Heads, read_heads
from sanduq.watch import trustee
from sanduq.watch.counting import decide_record, open_record, sum_record

app = make_app("Count: the encrypted sum, the trustees' decryptions, the result and what it decides.")
app.add_typer(testsum.app, name="test-sum")
app.command(name="trial")(trial.try_key)
app.command(name="trial-check")(trial.check_trials)
RecordPath = Annotated[Path, typer.Argument(help="The record's folder.")]


@app.command(name="sum")
def sum_(record: RecordPath, time: Time = None) -> None:
    """Verify every closed area and append its encrypted sum.

    Example: sanduq count sum record
    """
    with progress("sum") as tell:
        count = sum_record(Record(record), engine(), clock(time), tell)
    say(f"{count} areas are summed; the trustees can begin")


@app.command()
def heads(
    record: RecordPath,
    trustee_number: Number,
    out: Annotated[Path, typer.Option("--out", help="The file to exchange.")],
) -> None:
    """Each trustee, on its own copy: verify the record and write down the heads, to exchange with the other trustees.

    Example: sanduq count heads record --trustee 2 --out my-heads.json
    """
    require_new(out)
    found = trustee.heads(Record(record), engine())
    if not found:
        raise errors.EventOrder("no area has its encrypted sum, or all are decrypted already")
    write_public(out, Heads(trustee_number, found).to_bytes())
    say(f"{len(found)} areas: {out}")


@app.command()
def decrypt(
    record: RecordPath,
    anchor: Anchor,
    key: Key,
    out: Out,
    heads: Annotated[
        list[Path] | None, typer.Option("--heads", help="Another trustee's file of `count heads` (may come again).")
    ] = None,
    dkey: Dkey = None,
) -> None:
    """A trustee verifies everything, then decrypts the sums, and never a ballot: offline, with your own copy of the record.

    Refused: an archive that does not verify, an election outside the anchored setup, a head that another trustee does not have,
    a second sum of an election, too few ballots.

    Example: sanduq count decrypt record --anchor SHA256 --key trustee.key --dkey trustee.dkey --heads other.json --out
    mine.json
    """
    opened = Record(record)
    require_new(out)
    x = secret_of(key, dkey)
    others = [read_heads(read_file(path)) for path in heads or []]
    memory = trustee.key_file_memory(key)
    with progress("decrypt") as tell:
        made = trustee.decrypt_record(opened, anchor, x, others, memory, engine(), system_random, tell)
    for code, refusal in made.below_minimum.items():
        note(f"not decrypted: area {code}: {refusal}")
    write_parts(out, made.owner, made.parts)
    say(f"{len(made.parts)} areas decrypted as trustee {made.owner}: hand over {out}")


@app.command()
def wrap(
    record: RecordPath,
    trustee_number: Annotated[int, typer.Option("--trustee", min=1, max=100, help="Whose they are.")],
    parts: Annotated[
        list[str], typer.Argument(metavar="AREA=FILE…", help="For each area what belenios-tool wrote (its first line counts).")
    ],
    out: Annotated[Path, typer.Option("--out", help="The file for `count combine`.")],
) -> None:
    """Put together the decryptions of a trustee who uses belenios-tool: for a record whose setup has `bindings = false`.

    Example: sanduq count wrap record --trustee 2 north=north.txt south=south.txt --out trustee2.json
    """
    opened = Record(record)
    require_new(out)
    areas: Parts = {}
    for part in parts:
        code, _, name = part.partition("=")
        areas[opened.area(code).uuid] = first_line(Path(name))
    write_parts(out, trustee_number, areas)
    say(f"{len(areas)} areas of trustee {trustee_number}: {out}")


@app.command()
def combine(
    record: RecordPath,
    decryptions: Annotated[list[Path] | None, typer.Argument(help="The trustees' files of `count decrypt`.")] = None,
    time: Time = None,
) -> None:
    """Check the trustees' decryptions, open the sums, and append decryptions and results; then apply the rule.

    Example: sanduq count combine record trustee1.json trustee3.json trustee5.json
    """
    opened, now = Record(record), clock(time)
    open_record(opened, read_all(decryptions or []), engine(), now)
    finish(opened, now)


def finish(record: Record, now: str) -> None:
    """Apply the rule to a counted record and write the outcome's hash into the journal."""
    report = decide_record(record, engine(), now)
    if report.outcome is None:
        say("counted, but nothing is decided: areas below the minimum must vote again")
    elif needs_signature(record.setup, Act.DECIDED):
        say("counted; it is decided when the supervisor has signed the outcome")
        tell_what_to_sign(record.path, Act.DECIDED)
    else:
        say(f"decided; see: sanduq watch verify {record.path} --anchor {report.anchor} --final")
