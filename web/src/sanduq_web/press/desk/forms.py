"""The form of an article; those of accounts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.users.forms import UserCreationForm, UserEditForm

from sanduq_web.press.desk.accounts import begins_anew
from sanduq_web.press.desk.pseudonyms import forget_typed, refusal
from sanduq_web.press.models import PublicationKind, PublicationPage
from sanduq_web.press.models.accounts import account_of


class ArticleForm(WagtailAdminPageForm):
    """An article's: under a pseudonym it is taken from desk accounts only. What was typed stays in the browser."""

    def is_valid(self) -> bool:
        """Valid, and filed by whom it may be."""
        valid = bool(super().is_valid())
        reason = self._refusal() if self.is_bound else None
        if reason:
            self.add_error(None, reason)
            forget_typed(self.for_user)
        return valid and not reason

    def _refusal(self) -> str | None:
        given = [form.cleaned_data for form in self.formsets["bylines"].forms if getattr(form, "cleaned_data", None)]
        ids = [each["byline"].pk for each in given if each.get("byline") and not each.get("DELETE")]
        return refusal(self.instance, ids, self.for_user)


class PublicationForm(ArticleForm):
    """A publication's: it knows under which section a page that is not there yet will be."""

    def clean(self) -> Any:
        """No other bulletin of the section has this number."""
        given = super().clean()
        same = PublicationPage.objects.child_of(self.parent_page).filter(kind=PublicationKind.BULLETIN)
        number = given.get("number")
        if number is not None and same.filter(number=number).exclude(pk=self.instance.pk).exists():
            self.add_error("number", _("There is a bulletin of this number in this section."))
        return given


class _WithoutMail:
    """Accounts have no e-mail and no civil name: what is not there, nobody finds."""

    fields: Any
    cleaned_data: dict[str, Any]
    instance: User

    def _less(self) -> None:
        self.fields["shared"].initial = bool(self.instance.pk) and account_of(self.instance).shared

    def _keep(self, user: User) -> None:
        account = account_of(user)
        account.shared = self.cleaned_data["shared"]
        account.save()


def _shared_field() -> forms.BooleanField:
    about = _("Several people use it. Only such an account files texts under a pseudonym.")
    return forms.BooleanField(label=_("Desk account"), required=False, help_text=about)


_FIELDS = {"username", "is_superuser", "groups"}
_WIDGETS = {"groups": forms.CheckboxSelectMultiple}


class NewAccountForm(_WithoutMail, UserCreationForm):
    """A new account: its password is a first one, to be changed at the first log-in."""

    email = first_name = last_name = None
    shared = _shared_field()

    class Meta:
        model = User
        fields = _FIELDS
        widgets = _WIDGETS

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self._less()

    def save(self, commit: bool = True) -> Any:
        """With its account."""
        user = super().save(commit)
        self._keep(user)
        begins_anew(user)
        return user


class AccountForm(_WithoutMail, UserEditForm):
    """An account; whether it is a desk's does not change once it has written something."""

    email = first_name = last_name = None
    shared = _shared_field()

    class Meta:
        model = User
        fields = _FIELDS | {"is_active"}
        widgets = _WIDGETS

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self._less()
        # A person's account that became a desk's would make old texts of that person look like the desk's, and the reverse.
        self.fields["shared"].disabled = True

    def save(self, commit: bool = True) -> Any:
        """A password that somebody else has set is a first one: the second factor, too, is set up anew."""
        user = super().save(commit)
        if self.cleaned_data.get("password1"):
            begins_anew(user)
        return user
