"""What is due: what waits for a second pair of eyes, what appears, what ends; by day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, PageLogEntry, TaskState
from wagtail.permissions import page_permission_policy

from sanduq_web.press.models import ArticlePage, SectionPage


class Due(NamedTuple):
    """Something that happens to a page."""

    when: datetime
    what: Any
    page: Any


def due(user: Any) -> list[tuple[date, list[Due]]]:
    """For the pages of the user's sections, the days that come, each with what happens on it (UTC, as the desk counts)."""
    mine = page_permission_policy.explorable_instances(user)
    now = timezone.now()
    found = [Due(each.approved_go_live_at, _("appears"), each.content_object) for each in _scheduled(mine)]
    found += [
        Due(each.published_on, _("approved; readers see it from then on"), each)
        for each in ArticlePage.objects.live().filter(published_on__gt=now, pk__in=mine)
    ]
    found += [Due(each.expire_at, _("disappears"), each) for each in mine.filter(live=True, expire_at__gt=now)]
    days: dict[date, list[Due]] = {}
    for each in sorted(found, key=lambda one: one.when):
        days.setdefault(each.when.date(), []).append(each)
    return list(days.items())


def sections(user: Any) -> list[Any]:
    """Where the user may begin a text."""
    found = SectionPage.objects.select_related("locale").order_by("path")
    return [each for each in found if each.permissions_for_user(user).can_add_subpage()]


def _scheduled(mine: Any) -> Any:
    from wagtail.models import Revision

    ids = [str(pk) for pk in mine.values_list("pk", flat=True)]
    return Revision.objects.page_revisions().filter(approved_go_live_at__isnull=False, object_id__in=ids)


def waiting(user: Any) -> list[Any]:
    """What waits for somebody's approval: since when, which page, and whether it is this user's to approve."""
    mine = set(page_permission_policy.explorable_instances(user).values_list("pk", flat=True))
    states = TaskState.objects.filter(status=TaskState.STATUS_IN_PROGRESS).select_related("workflow_state", "task")
    found = []
    for state in states.order_by("started_at"):
        page = state.workflow_state.content_object
        if isinstance(page, Page) and page.pk in mine:
            names = [name for name, *_more in state.task.specific.get_actions(page, user)]
            found.append(
                {"since": state.started_at, "page": page, "state": state.pk, "task": state.task_id, "yours": "approve" in names}
            )
    return found


def alone(user: Any) -> Any:
    """What administrators published or withdrew without a second pair of eyes, newest first."""
    mine = page_permission_policy.explorable_instances(user)
    entries = PageLogEntry.objects.filter(action__in=("press.alone", "press.withdraw"), page__in=mine)
    return entries.select_related("user").order_by("-timestamp")[:20]
