"""The passphrase of a secret key's file."""

from __future__ import annotations

import getpass
import sys

from sanduq import errors


def passphrase(question: str = "Passphrase: ") -> str:
    """A line that is typed and not shown; from a pipe, its next line."""
    if sys.stdin is not None and sys.stdin.isatty():
        return getpass.getpass(question)
    return sys.stdin.readline().rstrip("\n") if sys.stdin is not None else ""


def new_passphrase() -> str:
    """A passphrase, asked for twice."""
    given = passphrase("Passphrase for the new key: ")
    if not given:
        raise errors.Unusable("no passphrase", hint="some words that nobody guesses; --unencrypted, to have none")
    if passphrase("Once more: ") != given:
        raise errors.Unusable("these were two passphrases", hint="nothing was written; begin again")
    return given
