"""Wagtail's screens of users, with our forms."""

from __future__ import annotations

from typing import Any

from wagtail.users.views.users import EditView, UserViewSet

from sanduq_web.press.desk.forms import AccountForm, NewAccountForm


class AccountEditView(EditView):
    """Nobody changes the own password here: that is done where the old one is asked for."""

    def get_form(self, form_class: Any = None) -> Any:
        """Without passwords, for oneself."""
        form = super().get_form(form_class)
        if self.editing_self:
            for name in ("password1", "password2"):
                form.fields[name].disabled = True
        return form


class AccountViewSet(UserViewSet):
    """Users without e-mail addresses and names."""

    edit_view_class = AccountEditView

    def get_form_class(self, for_update: bool = False) -> Any:
        """Ours."""
        return AccountForm if for_update else NewAccountForm
