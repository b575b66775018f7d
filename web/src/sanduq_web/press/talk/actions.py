"""What is done: say, report, decide, ask, subscribe, leave. Each whole or not at all."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, timedelta
from typing import Final

from captcha.models import CaptchaStore
from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language

from sanduq import errors
from sanduq_web import clock, references
from sanduq_web.press.models import (
    ArticlePage,
    Byline,
    Comment,
    CommentState,
    Enquiry,
    Posted,
    Report,
    Subscriber,
    Tally,
)
from sanduq_web.press.models.bylines import BylineKind
from sanduq_web.press.talk import sealing

CONFIRM_DAYS: Final = 3
_POSTED_DAYS: Final = 2
_REFUSED_DAYS: Final = 30
_WAITING_DAYS: Final = 90


def today() -> date:
    """The day, of UTC."""
    return clock.moment(clock.now()).date()


def hashed(kind: str, secret: str) -> str:
    """What is kept of a secret that somebody else holds."""
    return hashlib.sha256(f"{kind} {secret}".encode()).hexdigest()


def was_posted(kind: str, token: str) -> bool:
    """Whether a form of a kind was taken with this token already. (Of that kind: another one passed another CAPTCHA.)"""
    return Posted.objects.filter(mark=hashed(f"form {kind}", token)).exists()


def first(kind: str, token: str) -> bool:
    """Mark a form as taken; not the first one, if it was."""
    return Posted.objects.get_or_create(mark=hashed(f"form {kind}", token), defaults={"on": today()})[1]


@transaction.atomic
def comment(page: ArticlePage, name: str, email: str, text: str, token: str, reply_to: Comment | None = None) -> None:
    """Keep a comment for the moderators; its address is sealed before anything is written."""
    sealed = sealing.seal({"email": email}, settings.SANDUQ_PRESS_MODERATORS, "SANDUQ_PRESS_MODERATORS", sealing.ADDRESS)
    if first("comment", token):
        Comment.objects.create(page=page, reply_to=reply_to, name=name, text=text, email_sealed=sealed, arrived_on=today())


@transaction.atomic
def report(of: Comment, reason: str, token: str) -> None:
    """Put a comment before the moderators again."""
    if first("report", token):
        Report.objects.create(comment=of, reason=reason)


@transaction.atomic
def decide(of: Comment, state: CommentState) -> None:
    """Show or refuse; reports are answered by that. Who decided is not kept, nor the address of a refused one."""
    of.state = state
    if state == CommentState.REFUSED:
        of.email_sealed = b""
    of.save()
    of.reports.all().delete()


def reply_as_desk(to: Comment, byline: Byline, text: str) -> Comment:
    """An answer of the newsroom, shown at once.

    Raises :class:`sanduq.errors.Unusable` under a byline that is neither a desk's nor a spokesperson's.
    """
    if byline.kind not in (BylineKind.DESK, BylineKind.SPOKESPERSON):
        raise errors.Unusable("the newsroom answers under the byline of a desk or of a spokesperson")
    top = to.reply_to or to
    return Comment.objects.create(
        page=to.page, reply_to=top, name=byline.name, byline=byline, text=text, arrived_on=today(), state=CommentState.SHOWN
    )


@transaction.atomic
def enquire(subject: str, text: str, email: str, token: str) -> str:
    """Seal an enquiry to the desk; gives its reference number, which is not kept."""
    reference = references.of_token(token)
    values = {"subject": subject, "text": text, "email": email}
    sealed = sealing.seal(values, settings.SANDUQ_PRESS_DESK, "SANDUQ_PRESS_DESK", sealing.TEXT)
    if first("enquiry", token):
        Enquiry.objects.get_or_create(
            reference_hash=references.hash_of(reference),
            defaults={"sealed": sealed, "language": get_language() or "", "arrived_on": today()},
        )
    return reference


@transaction.atomic
def subscribe(email: str, language: str, token: str) -> str | None:
    """Note an address, sealed, until its owner confirms it; gives the link's secret, or nothing if the form came before."""
    if not first("subscribe", token):
        return None
    leave, confirm = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
    values = {"email": email, "language": language, "leave": leave}
    Subscriber.objects.create(
        sealed=sealing.seal(values, settings.SANDUQ_PRESS_LIST, "SANDUQ_PRESS_LIST", sealing.ADDRESS),
        leave_hash=hashed("leave", leave),
        confirm_hash=hashed("confirm", confirm),
        asked_on=today(),
    )
    return confirm


@transaction.atomic
def forget_unsent(confirm: str, token: str) -> None:
    """As if nobody had asked: the mail could not be sent."""
    Subscriber.objects.filter(confirm_hash=hashed("confirm", confirm)).delete()
    Posted.objects.filter(mark=hashed("form subscribe", token)).delete()


def confirm(secret: str) -> bool:
    """The owner of an address wants the letters; whether the link was still good."""
    since = today() - timedelta(days=CONFIRM_DAYS)
    found = Subscriber.objects.filter(confirm_hash=hashed("confirm", secret), asked_on__gte=since)
    return bool(found.update(confirm_hash=None, asked_on=None))


def leave(secret: str) -> None:
    """No more letters; nothing is left of the address."""
    Subscriber.objects.filter(leave_hash=hashed("leave", secret)).delete()


@transaction.atomic
def clean() -> dict[str, int]:
    """Delete what is over; gives how many of each."""
    now = clock.moment(clock.now())
    day = today()
    waiting = Comment.objects.filter(state=CommentState.WAITING, arrived_on__lt=day - timedelta(days=_WAITING_DAYS))
    refused = Comment.objects.filter(state=CommentState.REFUSED, arrived_on__lt=day - timedelta(days=_REFUSED_DAYS))
    unconfirmed = Subscriber.objects.filter(asked_on__lt=day - timedelta(days=CONFIRM_DAYS), confirm_hash__isnull=False)
    over = {
        "pictures": CaptchaStore.objects.filter(expiration__lte=now),
        "unconfirmed addresses": unconfirmed,
        "comments that waited 90 days": waiting,
        "refused comments": refused,
        "counts": Tally.objects.filter(ends__lte=now),
        "marks of forms": Posted.objects.filter(on__lt=day - timedelta(days=_POSTED_DAYS)),
    }
    counts = {name: found.count() for name, found in over.items()}
    for found in over.values():
        found.delete()
    return counts
