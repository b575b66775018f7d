"""Deeds about people: who was invited by one of the commission is admitted by two, and a role is ended by two."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from sanduq import errors
from sanduq_web.console.office import actions
from sanduq_web.console.office.deeds import Deed, Payload, register
from sanduq_web.console.office.models import Post, Role, Vote

ADMIT: Final = "admit"
END: Final = "end-post"


def _named(post: Post) -> str:
    return f"{post.officer.name}: {post.get_role_display()}"


def _check_admission(vote: Vote, payload: Payload) -> None:
    actions.require_posts(vote, payload["posts"], admitted=False)


def _admit(vote: Vote, payload: Payload, now: str) -> Mapping[str, Any]:
    return {"names": actions.admit(vote, payload["posts"])}


def _tell_admission(vote: Vote, payload: Payload) -> list[str]:
    return [_named(post) for post in Post.objects.select_related("officer").filter(pk__in=payload["posts"], vote=vote)]


def _check_end(vote: Vote, payload: Payload) -> None:
    actions.require_posts(vote, [payload["post"]])


def _end(vote: Vote, payload: Payload, now: str) -> Mapping[str, Any]:
    post = actions.end_post(vote, payload["post"])
    return {"name": post.officer.name, "post": post.pk, "role": post.role}


def _tell_end(vote: Vote, payload: Payload) -> list[str]:
    return [_named(post) for post in Post.objects.select_related("officer").filter(pk=payload["post"], vote=vote)]


def _not_ones_own(vote: Vote, payload: Payload, post: Post) -> None:
    if post.pk == payload["post"]:
        raise errors.Unusable("one's own role is ended by two others")


def join() -> None:
    """Make the deeds known."""
    register(Deed(ADMIT, _("Admit people to their roles"), Role.COMMISSION, _check_admission, _admit, _tell_admission))
    register(Deed(END, _("End a role"), Role.COMMISSION, _check_end, _end, _tell_end, _not_ones_own))
