"""The desk's door: no address behind it answers a session that is not logged in, verified by a second factor, and young."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from wagtail.permissions import page_permission_policy

from sanduq_web.press.models.accounts import Account
from sanduq_web.signing_in import is_over

# What the pages of the desk ask for by themselves, without anybody there.
_BY_THEMSELVES: Final = ("editing-sessions/", "editions/now/")
# Whoever moderates or answers enquiries has no part in texts: not in their names, pictures, topics and reports either.
_WRITERS: Final = tuple(
    f"/{settings.DESK_PATH}{each}"
    for each in (
        "api/", "block-preview/", "bulk/", "choose-", "documents/", "embeds/", "forms/", "images/", "pages/", "reports/",
        "snippets/choose/", "tag-autocomplete/", "translation/", "workflows/",
    )
)  # fmt: skip


def _to(request: HttpRequest, name: str) -> HttpResponse:
    if request.method != "GET" or request.headers.get("X-Requested-With") == "XMLHttpRequest":
        return HttpResponseForbidden("Log in first: in another tab, so that what you typed stays here.")
    return HttpResponseRedirect(f"{reverse(name)}?{urlencode({'next': request.get_full_path()})}")


def refused(request: HttpRequest) -> HttpResponse | None:
    """What is answered instead of what was asked for; None where the door is open."""
    path = request.path_info
    if path == reverse("wagtailadmin_login"):
        return None
    user = request.user
    alone = any(path.startswith(f"/{settings.DESK_PATH}{each}") for each in _BY_THEMSELVES)
    if user.is_authenticated and is_over(request, settings.SANDUQ_PRESS_IDLE, by_itself=alone):
        logout(request)
        return _to(request, "wagtailadmin_login")
    if not user.is_authenticated:
        return _to(request, "wagtailadmin_login")
    if path == reverse("wagtailadmin_logout"):
        return None
    fresh = Account.objects.filter(user_id=user.pk, first_password_until__isnull=False).exists()
    if fresh or not user.is_verified():  # type: ignore[attr-defined]
        return None if path in (reverse("press_second"), reverse("press_enrol")) else _to(request, "press_second")
    # Wagtail's interface for programs publishes and copies as well; the desk's own pages only read from it.
    if path.startswith(f"/{settings.DESK_PATH}api/") and request.method not in ("GET", "HEAD"):
        return HttpResponseForbidden("This interface is for reading.")
    if path.startswith(_WRITERS) and not page_permission_policy.user_has_any_permission(user, {"add", "change"}):
        return HttpResponseForbidden("This is for those who write.")
    return None
