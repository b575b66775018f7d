"""What Wagtail and Django would keep of people, and we do not."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_out
from django.core.exceptions import PermissionDenied
from django.db.models.signals import post_save, pre_delete, pre_save
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from wagtail.admin.models import EditingSession, FormState
from wagtail.models import ModelLogEntry, PageLogEntry, PageSubscription
from wagtail.users.models import UserProfile

from sanduq_web.press.desk import pseudonyms
from sanduq_web.press.models import PressDocument, PressImage
from sanduq_web.press.uploads.forms import is_shown

# Whoever adds a pseudonym, or the pictures and papers to a text under one, may be the one who wrote it.
_NOBODYS = {("press", "pressimage"), ("press", "pressdocument"), ("press", "byline")}


def _entry_of_nobody(instance: ModelLogEntry, **more: Any) -> None:
    if instance.content_type.natural_key() in _NOBODYS:
        instance.user = None


def _no_subscription(instance: PageSubscription, **more: Any) -> None:
    # Made whenever somebody opens an editor: a list of who looked at which draft.
    PageSubscription.objects.filter(pk=instance.pk).delete()


def _no_face(instance: UserProfile, **more: Any) -> None:
    # A picture with its EXIF, which no page needs.
    instance.avatar = None


def _no_traces(instance: User, **more: Any) -> None:
    # Nor when somebody logged in last: it would say who was at work when a text came.
    instance.email, instance.last_login = "", None


def _typed(instance: FormState, **more: Any) -> None:
    pseudonyms.guard_typed(instance)


def _not_what_is_shown(instance: Any, **more: Any) -> None:
    # The page is withdrawn first, by an approver and with a reason.
    if is_shown(instance):
        raise PermissionDenied("It stands on a page that is published: withdraw the page first, or take it off there.")


def _no_last_use(instance: Any, **more: Any) -> None:
    # Of the second factor: that would be the time of the last log-in.
    instance.last_used_at = None


def _gone(user: Any, **more: Any) -> None:
    if user is not None:
        pseudonyms.forget_typed(user)


def connect() -> None:
    """Once, when the app is ready."""
    user_logged_out.connect(_gone, dispatch_uid="press_gone")
    for kind in (TOTPDevice, StaticDevice):
        pre_save.connect(_no_last_use, sender=kind, dispatch_uid="press_last_use")
    for media in (PressImage, PressDocument):
        pre_delete.connect(_not_what_is_shown, sender=media, dispatch_uid="press_shown")
    pre_save.connect(_entry_of_nobody, sender=ModelLogEntry, dispatch_uid="press_entry")
    pre_save.connect(_no_face, sender=UserProfile, dispatch_uid="press_face")
    pre_save.connect(_no_traces, sender=User, dispatch_uid="press_traces")
    pre_save.connect(_typed, sender=FormState, dispatch_uid="press_typed")
    post_save.connect(_no_subscription, sender=PageSubscription, dispatch_uid="press_subscription")


def forget_unpublished(page: Any) -> None:
    """The history of a draft that was deleted before anybody could read it: a headline beside a name."""
    if page.first_published_at is None:
        PageLogEntry.objects.filter(page_id=page.pk).delete()
        EditingSession.objects.filter(object_id=str(page.pk)).delete()
        FormState.objects.filter(object_id=str(page.pk)).delete()
