"""Verbs of the office: inviting, taking up an invitation, ending a post, writing an act down, proposing, confirming."""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta
from smtplib import SMTPException
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.core.validators import validate_email
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from sanduq import errors
from sanduq.question.setup import canonical, hidden_in
from sanduq_web import clock
from sanduq_web.console.office.api import Desk
from sanduq_web.console.office.deeds import KNOWN, Deed
from sanduq_web.console.office.models import Act, Invitation, Officer, Post, Proposal, Role, Vote

_log = logging.getLogger("sanduq_web")
_LASTS: Final = timedelta(days=7)
_PROPOSED_FOR: Final = timedelta(days=7)
_MOST: Final = 1 << 16
"""Bytes of an act's details, and of what is proposed."""


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


# --- the journal of acts -----------------------------------------------------------------------------------------------------


def write_down(desk: Desk | None, act: str, details: Mapping[str, Any] | None = None, vote: Vote | None = None) -> None:
    """Append an act to the journal of a vote, or of the site, within the caller's transaction. Details hold no secrets, no
    e-mail address and no voter. ``desk`` None: the command line, or the calendar. ``vote``: of another vote than the desk's, as
    an operator's is of none.
    """
    of = vote or (desk.vote if desk else None)
    if of is not None:
        Vote.objects.select_for_update().only("id").get(pk=of.pk)
    last = Act.objects.filter(vote=of).order_by("-height").first()
    by = {"name": desk.officer.name, "post": desk.post.pk, "role": desk.role.value} if desk else None
    text = canonical(
        {
            "act": act,
            "by": by,
            "details": dict(details or {}),
            "height": last.height + 1 if last else 0,
            "parent": _sha256(bytes(last.text)) if last else None,
            "time": clock.now(),
        }
    )
    if len(text) > _MOST:
        raise ValueError(act)
    Act.objects.create(vote=of, height=last.height + 1 if last else 0, text=text)


# --- people ------------------------------------------------------------------------------------------------------------------


def one_line(text: str, what: str, longest: int = 120) -> str:
    """A line of plain text as somebody typed it. Raises :class:`sanduq.errors.Unusable` for what is none."""
    found = text.strip()
    if not 1 <= len(found) <= longest or hidden_in(found) is not None or "\n" in found:
        raise errors.Unusable(f"{what}: expected one line of 1 to {longest} characters")
    return found


@transaction.atomic
def make_vote(desk: Desk | None, name: str) -> Vote:
    """A vote in which nobody has a post yet."""
    vote = Vote.objects.create(name=one_line(name, "name"))
    write_down(desk, "vote-made", {"vote": str(vote.pk)})
    write_down(desk, "vote-made", vote=vote)
    return vote


@transaction.atomic
def invite(desk: Desk | None, email: str, name: str, role: Role, vote: Vote | None) -> tuple[Invitation, str]:
    """An invitation, and the token that goes into its link: it is kept nowhere. One that was open for the same address ends."""
    if (vote is None) != (role is Role.OPERATOR):
        raise errors.Unusable("an operator is of the site, everybody else of a vote")
    address = _address(email)
    if Post.objects.filter(officer__user__username=address, vote=vote, ended_at=None).exists():
        raise errors.Unusable("whoever has this address has a role here already", hint="end it first")
    token = secrets.token_urlsafe(32)
    now = timezone.now()
    Invitation.objects.filter(email=address, vote=vote, used_at=None, withdrawn_at=None).update(withdrawn_at=now)
    made = Invitation.objects.create(
        email=address,
        name=one_line(name, "name"),
        vote=vote,
        role=role,
        # Else one of the commission could invite a second self, and confirm what it proposes. An observer confirms nothing.
        admitted=desk is None or desk.role is not Role.COMMISSION or role is Role.OBSERVER,
        token_sha256=_sha256(token.encode()),
        until=now + _LASTS,
    )
    write_down(desk, "invited", {"name": made.name, "role": role.value}, vote)
    return made, token


def _address(email: str) -> str:
    address = email.strip().casefold()
    try:
        validate_email(address)
    except ValidationError:
        raise errors.Unusable("e-mail address: expected name@domain") from None
    return address


def invitation(token: str) -> Invitation:
    """The invitation of a token. Raises :class:`sanduq.errors.Unusable` if it is none, or over."""
    found = Invitation.objects.select_related("vote").filter(token_sha256=_sha256(token.encode())).first()
    if found is None or not found.is_open:
        raise errors.Unusable("this invitation is none, was used, or is over", hint="ask for a new one")
    return found


@transaction.atomic
def withdraw_invitation(desk: Desk, number: int) -> None:
    """Nobody can take it up any more."""
    found = Invitation.objects.select_for_update().filter(pk=number, vote=desk.vote, used_at=None, withdrawn_at=None).first()
    if found is None:
        raise errors.Unusable("there is no such open invitation")
    found.withdrawn_at = timezone.now()
    found.save()
    write_down(desk, "invitation-withdrawn", {"name": found.name, "role": found.role})


@transaction.atomic
def take_up(token: str, password: str | None, user: User | None) -> Post:
    """Make the post of an invitation: for who is signed in (``user``) if the address is theirs, else for a new account."""
    # Of two who open it at the same time, the second one finds that it was used.
    Invitation.objects.select_for_update().filter(token_sha256=_sha256(token.encode())).first()
    found = invitation(token)
    if user is None:
        if password is None or User.objects.filter(username=found.email).exists():
            raise errors.Unusable("there is an account of this address: sign in first, and open the link again")
        user = User.objects.create_user(found.email, password=password)
        officer = Officer.objects.create(user=user, name=found.name)
    else:
        if user.username != found.email:
            raise errors.Unusable("this invitation is for another address")
        officer = Officer.objects.get(user=user)
    if Post.objects.filter(officer=officer, vote=found.vote, ended_at=None).exists():
        raise errors.Unusable("you have a role in this vote already")
    post = Post.objects.create(officer=officer, vote=found.vote, role=found.role, admitted=found.admitted)
    found.used_at = timezone.now()
    found.save()
    write_down(Desk(officer, post, found.vote), "post-taken-up")
    return post


def require_posts(vote: Vote, numbers: Sequence[int], **those: Any) -> list[Post]:
    """Posts of a vote that are not ended, all of them there. Raises :class:`sanduq.errors.Unusable` else."""
    found = list(Post.objects.select_related("officer").filter(pk__in=numbers, vote=vote, ended_at=None, **those))
    if not numbers or len(found) != len(set(numbers)):
        raise errors.Unusable("there is no such post", hint="it was ended, or admitted already")
    return found


def admit(vote: Vote, numbers: Sequence[int]) -> list[str]:
    """From now on they may do what their roles allow; gives their names. Within the caller's transaction."""
    posts = require_posts(vote, numbers, admitted=False)
    Post.objects.filter(pk__in=[post.pk for post in posts]).update(admitted=True)
    return sorted(post.officer.name for post in posts)


def end_post(vote: Vote, number: int) -> Post:
    """End somebody's post, with their sessions and what they have proposed. Within the caller's transaction."""
    (post,) = require_posts(vote, [number])
    post.ended_at = timezone.now()
    post.save()
    Proposal.objects.filter(by=post, done_at=None, withdrawn_at=None).update(withdrawn_at=timezone.now())
    sign_out_everywhere(post.officer.user_id)
    return post


def sign_out_everywhere(user_id: int) -> None:
    """No session of a user goes on."""
    for session in Session.objects.all():
        if session.get_decoded().get("_auth_user_id") == str(user_id):
            session.delete()


# --- deeds -------------------------------------------------------------------------------------------------------------------


def _deed(name: str) -> Deed:
    if name not in KNOWN:
        raise errors.Unusable(f"there is no deed {name[:40]!a}")
    return KNOWN[name]


@transaction.atomic
def propose(desk: Desk, name: str, payload: Mapping[str, Any]) -> Proposal:
    """Propose a deed. It is checked now, so that nobody is asked to confirm what cannot be done."""
    deed = _deed(name)
    if desk.role is not deed.role:
        raise errors.Unusable(f"this is for the {deed.role.value}")
    text = canonical(dict(payload))
    if len(text) > _MOST:
        raise errors.Unusable("what is proposed is too long")
    Vote.objects.select_for_update().get(pk=desk.of.pk)
    _drop_old(desk.of)
    if Proposal.objects.filter(vote=desk.of, deed=name, done_at=None, withdrawn_at=None).exists():
        raise errors.Unusable("this is proposed already", hint="confirm or withdraw that first")
    deed.may(desk.of, payload, desk.post)
    deed.check(desk.of, payload)
    made = Proposal.objects.create(vote=desk.of, deed=name, payload=dict(payload), sha256=_sha256(text), by=desk.post)
    write_down(desk, "proposed", {"deed": name, "payload_sha256": made.sha256, "proposal": made.pk})
    return made


def _drop_old(vote: Vote) -> None:
    old = Proposal.objects.filter(vote=vote, done_at=None, withdrawn_at=None, at__lt=timezone.now() - _PROPOSED_FOR)
    old.update(withdrawn_at=timezone.now())


@transaction.atomic
def confirm(desk: Desk, number: int, sha256: str) -> Proposal:
    """Do what another person of the same role proposed; ``sha256`` is of what this one has read."""
    Vote.objects.select_for_update().get(pk=desk.of.pk)
    _drop_old(desk.of)
    found = _open(desk, number)
    deed = _deed(found.deed)
    if desk.role is not deed.role:
        raise errors.Unusable(f"this is for the {deed.role.value}")
    if found.by.officer_id == desk.officer.pk:
        raise errors.Unusable("another person must confirm this", hint="not the one who proposed it")
    if not secrets.compare_digest(found.sha256, sha256):
        raise errors.Unusable("this is not what was proposed", hint="read it again")
    deed.may(desk.of, found.payload, desk.post)
    deed.check(desk.of, found.payload)
    found.confirmed_by = desk.post
    found.save()  # a deed may ask whose it is
    told = deed.do(desk.of, found.payload, clock.now())
    found.done_at = timezone.now()
    found.save()
    details = {"deed": found.deed, "payload_sha256": found.sha256, "proposal": found.pk, "proposed_by": found.by.officer.name}
    write_down(desk, "done", details | {"of": dict(told)})
    return found


def _open(desk: Desk, number: int) -> Proposal:
    query = Proposal.objects.select_for_update(of=("self",)).select_related("by__officer")
    found = query.filter(pk=number, vote=desk.of, done_at=None, withdrawn_at=None).first()
    if found is None:
        raise errors.Unusable("there is nothing to confirm: it was done, withdrawn, or is over")
    return found


@transaction.atomic
def withdraw(desk: Desk, number: int) -> None:
    """Take back what was proposed: anybody of the same role may."""
    found = _open(desk, number)
    if desk.role is not _deed(found.deed).role:
        raise errors.Unusable("this is not yours to withdraw")
    found.withdrawn_at = timezone.now()
    found.save()
    write_down(desk, "withdrawn", {"deed": found.deed, "proposal": found.pk})


def send(made: Invitation, token: str, by: str) -> bool:
    """Send an invitation, in the language of whoever invites; whether it went. The code stands in the text, in no address."""
    if not settings.SANDUQ_SMTP:
        return False
    told = {"invitation": made, "code": token, "by": by, "address": settings.SANDUQ_CONSOLE_ADDRESS, "language": get_language()}
    text = render_to_string("office/invitation.txt", told)
    try:
        send_mail(gettext("Invitation"), text, settings.SANDUQ_MAIL_FROM, [made.email])
    except (OSError, SMTPException) as error:
        _log.warning("an invitation was not sent: %s", type(error).__name__)
        return False
    return True


@transaction.atomic
def begin_again(email: str) -> str:
    """For who lost password or telephone: both are forgotten, no session goes on; gives a new password.

    It is for the operator's command line: whoever asks must have been recognised in another way.
    """
    officer = Officer.objects.select_related("user").filter(user__username=_address(email)).first()
    if officer is None:
        raise errors.Unusable("there is no account of this address")
    password = secrets.token_urlsafe(15)
    officer.user.set_password(password)
    officer.user.save()
    TOTPDevice.objects.filter(user=officer.user).delete()
    StaticDevice.objects.filter(user=officer.user).delete()
    sign_out_everywhere(officer.user_id)
    for post in Post.objects.filter(officer=officer, ended_at=None).select_related("vote"):
        write_down(None, "second-factor-forgotten", {"name": officer.name}, post.vote)
    return password
