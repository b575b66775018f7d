"""A press site on which everything that must not come out says so: drafts, people, files as they came, what waits."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image
from wagtail.models import Comment as Remark
from wagtail.models import PageViewRestriction, WorkflowState

import papers
from letter_rig import letter, signature
from letter_rig import send as send_signature
from newsroom import HIDDEN, article, front, member, not_yet, picture, publish, section, submitted, translated, written
from papers import PERSON
from sanduq_web.press.models import (
    ArticlePage,
    Attachment,
    Byline,
    ChapterPage,
    Comment,
    CommentState,
    Enquiry,
    PressDocument,
    PressImage,
    PublicationPage,
    Subscriber,
)  # fmt: skip

CANARY = "zqcanary"
"""Stands wherever nobody may read; nothing public has it."""
READ = "Grebes of the lake"
"""A headline that everybody may read."""
DAY = date(2026, 1, 2)


def sow(reader: Any) -> None:
    """The public pages, and around them what is not."""
    story = _public()
    _pages(story)
    _history(story)
    _people(story, reader)


def _public() -> ArticlePage:
    photo = PressImage.objects.create(
        title="Shore", description="A shore", credit="A. Nother", file=ContentFile(_photo(), f"{CANARY}-{PERSON}.jpg")
    )
    story: Any = article(
        section("en"), READ, slug="grebes", picture=photo, text="<p>They build <b>rafts</b>.</p>", published_on=_ago(days=2)
    )
    for name, made in (("a.pdf", papers.pdf), ("b.docx", papers.docx), ("c.xlsx", papers.xlsx), ("d.odt", papers.odt)):
        paper = PressDocument.objects.create(title=f"Paper {name[0]}", file=ContentFile(made(), f"{CANARY}{name}"))
        story.attachments.add(Attachment(document=paper))
    story.topics.add("Lakes")
    story.save_revision().publish()
    translated(story, "fa", front("fa"), slug="darya", title="کتاب دریاچه", published_on=_ago(days=2))
    for n in range(12):
        article(story.get_parent(), f"Story {n}", published_on=_ago(days=3, hours=n))
    book = publish(
        PublicationPage(
            title="Herons", summary="All.", kind="booklet", issued_on=DAY, body=[("paragraph", "<p>Now.</p>")], picture=photo
        ),
        section("en", title="Books", slug="books", kind="publication"),
    )
    publish(ChapterPage(title="Wings", body=[("paragraph", "<p>Feathers.</p>")]), book)
    return ArticlePage.objects.get(pk=story.pk)


def _photo() -> bytes:
    """A photograph as a telephone makes it: of whom, where."""
    exif = Image.Exif()
    exif[0x010E], exif[0x013B] = CANARY, PERSON
    exif.get_ifd(0x8825).update({1: "N", 2: (38.0, 4.0, 12.0), 3: "E", 4: (46.0, 17.0, 45.0), 27: CANARY.encode()})
    out = io.BytesIO()
    Image.new("RGB", (1300, 900), (20, 90, 120)).save(out, "JPEG", exif=exif, comment=CANARY.encode())
    return out.getvalue()


def _ago(**difference: int) -> Any:
    return timezone.now() - timedelta(**difference)


def _pages(story: Any) -> None:
    news = story.get_parent().specific
    for how in HIDDEN:
        given = {"title": f"{CANARY} {how}", "slug": f"{CANARY}-{how}", "summary": CANARY, "text": f"<p>{CANARY}</p>"}
        given.pop("text") if how == "draft" else None
        page = not_yet(news, how, **given)
        page.topics.add(f"{CANARY} topic")
        page.picture = picture(f"{CANARY} picture", description=CANARY, credit=CANARY)
        page.save()
    section("en", title=f"{CANARY} section", slug=f"{CANARY}-section").unpublish()
    hidden = section("en", title=f"{CANARY} for some", slug=f"{CANARY}-some")
    PageViewRestriction.objects.create(page=hidden, restriction_type="password", password=f"{CANARY} word")
    article(hidden, f"{CANARY} below", slug=f"{CANARY}-below")
    article(news, f"{CANARY} over", slug=f"{CANARY}-over", expire_at=timezone.now() - timedelta(hours=1)).unpublish()
    PressDocument.objects.create(title=f"{CANARY} paper", file=ContentFile(f"{CANARY}\n".encode(), "levels.csv"))
    Byline.objects.create(kind="pseudonym", name=f"{CANARY} byline", about=CANARY)


def _history(story: Any) -> None:
    """Earlier and later texts of what is public, and what editors said of it."""
    ada = User.objects.create_superuser(f"{CANARY}-account", f"{CANARY}@press.example", f"{CANARY}" * 3)
    ada.first_name = ada.last_name = CANARY
    ada.save()
    for summary in (f"{CANARY} before", story.summary, f"{CANARY} later"):
        text = story.get_latest_revision_as_object()
        text.summary = summary
        revision = text.save_revision(user=ada, log_action=True)
        if summary != f"{CANARY} later":
            revision.publish(user=ada)
    Remark.objects.create(page=story, user=ada, text=f"{CANARY} remark", contentpath="summary", position="")
    writer = member(f"{CANARY}-writer", "editor", ["en/news"])

    waits = written(writer, story.get_parent().specific, title=f"{CANARY} waits", slug=f"{CANARY}-waits")
    submitted(writer, waits, title=f"{CANARY} waits", slug=f"{CANARY}-waits", summary=CANARY)
    assert WorkflowState.objects.exists()


def _people(story: Any, reader: Any) -> None:
    sealed = f"{CANARY} sealed".encode()
    for n, state in enumerate(each for each in CommentState if each != CommentState.SHOWN):
        Comment.objects.create(page=story, name=f"{CANARY} {n}", text=CANARY, email_sealed=sealed, arrived_on=DAY, state=state)
    Comment.objects.create(
        page=story, name="Aylin", text="I saw three.", email_sealed=sealed, arrived_on=DAY, state=CommentState.SHOWN
    )
    Enquiry.objects.create(reference_hash=CANARY * 8, sealed=sealed, language="en", arrived_on=DAY, answer=CANARY)
    Subscriber.objects.create(sealed=sealed, leave_hash=CANARY + "1" * 50, confirm_hash=CANARY + "2" * 50, asked_on=DAY)
    page = letter()
    for n, name in enumerate((f"{CANARY} society", f"{CANARY} club")):
        send_signature(reader, page, signature(reader, page, n + 1, name))
    declined = page.cosignatures.order_by("pk")[0]
    declined.state = "declined"
    declined.save()


def cells() -> list[str]:
    """Secrets of the tables: hashes of passwords, keys of sessions, secrets of second factors."""
    from django_otp.plugins.otp_totp.models import TOTPDevice

    found = [*User.objects.values_list("password", flat=True), *Session.objects.values_list("session_key", flat=True)]
    found += [each.rpartition("$")[2] for each in found if "$" in each]
    found += TOTPDevice.objects.values_list("key", flat=True)
    return [each for each in found if len(each) > 8]
