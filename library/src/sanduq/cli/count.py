"""``sanduq count``: the encrypted sums, the trustees' decryptions, the result."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from sanduq import errors
from sanduq.algebra.numbers import system_random
from sanduq.archive import json
from sanduq.box import journal
from sanduq.box.journal import Act
from sanduq.box.record import Record
from sanduq.cli.common import Time, clock, engine, note, progress, read_file, require_new, say, write_public
from sanduq.cli.common import app as make_app
from sanduq.cli.keys import read_seed, read_single_key
from sanduq.count import trial
from sanduq.count.binding import bindings_value, read_bindings
from sanduq.count.decryption import read_decryption
from sanduq.count.report import ArchiveReport
from sanduq.count.steps import append_sum, cut_back
from sanduq.count.trustee import Heads, read_heads
from sanduq.keys.ceremony import decryption_key
from sanduq.keys.trustees import Trustees, check_trustees, read_trustees
from sanduq.question.setup import CountingArea
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
    opened.require_last(Act.CLOSED, now)
    heads: dict[str, str | None] = {}
    with progress("sum") as tell:
        for number, area in enumerate(opened.setup.areas):
            # An earlier attempt may have been interrupted: what is summed already stays.
            cut_back(opened.archive(area))
            report = _verified(opened, area)
            heads[area.code] = report.head_at_sum or append_sum(opened.archive(area), report).hash
            tell(number + 1, len(opened.setup.areas))
    opened.write_act(Act.SUMMED, now, {"heads": heads})
    opened.write_fingerprints()
    say(f"{len(heads)} areas are summed; the trustees can begin")


@app.command()
def heads(
    record: RecordPath,
    trustee_number: Annotated[int, typer.Option("--trustee", min=1, max=100, help="Which trustee you are (`keys show`).")],
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
    anchor: Annotated[str, typer.Option("--anchor", help="The announced SHA-256 of the setup: never taken from the record.")],
    key: Annotated[Path, typer.Option("--key", help="Your secret key: .privkey, or .key of a threshold trustee.")],
    out: Annotated[Path, typer.Option("--out", help="The file to hand over.")],
    heads: Annotated[
        list[Path] | None, typer.Option("--heads", help="Another trustee's file of `count heads` (may come again).")
    ] = None,
    dkey: Annotated[Path | None, typer.Option("--dkey", help="A threshold trustee's .dkey.")] = None,
) -> None:
    """A trustee verifies everything, then decrypts the sums, and never a ballot: offline, with your own copy of the record.

    Refused: an archive that does not verify, an election outside the anchored setup, a head that another trustee does not have,
    a second sum of an election, too few ballots.

    Example: sanduq count decrypt record --anchor SHA256 --key trustee.key --dkey trustee.dkey --heads other.json --out
    mine.json
    """
    opened = Record(record)
    require_new(out)
    x = _secret(key, dkey)
    others = [read_heads(read_file(path)) for path in heads or []]
    memory = trustee.key_file_memory(key)
    with progress("decrypt") as tell:
        made = trustee.decrypt_record(opened, anchor, x, others, memory, engine(), system_random, tell)
    for code, refusal in made.below_minimum.items():
        note(f"not decrypted: area {code}: {refusal}")
    areas = {uuid: _part_value(part) for uuid, part in made.parts.items()}
    write_public(out, json.write({"owner": made.owner, "areas": areas}).encode())
    say(f"{len(areas)} areas decrypted as trustee {made.owner}: hand over {out}")


def _secret(key: Path, dkey: Path | None) -> int:
    if dkey is None:
        return read_single_key(key)
    return decryption_key(read_seed(key), read_file(dkey).decode("utf-8", "replace").strip())


def _trustees(path: Path) -> Trustees:
    whole = read_trustees(read_file(path))
    check_trustees(whole)
    return whole


TrusteesPath = Annotated[Path, typer.Option("--trustees", help="trustees.json, as `keys trustees` wrote it.")]


@app.command(name="trial")
def trial_(
    trustees: TrusteesPath,
    key: Annotated[Path, typer.Option("--key", help="Your secret key: .privkey, or .key of a threshold trustee.")],
    out: Annotated[Path, typer.Option("--out", help="The file to hand over.")],
    dkey: Annotated[Path | None, typer.Option("--dkey", help="A threshold trustee's .dkey.")] = None,
) -> None:
    """Before opening, each trustee: decrypt a test sum with the real key, to see that it can.

    The sum is made here from the trustees' file, with randomness that everybody knows: it can never be anybody's ballot.

    Example: sanduq count trial --trustees trustees.json --key trustee.key --dkey trustee.dkey --out my-trial.json
    """
    require_new(out)
    whole = _trustees(trustees)
    part = trial.decrypt_trial(whole, _secret(key, dkey), system_random)
    write_public(out, trial.trial_bytes(whole, part))
    say(f"the key of trustee {part.owner} decrypts: hand over {out}")


@app.command(name="trial-check")
def trial_check(
    trustees: TrusteesPath,
    trials: Annotated[list[Path], typer.Argument(help="The trustees' files of `count trial`; best those of all.")],
) -> None:
    """Before opening, anybody: check that the trustees' keys open the test sum.

    Example: sanduq count trial-check --trustees trustees.json trial1.json trial2.json trial3.json
    """
    whole = _trustees(trustees)
    parts = []
    for path in trials:
        try:
            parts.append(trial.read_trial(whole, read_file(path)))
        except errors.Refused as refusal:
            raise refusal.within(str(path)) from None
    trial.check_trial(whole, parts)
    missing = sorted(set(range(1, len(whole.keys) + 1)) - {part.owner for part in parts})
    say(f"opened by trustees {', '.join(str(owner) for owner in sorted(part.owner for part in parts))}")
    for owner in missing:
        say(f"not tried: the key of trustee {owner}")


_form = json.Form(errors.DecryptionMalformed)


Parts = dict[str, trustee.Part]
"""One trustee's parts, by uuid."""


def _part_value(part: trustee.Part) -> dict[str, Any]:
    return {"decryption": json.read(part.decryption.to_bytes()), "bindings": bindings_value(part.bindings)}


def _read_part(value: Any) -> trustee.Part:
    fields = _form.fields(value, ("decryption", "bindings"))
    decryption = read_decryption(json.write(fields["decryption"]).encode())
    return trustee.Part(decryption, read_bindings(fields["bindings"]))


def _read_parts(path: Path) -> tuple[int, Parts]:
    fields = _form.fields(json.read(read_file(path)), ("owner", "areas"))
    areas = fields["areas"]
    if not isinstance(areas, dict):
        _form.fail_kind("areas", areas)
    owner = _form.number(fields["owner"], "owner")
    return owner, {uuid: _read_part(value) for uuid, value in areas.items()}


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
    areas: dict[str, object] = {}
    for part in parts:
        code, _, name = part.partition("=")
        lines = [line for line in read_file(Path(name)).splitlines() if line.strip()]
        if not lines:
            raise errors.Unusable(f"{name} is empty")
        made = trustee.Part(read_decryption(lines[0]), ())
        areas[opened.area(code).uuid] = _part_value(made)
    write_public(out, json.write({"owner": trustee_number, "areas": areas}).encode())
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
    last = opened.last_line()
    if last is None or last.act is not Act.COUNTED:  # else an earlier attempt was interrupted: only the rule is left
        opened.require_last(Act.SUMMED, now)
        given = _read_all(decryptions or [])
        opened.write_act(Act.COUNTED, now, {"heads": _open_all(opened, given)})
    opened.require_last(Act.COUNTED, now)
    journal.cut_back(opened.journal_path)
    opened.write_fingerprints()
    finish(opened, now)


def _read_all(paths: list[Path]) -> dict[int, Parts]:
    given: dict[int, Parts] = {}
    for path in paths:
        try:
            owner, areas = _read_parts(path)
            errors.require(errors.DecryptionTwice, owner not in given, got=owner)
        except errors.Refused as refusal:
            raise refusal.within(str(path)) from None
        given[owner] = areas
    return given


def _open_all(record: Record, given: dict[int, Parts]) -> dict[str, str | None]:
    """Append decryptions and result to every area that is to be counted; gives the heads. Nothing is written unless all can."""
    heads: dict[str, str | None] = {}
    ready: list[tuple[CountingArea, ArchiveReport, dict[int, trustee.Part]]] = []
    for area in record.setup.areas:
        cut_back(record.archive(area))
        report = _verified(record, area)
        heads[area.code] = report.head if report.result is not None else None
        if report.result is not None or 0 < report.counted < record.setup.minimum_ballots:
            continue
        parts = {owner: areas[area.uuid] for owner, areas in given.items() if area.uuid in areas}
        try:
            trustee.check_parts(record, area, report, parts)
        except errors.Refused as refusal:
            raise refusal.within(f"area {area.code}") from None
        ready.append((area, report, parts))
    for area, report, parts in ready:
        heads[area.code] = trustee.append_parts(record, area, report, parts)[1].hash
    return heads


def _verified(record: Record, area: CountingArea) -> ArchiveReport:
    try:
        return trustee.verify_area(record, area, engine())
    except errors.Refused as refusal:
        raise refusal.within(f"area {area.code}") from None


def finish(record: Record, now: str) -> None:
    """Apply the rule to a counted record and write the outcome's hash into the journal."""
    report = verify_record(record, engine(), None)
    if report.outcome is None:
        say("counted, but nothing is decided: areas below the minimum must vote again")
        return
    record.write_act(Act.DECIDED, now, {"outcome_sha256": outcome_sha256(report.outcome)})
    say(f"decided; see: sanduq watch verify {record.path} --anchor {report.anchor} --final")
