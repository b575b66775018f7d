"""Mails: the one that asks whether somebody wants the letters, and the letters.

**At most once.** Before a letter is handed to the mail server its row is marked, and that mark is on the disk; afterwards it is
marked as settled. Whoever is killed in between leaves one row of which nobody knows: it is counted, and gets no second letter.
(Once at least would be the other choice: then somebody gets two. Nobody can have exactly once over SMTP.)
"""

from __future__ import annotations

import smtplib
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import make_msgid
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import DateTimeField
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _
from django.utils.translation import override

from sanduq import errors
from sanduq_web import clock
from sanduq_web.press.api import published
from sanduq_web.press.models import Mailing, Subscriber
from sanduq_web.press.talk import limits, sealing

_MOST_ARTICLES: Final = 30
_TO_ONE: Final = 2
"""Confirmations to one address in an hour: else anybody could fill somebody's mailbox by us."""


class CannotSend(Exception):
    """The mail server did not take a mail. Says nothing more: its answers hold addresses."""


@dataclass
class Sent:
    """What a sending did."""

    articles: int = 0
    sent: int = 0
    refused: int = 0
    later: int = 0
    uncertain: int = 0
    unreadable: int = 0


def _message(to: str, subject: str, body: str, headers: dict[str, str] | None = None) -> EmailMessage:
    # Django's own Message-ID would tell the name of this machine.
    domain = settings.SANDUQ_PRESS_MAIL_FROM.rpartition("@")[2].strip("> ") or "localhost"
    own = {"Message-ID": make_msgid(domain=domain), **(headers or {})}
    return EmailMessage(subject, body, settings.SANDUQ_PRESS_MAIL_FROM, [to], headers=own)


def send_confirmation(email: str, address: str) -> None:
    """Ask the owner of an address, at once: the address is in memory only.

    Raises :class:`CannotSend`. An address that was asked twice in this hour is asked no more, and nobody is told.
    """
    try:
        limits.MEMORY.spend("address", email.casefold(), _TO_ONE)
    except limits.TooMany:
        return
    body = _(
        "Somebody asked that our newsletter be sent to this address.\n\n"
        "If it was you, open this page and press the button:\n%(address)s\n\n"
        "If not, do nothing: the address is deleted after three days."
    )
    try:
        _message(email, _("Do you want our newsletter?"), body % {"address": address}).send()
    except (smtplib.SMTPException, OSError):
        raise CannotSend from None


def send(identity: Any, language: str, site: str, pause: float, say: Callable[[str], None]) -> Sent:
    """Send what is new in a language to everybody who wants it; goes on where a sending was broken off.

    Raises :class:`sanduq.errors.Unusable` if the mail server gives up.
    """
    done = Sent()
    mailing = _mailing(language)
    articles = list(_articles(mailing)[:_MOST_ARTICLES])
    done.articles = len(articles)
    readers = _readers(identity, language, mailing.pk, done)
    if not articles:
        mailing.delete()
        return done
    say(f"letter {mailing.pk}: {len(articles)} articles in {language}, {len(readers)} subscribers")
    connection = get_connection()
    try:
        connection.open()
        for row, values in readers:
            _send_one(connection, mailing, row, _letter(values, articles, site), done)
            if pause:
                time.sleep(pause)
    except (smtplib.SMTPException, OSError):
        message = f"the mail server gave up after {done.sent} letters; run it again: it goes on, and sends to nobody twice"
        raise errors.Unusable(message) from None
    finally:
        connection.close()
    done.uncertain = Subscriber.objects.filter(mailing=mailing.pk, settled=False).count()
    # Servers that ask to come back later are asked once more, as long as others take letters: one of them holds nobody up.
    mailing.done = not (done.later and done.sent)
    mailing.save()
    return done


def _mailing(language: str) -> Mailing:
    """The one that was broken off, or a new one."""
    unfinished = Mailing.objects.filter(language=language, done=False).first()
    if unfinished is not None:
        return unfinished
    before = Mailing.objects.filter(language=language).order_by("-pk").first()
    until = clock.moment(clock.now())
    return Mailing.objects.create(language=language, since=before.until if before else None, until=until)


def _articles(mailing: Mailing) -> Any:
    """What came out in the time of a letter: by when it was put there, or by its date if that is later."""
    out = Greatest("first_published_at", "published_on", output_field=DateTimeField())
    found = published().filter(locale__language_code=mailing.language).annotate(out=out).filter(out__lte=mailing.until)
    return found.filter(out__gt=mailing.since) if mailing.since else found


def _readers(identity: Any, language: str, mailing: int, done: Sent) -> list[tuple[Subscriber, dict[str, str]]]:
    """Who gets it: of an address that is there twice, the newer row; what the older one has had, it has had."""
    found: dict[str, tuple[Subscriber, dict[str, str]]] = {}
    for row in Subscriber.objects.filter(confirm_hash__isnull=True).order_by("pk"):
        try:
            values = sealing.unseal(bytes(row.sealed), identity)
        except errors.Unusable:
            done.unreadable += 1
            continue
        if values["language"] != language:
            continue
        name = values["email"].casefold()
        if name in found:
            older = found[name][0]
            if older.mailing == mailing:
                row.mailing, row.settled = older.mailing, older.settled
                row.save()
            older.delete()
        found[name] = (row, values)
    return list(found.values())


def _address(page: Any, site: str) -> str:
    """Of an article on another site of this installation, that one's."""
    of = page.get_site()
    own = of.is_default_site or of.hostname == urlsplit(site).hostname
    return f"{site if own else of.root_url}{page.relative_url(of)}"


def _letter(values: dict[str, str], articles: list[Any], site: str) -> EmailMessage:
    leave = f"{site}/{values['language']}/subscribe/leave/{values['leave']}/"
    with override(values["language"]):
        parts = [f"{page.title}\n{page.summary}\n{_address(page, site)}" for page in articles]
        parts.append(_("To leave the newsletter, open this page and press the button:\n%(address)s") % {"address": leave})
        subject = _("New: %(title)s") % {"title": articles[0].title}
    headers = {"List-Unsubscribe": f"<{leave}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return _message(values["email"], subject, "\n\n".join(parts), headers)


def _send_one(connection: Any, mailing: Mailing, row: Subscriber, letter: EmailMessage, done: Sent) -> None:
    own = Subscriber.objects.filter(pk=row.pk)
    if not own.exclude(mailing=mailing.pk).update(mailing=mailing.pk, settled=False):
        return
    try:
        connection.send_messages([letter])
        done.sent += 1
    except smtplib.SMTPRecipientsRefused as error:
        if all(code < 500 for code, _why in error.recipients.values()):
            own.update(mailing=row.mailing, settled=True)  # surely not sent: next time
            done.later += 1
            return
        done.refused += 1
    except smtplib.SMTPResponseException:
        own.update(mailing=row.mailing, settled=True)
        raise
    own.update(settled=True)
