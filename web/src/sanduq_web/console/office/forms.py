"""Forms of the office."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _

from sanduq_web.console.office.models import Role

CODE: Final = {"autocomplete": "one-time-code", "dir": "ltr", "spellcheck": "false"}


class NameForm(forms.Form):
    """E-mail address and password; after a failure the code, too: else whoever sends wrong ones keeps an officer out."""

    email = forms.EmailField(
        label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "username", "dir": "ltr"})
    )
    password = forms.CharField(
        label=_("Password"), strip=False, max_length=200, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    code = forms.CharField(
        label=_("Code: only needed if you may not wait"), max_length=20, required=False, widget=forms.TextInput(attrs=CODE)
    )

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        if not self.is_bound:
            del self.fields["code"]


class CodeForm(forms.Form):
    """A code of six digits; or one for emergencies, which has letters."""

    code = forms.CharField(label=_("Code"), max_length=20, widget=forms.TextInput(attrs=CODE))


class InvitationForm(forms.Form):
    """The code of an invitation."""

    invitation = forms.CharField(
        label=_("Code of the invitation"), max_length=100, widget=forms.TextInput(attrs=CODE | {"autocomplete": "off"})
    )


class PasswordForm(InvitationForm):
    """The code again, and a password of one's own."""

    password = forms.CharField(
        label=_("Your password: 12 characters or more"), strip=False, max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["invitation"].widget = forms.HiddenInput()

    def clean_password(self) -> str:
        """Long enough, and no common one."""
        password = str(self.cleaned_data["password"])
        password_validation.validate_password(password)
        return password


class OwnForm(forms.Form):
    """A new password of one's own."""

    old = forms.CharField(
        label=_("Your password now"), strip=False, max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip
    password = forms.CharField(
        label=_("Your password: 12 characters or more"), strip=False, max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def __init__(self, *given: Any, user: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self._user = user

    def clean_old(self) -> str:
        """It is the one that holds."""
        old = str(self.cleaned_data["old"])
        if not self._user.check_password(old):
            raise forms.ValidationError(_("This is not your password."))
        return old

    def clean_password(self) -> str:
        """Long enough, and no common one."""
        password = str(self.cleaned_data["password"])
        password_validation.validate_password(password, self._user)
        return password


class VoteForm(forms.Form):
    """A new vote."""

    name = forms.CharField(label=_("Working name, for officers"), max_length=120)


class InviteForm(forms.Form):
    """Whom to invite, as what."""

    name = forms.CharField(label=_("Name, as colleagues and observers see it"), max_length=120)
    email = forms.EmailField(label=_("E-mail address"), widget=forms.EmailInput(attrs={"dir": "ltr", "autocomplete": "off"}))
    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, *given: Any, roles: list[Role], **more: Any) -> None:
        super().__init__(*given, **more)
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # for the checker of types
        field.choices = [(each.value, each.label) for each in roles]
