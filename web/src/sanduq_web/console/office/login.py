"""Coming in: password and second factor, taking up an invitation, enrolment, going."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from django_otp import login as verified
from django_otp.plugins.otp_totp.models import TOTPDevice

from sanduq import errors
from sanduq_web import signing_in
from sanduq_web.console.office import actions
from sanduq_web.console.office.forms import CodeForm, InvitationForm, NameForm, OwnForm, PasswordForm
from sanduq_web.console.office.models import Officer
from sanduq_web.console.screens import attempt, require_code

_WRONG: Final = _("The address or the password is wrong, or was wrong just now: wait a minute, or type your code, too.")
_WRONG_CODE: Final = _("The code is wrong, or was used already. After several wrong ones, wait a minute.")


def _after(request: HttpRequest) -> str:
    there = request.POST.get("next") or request.GET.get("next") or ""
    inside = url_has_allowed_host_and_scheme(there, None) and there.startswith("/")
    return there if inside else reverse("votes")


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def come_in(request: HttpRequest) -> HttpResponse:
    """Address and password. It tells nobody whether there is an account of an address."""
    form = NameForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user, device = _with_password(request, **form.cleaned_data)
        if user is not None:
            login(request, user)  # under a new session key
            signing_in.begin(request)
            if device is not None:
                verified(request, device)
                return HttpResponseRedirect(_after(request))
            request.session["after"] = _after(request)
            return HttpResponseRedirect(reverse("second"))
        form.add_error(None, _WRONG)
    return render(request, "office/login.html", {"form": form, "next": _after(request)})


@transaction.atomic
def _with_password(request: HttpRequest, email: str, password: str, code: str = "") -> tuple[Any, Any]:
    """User and, where an account had to wait, the second factor that let it in at once; nobody for what is wrong."""
    name = email.strip().casefold()
    officer = Officer.objects.select_for_update(of=("self",)).filter(user__username=name).first()
    # Also where it must wait: the answer comes as late as ever, and says the same.
    user = authenticate(request, username=name, password=password)
    if officer is None:
        return None, None
    device = None
    if officer.must_wait():
        # Of a wrong password no code is tried: else anybody could make the second factor wait, too.
        device = signing_in.with_code(user, code.replace(" ", "")) if user and code else None
        if device is None:
            return None, None
    officer.wrong = 0 if user else min(officer.wrong + 1, 100)
    officer.wrong_at = None if user else timezone.now()
    officer.save()
    return user, device


def _has_second(user: Any) -> bool:
    return bool(TOTPDevice.objects.filter(user=user, confirmed=True).exists())


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def second(request: HttpRequest) -> HttpResponse:
    """The code; verified under a new session key, as after every step up."""
    if not _has_second(request.user):
        return HttpResponseRedirect(reverse("enrol"))
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        device = signing_in.with_code(request.user, form.cleaned_data["code"].replace(" ", ""))
        if device is not None:
            request.session.cycle_key()
            verified(request, device)
            signing_in.begin(request)
            return HttpResponseRedirect(request.session.pop("after", reverse("votes")))
        form.add_error("code", _WRONG_CODE)
    return render(request, "office/second.html", {"form": form})


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """A secret for the telephone, once; ten codes for emergencies, shown once."""
    if _has_second(request.user):
        # Else a stolen password would be enough to set a new one.
        return HttpResponseRedirect(reverse("second"))
    device, _new = TOTPDevice.objects.get_or_create(user=request.user, confirmed=False, defaults={"name": "telephone"})
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if device.verify_token(form.cleaned_data["code"].replace(" ", "")):
            with transaction.atomic():
                device.confirmed = True
                device.save()
                codes = signing_in.new_codes(request.user)
            request.session.cycle_key()
            verified(request, device)
            signing_in.begin(request)
            return render(
                request, "office/codes.html", {"codes": codes, "after": request.session.pop("after", reverse("votes"))}
            )
        form.add_error("code", _WRONG_CODE)
    return render(request, "office/enrol.html", {"form": form} | signing_in.shown(device)._asdict())


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def take_up(request: HttpRequest) -> HttpResponse:
    """An invitation: its code, then a password; whoever is signed in needs none."""
    form: InvitationForm = InvitationForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "office/invitation.html", {"form": form})
    token = form.cleaned_data["invitation"].strip()
    try:
        found = actions.invitation(token)
    except errors.Unusable as refusal:
        form.add_error("invitation", str(refusal))
        return render(request, "office/invitation.html", {"form": form})
    if request.user.is_authenticated:
        if not request.user.is_verified():  # type: ignore[attr-defined]
            return HttpResponseRedirect(reverse("second"))
        user: Any = request.user
        if attempt(request, lambda: actions.take_up(token, None, user)):
            return HttpResponseRedirect(reverse("votes"))
        return render(request, "office/invitation.html", {"form": form})
    chosen = PasswordForm(request.POST if "password" in request.POST else None, initial={"invitation": token})
    if chosen.is_bound and chosen.is_valid():
        if attempt(request, lambda: actions.take_up(token, chosen.cleaned_data["password"], None)):
            login(request, User.objects.get(username=found.email), backend="django.contrib.auth.backends.ModelBackend")
            signing_in.begin(request)
            return HttpResponseRedirect(reverse("enrol"))
        return render(request, "office/invitation.html", {"form": form})
    return render(request, "office/password.html", {"form": chosen, "invitation": found})


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def own(request: HttpRequest) -> HttpResponse:
    """One's own account: another password, which ends all other sessions; new codes for emergencies."""
    user: Any = request.user
    changes = request.POST.get("do") == "password"
    form = OwnForm(request.POST if changes else None, user=user)
    if changes and form.is_valid():
        user.set_password(form.cleaned_data["password"])
        user.save()
        update_session_auth_hash(request, user)
        messages.success(request, _("Your password was changed. All other sessions have ended."))
        return HttpResponseRedirect(request.path)
    if request.POST.get("do") == "codes" and attempt(request, lambda: require_code(request)):
        return render(request, "office/codes.html", {"codes": signing_in.new_codes(user), "after": reverse("own")})
    return render(request, "office/own.html", {"form": form, "code": CodeForm()})


@require_POST
def go(request: HttpRequest) -> HttpResponse:
    """Signed out."""
    logout(request)
    return HttpResponseRedirect(reverse("login"))
