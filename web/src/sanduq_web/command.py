"""The command ``sanduq-web``: set up, import, serve, follow the calendar, export."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import django

from sanduq import errors
from sanduq.question.setup import hidden_in
from sanduq_web.disc import command as disc
from sanduq_web.operating import command as operating
from sanduq_web.vote_edition import command as mirror

_REFUSED: Final = 1
_UNUSABLE: Final = 2
_EVERY: Final = 2.0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sanduq-web", description="The vote site. Settings: see sanduq_web/settings.py.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("migrate", help="make or renew the tables of the database")
    bring = commands.add_parser("import", help="verify a record and take it up; of one that is here, what it has more")
    bring.add_argument("record", type=Path, help="the folder of a record")
    bring.add_argument("--box-key", type=Path, help="the file box.key: must be the one whose public part is in the setup")
    bring.add_argument("--anchor", help="the announced SHA-256 of the setup")
    bring.add_argument("--step", metavar="MINUTES/BALLOTS", help="how the public stream advances in these areas")
    bring.add_argument(
        "--authentication",
        choices=["none", "pin", "email"],
        help="what is asked for beside the credential (default none); can be changed until the opening",
    )
    bring.add_argument(
        "--map", type=Path, metavar="FILE.topo.json", help="boundaries: TopoJSON with area_code in the properties"
    )
    bring.add_argument("--credit", action="append", metavar="TEXT", help="whom figures or boundaries are owed to; repeatable")
    for name, what in (("pins", "hashes of PINs, UUID.pinhashes.csv"), ("addresses", "addresses, UUID.addresses.csv")):
        files = commands.add_parser(name, help=f"take up the registrar's {what}: all of these files or none")
        files.add_argument("files", type=Path, nargs="+")
    serve = commands.add_parser("serve", help="answer requests, and follow the calendar")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8000)
    serve.add_argument("--threads", type=int, default=32, help="requests at the same time; each may need a connection")
    serve.add_argument("--processes", type=_processes, default=1, help="on one port, watched by this one; needs PostgreSQL")
    serve.add_argument("--socket", type=int, help=argparse.SUPPRESS)  # inherited from the process that watches this one
    serve.add_argument("--metrics", metavar="[HOST:]PORT", help="tell Prometheus there, and nobody else; this machine's own")
    serve.add_argument("--counts", action="store_true", help=argparse.SUPPRESS)  # of one of several processes
    serve.add_argument("--box-key", type=Path, action="append", default=[], help="as SANDUQ_BOX_KEY; may be repeated")
    booth = commands.add_parser("booth", help="serve a built booth: on an origin of its own, without cookies")
    booth.add_argument("folder", type=Path, help="booth/dist, as `scripts/booth.sh build` makes it")
    booth.add_argument("--api", required=True, help="the origin of the vote site, such as https://vote.example")
    booth.add_argument("--host", default="127.0.0.1")
    booth.add_argument("--port", type=int, default=8002)
    phase = commands.add_parser("phase", help="what the calendar says: tick does what is due; open and close refuse too early")
    phase.add_argument("act", choices=["tick", "open", "close"])
    phase.add_argument("anchor", nargs="?", help="one referendum; all by default (tick only)")
    export = commands.add_parser("export", help="write a whole record, also what is not public yet, into a new folder")
    export.add_argument("record", type=Path)
    export.add_argument("--anchor", help="which, if there are several")
    mirror.add(commands)
    disc.add(commands)
    operating.add(commands)
    return parser


def _processes(text: str) -> int:
    if not (text.isdecimal() and 1 <= int(text) <= 64):
        raise argparse.ArgumentTypeError("a number from 1 to 64")
    return int(text)


def _shown(text: str) -> str:
    """A text for a terminal, on which a name from somebody's file must not act: control characters are escaped."""
    return "".join(one if one == "\n" or hidden_in(one) is None else ascii(one)[1:-1] for one in text)


def _say(text: str) -> None:
    sys.stdout.write(f"{_shown(text)}\n")
    sys.stdout.flush()


def _the_anchor(given: str | None) -> str:
    from sanduq_web.question.api import anchors

    known = anchors()
    if given is None and len(known) == 1:
        return known[0]
    if given not in known:
        raise errors.Unusable(f"name one of the {len(known)} referendums here", hint=", ".join(known) or "import one first")
    return str(given)


def _migrate(options: argparse.Namespace) -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    _say("the tables are in order")


def _progress() -> Callable[[str, str, int], None]:
    """Says on standard error how far an import is, every two seconds at most: a record of a country takes minutes."""
    areas: Counter[str] = Counter()
    credentials: Counter[str] = Counter()
    said = time.monotonic()

    def told(done: str, code: str, size: int) -> None:
        nonlocal said
        areas[done] += 1
        credentials[done] += size
        if time.monotonic() - said >= _EVERY:
            said = time.monotonic()
            sys.stderr.write(f"{done} {areas[done]} areas with {credentials[done]} credentials\n")

    return told


def _import(options: argparse.Namespace) -> None:
    from sanduq.box.record import Record
    from sanduq_web import clock
    from sanduq_web.box.actions.keys import read_key
    from sanduq_web.question.actions import fit
    from sanduq_web.records import Extras, import_record, read_map
    from sanduq_web.settings import step

    if options.box_key is not None:
        expected, got = Record(options.record).setup.box_key, read_key(options.box_key).public
        if expected != got:
            raise errors.SecretKeyMismatch("this is not the key of the box in the setup", expected=expected, got=got)
    boundaries = read_map(options.map) if options.map else None
    steps = step(options.step) if options.step else None
    extras = Extras(boundaries, options.credit, options.authentication)
    report = import_record(options.record, clock.now(), options.anchor, steps, extras, _progress())
    _say(f"anchor   {report.anchor}")
    _say(f"phase    {report.phase}")
    _say(f"ballots  {report.ballots} in {len(report.areas)} areas")
    if boundaries is not None:
        found = fit(boundaries, report.setup)
        _say(f"map      {found.drawn} of {len(report.areas)} areas")
        for what, codes in (("not in the setup", found.unknown), ("not on the map", found.missing)):
            if codes:
                _say(f"         {what}: {' '.join(code if code.isprintable() else ascii(code) for code in codes)}")


def _pins(options: argparse.Namespace) -> None:
    from sanduq_web.box import actions

    _say(f"PINs       {actions.keep_pins(options.files)}")


def _addresses(options: argparse.Namespace) -> None:
    from sanduq_web.box import actions

    _say(f"addresses  {actions.keep_addresses(options.files)}; the box now knows who owns these public credentials")


def _serve(options: argparse.Namespace) -> None:
    from sanduq_web import metrics, serving

    serving.require_threads(options.threads)
    at = metrics.address(options.metrics, options.port) if options.metrics else None
    if options.processes > 1:
        again = ["--host", options.host, "--port", str(options.port), "--threads", str(options.threads)]
        again += [word for path in options.box_key for word in ("--box-key", str(path))]
        serving.serve_in_processes(options.processes, options.host, options.port, options.threads, again, _say, at)
    else:
        counts = options.counts or at is not None
        serving.serve(options.host, options.port, options.threads, options.box_key, options.socket, _say, at, counts=counts)


def _booth(options: argparse.Namespace) -> None:
    import waitress

    from sanduq.booth.files import booth_sha256
    from sanduq_web.booth_site import booth_site

    site = booth_site(options.folder, options.api)
    _say(f"booth {booth_sha256(options.folder)}, on http://{options.host}:{options.port}")
    waitress.serve(site, host=options.host, port=options.port, threads=4, ident=None, _quiet=True)


def _phase(options: argparse.Namespace) -> None:
    from sanduq_web import clock
    from sanduq_web.box import actions
    from sanduq_web.question.api import anchors, referendum
    from sanduq_web.watch.actions import bring_up_to_date

    now = clock.now()
    if options.act == "tick":
        for anchor in [_the_anchor(options.anchor)] if options.anchor else anchors():
            bring_up_to_date(referendum(anchor), now)
            _say(f"{anchor[:12]}…  up to date at {now}")
        return
    frozen = referendum(_the_anchor(options.anchor))
    line = (actions.open_vote if options.act == "open" else actions.close_vote)(frozen, now)
    actions.complete_fingerprints(frozen.anchor)
    _say(f"{line.act.value} at {line.time}")


def _export(options: argparse.Namespace) -> None:
    from sanduq_web.records import export_record

    anchor = _the_anchor(options.anchor)
    export_record(anchor, options.record)
    _say(f"{options.record}: the record of {anchor}")


def _mirror(options: argparse.Namespace) -> None:
    mirror.run(options, _say)


def _disc(options: argparse.Namespace) -> None:
    disc.run(options, _say)


def _observers_pack(options: argparse.Namespace) -> None:
    operating.run_pack(options, _say, _the_anchor)


def _resume(options: argparse.Namespace) -> None:
    operating.run_resume(options, _say, _the_anchor)


_COMMANDS: Final[dict[str, Any]] = {
    "migrate": _migrate,
    "import": _import,
    "pins": _pins,
    "addresses": _addresses,
    "serve": _serve,
    "booth": _booth,
    "phase": _phase,
    "export": _export,
    "mirror": _mirror,
    "disc": _disc,
    "backup": lambda options: operating.run_backup(options, _say),
    "restore": lambda options: operating.run_restore(options, _say),
    "resume": _resume,
    "observers-pack": _observers_pack,
    "doctor": lambda options: operating.run_doctor(options, _say),
}


def run(arguments: Sequence[str] | None = None) -> int:
    """One command; gives the exit status: 0 done, 1 refused, 2 not usable so."""
    options = _parser().parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sanduq_web.settings")
    django.setup()
    from django.core.exceptions import ImproperlyConfigured
    from django.db import DatabaseError

    from sanduq_web.problems import Problem

    try:
        _COMMANDS[options.command](options)
    except (errors.Refused, errors.EnginesDisagree) as refusal:
        return _failed(str(refusal), refusal.hint, _REFUSED)
    except errors.Unusable as error:
        return _failed(str(error), error.hint, _UNUSABLE)
    except Problem as problem:
        return _failed(problem.detail, problem.hint, _UNUSABLE)
    except (DatabaseError, ImproperlyConfigured) as error:
        return _failed(
            f"the database: {error}".strip(), "was `sanduq-web migrate` run, and is SANDUQ_DATABASE right?", _UNUSABLE
        )
    except OSError as error:
        return _failed(str(error), None, _UNUSABLE)
    return 0


def _failed(message: str, hint: str | None, status: int) -> int:
    sys.stderr.write(_shown(f"error: {message}\n" + (f"hint: {hint}\n" if hint else "")))
    return status


def main() -> None:
    """The command."""
    sys.exit(run())
