"""The command ``sanduq-press``: the press site's tables, sites and accounts; serving it."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
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
    serve = commands.add_parser("serve", help="answer requests")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8001)
    serve.add_argument("--threads", type=int, default=8)
    serve.add_argument("--processes", type=int, default=1, help="about one for each core")
    serve.add_argument("--socket", type=int, help=argparse.SUPPRESS)
    commands.add_parser("feed", help="read the state of the vote once; serve does so every minute")
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


def _serve(options: argparse.Namespace) -> None:
    from sanduq_web.press import serving

    if options.processes > 1:
        serving.serve_in_processes(options.processes, options.host, options.port, options.threads, _say)
    else:
        serving.serve(options.host, options.port, options.threads, options.socket, _say)


def _feed(options: argparse.Namespace) -> None:
    from sanduq_web.press.feed import read_now

    _say(f"the vote  {read_now() or 'none'}")


_COMMANDS: Final[dict[str, Any]] = {"migrate": _migrate, "site": _site, "serve": _serve, "feed": _feed, **talk.COMMANDS}


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
