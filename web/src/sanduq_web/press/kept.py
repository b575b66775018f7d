"""Whole pages, kept for the next reader: a token in the database says whether anything was written since.

A page is kept under the token that held *before* it was made. Whatever is saved or deleted in the tables that pages show gives
a new token within the same transaction, so a page that was kept before is not found any more, in any process. What appears by
its date alone ends the time for which a page is kept.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any, Final, TypeVar

from django.core.cache import caches
from django.db import DatabaseError
from django.db.models import Min
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.utils import timezone

from sanduq_web.press import edition

_LONGEST: Final = 60
"""Seconds: so old may be what changes by the hour, such as the days that are left."""
_ASKED: Final = frozenset({"page", "print"})
_OF_READERS: Final = frozenset({"press", "taggit"})
_PAGES: Final = frozenset({"page", "site", "locale", "pageviewrestriction"})
_NOT_SHOWN: Final = frozenset(
    {"account", "enquiry", "mailing", "posted", "pressrendition", "report", "subscriber", "tally", "token"}
)
"""What stands on no page that is kept. (Renditions are made when a page is first shown.) Were pages forgotten when somebody
sends a form, or types a password wrongly for an account that exists, everybody could see it by how long the next page takes.
"""

Answer = Callable[[HttpRequest], HttpResponseBase]
T = TypeVar("T")
Remember = Callable[[str, Callable[[], Any]], Any]
_remember: Final[ContextVar[Remember | None]] = ContextVar("press_remember", default=None)


def keep(response: HttpResponseBase) -> HttpResponseBase:
    """Mark an answer as the same for everybody, to be kept while nothing is written."""
    response.is_kept = True  # type: ignore[attr-defined]
    return response


def renew(**_: Any) -> None:
    """Forget all pages: from the end of this transaction, nobody is shown an older one."""
    from sanduq_web.press.models import Token

    value = secrets.token_hex(8)
    if not Token.objects.filter(pk=1).update(value=value):
        Token.objects.update_or_create(pk=1, defaults={"value": value})


def _written(sender: Any, raw: bool = False, **more: Any) -> None:
    label, name = sender._meta.app_label, sender._meta.model_name
    if raw or sender.__module__ == "__fake__":  # of a migration, before whose end the table may not be here
        return
    if more.get("created") and getattr(more["instance"], "state", "") == "waiting":
        return  # a comment or a signature, before an editor has read it
    if (label in _OF_READERS and name not in _NOT_SHOWN) or (label == "wagtailcore" and name in _PAGES):
        renew()


def connect() -> None:
    """Listen to what is written. (Pages that are moved tell so themselves.)"""
    from wagtail.signals import post_page_move

    for signal in (post_save, post_delete, m2m_changed):
        signal.connect(_written, dispatch_uid="press-kept")
    post_page_move.connect(renew, dispatch_uid="press-kept")


def remembered(name: str, make: Callable[[], T]) -> T:
    """What is the same for all requests while nothing is written, such as the sections; made anew outside of requests."""
    remember = _remember.get()
    found: T = make() if remember is None else remember(name, make)
    return found


@contextmanager
def remembering(remember: Remember) -> Iterator[None]:
    """What is :func:`remembered` within comes from ``remember``, which is given a name and what makes it."""
    outer = _remember.set(remember)
    try:
        yield
    finally:
        _remember.reset(outer)


def _by(token: str) -> Remember:
    """From the store, while a token holds."""

    def remember(name: str, make: Callable[[], Any]) -> Any:
        store, key = caches["pages"], f"{token}:{name}"
        found = store.get(key)
        if found is None:
            found = make()
            store.set(key, found, _LONGEST)
        return found

    return remember


def _token(request: HttpRequest) -> str | None:
    """The token that holds now; None if this is no plain read, such as an editor's preview, which has the page's own path."""
    from sanduq_web.press.models import Token

    if request.method != "GET" or getattr(request, "is_dummy", False):
        return None
    try:
        return Token.objects.values_list("value", flat=True).filter(pk=1).order_by().first()
    except DatabaseError:
        return None


def _key(request: HttpRequest, token: str) -> str | None:
    """Under what a page is kept; None for one that is asked for with more than pages know."""
    if not _ASKED.issuperset(request.GET):
        return None
    asked = sorted(request.GET.items())
    text = "\0".join([token, request.scheme or "", request.get_host(), request.path, repr(asked)])
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _until(now: datetime) -> float:
    """For how long what was made now holds: not beyond the moment at which the next article appears by its date."""
    from sanduq_web.press.models import ArticlePage

    due = ArticlePage.objects.filter(live=True, published_on__gt=now).aggregate(due=Min("published_on"))["due"]
    return float(_LONGEST) if due is None else min((due - now).total_seconds(), _LONGEST)


def kept(get_response: Answer) -> Answer:
    """Middleware: answers from what is kept."""
    store = caches["pages"]

    def answer(request: HttpRequest) -> HttpResponseBase:
        from sanduq_web.press.middleware import of_the_desk

        if edition.current.get() is not None or of_the_desk(request) or (token := _token(request)) is None:
            return get_response(request)
        key = _key(request, token)
        found = store.get(key) if key else None
        if found is None:
            now = timezone.now()
            with remembering(_by(token)):
                response = get_response(request)
            found = _taken(response) if key else None
            if key is None or found is None:
                return response
            seconds = _until(now) - (timezone.now() - now).total_seconds()
            if seconds > 0:
                store.set(key, found, seconds)
        return _told(request, *found)

    return answer


def _taken(response: HttpResponseBase) -> tuple[bytes, dict[str, str]] | None:
    """Body and headers of an answer that may be kept."""
    if not isinstance(response, HttpResponse) or not getattr(response, "is_kept", False) or response.status_code != 200:
        return None
    if response.cookies or "no-store" in response.get("Cache-Control", ""):
        return None
    body = response.content
    headers = dict(response.items())
    headers["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers.setdefault("Cache-Control", "no-cache")
    return body, headers


def _told(request: HttpRequest, body: bytes, headers: dict[str, str]) -> HttpResponse:
    if headers["ETag"] in request.headers.get("If-None-Match", ""):
        unchanged = {name: value for name, value in headers.items() if name != "Content-Type"}
        return HttpResponseNotModified(headers=unchanged)
    return HttpResponse(body, headers=headers)
