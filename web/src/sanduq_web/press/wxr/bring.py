"""Writing what was read: posts become articles of a section, pages become information; each whole or not at all."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from anyascii import anyascii
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Site

from sanduq import errors
from sanduq_web.press.models import ArticleByline, ArticlePage, Byline, InfoPage, SectionPage
from sanduq_web.press.models.bylines import BylineKind
from sanduq_web.press.models.comments import NAME, TEXT, CommentState
from sanduq_web.press.models.comments import Comment as Kept
from sanduq_web.press.models.imported import ImportedItem
from sanduq_web.press.wxr.body import Body, Gallery, Picture, blocks_of, text_of
from sanduq_web.press.wxr.pictures import Missing, Pictures
from sanduq_web.press.wxr.reader import Comment, Export, Post
from sanduq_web.press.wxr.report import Line, Report

_SUMMARY_WORDS: Final = 45
_SUMMARY: Final = 500
_PARAGRAPH: Final = re.compile(r"<p>(.*?)</p>", re.DOTALL)
_DRAFT: Final = "draft"
_SCHEDULED: Final = "scheduled"
_PUBLISHED: Final = "published"


@dataclass(frozen=True)
class Place:
    """Where an export goes: a site, its front page in a language, a section under it."""

    site: Any
    front: Any
    section: Any


def place_of(host: str, port: int, language: str, section: str) -> Place:
    """The section of a site. Raises :class:`sanduq.errors.Unusable` for what is not there, and says what is."""
    site = Site.objects.filter(hostname=host, port=port).select_related("root_page").first()
    if site is None:
        known = ", ".join(f"{each.hostname}:{each.port}" for each in Site.objects.order_by("pk")) or "none"
        raise errors.Unusable(
            f"--site {host}:{port}: there is no such site; there is {known}", hint="sanduq-press site makes one"
        )
    fronts = {
        page.locale.language_code: page for page in site.root_page.get_translations(inclusive=True).select_related("locale")
    }
    if language not in fronts:
        raise errors.Unusable(f"--language {language}: the site has {', '.join(sorted(fronts))}")
    sections = {page.slug: page for page in SectionPage.objects.child_of(fronts[language])}
    if section not in sections:
        known = ", ".join(sorted(sections)) or "none"
        raise errors.Unusable(
            f"--section {section}: no section of that slug in {language}; there is {known}",
            hint="editors make sections at the desk",
        )
    return Place(site, fronts[language].specific, sections[section])


def keep_comments(page: Any, comments: tuple[Comment, ...]) -> int:
    """Stores the comments of an article; how many it stored. Pages of information have none here, as they had in WordPress."""
    if not isinstance(page, ArticlePage):
        return 0
    made: dict[int | None, Kept] = {}
    for each in sorted(comments, key=lambda comment: comment.number):
        above = made.get(each.reply_to)
        made[each.number] = Kept.objects.create(
            page=page,
            reply_to=above and (above.reply_to or above),  # one level: an answer to an answer stands under the same comment
            name=each.name[:NAME] or "—",
            text=each.text[:TEXT],
            arrived_on=(each.written or page.published_on).date(),
            state=CommentState.SHOWN,
        )
    return len(made)


def bring(export: Export, place: Place, media: Path | None = None, *, dry: bool = False, now: datetime | None = None) -> Report:
    """Writes all of an export, and says what became of each post. What was imported before is left alone."""
    return _Bringing(export, place, media, dry=dry, now=now or timezone.now()).all()


class _Bringing:
    """One import."""

    def __init__(self, export: Export, place: Place, media: Path | None, *, dry: bool, now: datetime) -> None:
        self._export = export
        self._place = place
        self._pictures = Pictures(export, media, dry=dry)
        self._dry = dry
        self._now = now
        self._report = Report(left=export.left)
        self._pages: dict[int, Any] = {}

    def all(self) -> Report:
        """Every post; a bad one does not stop the others."""
        for post in _parents_first(self._export.posts):
            line = Line(post.kind, post.title, post.address)
            self._report.lines.append(line)
            self._report.comments += len(post.comments)
            try:
                with transaction.atomic():
                    self._one(post, line)
            except ValidationError as error:
                line.result = "refused"
                line.remarks += [f"{name}: {' '.join(map(str, told))}" for name, told in _told(error)]
            except errors.SanduqError as refusal:
                line.result = "refused"
                line.remarks.append(str(refusal))
            except (DatabaseError, OSError, ValueError, RecursionError) as error:
                line.result = "refused"
                line.remarks.append(f"{type(error).__name__}: it could not be written")
        return self._report

    def _one(self, post: Post, line: Line) -> None:
        where = f"{self._place.front.pk} {post.guid} {post.number}"
        digest = hashlib.sha256(where.encode()).hexdigest()
        known = ImportedItem.objects.filter(digest=digest).select_related("page").first()
        if known is not None:
            line.result = "imported before"
            if known.page is not None:
                line.new = known.page.url or ""
                self._pages[post.number] = known.page.specific
            return
        body = blocks_of(post.content, post.title or "—")
        line.remarks = body.remarks
        state = self._state(post, body.say)
        blocks = list(self._blocks(post, body))
        if self._dry:
            line.result = f"would be imported ({state})"
            return
        page = self._article(post, body, blocks) if post.kind == "post" else InfoPage(body=blocks)
        self._write(page, post, state, body.say)
        if post.kind == "post" and post.sticky and state == _PUBLISHED:
            self._lead(page, body.say)
        ImportedItem.objects.create(digest=digest, page=page)
        line.result, line.new = f"imported ({state})", page.url or ""
        self._redirect(post, page)
        self._pages[post.number] = page
        self._comments(page, post, body.say)

    def _state(self, post: Post, say: Callable[[str], None]) -> str:
        """Published only what everybody could read: all else is a draft, until an editor publishes it."""
        if post.has_password:
            say("had a password: a draft now, without it")
            return _DRAFT
        if post.status == "future" and post.published is not None and post.published > self._now:
            return _SCHEDULED
        if post.status != "publish":
            say(f"was “{post.status[:20]}”: a draft")
            return _DRAFT
        return _PUBLISHED

    def _article(self, post: Post, body: Body, blocks: list[tuple[str, Any]]) -> Any:
        paragraphs = _PARAGRAPH.findall(" ".join(str(value) for kind, value in body.blocks if kind == "paragraph"))
        words = " ".join(map(text_of, paragraphs))
        picture, attachment = None, self._export.attachments.get(post.thumbnail or 0)
        caption = attachment.caption if attachment else ""
        if attachment is not None:
            try:
                picture = self._pictures.of_attachment(attachment)
            except Missing as missing:
                body.say(str(missing))
        if not (post.excerpt or words):
            body.say("it has no text of which a summary could be made")
        return ArticlePage(
            summary=_shortened(post.excerpt, 10_000) or _shortened(words, _SUMMARY_WORDS) or post.title[:_SUMMARY] or "—",
            published_on=post.published or self._now,
            picture=picture,
            caption=caption if picture else "",
            body=blocks,
            comments_open=post.comments_open,
        )

    def _blocks(self, post: Post, body: Body) -> Iterator[tuple[str, Any]]:
        """The blocks, with images for pictures. One that is not there is said; its caption stays as text."""
        for kind, value in body.blocks:
            if isinstance(value, Picture):
                yield from self._figure(partial(self._pictures.of_text, value), value.caption, body)
            elif isinstance(value, Gallery):
                files = self._export.attachments
                found = [files[n] for n in value.numbers if n in files] if value.numbers else []
                for each in found or [each for each in files.values() if each.parent == post.number]:
                    yield from self._figure(partial(self._pictures.of_attachment, each), each.caption, body)
            else:
                yield kind, value

    def _figure(self, find: Callable[[], Any], caption: str, body: Body) -> Iterator[tuple[str, Any]]:
        try:
            image = find()
        except Missing as missing:
            body.say(str(missing))
            return
        if image is not None:
            if not image.description:
                body.say(f"picture {image.title} has no description: whoever cannot see it has nothing of it")
            yield "figure", {"image": image, "caption": caption}

    def _write(self, page: Any, post: Post, state: str, say: Callable[[str], None]) -> None:
        parent = self._place.section
        if post.kind == "page":
            above = self._pages.get(post.parent)
            parent = above if isinstance(above, InfoPage) else self._place.front
        if not post.title:
            say("it had no title: its first words are one now")
        page.title = post.title[:255] or _shortened(getattr(page, "summary", "") or "—", 8)
        page.slug = _free_slug(parent, post)
        page.locale = self._place.front.locale
        page.live = False
        page.first_published_at = post.published if state == _PUBLISHED else None
        if state == _SCHEDULED:
            page.go_live_at = post.published
        parent.add_child(instance=page)
        if post.kind == "post":
            if post.author:
                page.bylines = [ArticleByline(byline=self._byline(post.author))]
            else:
                say("its author had no name but a login or an e-mail address: no byline")
            page.topics.add(*post.topics)
            page.save()
        revision = page.save_revision()
        if state != _DRAFT:
            revision.publish()

    def _byline(self, name: str) -> Byline:
        """Whether a name is somebody's own, WordPress does not know: so it is a desk's, which claims neither."""
        known = Byline.objects.filter(name=name).first()
        if known is not None:
            return known
        self._report.bylines.append(name)
        return Byline.objects.create(kind=BylineKind.DESK, name=name)

    def _lead(self, page: Any, say: Callable[[str], None]) -> None:
        front = self._place.front
        if front.lead_id is not None:
            say("was sticky; the front page has a lead already")
            return
        front.lead = page
        front.save_revision().publish()

    def _redirect(self, post: Post, page: Any) -> None:
        """The old path leads to the page, for those who move with their name."""
        path = urlsplit(post.address).path
        old = Redirect.normalise_path(path)
        # The old system's numbers (/?p=7) all have the path of the front page, which is taken.
        if path not in ("", "/") and not urlsplit(post.address).query and len(old) <= 255:
            Redirect.objects.get_or_create(old_path=old, site=self._place.site, defaults={"redirect_page": page})

    def _comments(self, page: Any, post: Post, say: Callable[[str], None]) -> None:
        kept = keep_comments(page, post.comments)
        self._report.comments_kept += kept
        if kept < len(post.comments):
            say(f"{len(post.comments) - kept} comments not imported: only articles have comments")


def _told(error: ValidationError) -> list[tuple[str, list[str]]]:
    if hasattr(error, "error_dict"):
        return list(error.message_dict.items())
    return [("", error.messages)]


def _parents_first(posts: tuple[Post, ...]) -> list[Post]:
    """Pages after those above them; posts in the order of the file."""
    pages = {post.number: post for post in posts if post.kind == "page"}

    def depth(post: Post) -> int:
        steps, above = 0, post.parent
        while above in pages and steps < len(pages):
            steps, above = steps + 1, pages[above].parent
        return steps

    return sorted(posts, key=lambda post: depth(post) if post.kind == "page" else 0)


def _shortened(text: str, words: int) -> str:
    """The first words, at most 500 characters, whole words."""
    parts = text.split()
    kept = parts[:words]
    while kept and len(" ".join(kept)) > _SUMMARY - 2:
        kept.pop()
    if parts and not kept:
        return text[: _SUMMARY - 1] + "…"
    return " ".join(kept) + (" …" if len(kept) < len(parts) else "")


def _free_slug(parent: Any, post: Post) -> str:
    """The post's slug in ASCII, as the addresses of the site are, and no sister's."""
    words = anyascii(unquote(post.name) or post.title).lower()
    plain = re.sub(r"[^a-z0-9_]+", "-", words).strip("-_")[:80].strip("-_")
    if not plain:
        plain = f"{post.kind}-{hashlib.sha256((post.guid or post.title).encode()).hexdigest()[:8]}"
    taken = set(parent.get_children().values_list("slug", flat=True))
    free, number = plain, 1
    while free in taken:
        number += 1
        free = f"{plain}-{number}"
    return free
