"""``sanduq watch``: verify everything, compare two copies. What observers use."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from sanduq import __version__, errors
from sanduq.archive import json as text_of
from sanduq.archive.packed import open_archive
from sanduq.box.journal import Act
from sanduq.box.record import Record
from sanduq.cli.common import (
    Json,
    Time,
    clock,
    engine,
    note,
    out,
    print_json,
    progress,
    require_new,
    say,
    write_public,
)
from sanduq.cli.common import app as make_app
from sanduq.cli.table import areas_table, number, outcome_lines, step_lines
from sanduq.cluster import connect
from sanduq.count.publish import nist_report, tidy_csv
from sanduq.count.report import ArchiveReport
from sanduq.question.rule import describe
from sanduq.watch.archive import verify_archive
from sanduq.watch.compare import Comparison, compare_archives, compare_records
from sanduq.watch.hints import HintsTold, hints_of, hints_path, make_hints, told_of_hints
from sanduq.watch.record import RecordReport, verify_record
from sanduq.watch.steps import counts_of

Hints = Annotated[bool, typer.Option("--hints/--no-hints", help="Use the hints beside the archives. The verdict is the same.")]
app = make_app("Watch: verify everything, compare two copies. For observers.")
_WORTH_PROCESSES = 8_000_000
"""Bytes of archives from which on starting more processes pays."""
_NO_ANCHOR = (
    "no anchor was given: a record that somebody made up as a whole would pass too. "
    "Take the anchor from the gazette, never from the record"
)


@app.command()
def verify(
    path: Annotated[Path, typer.Argument(help="A .bel (or .bel.gz), or the folder of a record.")],
    anchor: Annotated[
        str | None,
        typer.Option(
            "--anchor", metavar="SHA256", help="The announced SHA-256 of the setup; of a .bel: its election's description."
        ),
    ] = None,
    final: Annotated[bool, typer.Option("--final", help="Refuse a record that has no result yet.")] = False,
    jobs: Annotated[
        int | None,
        typer.Option("--jobs", min=1, help="Areas at the same time (default: all processors for a large record)."),
    ] = None,
    dask: Annotated[
        str | None,
        typer.Option(
            "--dask",
            metavar="SCHEDULER",
            help="On a Dask cluster: tcp://10.0.0.1:8786, or local for one of --jobs workers here. Workers need the same path.",
        ),
    ] = None,
    hints: Hints = True,
    json: Json = False,
) -> None:
    """Verify a record or one archive: every step of the specification, a line each; then areas and outcome.

    Exit status: 0 verified (also a vote that is still open or not yet counted: it says so), 1 refused, 2 wrong usage.

    Example: sanduq watch verify record --anchor 5c1c… --final
    """
    value: dict[str, Any] = dict.fromkeys(_FIELDS)
    value |= {"verdict": "refused", "engine": engine().name}
    how = _How(jobs, dask, hints)
    try:
        if path.is_dir():
            _record(path, anchor, value, how, final=final, as_json=json)
        else:
            _archive(path, anchor, value, how, final=final, as_json=json)
    except (errors.Refused, errors.EnginesDisagree) as refusal:
        if json:
            print_json(value | {"result": None, "outcome": None} | _refused(refusal))
        raise
    if json:
        print_json(value | {"verdict": "accepted"})


def _refused(refusal: errors.Refused | errors.EnginesDisagree) -> dict[str, Any]:
    step = refusal.step if isinstance(refusal, errors.Refused) else None
    return {"verdict": "refused", "step": step, "error": f"{type(refusal).__name__}: {refusal}"}


_FIELDS = "verdict step error phase height head anchor ballots counted result outcome engine hints".split()


@dataclass(frozen=True)
class _How:
    """How a record is verified: in how many processes, on which cluster, with or without hints."""

    jobs: int | None = None
    dask: str | None = None
    hints: bool = True


def _archive(path: Path, anchor: str | None, value: dict[str, Any], how: _How, *, final: bool, as_json: bool) -> None:
    if how.dask is not None:
        with connect(how.dask, how.jobs) as cluster:
            report = cluster.report(path, engine(), hints=how.hints)
    else:
        with open_archive(path) as file, hints_of(path, use=how.hints) as beside, progress(path.name) as tell:
            report = verify_archive(file, engine(), tell, hints=beside)
    hints = told_of_hints([("", report)])
    value["hints"] = _hints_value(hints)
    value |= {"phase": report.phase, "height": report.height, "head": report.head}
    value |= {"anchor": report.election.description, "ballots": report.ballots, "counted": report.counted}
    if anchor is not None:
        same = report.election.description == anchor.strip().lower()
        errors.require(errors.AnchorMismatch, same, expected=anchor, got=report.election.description)
    if final and report.result is None:
        raise errors.NotFinal(expected="a result", got=report.phase)
    value["result"] = report.result
    if as_json:
        return
    for line in step_lines(counts_of(report), record=False):
        say(line)
    _archive_summary(report)
    _say_hints(hints)


def _hints_value(hints: HintsTold | None) -> dict[str, Any] | None:
    return None if hints is None else {"used": hints.used, "bad": list(hints.bad)}


def _say_hints(hints: HintsTold | None) -> None:
    for sentence in hints.bad if hints else ():
        say(f"NOTE: bad hints, {sentence}; what they were for was checked without them, the verdict is the same")


def _archive_summary(report: ArchiveReport) -> None:
    say()
    say(f"{report.election.name} ({report.election.uuid})")
    say(f"phase {report.phase}, height {report.height}, head {report.head}")
    say(f"{number(report.ballots)} ballots, of which {number(report.counted)} count; {number(report.roll_size)} credentials")
    for question, row in zip(report.election.questions, report.result or (), strict=False):
        labels = (["blank"] if question.blank else []) + list(question.answers)
        say(f"{question.question}: " + ", ".join(f"{label} {number(votes)}" for label, votes in zip(labels, row, strict=True)))
    if report.result is None:
        say(f"NO RESULT YET: the vote is {report.phase}")
    say(f"VERIFIED by the {report.engine} engine")


def _verified(path: Path, anchor: str | None, how: _How) -> RecordReport:
    """The report of a record, with progress shown by areas."""
    record = Record(path)
    with progress("areas") as tell:
        done = 0

        def told(code: str, report: ArchiveReport) -> None:
            nonlocal done
            done += 1
            tell(done, len(record.setup.areas))

        if how.dask is None:
            return verify_record(record, engine(), anchor, jobs=how.jobs or _jobs(path), hints=how.hints, told=told)
        with connect(how.dask, how.jobs) as cluster:
            return verify_record(record, engine(), anchor, hints=how.hints, told=told, reports_of=cluster.reports)


def _jobs(path: Path) -> int:
    size = sum(file.stat().st_size for file in path.glob("areas/*/*.bel*"))
    return (os.cpu_count() or 1) if size > _WORTH_PROCESSES else 1


def _record(path: Path, anchor: str | None, value: dict[str, Any], how: _How, *, final: bool, as_json: bool) -> None:
    report = _verified(path, anchor, how)
    hints = told_of_hints(report.areas.items())
    value["hints"] = _hints_value(hints)
    last = report.journal[-1]
    value |= {"phase": report.phase, "height": last.height, "head": last.hash, "anchor": report.anchor}
    value |= {"ballots": report.ballots, "counted": report.counted}
    if final and report.outcome is None:
        raise errors.NotFinal(expected="the outcome", got=report.phase)
    if report.outcome is not None:
        value["outcome"] = report.outcome.to_json()
        value["result"] = {code: area.result for code, area in report.areas.items()}
    if not as_json:
        _record_summary(report)
        _say_hints(hints)
    if not report.anchored:
        note(f"WARNING: {_NO_ANCHOR}")


def _record_summary(report: RecordReport) -> None:
    counts: Counter[str] = Counter()
    for area in report.areas.values():
        counts.update(counts_of(area))
    counts |= {"anchors": int(report.anchored), "records_": 1, "areas": len(report.areas), "lines": len(report.journal)}
    counts["bindings"] = report.bound
    counts["tests"] = int(report.test_head is not None)
    counts["signed"] = sum(line.countersignature is not None for line in report.journal)
    counts["suspensions"] = sum(line.act is Act.SUSPENDED for line in report.journal)
    for line in step_lines(counts, record=True):
        say(line)
    say()
    out.print(areas_table(report))
    say()
    if report.outcome is None:
        say(f"NO OUTCOME YET: the referendum is {report.phase}")
    else:
        say("rule")
        for sentence in describe(report.setup.rule):
            say(f"  {sentence}")
        for line in outcome_lines(report.setup, report.outcome):
            say(line)
    say()
    unbound = sum(len(area.decryptions) for area in report.areas.values()) - report.bound
    if unbound:
        say(f"NOTE: {unbound} decryptions have version 1's proof only (7.7); the setup does not ask for more")
    say(f"anchor {report.anchor}" + ("" if report.anchored else "  (taken from the record itself)"))
    say(f"VERIFIED by the {report.engine} engine: {number(report.ballots)} ballots in {len(report.areas)} areas")


@app.command(name="hints")
def hints_(
    path: Annotated[Path, typer.Argument(help="A .bel (or .bel.gz), or the folder of a record.")],
) -> None:
    """Write hints beside archives: whoever verifies them next needs a fraction of the time. They are never trusted.

    Example: sanduq watch hints record
    """
    if path.is_dir():
        record = Record(path)
        archives = [(area.code, record.archive(area)) for area in record.setup.areas]
    else:
        archives = [("", path)]
    ballots = hinted = size = 0
    with progress("hints") as tell:
        for done, (code, archive) in enumerate(archives, 1):
            try:
                made = make_hints(archive, engine())
            except errors.Refused as refusal:
                raise (refusal.within(f"area {code}") if code else refusal) from None
            ballots, hinted, size = ballots + made[0], hinted + made[1], size + hints_path(archive).stat().st_size
            tell(done, len(archives))
    say(f"hints of {number(hinted)} ballots in {len(archives)} files, {number(size)} bytes")
    if hinted < ballots:
        note(f"NOTE: {number(ballots - hinted)} ballots are refused, and have none: verify the archives")


@app.command()
def export(
    path: Annotated[Path, typer.Argument(help="The folder of a record.")],
    folder: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="A new folder for the files.")],
    anchor: Annotated[
        str | None, typer.Option("--anchor", metavar="SHA256", help="The announced SHA-256 of the setup.")
    ] = None,
    time: Time = None,
) -> None:
    """Verify a record that has its outcome, and write it for others: results.csv, one row for each area and choice;
    results.json, an election report of NIST SP 1500-100; outcome.json, the rule applied.

    Example: sanduq watch export record --anchor 5c1c… --out results
    """
    files = [folder / name for name in ("results.csv", "results.json", "outcome.json")]
    generated = clock(time)
    require_new(*files)
    report = _verified(path, anchor, _How())
    if report.outcome is None:
        raise errors.NotFinal(expected="the outcome", got=report.phase)
    setup, tallies = report.setup, report.tallies
    nist = nist_report(setup, tallies, report.outcome, generated=generated, application=f"sanduq {__version__}")
    texts = (tidy_csv(setup, tallies), text_of.write(nist) + "\n", text_of.write(report.outcome.to_json()) + "\n")
    for file, text in zip(files, texts, strict=True):
        write_public(file, text.encode())
        say(f"{file}")
    if not report.anchored:
        note(f"WARNING: {_NO_ANCHOR}")


@app.command()
def compare(
    old: Annotated[Path, typer.Argument(help="A copy that you kept: a .bel, or a record's folder.")],
    new: Annotated[Path, typer.Argument(help="A newer copy of the same.")],
    json: Json = False,
) -> None:
    """Does the newer copy extend the older one? Nothing removed, nothing changed, nothing reordered.

    Example: sanduq watch compare monday.bel tuesday.bel
    """
    try:
        if old.is_dir() and new.is_dir():
            found = compare_records(Record(old), Record(new))
        else:
            with open_archive(old) as before, open_archive(new) as after:
                found = {"": compare_archives(before, after)}
    except errors.Refused as refusal:
        if json:
            print_json(_refused(refusal))
        raise
    if json:
        _print_comparison(found)
        return
    for code, one in found.items():
        area = f"area {code}: " if code else ""
        for name, tail in (("older", one.old_tail), ("newer", one.new_tail)):
            if tail:
                note(f"{area}the {name} copy ends in the middle of a write: its last {tail} bytes were left aside")
        heights = f"heights {one.old_height} and {one.new_height}"
        say(f"{area}the newer copy extends the older one: {one.added} events more ({heights})")


def _print_comparison(found: dict[str, Comparison]) -> None:
    values = {
        code: {"old_height": one.old_height, "new_height": one.new_height, "added": one.added} for code, one in found.items()
    }
    more = values.get("", {"areas": values})
    print_json({"verdict": "accepted"} | more)
