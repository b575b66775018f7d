"""Pages for tests."""

from __future__ import annotations

from typing import Any

from django.test import Client
from wagtail.models import Locale

from sanduq_web.press.models import ArticlePage, FrontPage, SectionPage

LANGUAGES = ["en", "az", "azb", "fa", "ar", "tr"]


def front(language: str) -> FrontPage:
    """The front page in a language."""
    return FrontPage.objects.get(locale=Locale.objects.get(language_code=language))


def publish(page: Any, parent: Any) -> Any:
    """A page under another one, published."""
    page.locale = parent.locale
    parent.add_child(instance=page)
    page.save_revision().publish()
    return page


def section(language: str, **more: Any) -> SectionPage:
    """A section for news."""
    return publish(SectionPage(**{"title": "News", "slug": "news"} | more), front(language))


def article(parent: SectionPage, title: str = "The lake is lower", **more: Any) -> ArticlePage:
    """An article with a summary and a paragraph."""
    text = more.pop("text", "<p>By a hand.</p>")
    given = {"summary": "It is lower than last year.", "body": [("paragraph", text)]} | more
    return publish(ArticlePage(title=title, **given), parent)


def member(name: str, role: str, sections: list[str], *, shared: bool = False) -> Client:
    """A browser in which a new account is logged in, with its second factor."""
    from django.contrib.auth.models import User
    from django_otp import DEVICE_ID_SESSION_KEY
    from django_otp.plugins.otp_totp.models import TOTPDevice

    from sanduq_web.press.desk.accounts import make_account

    user: User = make_account(name, role, sections, shared=shared).user
    user.account.first_password_until = None
    user.account.save()
    device = TOTPDevice.objects.create(user=user, name="telephone", confirmed=True)
    client = Client()
    client.force_login(user)
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = device.persistent_id
    session.save()
    return client
