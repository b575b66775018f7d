"""``sanduq rehearse``: play a whole referendum from figures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from sanduq import errors
from sanduq.cli.common import Json, engine, err, note, print_json, say
from sanduq.cli.table import outcome_lines
from sanduq.rehearse import differences, merge_plan, read_plan, read_scale
from sanduq.rehearse.play import Played, play


def rehearse(
    file: Annotated[Path, typer.Argument(help="The rehearsal: a TOML file (docs/look-up/rehearsal-format.md).")],
    out: Annotated[Path, typer.Option("--out", help="A new folder for the record.")],
    scale: Annotated[str, typer.Option("--scale", help="How much of the figures: 1, 1/1000, 0.01.")] = "1",
    merge: Annotated[
        int | None,
        typer.Option("--merge", min=1, metavar="ELECTORATE", help="Merge areas smaller than this into their regions first."),
    ] = None,
    stream: Annotated[bool, typer.Option("--stream", help="Remove each area's archive once it is verified.")] = False,
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
    if err.is_terminal:
        with err.status("rehearsing") as status:
            played = play(plan, out, engine(), stream=stream, told=lambda step, what: status.update(f"{step} {what}"))
    else:
        played = play(plan, out, engine(), stream=stream, told=lambda step, what: None)
    if plan.published is not None and plan.scale == 1 and merge is None:
        wrong = differences(plan, played.outcome)
        if wrong:
            raise errors.Unusable("the outcome is not the published one: " + "; ".join(wrong))
    if played.differences:
        raise errors.EnginesDisagree(f"the count is not what was put in, in areas {', '.join(played.differences)}")
    _print(played, plan.label, out, as_json=json, stream=stream)


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
        say(f"the archives were verified and removed; the results are in {out / 'verified.jsonl'}")
    else:
        say(f"verify  sanduq watch verify {out} --anchor {played.setup.anchor} --final")
