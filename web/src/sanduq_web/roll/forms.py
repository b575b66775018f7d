"""What people write: every message is ours, in all languages of the site."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from sanduq.question.setup import hidden_in
from sanduq_web.roll.people import address_lines, is_email, wrong_letter

LONGEST: Final = 3000
_ERRORS: Final = {
    "required": _("This is needed."),
    "max_length": _("This is too long."),
    "invalid_choice": _("Choose one of the list."),
}


def _text(label: Any, longest: int, rows: int = 0, help_text: Any = "", **attributes: str) -> forms.CharField:
    more = {"autocomplete": "off"} | attributes
    widget: forms.Widget = forms.Textarea(attrs=more | {"rows": str(rows)}) if rows else forms.TextInput(attrs=more)
    return forms.CharField(label=label, max_length=longest, widget=widget, help_text=help_text, error_messages=_ERRORS)


def _plain(text: str) -> str:
    found = text.replace("\r\n", "\n").strip()
    if hidden_in(found) is not None:
        raise forms.ValidationError(_("There is a character in it that cannot be seen."))
    return found


class Form(forms.Form):
    """Texts are plain. Nothing is marked as needed by the browser alone."""

    def clean(self) -> dict[str, Any]:
        """No text holds what cannot be seen."""
        for name, value in self.cleaned_data.items():
            if isinstance(value, str):
                try:
                    self.cleaned_data[name] = _plain(value)
                except forms.ValidationError as error:
                    self.add_error(name, error)
                    return self.cleaned_data
        return self.cleaned_data


class ApplyForm(Form):
    """An application to be entered."""

    name = _text(_("Your name, as it stands on the letter"), 60)
    area = forms.ChoiceField(label=_("Your area"), error_messages=_ERRORS)
    address = _text(
        _("Where the letter goes: at most five lines"), 400, rows=5,
        help_text=_("The credential comes by this letter. Leave it empty if you fetch it yourself."),
    )  # fmt: skip
    email = _text(_("E-mail address"), 254, dir="ltr")
    grounds = _text(_("Why you may vote here, and how you prove it"), LONGEST, rows=6)
    withheld = forms.BooleanField(label=_("My name shall stand in no list that officers see"), required=False)

    def __init__(self, *given: Any, areas: list[Any], **more: Any) -> None:
        super().__init__(*given, **more)
        field: Any = self.fields["area"]
        field.choices = [("", ""), *((code, name) for code, name in areas)]
        self.fields["address"].required = self.fields["email"].required = False

    def clean(self) -> dict[str, Any]:
        """Name and address go onto a letter."""
        told = super().clean()
        told["address"] = address_lines(told.get("address", ""))
        wrong = wrong_letter(told.get("name", ""), told["address"])
        if wrong:
            self.add_error(wrong, _("Expected lines of at most 60 characters that do not begin with = + - @."))
        if told.get("email") and not is_email(told["email"]):
            self.add_error("email", _("This is no e-mail address."))
        return told


WHAT: Final = (
    ("missing", _("I should be on the roll, and am not")),
    ("wrong", _("What stands there about me is wrong")),
    ("other", _("Somebody on the roll may not vote")),
    ("decision", _("The decision on my application is wrong")),
)


class ObjectForm(Form):
    """An objection."""

    what = forms.ChoiceField(label=_("What is wrong"), choices=[("", ""), *WHAT], error_messages=_ERRORS)
    code = _text(_("Code of your application, if it is about that"), 60, dir="ltr", spellcheck="false")
    voter = _text(_("Number in the register, if you know it"), 64, dir="ltr", spellcheck="false")
    grounds = _text(_("Your reasons"), LONGEST, rows=8)
    contact = _text(_("Who you are, and how officers reach you"), 400, rows=3)

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        for name in ("code", "voter", "contact"):
            self.fields[name].required = False


class NumberForm(Form):
    """One's own entry."""

    voter = _text(_("Your number in the register"), 64, dir="ltr", spellcheck="false")
    detail = _text(_("What only you know, as the commission has announced it"), 100, spellcheck="false")


class CodeForm(Form):
    """One's own application or objection."""

    code = _text(_("Your code"), 60, dir="ltr", spellcheck="false")
