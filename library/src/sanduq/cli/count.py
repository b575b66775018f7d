"""``sanduq count``: the encrypted sums, the trustees' decryptions, the result."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sanduq import errors
from sanduq.algebra.numbers import system_random
from sanduq.archive import json
from sanduq.box.journal import Act
from sanduq.box.record import Record
from sanduq.cli.common import Time, clock, engine, note, progress, read_file, say, write_public
from sanduq.cli.common import app as make_app
from sanduq.cli.keys import read_seed, read_single_key
from sanduq.count.decryption import PartialDecryption, read_decryption
from sanduq.count.steps import append_result, append_sum
from sanduq.count.trustee import read_heads
from sanduq.keys.ceremony import decryption_key
from sanduq.question.setup import canonical
from sanduq.watch import trustee
from sanduq.watch.record import outcome_sha256, verify_record

app = make_app("Count: the encrypted sum, the trustees' decryptions, the result and what it decides.")
RecordPath = Annotated[Path, typer.Argument(help="The record's folder.")]


@app.command(name="sum")
def sum_(record: RecordPath, time: Time = None) -> None:
    """Verify every closed area and append its encrypted sum.

    Example: sanduq count sum record
    """
    opened, now = Record(record), clock(time)
    opened.require_last(Act.CLOSED)
    heads: dict[str, str | None] = {}
    with progress("sum") as tell:
        for number, area in enumerate(opened.setup.areas):
            report = trustee.verify_area(opened, area, engine())
            # An earlier attempt may have been interrupted: what is summed already stays.
            heads[area.code] = append_sum(opened.archive(area), report).hash if report.phase == "closed" else report.head_at_sum
            tell(number + 1, len(opened.setup.areas))
    opened.write_act(Act.SUMMED, now, {"heads": heads})
    opened.write_fingerprints()
    say(f"{len(heads)} areas are summed; the trustees can begin")


@app.command()
def heads(record: RecordPath, out: Annotated[Path, typer.Option("--out", help="The file to exchange.")]) -> None:
    """Each trustee, on its own copy: verify the record and write down the heads, to exchange with the other trustees.

    Example: sanduq count heads record --out my-heads.json
    """
    found = trustee.heads(Record(record), engine())
    write_public(out, canonical(found))
    say(f"{len(found)} areas: {out}")


@app.command()
def decrypt(
    record: RecordPath,
    anchor: Annotated[str, typer.Option("--anchor", help="The announced SHA-256 of the setup: never taken from the record.")],
    key: Annotated[Path, typer.Option("--key", help="Your secret key: .privkey, or .key of a threshold trustee.")],
    heads: Annotated[list[Path], typer.Option("--heads", help="Another trustee's file of `count heads` (may come again).")],
    out: Annotated[Path, typer.Option("--out", help="The file to hand over.")],
    dkey: Annotated[Path | None, typer.Option("--dkey", help="A threshold trustee's .dkey.")] = None,
) -> None:
    """A trustee verifies everything, then decrypts the sums, and never a ballot: offline, with your own copy of the record.

    Refused: an archive that does not verify, an election outside the anchored setup, a head that another trustee does not have,
    a second sum of an election, too few ballots.

    Example: sanduq count decrypt record --anchor SHA256 --key trustee.key --dkey trustee.dkey --heads other.json --out
    mine.json
    """
    opened = Record(record)
    if out.exists():
        raise errors.Unusable(f"{out} exists already", hint="nothing was changed")
    if dkey is None:
        x = read_single_key(key)
    else:
        x = decryption_key(read_seed(key), read_file(dkey).decode("utf-8", "replace").strip())
    others = [read_heads(read_file(path)) for path in heads]
    memory = trustee.key_file_memory(key)
    areas: dict[str, object] = {}
    refused = []
    owner = 0
    with progress("decrypt") as tell:
        for number, area in enumerate(opened.setup.areas):
            try:
                owner, made = trustee.decrypt_area(opened, anchor, area, x, others, memory, engine(), system_random)
                areas[area.uuid] = json.read(made.to_bytes())
            except errors.BelowMinimum as refusal:
                # The setup says what follows; the other areas go on.
                refused.append(f"area {area.code}: {refusal}")
            except errors.Refused as refusal:
                raise refusal.within(f"area {area.code}") from None
            tell(number + 1, len(opened.setup.areas))
    for line in refused:
        note(f"not decrypted: {line}")
    write_public(out, json.write({"owner": owner, "areas": areas}).encode())
    say(f"{len(areas)} areas decrypted as trustee {owner}: hand over {out}")


_form = json.Form(errors.DecryptionMalformed)


def _read_decryptions(path: Path) -> tuple[int, dict[str, PartialDecryption]]:
    fields = _form.fields(json.read(read_file(path)), ("owner", "areas"))
    areas = fields["areas"]
    if not isinstance(areas, dict):
        _form.fail("areas", areas)
    owner = _form.number(fields["owner"], "owner")
    return owner, {uuid: read_decryption(json.write(value).encode()) for uuid, value in areas.items()}


@app.command()
def combine(
    record: RecordPath,
    decryptions: Annotated[list[Path], typer.Argument(help="The trustees' files of `count decrypt`.")],
    time: Time = None,
) -> None:
    """Check the trustees' decryptions, open the sums, and append decryptions and results; then apply the rule.

    Example: sanduq count combine record trustee1.json trustee3.json trustee5.json
    """
    opened, now = Record(record), clock(time)
    opened.require_last(Act.SUMMED)
    given: dict[int, dict[str, PartialDecryption]] = {}
    for path in decryptions:
        owner, areas = _read_decryptions(path)
        if owner in given:
            raise errors.DecryptionTwice(got=owner).within(str(path))
        given[owner] = areas
    heads: dict[str, str | None] = {}
    minimum = opened.setup.minimum_ballots
    for area in opened.setup.areas:
        report = trustee.verify_area(opened, area, engine())
        if report.result is None and 0 < report.counted < minimum:
            heads[area.code] = None
            continue
        if report.result is None:
            parts = {owner: areas[area.uuid] for owner, areas in given.items() if area.uuid in areas}
            try:
                heads[area.code] = append_result(opened.archive(area), report, parts)[1].hash
            except errors.Refused as refusal:
                raise refusal.within(f"area {area.code}") from None
        else:
            heads[area.code] = report.head
    opened.write_act(Act.COUNTED, now, {"heads": heads})
    opened.write_fingerprints()
    finish(opened, now)


def finish(record: Record, now: str) -> None:
    """Apply the rule to a counted record and write the outcome's hash into the journal."""
    report = verify_record(record, engine(), None)
    if report.outcome is None:
        say("counted, but nothing is decided: areas below the minimum must vote again")
        return
    record.write_act(Act.DECIDED, now, {"outcome_sha256": outcome_sha256(report.outcome)})
    say(f"decided; see: sanduq watch verify {record.path} --anchor {report.anchor} --final")
