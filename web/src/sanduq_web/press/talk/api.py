"""What pages ask: what is open, which comments are shown, which answers are published."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Count
from django.http import HttpRequest
from wagtail.models import Locale, Site

from sanduq_web.press.api import published
from sanduq_web.press.models import ArticlePage, Comment, CommentState, Enquiry
from sanduq_web.press.talk.sealing import usable


class Thread(NamedTuple):
    """A comment and the answers to it."""

    top: Comment
    replies: list[Comment]


def comments_open(page: ArticlePage | None = None) -> bool:
    """Whether comments are taken (under an article): somebody must hold the moderators' key."""
    keyed = usable(settings.SANDUQ_PRESS_MODERATORS, "SANDUQ_PRESS_MODERATORS")
    return keyed and (page is None or page.comments_open)


def enquiries_open() -> bool:
    """Whether the desk has a key."""
    return usable(settings.SANDUQ_PRESS_DESK, "SANDUQ_PRESS_DESK")


def subscribing_open() -> bool:
    """Whether the list has a key, and letters can be sent."""
    keyed = usable(settings.SANDUQ_PRESS_LIST, "SANDUQ_PRESS_LIST")
    return bool(keyed and settings.SANDUQ_PRESS_SMTP and settings.SANDUQ_PRESS_MAIL_FROM)


def threads_of(page: ArticlePage) -> list[Thread]:
    """What is shown under an article: the comments, each with its answers. Those of a refused comment are not shown."""
    shown = list(Comment.objects.filter(page_id=page.pk, state=CommentState.SHOWN).select_related("byline"))
    replies: dict[int, list[Comment]] = {}
    for each in shown:
        if each.reply_to_id is not None:
            replies.setdefault(each.reply_to_id, []).append(each)
    return [Thread(each, replies.get(each.pk, [])) for each in shown if each.reply_to_id is None]


def article(request: HttpRequest, number: int) -> ArticlePage | None:
    """An article of this site in the language of the address, if anybody may read it."""
    # By `id`, where a number that no database holds finds nothing; by `pk`, which stands for a reference, it would be an error.
    found = published().filter(id=number, locale=Locale.get_active()).first()
    if found is None or found.get_site() != Site.find_for_request(request):
        return None
    return found  # type: ignore[no-any-return]


def shown_comment(request: HttpRequest, number: int) -> Comment | None:
    """A comment that anybody may read."""
    found = Comment.objects.select_related("page", "reply_to").filter(pk=number, state=CommentState.SHOWN).first()
    if found is None or article(request, found.page_id) is None:
        return None
    if found.reply_to is not None and found.reply_to.state != CommentState.SHOWN:
        return None
    return found


def reported() -> Any:
    """Shown comments that somebody reported, the most reported first."""
    found = Comment.objects.filter(state=CommentState.SHOWN).annotate(times=Count("reports")).filter(times__gt=0)
    return found.select_related("page", "reply_to").prefetch_related("reports").order_by("-times", "pk")


def waiting() -> Any:
    """Comments that nobody read yet, the oldest first."""
    return Comment.objects.filter(state=CommentState.WAITING).select_related("page", "reply_to").order_by("pk")


def decided(state: str) -> Any:
    """Comments that moderators have shown or refused, the newest first."""
    found = Comment.objects.filter(state=state).select_related("page", "reply_to").prefetch_related("reports")
    return found.order_by("-pk")


def answer_to(reference_hash: str) -> Enquiry | None:
    """The enquiry with a reference number."""
    return Enquiry.objects.select_related("answered_by").filter(reference_hash=reference_hash).first()


def questions_and_answers(language: str) -> list[Enquiry]:
    """What the desk published, newest first."""
    found = Enquiry.objects.filter(published=True, language=language).exclude(answer="").select_related("answered_by")
    return list(found.order_by("-answered_on", "-pk")[:50])
