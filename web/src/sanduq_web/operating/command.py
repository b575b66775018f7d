"""The commands of an operator: ``backup``, ``restore``, ``resume``, ``doctor``, ``observers-pack``."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from sanduq import errors

Say = Callable[[str], None]
_LARGEST: Final = 64 << 20


def add(commands: Any) -> None:
    """Enter the commands among others."""
    backup = commands.add_parser("backup", help="copy the database as of one moment into a new file, while the site runs")
    backup.add_argument("file", type=Path, help="a new file, or a folder: then its name is the time")
    backup.add_argument("--keep", type=int, metavar="N", help="of the folder, only the last N are kept; the others are deleted")
    restore = commands.add_parser("restore", help="put a backup into an empty database; the box is held until `resume`")
    restore.add_argument("file", type=Path)
    restore.add_argument("--sha256", help="what `backup` said, as it was written down elsewhere")
    restore.add_argument("--check", action="store_true", help="only read the file to its end, and say what is in it")
    resume = commands.add_parser("resume", help="let a box that was put back from a backup go on")
    resume.add_argument("anchor", nargs="?", help="which, if there are several")
    resume.add_argument(
        "--published", type=Path, action="append", default=[], metavar="fingerprints.json",
        help="of a copy that somebody took of the public record, the newest one that can be had; may be repeated",
    )  # fmt: skip
    word = resume.add_mutually_exclusive_group()
    word.add_argument("--accept-loss", action="store_true", help="ballots that were acknowledged may be missing: told to all")
    word.add_argument(
        "--complete", action="store_true", help="an export that this very box made after its last ballot was imported"
    )
    pack = commands.add_parser("observers-pack", help="print what observers carry, in every language")
    pack.add_argument("folder", type=Path, help="PDFs are written into it; none is written over")
    pack.add_argument("anchor", nargs="?", help="which, if there are several")
    doctor = commands.add_parser(
        "doctor", help="look whether all is well: each line says ok, warning or failure, and what to do"
    )
    doctor.add_argument("--deploy", action="store_true", help="before a binding vote: also Django's own; warnings count")
    doctor.add_argument("--smtp", action="store_true", help="also connect to the mail server, and log in there")
    doctor.add_argument("--json", action="store_true", help="for programs")


def run_backup(options: argparse.Namespace, say: Say) -> None:
    """Make a backup, and say its hash."""
    from sanduq_web import clock
    from sanduq_web.operating.archive import ENDING, sha256_of
    from sanduq_web.operating.backup import backup

    folder, now, path = options.file.is_dir(), clock.now(), options.file
    if options.keep is not None and not (folder and options.keep >= 1):
        raise errors.Unusable("--keep N is for a folder, and at least 1 is kept", hint="nothing was written")
    if folder:
        path = options.file / f"{now.replace(':', '')}{ENDING}"
    made = backup(path, now)
    ballots = sum(area.ballots for areas in made.referendums.values() for area in areas.values())
    say(f"backup     {path}, {len(made.referendums)} referendums, {ballots} ballots, as of {made.made}")
    say(f"sha256     {sha256_of(path)}")
    for old in sorted(options.file.glob(f"*{ENDING}"))[: -options.keep] if options.keep else []:
        old.unlink()
        say(f"deleted    {old}")


def run_restore(options: argparse.Namespace, say: Say) -> None:
    """Put a backup back, and say what that means."""
    from sanduq_web import clock
    from sanduq_web.operating.restore import check, restore

    if options.check:
        manifest = check(options.file, options.sha256)
        say(f"backup     of {manifest.made}, sanduq-web {manifest.program}, {manifest.vendor}: whole")
        for anchor, areas in manifest.referendums.items():
            say(f"{anchor[:12]}…  {sum(area.ballots for area in areas.values())} ballots in {len(areas)} areas")
        return
    restored = restore(options.file, clock.now(), say, options.sha256)
    say("restored   and held: no ballot is taken, nothing is opened, closed or published")
    say(f"Ballots that were acknowledged after {restored.manifest.made} are not in it; their voters have signed receipts.")
    say("1. Get the newest copy of the record that anybody has, and `sanduq-web import` it: it is verified, and only adds.")
    say("2. `sanduq-web resume --published fingerprints.json`, of every copy that you can get: a fork is refused.")


def run_resume(options: argparse.Namespace, say: Say, the_anchor: Callable[[str | None], str]) -> None:
    """Let a box go on, after its state was compared with what was published."""
    from sanduq_web import clock
    from sanduq_web.box import actions
    from sanduq_web.box import api as box
    from sanduq_web.question.api import referendum

    frozen = referendum(the_anchor(options.anchor))
    if not box.is_held(frozen.anchor):
        raise errors.Unusable("this box is not held", hint="nothing was changed")
    for path in options.published:
        actions.check_published(frozen, _read_fingerprints(path))
        say(f"agrees     {path}")
    last = box.restorations(frozen.anchor)[0]
    say(f"backup     of {last.made}, put back at {last.restored}; phase {box.phase(frozen.anchor)}")
    if not (options.accept_loss or options.complete):
        raise errors.Unusable(
            f"what was acknowledged after {last.made} may be missing: nothing was changed",
            hint="--accept-loss lets the box go on, and tells everybody; --complete, if its own last export was imported",
        )
    if not options.published:
        say("nobody's copy was compared: if anything was published after the backup, the record is forked now, for all to see")
    actions.resume(frozen, clock.now(), lost=options.accept_loss)
    say("resumed    the box takes ballots again, if its calendar says so")


def _read_fingerprints(path: Path) -> Mapping[str, Any]:
    try:
        with path.open("rb") as file:
            found = json.loads(file.read(_LARGEST))
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise errors.Unusable(f"{path} is no fingerprints.json")
    return found


def run_pack(options: argparse.Namespace, say: Say, the_anchor: Callable[[str | None], str]) -> None:
    """Print the observer's pack in each language."""
    from django.conf import settings
    from django.utils.translation import override

    from sanduq_web import printing
    from sanduq_web.question.api import referendum
    from sanduq_web.watch.views import pack

    frozen = referendum(the_anchor(options.anchor))
    options.folder.mkdir(parents=True, exist_ok=True)
    for code, _ in settings.LANGUAGES:
        with override(code):
            html, path = pack.pack_html(frozen), options.folder / pack.file_name(frozen)
        try:
            made = printing.render(html)
        except printing.Missing as error:
            raise errors.Unusable(
                f"it cannot be printed here: {error}", hint="pip install 'sanduq-web[pdf]', and Pango"
            ) from None
        except printing.Failed as error:
            raise errors.Unusable(f"{path} was not made: the printer {error}") from None
        with path.open("xb") as file:
            file.write(made)
        say(str(path))


def run_doctor(options: argparse.Namespace, say: Say) -> None:
    """Say what was found; refused if anything has failed, with ``--deploy`` also if there is a warning."""
    from sanduq_web.operating.doctor import run

    run(options, say)
