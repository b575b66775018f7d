"""Logging in: password, then a code that changes every thirty seconds, or one of ten for emergencies.

wagtail-2fa (1.8) was looked at: its codes for emergencies are none, its enrolment can be put off, and it brings a picture
library for the QR. What is here is django-otp with three forms.
"""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate, login, password_validation, update_session_auth_hash
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django_otp import login as verified
from django_otp.plugins.otp_totp.models import TOTPDevice

from sanduq_web import signing_in
from sanduq_web.press.models.accounts import account_of

_WRONG: Final = _("The name or the password is wrong, or was wrong just now: wait a minute, or type your code, too.")
_WRONG_CODE: Final = _("The code is wrong, or was used already. After several wrong ones, wait a minute.")


_CODE_FIELD: Final = {"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True, "dir": "ltr"}


class NameForm(forms.Form):
    """Name and password; after a failure the code, too: else whoever sends wrong passwords all day keeps an editor out."""

    username = forms.CharField(
        label=_("Name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True})
    )
    password = forms.CharField(
        label=_("Password"), strip=False, max_length=200, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    code = forms.CharField(
        label=_("Code: only needed if you may not wait"), max_length=20, required=False,
        widget=forms.TextInput(attrs=_CODE_FIELD | {"inputmode": "text", "autofocus": False}),
    )  # fmt: skip

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        if not self.is_bound:
            del self.fields["code"]


class CodeForm(forms.Form):
    """A code of six digits; or one for emergencies, which has letters."""

    code = forms.CharField(label=_("Code"), max_length=20, widget=forms.TextInput(attrs=_CODE_FIELD | {"inputmode": "text"}))


class BeginForm(forms.Form):
    """A code, to show that the telephone has the secret; and a password of one's own in place of the first."""

    new = forms.CharField(
        label=_("Your new password: 12 characters or more"), strip=False, max_length=200, required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip
    code = forms.CharField(
        label=_("Code from the telephone: six digits"), max_length=6, widget=forms.TextInput(attrs=_CODE_FIELD)
    )

    def __init__(self, *given: Any, user: Any, fresh: bool, **more: Any) -> None:
        super().__init__(*given, **more)
        self._user, self._fresh = user, fresh
        if not fresh:
            del self.fields["new"]
        else:
            self.fields["new"].required = True

    def clean_new(self) -> str:
        """Long enough, not the first one."""
        new = str(self.cleaned_data["new"])
        password_validation.validate_password(new, self._user)
        if self._user.check_password(new):
            raise forms.ValidationError(_("That is the first password: choose another."))
        return new


def _after(request: HttpRequest) -> str:
    there = request.POST.get("next") or request.GET.get("next") or ""
    inside = url_has_allowed_host_and_scheme(there, None) and there.startswith(f"/{settings.DESK_PATH}")
    return there if inside else reverse("wagtailadmin_home")


@method_decorator([never_cache, csrf_protect, sensitive_post_parameters()], name="dispatch")
class LoginView(View):
    """Name and password. It tells nobody whether there is an account of a name."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form."""
        if request.user.is_authenticated:
            return HttpResponseRedirect(_after(request))
        return self._form(request, NameForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Logged in, but not yet verified."""
        form = NameForm(request.POST)
        if form.is_valid():
            user, device = _with_password(request, **form.cleaned_data)
            if user is not None:
                login(request, user)
                signing_in.begin(request)
                if device is not None:
                    verified(request, device)
                    return HttpResponseRedirect(_after(request))
                request.session["after"] = _after(request)
                return HttpResponseRedirect(reverse("press_second"))
            form.add_error(None, _WRONG)
        return self._form(request, form)

    def _form(self, request: HttpRequest, form: NameForm) -> HttpResponse:
        return render(request, "press/desk/login.html", {"form": form, "next": _after(request)})


@transaction.atomic
def _with_password(request: HttpRequest, username: str, password: str, code: str) -> tuple[Any, Any]:
    """User and, where an account had to wait, the second factor that let it in at once; nobody for what is wrong."""
    found = User.objects.select_for_update().filter(username=username).first()
    # Also where it must wait: the answer comes as late as ever, and says the same.
    user = authenticate(request, username=username, password=password)
    if found is None:
        return None, None
    account, device = account_of(found), None
    if account.must_wait():
        # Of a wrong password no code is tried: else anybody could make the second factor wait, too.
        device = signing_in.with_code(user, code.replace(" ", "")) if user and code else None
        if device is None:
            return None, None
    over = account.first_password_until is not None and account.first_password_until < timezone.now()
    account.wrong = 0 if user else min(account.wrong + 1, 100)
    account.wrong_at = None if user else timezone.now()
    account.save()
    return (None, None) if over else (user, device)


@method_decorator([never_cache, csrf_protect, sensitive_post_parameters()], name="dispatch")
class SecondView(View):
    """The code."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form; or enrolment, for whoever has no second factor yet."""
        if not TOTPDevice.objects.filter(user=request.user, confirmed=True).exists():
            return HttpResponseRedirect(reverse("press_enrol"))
        return render(request, "press/desk/second.html", {"form": CodeForm()})

    def post(self, request: HttpRequest) -> HttpResponse:
        """Verified: under a new session key, as after every step up."""
        form = CodeForm(request.POST)
        if form.is_valid():
            device = signing_in.with_code(request.user, form.cleaned_data["code"].replace(" ", ""))
            if device is not None:
                request.session.cycle_key()
                verified(request, device)
                signing_in.begin(request)
                return HttpResponseRedirect(request.session.pop("after", reverse("wagtailadmin_home")))
            form.add_error("code", _WRONG_CODE)
        return render(request, "press/desk/second.html", {"form": form})


@method_decorator([never_cache, csrf_protect, sensitive_post_parameters()], name="dispatch")
class EnrolView(View):
    """The first log-in: a secret for the telephone, a password of one's own, ten codes for emergencies."""

    def dispatch(self, request: HttpRequest, *given: Any, **more: Any) -> Any:
        """Only where there is no second factor yet: else a stolen password would be enough to set a new one."""
        if TOTPDevice.objects.filter(user=request.user, confirmed=True).exists():
            return HttpResponseRedirect(reverse("press_second"))
        self.device, _new = TOTPDevice.objects.get_or_create(user=request.user, confirmed=False, defaults={"name": "telephone"})
        self.account = account_of(request.user)
        return super().dispatch(request, *given, **more)

    def _form(self, request: HttpRequest) -> BeginForm:
        fresh = self.account.first_password_until is not None
        return BeginForm(request.POST or None, user=request.user, fresh=fresh)

    def get(self, request: HttpRequest) -> HttpResponse:
        """The secret, as a picture and in letters."""
        return self._page(request, self._form(request))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Enrolled; the codes are shown this once."""
        form = self._form(request)
        if not form.is_valid() or not self._matches(form):
            return self._page(request, form)
        codes = self._enrol(request, form.cleaned_data.get("new"))
        return render(request, "press/desk/codes.html", {"codes": codes, "after": request.session.pop("after", "")})

    def _matches(self, form: BeginForm) -> bool:
        right = bool(self.device.verify_token(form.cleaned_data["code"]))
        if not right:
            form.add_error("code", _WRONG_CODE)
        return right

    @transaction.atomic
    def _enrol(self, request: HttpRequest, new: str | None) -> list[str]:
        user: Any = request.user
        if new:
            user.set_password(new)
            user.save()
            update_session_auth_hash(request, user)
            self.account.first_password_until = None
            self.account.save()
        self.device.confirmed = True
        self.device.save()
        request.session.cycle_key()
        verified(request, self.device)
        signing_in.begin(request)
        return signing_in.new_codes(user)

    def _page(self, request: HttpRequest, form: BeginForm) -> HttpResponse:
        shown = {"form": form} | signing_in.shown(self.device)._asdict()
        return render(request, "press/desk/enrol.html", shown)
