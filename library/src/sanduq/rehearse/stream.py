"""Play a referendum that is too large for the disk: area by area, each verified to its result and then removed.

First everything is frozen, as in earnest: one ceremony, the roll of every area, one setup. Then each area is played by itself,
several at the same time: roll, ballots, sum, decryption, verification. What remains of it is one line: its fingerprint, its
result, and how long what took. At the end the journal is written, with the heads of all areas, and the rule is applied.

::

    out/
    ├── record/           setup.json, journal.jsonl, fingerprints.json; archives of the areas that are to be kept
    ├── verified.jsonl    a line for each area that is done
    ├── outcome.json      written last
    └── secrets.json, rolls.jsonl, playing/   until then

It may be killed at any moment; the same call goes on. An area that was begun is played anew, with other ballots, and with
trustees who have forgotten the sum that they saw before: in earnest they would refuse a second one (7.13).
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sanduq import errors
from sanduq.algebra.numbers import system_random
from sanduq.archive.writer import create, sync_folder
from sanduq.box.journal import Act, cut_back
from sanduq.box.record import Fingerprint, Record
from sanduq.count.trustee import Memory
from sanduq.engine import Engine
from sanduq.question.setup import Setup, canonical
from sanduq.rehearse.acts import times
from sanduq.rehearse.draft import policy_of_plan
from sanduq.rehearse.lines import Lines, open_lines
from sanduq.rehearse.one_area import AreaTask, RollTask, Verified, play_area, roll_hash
from sanduq.rehearse.plan import Plan
from sanduq.rehearse.play import Played, Told, frozen_setup, played
from sanduq.rehearse.players import Players, new_players, read_players
from sanduq.rehearse.supervised import play_test, supervisor_of, write_act
from sanduq.rehearse.workers import in_processes
from sanduq.watch.record import outcome_sha256

_RECORD: Final = "record"
_PLAYING: Final = "playing"
_SECRETS: Final = "secrets.json"
_ROLLS: Final = "rolls.jsonl"
_VERIFIED: Final = "verified.jsonl"
_OUTCOME: Final = "outcome.json"
_LEFT: Final = re.compile(r"\.(secrets|outcome)\.json\.\d+\.partial")
"""What a process leaves that is killed while it writes such a file."""
_OTHER: Final = "this folder has another rehearsal"


def play_streamed(
    plan: Plan,
    out: Path,
    engine: Engine,
    *,
    jobs: int = 1,
    keep: Collection[str] = (),
    both: bool = False,
    told: Told | None = None,
) -> Played:
    """Play a plan, or go on with it, in ``out``; ``jobs`` areas at the same time.

    The archives of the areas in ``keep`` stay in the record. With ``both`` each area is verified without its hints too, and
    must come to the same.
    """
    tell = told or (lambda step, what: None)
    unknown = set(keep) - {area.code for area in plan.areas}
    if unknown:
        raise errors.Unusable(f"the rehearsal has no area {sorted(unknown)[0]!r}")
    with _claim(out) as done:
        players = _players(plan, out)
        setup = _freeze(plan, players, out, engine, jobs, tell)
        _play_areas(plan, setup, out, engine, done, jobs, keep, both, tell)
        return _finish(plan, setup, out, done)


@contextmanager
def _claim(out: Path) -> Iterator[Lines]:
    """The folder, new or one that is to go on, and nobody else's while we are in it."""
    ours = {_RECORD, _PLAYING, _SECRETS, _ROLLS, _VERIFIED, _OUTCOME}
    found = {path.name for path in out.iterdir()} if out.exists() else set()
    if not all(name in ours or _LEFT.fullmatch(name) for name in found):
        raise errors.Unusable(f"{out} is not empty", hint="nothing was changed; name a new folder")
    if _OUTCOME in found:
        _forget(out)
        raise errors.Unusable(f"{out} was played to its end", hint="nothing was changed; name a new folder")
    out.mkdir(parents=True, exist_ok=True)
    with open_lines(out / _VERIFIED) as lines:
        yield lines


def _players(plan: Plan, out: Path) -> Players:
    """The secrets in the folder, or new ones; they are removed when all is done."""
    path, codes = out / _SECRETS, [area.code for area in plan.areas]
    if not path.exists():
        create(path, new_players(policy_of_plan(plan), codes, system_random).to_bytes(), mode=0o600)
    players = read_players(path.read_bytes())
    if list(players.uuids) != codes:
        raise errors.Unusable(_OTHER, hint="give the same file, --scale and --merge, or name a new folder")
    return players


def _freeze(plan: Plan, players: Players, out: Path, engine: Engine, jobs: int, tell: Told) -> Setup:
    """All rolls, and the setup that commits to them."""
    with open_lines(out / _ROLLS) as lines:
        known = {line["area"]: line for line in lines.values}
        secret, uuids = players.credentials.secret, players.uuids
        tasks = [
            RollTask(area.code, uuids[area.code], area.electorate, secret, engine.name)
            for area in plan.areas
            if area.code not in known
        ]
        for line in in_processes(roll_hash, tasks, jobs):
            lines.append(line)
            tell("credentials", f"{len(lines.values)} of {len(plan.areas)} areas")
        known = {line["area"]: line for line in lines.values}
    setup = frozen_setup(plan, players, {code: str(line["sha256"]) for code, line in known.items()})
    folder = out / _RECORD
    if not (folder / "setup.json").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        create(folder / "journal.jsonl", b"")
        create(folder / "setup.json", setup.to_bytes())
        sync_folder(out)
    record = Record(folder)
    if record.setup_bytes != setup.to_bytes():
        raise errors.Unusable(_OTHER, hint="give the same file, --scale and --merge, or name a new folder")
    _open(plan, players, record, engine)
    return setup


def _open(plan: Plan, players: Players, record: Record, engine: Engine) -> None:
    """The first acts; with the test sum between them, if the plan wants one."""
    frozen, seconds = times(plan)
    keys, key = players.keys, supervisor_of(plan, players.credentials.secret)
    _act(record, key, Act.FROZEN, frozen, {"anchor": record.setup.anchor})
    if record.has_done(Act.OPENED):
        return
    shutil.rmtree(record.path / "test", ignore_errors=True)
    with TemporaryDirectory() as folder:
        memories = {owner: Memory(Path(folder) / f"{owner}.decrypted") for owner in keys.secret}
        tested = play_test(record, keys.trustees, keys.secret, memories, engine, system_random, seconds)
    _act(record, key, Act.OPENED, plan.calendar.opens, tested)


def _play_areas(
    plan: Plan,
    setup: Setup,
    out: Path,
    engine: Engine,
    done: Lines,
    jobs: int,
    keep: Collection[str],
    both: bool,
    tell: Told,
) -> None:
    """Every area that is not done yet; a line for each when it is."""
    shutil.rmtree(out / _PLAYING, ignore_errors=True)
    (out / _PLAYING).mkdir()
    known = {line["area"] for line in done.values}
    seconds = times(plan)[1]
    tasks = [
        AreaTask(area, seconds, engine.name, out / _PLAYING, out / _SECRETS, out / _RECORD, area.code in keep, both)
        for area in plan.areas
        if area.code not in known
    ]
    ballots = sum(line["ballots"] for line in done.values)
    for verified in in_processes(play_area, tasks, jobs):
        done.append(verified.to_json())
        ballots += verified.ballots
        tell("verified", f"{len(done.values)} of {len(setup.areas)} areas, {ballots:,} ballots")


def _act(record: Record, key: Ed25519PrivateKey | None, act: Act, time: str, details: Mapping[str, Any]) -> None:
    cut_back(record.journal_path)
    if not record.has_done(act):
        write_act(record, key, act, time, details)


def _finish(plan: Plan, setup: Setup, out: Path, done: Lines) -> Played:
    """Journal, fingerprints and outcome; then the secrets go."""
    record, closes = Record(out / _RECORD), plan.calendar.closes
    by_code = {line["area"]: Verified.from_json(line) for line in done.values}
    areas = [by_code[area.code] for area in setup.areas]
    key = supervisor_of(plan, read_players((out / _SECRETS).read_bytes()).credentials.secret)
    _act(record, key, Act.CLOSED, closes, {"heads": {area.area: area.head_at_close for area in areas}})
    _act(record, key, Act.SUMMED, closes, {"heads": {area.area: area.head_at_sum for area in areas}})
    _act(record, key, Act.COUNTED, closes, {"heads": {area.area: area.head for area in areas}})
    record.write_fingerprints(Fingerprint(area.uuid, area.height, area.head, area.size, area.sha256) for area in areas)
    all_of_it = played(plan, setup, {area.area: area.result for area in areas})
    _act(record, key, Act.DECIDED, closes, {"outcome_sha256": outcome_sha256(all_of_it.outcome)})
    create(out / _OUTCOME, canonical(all_of_it.outcome.to_json()))
    _forget(out)
    return all_of_it


def _forget(out: Path) -> None:
    """Of what only playing needs, nothing stays: the secrets first."""
    for path in [out / _SECRETS, *(left for left in out.iterdir() if _LEFT.fullmatch(left.name)), out / _ROLLS]:
        path.unlink(missing_ok=True)
    shutil.rmtree(out / _PLAYING, ignore_errors=True)
