"""What other apps and the screens ask of the office."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sanduq_web.console.office.models import Act, Officer, Post, Proposal, Role, Vote


@dataclass(frozen=True)
class Desk:
    """Who is at work on what: an officer's post in a vote (an operator's: of the site, where ``vote`` is None)."""

    officer: Officer
    post: Post
    vote: Vote | None

    @property
    def role(self) -> Role:
        """The post's role."""
        return Role(self.post.role)

    @property
    def of(self) -> Vote:
        """The vote, where there must be one."""
        if self.vote is None:
            raise ValueError("this desk is of no vote")
        return self.vote


def officer_of(user: Any) -> Officer | None:
    """The officer of a user, if it has a post."""
    return Officer.objects.filter(user_id=user.pk).first() if user.is_authenticated else None


def posts(officer: Officer) -> list[Post]:
    """Posts that are not ended, by the names of their votes."""
    found = Post.objects.filter(officer=officer, ended_at=None).select_related("vote", "officer")
    return sorted(found, key=lambda post: (post.vote.name if post.vote else "", post.pk))


def people(vote: Vote | None) -> list[Post]:
    """Everybody who has or had a post in a vote, by role and name."""
    found = Post.objects.filter(vote=vote).select_related("officer")
    order = list(Role)
    return sorted(found, key=lambda post: (post.ended_at is not None, order.index(Role(post.role)), post.officer.name))


def acts(vote: Vote | None) -> Iterator[dict[str, Any]]:
    """The journal of acts, the oldest first."""
    for text in Act.objects.filter(vote=vote).order_by("height").values_list("text", flat=True):
        yield json.loads(bytes(text))


def journal(vote: Vote | None) -> bytes:
    """The journal of acts as a file, a line each."""
    texts = Act.objects.filter(vote=vote).order_by("height").values_list("text", flat=True)
    return b"".join(bytes(text) + b"\n" for text in texts)


def open_proposals(vote: Vote) -> list[Proposal]:
    """What waits for a second person, the oldest first."""
    found = Proposal.objects.filter(vote=vote, done_at=None, withdrawn_at=None).select_related("by__officer")
    return list(found.order_by("at"))
