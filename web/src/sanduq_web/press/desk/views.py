"""Pages of the desk that Wagtail has not: what is due; publishing alone; withdrawing; one's account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.views.account import AccountView, ChangePasswordPanel, LocaleSettingsPanel, ThemeSettingsPanel
from wagtail.log_actions import log
from wagtail.models import Page
from wagtail.users.models import UserProfile

from sanduq_web.press.desk import due
from sanduq_web.press.desk.accounts import log_out_everywhere
from sanduq_web.press.desk.login import CodeForm
from sanduq_web.press.desk.publishing import take_down
from sanduq_web.press.models.workflow import approves_here
from sanduq_web.signing_in import new_codes, with_code


class ReasonForm(forms.Form):
    """Why: it is written down under the name of whoever does it."""

    reason = forms.CharField(label=gettext_lazy("Why"), max_length=300, widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}))


def what_is_due(request: HttpRequest) -> HttpResponse:
    """The calendar."""
    user = request.user
    shown = {"sections": due.sections(user), "days": due.due(user), "waiting": due.waiting(user), "alone": due.alone(user)}
    return render(request, "press/desk/due.html", shown)


def publish_alone(request: HttpRequest, page_id: int) -> HttpResponse:
    """The newest version goes out alone: an administrator's last resort, written down for all to see."""
    page = get_object_or_404(Page, pk=page_id).specific
    if not request.user.is_superuser:
        raise PermissionDenied
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            if page.current_workflow_state:
                page.current_workflow_state.cancel(user=request.user)
            revision = page.get_latest_revision() or page.save_revision(user=request.user)
            log(page, "press.alone", user=request.user, revision=revision, data={"reason": form.cleaned_data["reason"]})
            revision.publish(user=request.user)
        messages.warning(request, _("Published without a second pair of eyes; it is written down."))
        return redirect("wagtailadmin_pages:history", page.pk)
    title = _("Publish without a second pair of eyes")
    return render(request, "press/desk/reason.html", {"form": form, "page": page, "title": title, "about": _ALONE})


def withdraw(request: HttpRequest, page_id: int) -> HttpResponse:
    """A page is taken from the site, at once, by one approver: what harms somebody must not wait for a second."""
    page = get_object_or_404(Page, pk=page_id).specific
    if not approves_here(page, request.user):
        raise PermissionDenied
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            log(page, "press.withdraw", user=request.user, data={"reason": form.cleaned_data["reason"]})
            take_down(page, request.user)
        messages.success(request, _("Withdrawn; it is written down."))
        return redirect("wagtailadmin_pages:history", page.pk)
    return render(request, "press/desk/reason.html", {"form": form, "page": page, "title": _("Withdraw"), "about": _WITHDRAW})


_ALONE = gettext_lazy("Everybody at the desk will see that you did, when, and why. The workflow of this page ends.")
_WITHDRAW = gettext_lazy("Readers no longer find it. Everybody at the desk will see that you did, when, and why.")


class OwnAccountView(AccountView):
    """Language, theme, password. No picture, no name, no e-mail."""

    def get_panels(self) -> list[Any]:
        """Three of Wagtail's six."""
        given = (self.request, self.request.user, UserProfile.get_for_user(self.request.user))
        panels = [kind(*given) for kind in (LocaleSettingsPanel, ThemeSettingsPanel, ChangePasswordPanel)]
        return [panel for panel in panels if panel.is_active()]

    def post(self, request: HttpRequest) -> HttpResponse:
        """A new password ends all other sessions, and their rows."""
        user: Any = request.user
        before = user.password
        answer: HttpResponse = super().post(request)
        if user.password != before:
            kept = dict(request.session.items())
            log_out_everywhere(user)
            request.session.create()
            request.session.update(kept)
            update_session_auth_hash(request, user)
        return answer


def codes_again(request: HttpRequest) -> HttpResponse:
    """Ten new codes for emergencies, for whoever has the telephone in hand."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if with_code(request.user, form.cleaned_data["code"].replace(" ", "")):
            return render(
                request, "press/desk/codes.html", {"codes": new_codes(request.user), "after": reverse("wagtailadmin_home")}
            )
        form.add_error("code", _("The code is wrong, or was used already."))
    return render(request, "press/desk/second.html", {"form": form})


def one_at_a_time(request: HttpRequest, kind: str, rest: str) -> HttpResponse:
    """Wagtail's form for many files keeps what comes in, as it came in, until it is described. We have none."""
    return HttpResponseRedirect(reverse(f"wagtail{'images' if kind == 'images' else 'docs'}:add"))
