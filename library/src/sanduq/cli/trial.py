"""``sanduq count trial``, ``trial-check``: the trustees' keys are tried before anything is frozen (spec 7.i)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sanduq import errors
from sanduq.algebra.numbers import system_random
from sanduq.cli.common import read_file, require_new, say, write_public
from sanduq.cli.parts import Dkey, Key, Out, secret_of
from sanduq.count import trial
from sanduq.keys.trustees import Trustees, check_trustees, read_trustees


def _trustees(path: Path) -> Trustees:
    whole = read_trustees(read_file(path))
    check_trustees(whole)
    return whole


TrusteesPath = Annotated[Path, typer.Option("--trustees", help="trustees.json, as `keys trustees` wrote it.")]


def try_key(
    trustees: TrusteesPath,
    key: Key,
    out: Out,
    dkey: Dkey = None,
) -> None:
    """After the ceremony, each trustee: decrypt a test sum with the real key, to see that it can.

    The sum is made here from the trustees' file, with randomness that everybody knows: it can never be anybody's ballot.

    Example: sanduq count trial --trustees trustees.json --key trustee.key --dkey trustee.dkey --out my-trial.json
    """
    require_new(out)
    whole = _trustees(trustees)
    part = trial.decrypt_trial(whole, secret_of(key, dkey), system_random)
    write_public(out, trial.trial_bytes(whole, part))
    say(f"the key of trustee {part.owner} decrypts: hand over {out}")


def check_trials(
    trustees: TrusteesPath,
    trials: Annotated[list[Path], typer.Argument(help="The trustees' files of `count trial`; best those of all.")],
) -> None:
    """After the ceremony, anybody: check that the trustees' keys open the test sum.

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
