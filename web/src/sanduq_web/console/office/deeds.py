"""Deeds: acts that cannot be undone. Each app registers its own when it is loaded; nothing else may do them.

One person proposes a deed, another one of the same role confirms it, each with a code of the second factor. What a deed does
is checked when it is proposed and again when it is done: what has changed between is found then.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from sanduq_web.console.office.models import Post, Role, Vote

Payload = Mapping[str, Any]


@dataclass(frozen=True)
class Deed:
    """``check`` raises :class:`sanduq.errors.Refused`, :class:`sanduq.errors.Unusable` or
    :class:`sanduq_web.problems.Problem` where it cannot be done now. ``do`` does it at a time (``2026-05-01T06:00:00Z``),
    within the caller's transaction, and gives what the journal of acts says of it. ``tell`` gives lines for the second person.
    ``may`` raises where this person may neither propose nor confirm it.
    """

    name: str
    title: str | Promise
    role: Role
    check: Callable[[Vote, Payload], None]
    do: Callable[[Vote, Payload, str], Mapping[str, Any]]
    tell: Callable[[Vote, Payload], list[str]] = lambda vote, payload: []
    may: Callable[[Vote, Payload, Post], None] = lambda vote, payload, post: None


KNOWN: dict[str, Deed] = {}


def register(deed: Deed) -> Deed:
    """Make a deed known."""
    if deed.name in KNOWN:
        raise ValueError(deed.name)
    KNOWN[deed.name] = deed
    return deed
