"""Verbs of ``sanduq-press`` for keys, what is sealed to them, letters, and what is over."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any, Final

from sanduq import errors


def add(commands: Any) -> None:
    """Tell the parser."""
    key = commands.add_parser("key", help="make an age identity; prints the recipient that a setting names")
    key.add_argument("file", type=Path, help="where it is written, for its owner only. It belongs on no server")
    opening = commands.add_parser("open", help="open what the desk gave out sealed: an enquiry, the address of a comment")
    opening.add_argument("file", type=Path)
    opening.add_argument("--identity", required=True, help="the file with the identity; - reads it from standard input")
    send = commands.add_parser("send", help="send the letter with what is new in a language to its subscribers")
    send.add_argument("language")
    send.add_argument("--identity", required=True, help="the file with the identity; - reads it from standard input")
    send.add_argument("--address", required=True, help="the site's, as in links: https://press.example")
    send.add_argument("--pause", type=float, default=1.0, help="seconds between two mails")
    commands.add_parser("clean", help="delete what is over; run it every day")
    commands.add_parser("check", help="what is closed for want of a setting, and what is set wrongly")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _key(options: argparse.Namespace) -> None:
    from sanduq_web.press.talk.sealing import make_identity

    _say(make_identity(options.file))


def _open(options: argparse.Namespace) -> None:
    from sanduq.question.setup import hidden_in
    from sanduq_web.press.talk.sealing import armoured, identity_in, open_text, unseal

    identity = identity_in(options.identity)
    values = unseal(options.file.read_bytes(), identity)
    for name, value in values.items():
        # Whoever encrypted by themselves wrote an armoured text into the form.
        found = open_text(value, identity) if armoured(value) else value
        # Texts of strangers: nothing in them moves the terminal's cursor or turns the text around.
        plain = "".join(one if one == "\n" or hidden_in(one) is None else ascii(one)[1:-1] for one in found)
        _say(f"--- {name}\n{plain}")


def _send(options: argparse.Namespace) -> None:
    from django.conf import settings

    from sanduq_web.press.talk.mailing import send
    from sanduq_web.press.talk.sealing import identity_in

    if not (settings.SANDUQ_PRESS_SMTP and settings.SANDUQ_PRESS_MAIL_FROM):
        raise errors.Unusable("SANDUQ_PRESS_SMTP and SANDUQ_PRESS_MAIL_FROM are not both set: mails go nowhere")
    if options.language not in dict(settings.LANGUAGES):
        raise errors.Unusable(f"language {options.language}; expected one of {' '.join(dict(settings.LANGUAGES))}")
    if not options.address.startswith(("https://", "http://")):
        raise errors.Unusable(f"--address {options.address}; expected https://…")
    done = send(identity_in(options.identity), options.language, options.address.rstrip("/"), options.pause, _say)
    if not done.articles:
        _say(f"nothing new in {options.language}")
        return
    _say(f"sent {done.sent}, refused by their servers {done.refused}, uncertain after a break {done.uncertain}")
    if done.later:
        _say(f"{done.later} servers ask to come later: run it again in an hour")
    if done.unreadable:
        _say(f"{done.unreadable} rows are not sealed to this identity")


def _clean(options: argparse.Namespace) -> None:
    from sanduq_web.press.talk.actions import clean

    for name, count in clean().items():
        _say(f"{count:6} {name}")


def _check(options: argparse.Namespace) -> None:
    from django.core.checks import WARNING, run_checks

    found = run_checks(tags=["press"])
    for each in found:
        _say(f"{each.id}  {each.msg}" + (f"\n      {each.hint}" if each.hint else ""))
    wrong = [each for each in found if each.level > WARNING]
    if wrong:
        raise errors.Unusable(f"{len(wrong)} settings are wrong")
    _say("no setting is wrong")


COMMANDS: Final[dict[str, Any]] = {"key": _key, "open": _open, "send": _send, "clean": _clean, "check": _check}
