"""``sanduq rehearse``: play a whole referendum from figures."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer

from sanduq import errors
from sanduq.cli.common import Json, engine, err, note, print_json, say
from sanduq.cli.table import outcome_lines
from sanduq.rehearse import differences, merge_plan, read_plan, read_scale
from sanduq.rehearse.plan import Plan
from sanduq.rehearse.play import Played, Told, play
from sanduq.rehearse.stream import play_streamed


def rehearse(
    file: Annotated[Path, typer.Argument(help="The rehearsal: a TOML file (docs/look-up/rehearsal-format.md).")],
    out: Annotated[Path, typer.Option("--out", help="A new folder for the record.")],
    scale: Annotated[str, typer.Option("--scale", help="How much of the figures: 1, 1/1000, 0.01.")] = "1",
    merge: Annotated[
        int | None,
        typer.Option("--merge", min=1, metavar="ELECTORATE", help="Merge areas smaller than this into their regions first."),
    ] = None,
    stream: Annotated[
        bool, typer.Option("--stream", help="Remove each area's archive once it is verified; after a kill, go on.")
    ] = False,
    jobs: Annotated[
        int | None, typer.Option("--jobs", min=1, help="With --stream: areas at the same time (default: a processor each).")
    ] = None,
    keep: Annotated[
        list[str] | None,
        typer.Option("--keep", metavar="AREA", help="With --stream: keep this area's archive (may be given several times)."),
    ] = None,
    both: Annotated[bool, typer.Option("--both", help="With --stream: verify without hints too.")] = False,
    json: Json = False,
) -> None:
    """Play a whole referendum from real figures: keys, credentials, ballots, count, verification.

    Example: sanduq rehearse rehearsal/uk2016.toml --scale 1/5000 --out record
    """
    plan = read_plan(file, read_scale(scale))
    minimum = plan.minimum
    if merge is not None:
        plan, merged = merge_plan(replace(plan, minimum=merge), absorb=True)
        plan = replace(plan, minimum=minimum)
        note(f"merged: areas below {merge} electors were joined within their regions; {len(merged.areas)} areas are left")
    if not stream and (jobs is not None or keep or both):
        raise errors.Unusable("--jobs, --keep and --both are for --stream")
    options = Streaming(jobs or os.cpu_count() or 1, tuple(keep or ()), both) if stream else None
    done = _play(plan, out, options)
    if plan.published is not None and plan.scale == 1 and merge is None:
        wrong = differences(plan, done.outcome)
        if wrong:
            raise errors.Unusable("the outcome is not the published one: " + "; ".join(wrong))
    if done.differences:
        raise errors.EnginesDisagree(f"the count is not what was put in, in areas {', '.join(done.differences)}")
    _print(done, plan.label, out, as_json=json, stream=stream)


@dataclass(frozen=True)
class Streaming:
    """How a streamed rehearsal is played."""

    jobs: int
    keep: tuple[str, ...]
    both: bool


def _play(plan: Plan, out: Path, streaming: Streaming | None) -> Played:
    def act(told: Told) -> Played:
        if streaming is None:
            return play(plan, out, engine(), told=told)
        how = streaming
        return play_streamed(plan, out, engine(), jobs=how.jobs, keep=how.keep, both=how.both, told=told)

    if not err.is_terminal:
        return act(lambda step, what: None)
    with err.status("rehearsing") as status:
        return act(lambda step, what: status.update(f"{step} {what}"))


def _print(played: Played, label: str, out: Path, *, as_json: bool, stream: bool) -> None:
    if as_json:
        print_json(
            {
                "record": str(out),
                "anchor": played.setup.anchor,
                "ballots": played.ballots,
                "areas": len(played.results),
                "figures": label,
                "outcome": played.outcome.to_json(),
            }
        )
        return
    for line in outcome_lines(played.setup, played.outcome):
        say(line)
    say()
    say(label)
    say(f"{played.ballots} ballots in {len(played.results)} areas; every area's count is what was put in")
    say(f"anchor  {played.setup.anchor}")
    if stream:
        say(f"the archives were verified and removed; a line for each area is in {out / 'verified.jsonl'}")
    else:
        say(f"verify  sanduq watch verify {out} --anchor {played.setup.anchor} --final")
