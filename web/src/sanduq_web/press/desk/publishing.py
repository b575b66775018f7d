"""How an approved text goes out: by the workflow alone, as no group may publish by itself."""

from __future__ import annotations

from typing import Any

from wagtail.actions.unpublish_page import UnpublishPageAction


def publish_approved(workflow_state: Any, user: Any = None) -> None:
    """What the workflow does at its end; at once, or at the time that the text says."""
    workflow_state.content_object.get_latest_revision().publish(user=user, skip_permission_checks=True)


def take_down(page: Any, user: Any) -> None:
    """Readers no longer find it."""
    UnpublishPageAction(page, user=user).execute(skip_permission_checks=True)
