"""One-time codes by e-mail: each for one ballot, for a quarter of an hour, for five tries (docs/decisions/0014)."""

from __future__ import annotations

import logging
from http import HTTPStatus
from smtplib import SMTPException
from threading import BoundedSemaphore
from typing import Final

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext

from sanduq.roll import Hashed, is_pin, new_pin
from sanduq_web import clock
from sanduq_web.box.actions.asking import AGAIN, Said, fits, hash_of, refused, too_many
from sanduq_web.box.actions.forgetting import HOUR
from sanduq_web.box.models import Address, Code
from sanduq_web.problems import Busy, Problem
from sanduq_web.question.api import Place

HOLDS: Final = 900
TRIES: Final = 5
MAILS: Final = 5
_mailing: Final = BoundedSemaphore(8)
_log = logging.getLogger("sanduq_web.box")


def require_code(place: Place, credential: str, payload: str, said: Said) -> None:
    """Refuse unless the code that was sent for this very ballot came along; without one, see to it that there is one."""
    address = Address.objects.filter(archive_id=place.id, credential=bytes.fromhex(credential)).first()
    if address is None:
        raise _without_address(place)
    if said.code is None or said.code == AGAIN:
        _send(place, credential, payload, said, address.email)
        raise refused("CodeNeeded", "a code was sent by e-mail", "send the same ballot with it in Sanduq-Code")
    _check(place, credential, payload, said.code)


def _without_address(place: Place) -> Problem:
    if not Address.objects.filter(archive_id=place.id).exists():
        return Busy("this box has no addresses of this area: its operator must bring them", retry_after=60)
    hint = "ask the registrar"
    return Problem(HTTPStatus.FORBIDDEN, "no address is known for this credential", hint=hint, name="AddressUnknown")


def _bound(place: Place, credential: str, payload: str) -> str:
    return f"{place.area.uuid}|{credential}|{payload}"


def _check(place: Place, credential: str, payload: str, code: str) -> None:
    wrong = refused("CodeWrong", "this is not the code", "it stands in the last mail: eight digits")
    if not is_pin(code):
        raise wrong
    now = clock.seconds(clock.now())
    with transaction.atomic():
        rows = Code.objects.select_for_update()
        row = rows.filter(archive_id=place.id, credential=bytes.fromhex(credential)).first()
        if row is None or not _holds(row, payload, now):
            raise refused("CodeExpired", "there is no code that holds for this ballot", f"have one sent: Sanduq-Code: {AGAIN}")
        row.tries += 1
        row.save()
    if not fits(Hashed(bytes(row.salt), bytes(row.hash)), code, _bound(place, credential, payload)):
        raise wrong
    Code.objects.filter(pk=row.pk, salt=row.salt).update(tries=0)  # if the box fails now, the same code is sent again


def _holds(row: Code, payload: str, now: int) -> bool:
    return bytes(row.payload).hex() == payload and row.until > now and row.tries < TRIES


def _send(place: Place, credential: str, payload: str, said: Said, email: str) -> None:
    """Send a code, unless one that holds was sent already and no other is asked for."""
    if not (settings.SANDUQ_SMTP and settings.SANDUQ_MAIL_FROM):
        raise Busy("this box cannot send mail: its operator must set SANDUQ_SMTP and SANDUQ_MAIL_FROM", retry_after=60)
    code = new_pin()
    hashed = hash_of(code, _bound(place, credential, payload))
    if not _mailing.acquire(timeout=5):
        raise Busy("too many codes are being sent just now", retry_after=5)
    try:
        row = _count(place, credential, payload, said, hashed)
        if row is not None:
            _mail(row, email, code, said.language)
    finally:
        _mailing.release()


def _count(place: Place, credential: str, payload: str, said: Said, hashed: Hashed) -> Code | None:
    now = clock.seconds(clock.now())
    with transaction.atomic():
        rows = Code.objects.select_for_update()
        row, _ = rows.get_or_create(archive_id=place.id, credential=bytes.fromhex(credential))
        if _holds(row, payload, now) and said.code != AGAIN:
            return None
        if row.since + HOUR <= now:
            row.since, row.sent = now, 0
        if row.sent >= MAILS:
            raise too_many("as many codes were sent as may be in an hour", row.since + HOUR - now)
        row.payload, row.salt, row.hash = bytes.fromhex(payload), hashed.salt, hashed.hash
        row.until, row.tries, row.sent = now + HOLDS, 0, row.sent + 1
        row.save()
    return row


def _mail(row: Code, email: str, code: str, language: str) -> None:
    """The mail names no referendum, ballot or credential; its subject, which lies open on locked screens, not even a vote."""
    with translation.override(language):
        subject = gettext("One-time code")
        warning = gettext(
            "If you did not ask for it, somebody else has your credential. Give nobody the code, and tell the commission."
        )
        texts = [
            gettext("Your one-time code:"),
            code,
            gettext("Enter it in the voting booth within 15 minutes."),
            warning,
        ]
    headers = {"Auto-Submitted": "auto-generated"}
    try:
        EmailMessage(subject, "\n\n".join(texts) + "\n", settings.SANDUQ_MAIL_FROM, [email], headers=headers).send()
    except (SMTPException, OSError) as error:
        # What the server says may hold the address: only the kind of the error is kept.
        _log.error("a code could not be sent: %s", type(error).__name__)
        Code.objects.filter(pk=row.pk, salt=row.salt).update(sent=F("sent") - 1, until=0)
        raise Busy("the mail with the code could not be sent", retry_after=10) from None
