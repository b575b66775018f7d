"""Two pairs of eyes: whoever worked on a text since it was last published does not approve it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _
from wagtail.models import GroupPagePermission, PageLogEntry, Task, TaskState

# What somebody may do with a text without having worked on it.
JUDGING = frozenset(
    [
        "wagtail.publish", "wagtail.publish.schedule", "wagtail.publish.scheduled", "wagtail.schedule.cancel",
        "wagtail.rename",  # written down when a new title is published, with whoever published it
        "wagtail.unpublish", "wagtail.unpublish.scheduled", "wagtail.lock", "wagtail.unlock", "wagtail.workflow.approve",
        "wagtail.workflow.reject", "wagtail.workflow.resume", "wagtail.workflow.cancel", "press.withdraw", "press.alone",
    ]
)  # fmt: skip


def worked_on(page: Any) -> set[int]:
    """The users who wrote any of what is not published yet."""
    revisions = page.revisions.all()
    entries = PageLogEntry.objects.filter(page=page.pk).exclude(action__in=JUDGING)
    if page.live and page.live_revision is not None:
        # An entry is written after what it is about: those of the live version are older than its publication.
        revisions = revisions.filter(created_at__gt=page.live_revision.created_at)
        entries = entries.filter(timestamp__gt=page.last_published_at)
    found = {*revisions.values_list("user_id", flat=True), *entries.values_list("user_id", flat=True)}
    return {each for each in found if each is not None}


def approves_here(page: Any, user: Any) -> bool:
    """Whether a user is an approver of the section in which a page is."""
    if not user.is_active:
        return False
    above = page.get_ancestors(inclusive=True)
    of_a_group = GroupPagePermission.objects.filter(
        group__user=user, group__permissions__codename="approve_pages", page__in=above
    )
    return bool(user.is_superuser or of_a_group.exists())


class SecondPair(Task):
    """The only step of the workflow. What it refuses, it refuses to administrators as well."""

    class Meta:
        verbose_name = _("second pair of eyes")
        permissions = [("approve_pages", _("Approve what others wrote, in the sections of the group"))]

    def _may(self, page: Any, user: Any) -> bool:
        return approves_here(page, user) and user.pk not in worked_on(page)

    def user_can_access_editor(self, obj: Any, user: Any) -> bool:
        """Approvers see what they approve."""
        return approves_here(obj, user)

    def locked_for_user(self, obj: Any, user: Any) -> bool:
        """While somebody looks at it, nobody else changes it."""
        return not approves_here(obj, user)

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, Any, bool]]:
        """To ask for changes is every approver's; to approve is for those who did not work on it."""
        if not approves_here(obj, user):
            return []
        actions = [("reject", _("Request changes"), True)]
        return [*actions, ("approve", _("Approve and publish"), False)] if self._may(obj, user) else actions

    def on_action(self, task_state: Any, user: Any, action_name: str, **more: Any) -> Any:
        """Checked again when it is done: it may have been changed with the same click."""
        page = task_state.workflow_state.content_object
        if action_name == "approve" and not self._may(page, user):
            raise PermissionDenied("whoever worked on a text does not approve it")
        return super().on_action(task_state, user, action_name, **more)

    def get_task_states_user_can_moderate(self, user: Any, **more: Any) -> Any:
        """What waits for this user."""
        waiting = self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS).select_related("workflow_state")
        mine = [each.pk for each in waiting if self._may(each.workflow_state.content_object, user)]
        return TaskState.objects.filter(pk__in=mine)

    @classmethod
    def get_description(cls) -> Any:
        """What the list of tasks says of it."""
        return _("Approvers of the section approve, unless they worked on the text themselves")
