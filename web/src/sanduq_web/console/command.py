"""The command ``sanduq-console``: tables, the first operators, serving."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NoReturn

import django

from sanduq import errors

_REFUSED: Final = 1
_UNUSABLE: Final = 2
_BOUNDS: Final[dict[str, Any]] = {
    "max_request_body_size": 512 << 20,  # a roll of a million; forms are bounded by their own settings
    "max_request_header_size": 32 << 10,
    "channel_timeout": 120,
}


def _parser() -> argparse.ArgumentParser:
    about = "The console. Settings: see sanduq_web/console/settings.py."
    parser = argparse.ArgumentParser(prog="sanduq-console", description=about)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("migrate", help="make or renew the tables of the database, the vote site's too")
    invite = commands.add_parser("invite", help="invite an operator: prints the code of the invitation, this once")
    invite.add_argument("email")
    invite.add_argument("--name", required=True, help="as colleagues see it")
    forget = commands.add_parser(
        "begin-again", help="for who lost password or telephone: both are forgotten, and a new password is printed"
    )
    forget.add_argument("email")
    key = commands.add_parser("roll-key", help="make the key under which registers stand (SANDUQ_CONSOLE_ROLL_KEY)")
    key.add_argument("file")
    serve = commands.add_parser("serve", help="answer requests")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8003)
    serve.add_argument("--threads", type=int, default=8)
    return parser


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _migrate(options: argparse.Namespace) -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    _say("the tables are in order")


def _invite(options: argparse.Namespace) -> None:
    from django.conf import settings

    from sanduq_web.console.office.actions import invite
    from sanduq_web.console.office.models import Role

    made, token = invite(None, options.email, options.name, Role.OPERATOR, None)
    _say(f"open   {settings.SANDUQ_CONSOLE_ADDRESS}/en/invitation/")
    _say(f"code   {token}")
    _say(f"until  {made.until:%Y-%m-%d %H:%M} UTC")


def _begin_again(options: argparse.Namespace) -> None:
    from sanduq_web.console.office.actions import begin_again

    _say(f"password  {begin_again(options.email)}  (it holds until its owner changes it)")


def _roll_key(options: argparse.Namespace) -> None:
    from sanduq_web.console.enrolment.keys import make_key

    _say(f"recipient  {make_key(Path(options.file))}")
    _say("keep a copy on paper or apart from all backups of the database; destroy it with the registers")


def _end(signum: int, frame: object) -> NoReturn:
    """Requests that are under way come to their end."""
    raise SystemExit(0)


def _serve(options: argparse.Namespace) -> None:
    import waitress

    from sanduq_web.console.enrolment import working
    from sanduq_web.console.wsgi import application

    stop = threading.Event()
    working.start(stop)
    signal.signal(signal.SIGTERM, _end)
    _say(f"console, on http://{options.host}:{options.port}")
    try:
        waitress.serve(
            application, host=options.host, port=options.port, threads=options.threads, ident=None, _quiet=True, **_BOUNDS
        )
    finally:
        stop.set()


_COMMANDS: Final = {"migrate": _migrate, "invite": _invite, "begin-again": _begin_again, "roll-key": _roll_key, "serve": _serve}


def run(arguments: Sequence[str] | None = None) -> int:
    """One command; gives the exit status: 0 done, 1 refused, 2 not usable so."""
    options = _parser().parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sanduq_web.console.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.db import DatabaseError

    try:
        django.setup()
        _COMMANDS[options.command](options)
    except errors.Refused as refusal:
        return _failed(str(refusal), refusal.hint, _REFUSED)
    except errors.Unusable as error:
        return _failed(str(error), error.hint, _UNUSABLE)
    except (DatabaseError, ImproperlyConfigured) as error:
        hint = "was `sanduq-console migrate` run, and is SANDUQ_DATABASE right?"
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
