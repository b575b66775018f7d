"""Who wrote under a pseudonym is not in the database: such texts come from desk accounts, from their first word on.

An account of a person that ever touched a text, its translations or what it was copied from is in its revisions and entries.
So what counts is all that was, not who saves it now.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import parse_qsl

from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from wagtail.admin.models import EditingSession, FormState
from wagtail.models import Page, PageLogEntry, Revision, WorkflowState

from sanduq_web.press.models import ArticlePage, ChapterPage
from sanduq_web.press.models.accounts import is_desk
from sanduq_web.press.models.bylines import Byline, BylineKind
from sanduq_web.press.models.workflow import JUDGING

ONLY_DESK: Final = (
    "A text under a pseudonym is filed by a desk account: this one is a person's, and its name would stand in the database "
    "beside the text. Nothing of what you just changed was kept. Log in as the desk."
)
BEGUN: Final = (
    "This draft was begun under a personal account, or is a translation or copy of one that was: its revisions name a person. "
    "Copy the text into a new page as the desk, then delete this draft: a draft that was never published goes with its history."
)
_COPIED: Final = {"wagtail.copy", "wagtail.copy_for_translation", "wagtail.create_alias"}


def under_a_pseudonym(byline_ids: Iterable[int]) -> bool:
    """Whether one of the bylines is a pseudonym."""
    return Byline.objects.filter(pk__in=[each for each in byline_ids if each], kind=BylineKind.PSEUDONYM).exists()


def _whole(page: Any) -> Any:
    """The text that has bylines: a chapter is a part of its publication."""
    return page.get_parent().specific if isinstance(page, ChapterPage) else page


def is_pseudonymous(page: Any) -> bool:
    """Whether a page has a pseudonym: in its draft, where it is live, or in any of its versions."""
    page = _whole(page)
    if not isinstance(page, ArticlePage):
        return False
    ids = {each.byline_id for each in page.bylines.all()}
    for content in Revision.objects.for_instance(page).values_list("content", flat=True) if page.pk else []:
        ids |= {each.get("byline") for each in content.get("bylines", [])}
    return under_a_pseudonym(ids)


def _family(page: Any) -> set[int]:
    """The page, its translations, its chapters, and whatever any of them was copied from."""
    found: set[int] = set()
    open_ones = set(type(page)._base_manager.filter(translation_key=page.translation_key).values_list("pk", flat=True))
    open_ones |= {page.pk} if page.pk else set()
    while open_ones:
        pk = open_ones.pop()
        found.add(pk)
        for each in Page.objects.filter(pk=pk):
            open_ones |= set(each.get_descendants().values_list("pk", flat=True)) - found
        entries = PageLogEntry.objects.filter(page_id=pk, action__in=_COPIED)
        sources = {entry.data.get("source", {}).get("id") for entry in entries}
        open_ones |= {each for each in sources if each is not None} - found
    return found


def persons_in(page: Any) -> bool:
    """Whether the account of a person is anywhere in what the database has of a page."""
    pages = _family(_whole(page))
    names = [str(each) for each in pages]
    users = set(PageLogEntry.objects.filter(page_id__in=pages).exclude(action__in=JUDGING).values_list("user_id", flat=True))
    users |= set(Revision.objects.page_revisions().filter(object_id__in=names).values_list("user_id", flat=True))
    users |= set(Page.objects.filter(pk__in=pages).values_list("owner_id", flat=True)) | {page.owner_id}
    submitted = WorkflowState.objects.filter(base_content_type=ContentType.objects.get_for_model(Page), object_id__in=names)
    users |= set(submitted.values_list("requested_by_id", flat=True))
    return User.objects.filter(pk__in=[each for each in users if each]).exclude(account__shared=True).exists()


def persons_under(byline: Byline) -> bool:
    """Whether the account of a person is in any text that has, or ever had, this byline."""
    ids = set(ArticlePage.objects.filter(bylines__byline=byline).values_list("pk", flat=True))
    for pk, content in Revision.objects.page_revisions().values_list("object_id", "content").iterator():
        if any(each.get("byline") == byline.pk for each in content.get("bylines", [])):
            ids.add(int(pk))
    return any(persons_in(page) for page in ArticlePage.objects.filter(pk__in=ids))


def refusal(page: Any, byline_ids: Iterable[int], user: Any) -> str | None:
    """Why this user does not save this page under these bylines; None if nothing speaks against it."""
    if not under_a_pseudonym(byline_ids) and not (page.pk and is_pseudonymous(page)):
        return None
    if not is_desk(user):
        return ONLY_DESK
    return BEGUN if persons_in(page) else None


def guard(page: Any, user: Any) -> None:
    """For every revision that anybody saves, on whatever way.

    Raises :class:`PermissionDenied`, with the reason.
    """
    whole = _whole(page)
    if user is None or not isinstance(whole, ArticlePage):
        return
    reason = refusal(page, [each.byline_id for each in whole.bylines.all()], user)
    if reason:
        raise PermissionDenied(reason)


def forget_typed(user: Any) -> None:
    """What somebody typed for a preview is kept with the account for a day: not that of a text that was refused."""
    FormState.objects.filter(user=user).delete()
    EditingSession.objects.filter(user=user).delete()


def guard_typed(state: FormState) -> None:
    """Nor is it kept in the first place, where it has a pseudonym's byline.

    Raises :class:`PermissionDenied`, with the reason.
    """
    typed = parse_qsl(state.data)
    ids = [int(value) for name, value in typed if name.startswith("bylines-") and name.endswith("-byline") and value.isdigit()]
    if under_a_pseudonym(ids) and not is_desk(state.user):
        forget_typed(state.user)
        raise PermissionDenied(ONLY_DESK)
