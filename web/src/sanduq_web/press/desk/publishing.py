"""How an approved text goes out: by the workflow alone, as no group may publish by itself."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from wagtail.actions.unpublish_page import UnpublishPageAction


def publish_approved(workflow_state: Any, user: Any = None) -> None:
    """What the workflow does at its end; at once, or at the time that the text says.

    Raises :class:`PermissionDenied` where nobody else has approved this version, whatever steps the workflow was given.
    """
    # (Wagtail loads this file while it loads its models.)
    from wagtail.models import TaskState

    from sanduq_web.press.models.workflow import SecondPair

    revision = workflow_state.content_object.get_latest_revision()
    seen = workflow_state.task_states.filter(revision=revision, status=TaskState.STATUS_APPROVED)
    if not any(isinstance(each.task.specific, SecondPair) for each in seen.select_related("task")):
        raise PermissionDenied("no second pair of eyes has approved this version")
    revision.publish(user=user, skip_permission_checks=True)


def take_down(page: Any, user: Any) -> None:
    """Readers no longer find it."""
    UnpublishPageAction(page, user=user).execute(skip_permission_checks=True)
