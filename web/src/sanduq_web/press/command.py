"""The command ``sanduq-press``: the press site's tables, sites and accounts; serving it."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import django

from sanduq import errors
from sanduq_web.press.talk import command as talk

_REFUSED: Final = 1
_UNUSABLE: Final = 2


def _parser() -> argparse.ArgumentParser:
    about = "The press site. Settings: see sanduq_web/press/settings.py."
    parser = argparse.ArgumentParser(prog="sanduq-press", description=about)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("migrate", help="make or renew the tables of the database")
    site = commands.add_parser("site", help="make a site: a tree of pages for each language")
    site.add_argument("name", help="its name, as on its masthead")
    site.add_argument("--host", default="localhost", help="the name under which it is reached")
    site.add_argument("--port", type=int, default=8001)
    site.add_argument("--languages", default="en", help="separated by commas; the first is the site's own")
    account = commands.add_parser("account", help="make an account of the desk; prints its first password, this once")
    account.add_argument("name", help="a name to log in with; nobody's real one is needed")
    roles = ["editor", "approver", "moderator", "spokesperson", "administrator"]
    account.add_argument("--role", choices=roles, default="editor")
    account.add_argument("--sections", default="", help="separated by commas, such as en/news,fa; en is all of a language")
    account.add_argument("--desk", action="store_true", help="several people share it: it files texts under pseudonyms")
    account.add_argument("--again", action="store_true", help="a new first password for an account that is there")
    commands.add_parser("tick", help="do what is due: publish what was scheduled, forget what has ended")
    bring = commands.add_parser("import", help="import an export file of WordPress")
    bring.add_argument("file", type=Path, help="the export: Tools, Export, All content")
    bring.add_argument("--site", default="localhost:8001", help="HOST:PORT of the site it goes to")
    bring.add_argument("--language", required=True, help="the language of its texts")
    bring.add_argument("--section", required=True, help="the slug of the section for its posts")
    bring.add_argument("--media", type=Path, help="a copy of wp-content/uploads; nothing is fetched")
    bring.add_argument("--report", type=Path, help="the table of what was done (default: beside the export, .import.csv)")
    bring.add_argument("--dry-run", action="store_true", help="say what would be done, and write the table only")
    demo = commands.add_parser("demo", help="fill an empty database with an invented newsroom")
    demo.add_argument("folder", type=Path, help="its texts: rehearsal/courier")
    demo.add_argument("--host", default="localhost", help="the name under which it is reached")
    demo.add_argument("--port", type=int, default=8001)
    serve = commands.add_parser("serve", help="answer requests")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8001)
    serve.add_argument("--threads", type=int, default=8)
    serve.add_argument("--processes", type=int, default=1, help="about one for each core")
    serve.add_argument("--socket", type=int, help=argparse.SUPPRESS)
    edition = commands.add_parser("edition", help="make a numbered edition of all that is public, to be read without a network")
    edition.add_argument("folder", type=Path, help="a new folder")
    edition.add_argument("--number", type=int, required=True)
    edition.add_argument("--date", help="YYYY-MM-DD (default: today)")
    edition.add_argument("--as-of", help="the moment as of which it is, YYYY-MM-DDTHH:MM:SSZ (default: now)")
    edition.add_argument("--address", default="http://localhost:8001", help="the site's, as readers type it")
    edition.add_argument("--cache", type=Path, help="a folder of your own: what is as in the edition before is not made again")
    edition.add_argument("--jobs", type=int, choices=range(1, 65), default=1, metavar="N", help="processes, one for each core")
    commands.add_parser("feed", help="read the state of the vote once; serve does so every minute")
    back = commands.add_parser("bring-back", help="take in files that readers of editions saved: comments, signatures")
    back.add_argument("files", type=Path, nargs="+", metavar="FILE")
    back.add_argument("--site", default="localhost:8001", help="HOST:PORT of the site they go to")
    talk.add(commands)
    return parser


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _migrate(options: argparse.Namespace) -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    _say("the tables are in order")


def _site(options: argparse.Namespace) -> None:
    from sanduq_web.press.actions import make_site

    made = make_site(options.name, options.host, options.port, [code for code in options.languages.split(",") if code])
    _say(f"site     {made.site_name}, http://{made.hostname}:{made.port}")


def _account(options: argparse.Namespace) -> None:
    from sanduq_web.press.desk.accounts import begin_again, make_account

    sections = [each for each in options.sections.split(",") if each]
    if options.again:
        made = begin_again(options.name)
    else:
        made = make_account(options.name, options.role, sections, shared=options.desk)
    _say(f"account   {made.user.username}\npassword  {made.password}")
    _say("It holds for three days, for one log-in, which asks for a password of one's own and a second factor.")


def _tick(options: argparse.Namespace) -> None:
    from sanduq_web.press.desk.tick import tick

    tick()


def _free(path: Path) -> Path:
    """A name that no file has: what an earlier import said stays."""
    number, free = 1, path
    while free.exists():
        number += 1
        free = path.with_stem(f"{path.stem}-{number}")
    return free


def _import(options: argparse.Namespace) -> None:
    from sanduq_web.press.wxr.bring import bring, place_of
    from sanduq_web.press.wxr.reader import read

    host, _, port = options.site.rpartition(":")
    if not (host and port.isdecimal()):
        raise errors.Unusable(f"--site {options.site}: expected HOST:PORT")
    if options.media is not None and not options.media.is_dir():
        raise errors.Unusable(f"--media {options.media}: there is no such folder")
    place = place_of(host, int(port), options.language, options.section)
    report = bring(read(options.file), place, options.media, dry=options.dry_run)
    table = options.report or _free(options.file.with_suffix(".import.csv"))
    report.write(table)
    _say("\n".join([*report.summary(), f"table  {table}"]))


def _demo(options: argparse.Namespace) -> None:
    from django.utils import timezone

    from sanduq_web.press.courier.load import load
    from sanduq_web.press.courier.texts import read

    newsroom = read(options.folder)
    made = load(newsroom, options.host, options.port, timezone.now())
    pieces = len(newsroom.plan["pieces"])
    _say(f"site     {made.site_name}, in {len(newsroom.languages)} languages; all of it is invented")
    _say(f"of each  {pieces} articles, an open letter with signatures, an organisation, a booklet in chapters")


def _edition(options: argparse.Namespace) -> None:
    from sanduq_web import clock, dates
    from sanduq_web.press.edition.build import build

    try:
        moment = clock.moment(options.as_of or clock.now())
        day = date.fromisoformat(options.date) if options.date else moment.date()
    except ValueError as error:
        raise errors.Unusable(f"--date, --as-of: {error}", hint="such as 2026-11-22 and 2026-11-22T12:00:00Z") from None
    if moment > clock.moment(clock.now()):
        raise errors.Unusable(f"--as-of {options.as_of} is not yet: what is under embargo until then would be in the edition")
    if not 1 <= options.number <= 999_999:
        raise errors.Unusable(f"--number {options.number}: expected 1 to 999999")
    made = build(options.folder, options.number, day, moment, options.address.rstrip("/"), options.cache, options.jobs)
    for page, link in made.broken:
        _say(f"broken   {page} leads to {link}, which is not there")
    anew = f", {made.anew} of them made anew" if options.cache else ""
    _say(f"edition  {options.number} of {day}: {made.pages} pages{anew}; {made.files} files, {dates.size(made.size, 'en')}")
    _say(f"begin    {options.folder / 'START-HERE.html'}")


def _serve(options: argparse.Namespace) -> None:
    from sanduq_web.press import serving

    if options.processes > 1:
        if not os.environ.get("SANDUQ_PRESS_SECRET"):
            hint = "let SANDUQ_PRESS_SECRET name a file with 50 random characters"
            raise errors.Unusable("several processes need one secret: else each knows its own sessions only", hint=hint)
        serving.serve_in_processes(options.processes, options.host, options.port, options.threads, _say)
    else:
        serving.serve(options.host, options.port, options.threads, options.socket, _say)


def _feed(options: argparse.Namespace) -> None:
    from sanduq_web.press.feed import read_now

    _say(f"the vote  {read_now() or 'none'}")


def _bring_back(options: argparse.Namespace) -> None:
    from django.core.exceptions import ValidationError
    from django.utils.translation import override

    from sanduq.question.setup import hidden_in
    from sanduq_web.press.bringing import LARGEST, bring

    host, _, port = options.site.rpartition(":")
    refused = 0
    for path in options.files:
        with path.open("rb") as file, override("en"):
            try:
                said = bring(file.read(LARGEST + 3), host, int(port) if port.isdecimal() else 0)
            except ValidationError as error:
                said, refused = f"refused: {' '.join(error.messages)}", refused + 1
        # Names of files that strangers made.
        _say("".join(one if hidden_in(one) is None else ascii(one)[1:-1] for one in f"{path}: {said}"))
    if refused:
        raise errors.Refused(f"{refused} of {len(options.files)} files were not taken")


_COMMANDS: Final[dict[str, Any]] = {
    "migrate": _migrate,
    "site": _site,
    "account": _account,
    "tick": _tick,
    "import": _import,
    "demo": _demo,
    "serve": _serve,
    "edition": _edition,
    "feed": _feed,
    "bring-back": _bring_back,
    **talk.COMMANDS,
}


def run(arguments: Sequence[str] | None = None) -> int:
    """One command; gives the exit status: 0 done, 1 refused, 2 not usable so."""
    options = _parser().parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sanduq_web.press.settings")
    django.setup()
    from django.core.exceptions import ImproperlyConfigured
    from django.db import DatabaseError

    try:
        _COMMANDS[options.command](options)
    except errors.Refused as refusal:
        return _failed(str(refusal), refusal.hint, _REFUSED)
    except errors.Unusable as error:
        return _failed(str(error), error.hint, _UNUSABLE)
    except (DatabaseError, ImproperlyConfigured) as error:
        hint = "was `sanduq-press migrate` run, and is SANDUQ_PRESS_DATABASE right?"
        return _failed(f"the database: {error}".strip(), hint, _UNUSABLE)
    except OSError as error:
        return _failed(str(error), None, _UNUSABLE)
    return 0


def _failed(message: str, hint: str | None, status: int) -> int:
    sys.stderr.write(f"error: {message}\n" + (f"hint: {hint}\n" if hint else ""))
    return status


def main() -> None:
    """The command."""
    sys.exit(run())
