"""What all screens share: who may see one, and how a refusal of the library or of an action is told.

Every screen is a function with :func:`screen`, which names the roles that it is for. A test walks all addresses and fails where
one has no roles.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any, Concatenate, Final, ParamSpec
from uuid import UUID

from django import template
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sanduq import errors
from sanduq_web.console.office.api import Desk, officer_of, open_proposals, posts
from sanduq_web.console.office.models import Post, Role
from sanduq_web.pages import moment
from sanduq_web.problems import Problem
from sanduq_web.signing_in import with_code

register = template.Library()
P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, Desk, P], HttpResponseBase]
ANYBODY: Final = tuple(Role)
"""Everybody who has a post in the vote."""
_METHODS: Final = ("GET", "HEAD", "POST")


def screen(*roles: Role, writes: bool = False) -> Callable[[View[P]], Callable[..., HttpResponseBase]]:
    """A screen of a vote, for roles: its address has the vote (``<uuid:vote>``). ``writes``: it takes POST, too.

    Whoever has no post in the vote, or has another role, is told that there is no such page. Without a vote in the address it
    is the operator's.
    """

    def decorated(view: View[P]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def shown(request: HttpRequest, *given: P.args, **more: P.kwargs) -> HttpResponseBase:
            allowed = _METHODS if writes else _METHODS[:2]
            if request.method not in allowed:
                return HttpResponseNotAllowed(allowed)
            desk = _desk(request, more.pop("vote", None))
            if desk.role not in roles:
                raise Http404
            if not desk.post.admitted:
                return render(request, "office/waiting.html", status=403)
            request.desk = desk  # type: ignore[attr-defined]
            return view(request, desk, *given, **more)

        shown.roles = roles  # type: ignore[attr-defined]
        return shown

    return decorated


def _desk(request: HttpRequest, vote: Any) -> Desk:
    officer = officer_of(request.user)
    if officer is None:
        raise Http404
    query = Post.objects.select_related("vote__referendum").filter(officer=officer, ended_at=None)
    post = (query.filter(vote_id=vote) if isinstance(vote, UUID) else query.filter(vote=None)).first()
    if post is None:
        raise Http404
    return Desk(officer, post, post.vote)


def attempt(request: HttpRequest, act: Callable[[], Any], done: str = "") -> bool:
    """Do something that may be refused; the refusal, or ``done``, is told on the next page. Gives whether it was done."""
    try:
        act()
    except (errors.Refused, errors.Unusable, errors.EnginesDisagree) as refusal:
        hint = f" ({refusal.hint})" if refusal.hint else ""
        messages.error(request, f"{refusal}{hint}")
        return False
    except Problem as problem:
        hint = f" ({problem.hint})" if problem.hint else ""
        messages.error(request, f"{problem.detail}{hint}")
        return False
    if done:
        messages.success(request, done)
    return True


def require_code(request: HttpRequest) -> None:
    """The second factor once more, for what cannot be undone: the form's field ``code``."""
    if with_code(request.user, request.POST.get("code", "").replace(" ", "")) is None:
        raise errors.Unusable("the code is wrong, or was used already", hint="wait for the next one; nothing was done")


@dataclass(frozen=True)
class Part:
    """A part of the console in the navigation of a vote: the name of its address, for which roles."""

    name: str
    title: str | Promise
    roles: tuple[Role, ...] = ANYBODY
    order: int = 50


@dataclass(frozen=True)
class Step:
    """One line of what comes next: what is to be done, where, whether it is done."""

    title: str
    done: bool
    name: str = ""
    note: str = ""


PARTS: list[Part] = [
    Part("overview", _("At a glance"), order=0),
    Part("people", _("People"), order=90),
    Part("acts", _("Journal"), order=95),
]
STEPS: list[tuple[int, Callable[[Desk], Step | None]]] = []
"""Each app adds its own, with a number that puts them into order; None: not for this desk."""


def steps_of(desk: Desk) -> list[dict[str, Any]]:
    """What comes next, for the page at a glance."""
    found = [made for _order, make in sorted(STEPS, key=lambda each: each[0]) if (made := make(desk)) is not None]
    return [
        {"title": each.title, "done": each.done, "note": each.note,
         "address": reverse(each.name, args=[desk.of.pk]) if each.name else ""}
        for each in found
    ]  # fmt: skip


def _parts(request: HttpRequest, desk: Desk | None) -> list[dict[str, Any]]:
    if desk is None or desk.vote is None:
        return []
    shown = sorted((part for part in PARTS if desk.role in part.roles), key=lambda part: part.order)
    rows = [(part.title, reverse(part.name, args=[desk.vote.pk])) for part in shown]
    # The longest address that begins the page's own: a screen below a part belongs to it.
    best = max((address for _title, address in rows if request.path.startswith(address)), key=len, default="")
    return [{"title": title, "address": address, "current": address == best} for title, address in rows]


def context(request: HttpRequest) -> dict[str, Any]:
    """For every page: who is here, with which posts, and what waits for them."""
    officer = officer_of(request.user) if hasattr(request, "user") else None
    desk: Desk | None = getattr(request, "desk", None)
    waiting = open_proposals(desk.vote) if desk is not None and desk.vote is not None else []
    return {"officer": officer, "desk": desk, "my_posts": posts(officer) if officer else [], "waiting": waiting} | {
        "parts": _parts(request, desk),
        "sheet_hash": _sheet()[1],
    }


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that did not come from here, or whose session is over."""
    return render(request, "office/over.html", status=403)


@register.filter
def moment_or_text(time: str) -> str:
    """A time for people, in both calendars where they use two; what is no time stays as it is."""
    try:
        return moment(time)
    except ValueError:
        return time


@lru_cache(maxsize=1)
def _sheet() -> tuple[bytes, str]:
    raw = Path(__file__).with_name("console.css").read_bytes()
    return raw, hashlib.sha256(raw).hexdigest()[:16]


def sheet(request: HttpRequest) -> HttpResponse:
    """The console's own style sheet, under an address with its hash."""
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return HttpResponse(_sheet()[0], content_type="text/css; charset=utf-8", headers=headers)
