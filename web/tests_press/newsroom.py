"""Pages for tests."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from PIL import Image
from wagtail.models import PageViewRestriction

from sanduq_web.press.models import ArticlePage, FrontPage, PressImage, SectionPage

LANGUAGES = ["en", "az", "azb", "fa", "ar", "tr"]


def front(language: str) -> FrontPage:
    """The first site's front page in a language."""
    return FrontPage.objects.filter(locale__language_code=language).order_by("path")[0]


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
    if not slugify(title):  # addresses are in ASCII: whoever writes in another script gives one
        given.setdefault("slug", f"a{ArticlePage.objects.count()}")
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


def translated(page: Any, language: str, parent: Any, **more: Any) -> Any:
    """The translation of a page, published."""
    copy = page.copy_for_translation(parent.locale, copy_parents=True, exclude_fields=["translation_of"])
    for name, value in more.items():
        setattr(copy, name, value)
    copy.save_revision().publish()
    return type(copy).objects.get(pk=copy.pk)


def picture(title: str = "Shore", **more: Any) -> PressImage:
    """A picture of one colour."""
    out = io.BytesIO()
    Image.new("RGB", (1300, 900), (20, 90, 120)).save(out, "JPEG")
    given = {"description": "A grey shore", "credit": "A. Nother"} | more
    return PressImage.objects.create(title=title, file=ContentFile(out.getvalue(), "shore.jpg"), **given)


def not_yet(parent: SectionPage, how: str, **more: Any) -> ArticlePage:
    """An article that nobody may read: a draft, one that was withdrawn, one of tomorrow, one for some only."""
    if how == "draft":
        page = ArticlePage(
            **{"title": "Hidden", "summary": "Hidden", "body": [("paragraph", "<p>Hidden</p>")]} | more, live=False
        )
        page.locale = parent.locale
        parent.add_child(instance=page)
        page.save_revision()
        return page
    if how == "tomorrow":
        more["published_on"] = timezone.now() + timedelta(days=1)
    page = article(parent, **{"title": "Hidden", "summary": "Hidden", "text": "<p>Hidden</p>"} | more)
    if how == "withdrawn":
        page.unpublish()
    if how == "private":
        PageViewRestriction.objects.create(page=page, restriction_type="login")
    return ArticlePage.objects.get(pk=page.pk)


HIDDEN = ["draft", "withdrawn", "tomorrow", "private"]


def typed(**more: Any) -> dict[str, Any]:
    """What an editor's browser sends of an article."""
    from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

    bylines = more.pop("bylines", [])
    given = {
        "title": "The lake rises", "slug": "the-lake-rises", "kicker": "", "summary": "It is higher than last year.",
        "place": "", "published_on": "2026-03-01 08:00", "caption": "", "republished_from": "", "republished_url": "",
        "topics": "", "seo_title": "", "search_description": "", "go_live_at": "", "expire_at": "",
        "body": streamfield([("paragraph", more.pop("draft", None) or rich_text(more.pop("text", "<p>By a hand.</p>")))]),
        "bylines": inline_formset([{"byline": each.pk} for each in bylines]),
        "corrections": inline_formset([]), "attachments": inline_formset([]), "related": inline_formset([]),
    }  # fmt: skip
    found: dict[str, Any] = nested_form_data(given | more)
    return found


def typed_chapter(**more: Any) -> dict[str, Any]:
    """The same, of a chapter."""
    kept = ("title", "slug", "seo_title", "search_description", "go_live_at", "expire_at")
    return {name: value for name, value in typed(**more).items() if name in kept or name.startswith("body")}


def typed_publication(**more: Any) -> dict[str, Any]:
    """The same, of a publication."""
    return typed(**more) | {"kind": "booklet", "number": "", "issued_on": "2026-01-01", "edition": ""}


def written(client: Client, parent: SectionPage, **more: Any) -> ArticlePage:
    """An article that somebody wrote at the desk: a draft."""
    answer = client.post(f"/desk/pages/add/press/articlepage/{parent.pk}/", typed(**more))
    assert answer.status_code == 302, answer.text[answer.text.find("error") :][:2000]
    return ArticlePage.objects.order_by("-pk")[0]


def submitted(client: Client, page: ArticlePage, **more: Any) -> Any:
    """The same, saved once more, and given to the approvers."""
    return client.post(f"/desk/pages/{page.pk}/edit/", typed(**more) | {"action-submit": "1"})


def approved(client: Client, page: ArticlePage) -> Any:
    """What an approver's button sends."""
    state = page.current_workflow_task_state
    assert state is not None
    there = reverse("wagtailadmin_pages:workflow_action", args=(page.pk, "approve", state.pk))
    return client.post(there, {"comment": ""})
