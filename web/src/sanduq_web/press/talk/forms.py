"""Readers' forms: what is asked for, and what is taken."""

from __future__ import annotations

import re
import secrets
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from sanduq_web.press.models.comments import NAME, REASON, TEXT
from sanduq_web.press.talk import plain

_TOKEN: Final = re.compile(r"[0-9a-f]{32}")
_EMAIL: Final = 254
QUESTION: Final = 6000


# Django's own texts are not there in South Azerbaijani.
_WRONG: Final = {
    "required": _("This is needed."),
    "invalid": _("This is no e-mail address."),
    "max_length": _("Too long: at most %(limit_value)d characters, these are %(show_value)d."),
    "null_characters_not_allowed": _("There is a character that plain text does not have. Take it out."),
}


class _Area(forms.Textarea):
    """Several lines, in whichever direction is written."""

    def __init__(self, rows: int = 8) -> None:
        super().__init__({"rows": rows, "dir": "auto"})


def _line(**more: str) -> forms.TextInput:
    return forms.TextInput({"dir": "auto", "autocomplete": "off", **more})


class ReaderForm(forms.Form):
    """What all share: a token, by which a form sent twice is known; and a field for programs that fill in everything."""

    token = forms.CharField(widget=forms.HiddenInput, required=False)
    website = forms.CharField(
        label=_("Leave this empty"), required=False, max_length=200,
        widget=forms.TextInput({"autocomplete": "off", "tabindex": "-1"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        _in_our_words(self)

    def clean_token(self) -> str:
        """The token of the page that was sent; a form without one gets its own."""
        found = str(self.cleaned_data["token"])
        return found if _TOKEN.fullmatch(found) else new_token()

    def clean_website(self) -> str:
        """Not dropped in silence: it may be a person's, whose browser filled it in."""
        if self.cleaned_data["website"]:
            raise ValidationError(_("One field is there to be left empty: empty it, and send again."))
        return ""

    def shown(self) -> list[Any]:
        """The fields that people fill in."""
        return [field for field in self.visible_fields() if field.name != "website"]


def new_token() -> str:
    """For a page with a form."""
    return secrets.token_hex(16)


def _email(label: Any, help_text: Any = "", *, required: bool = True) -> forms.EmailField:
    widget = forms.EmailInput({"dir": "ltr", "autocomplete": "off"})
    return forms.EmailField(label=label, max_length=_EMAIL, widget=widget, help_text=help_text, required=required)


class CommentForm(ReaderForm):
    """A comment."""

    name = forms.CharField(
        label=_("Name"), max_length=NAME, widget=_line(), help_text=_("Shown with your comment. It need not be your own.")
    )
    email = _email(_("E-mail"), _("Never shown. It is encrypted at once: only a moderator can read it, on another machine."))
    text = forms.CharField(
        label=_("Your comment"),
        max_length=TEXT,
        widget=_Area(10),
        strip=False,
        help_text=_("Plain text. Links are not clickable."),
    )
    reply_to = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean_name(self) -> str:
        """A plain name, not the newsroom's."""
        return plain.name(self.cleaned_data["name"])

    def clean_text(self) -> str:
        """Plain text."""
        return _not_empty(plain.text(self.cleaned_data["text"]))


class ReportForm(ReaderForm):
    """What is wrong with a comment."""

    reason = forms.CharField(label=_("What is wrong with it? (optional)"), max_length=REASON, widget=_Area(4), required=False)

    def clean_reason(self) -> str:
        """Plain text, or nothing."""
        return plain.text(self.cleaned_data["reason"])


class EnquiryForm(ReaderForm):
    """A question to the desk."""

    subject = forms.CharField(label=_("What it is about"), max_length=200, widget=_line())
    text = forms.CharField(
        label=_("Your question"), max_length=QUESTION, widget=_Area(12), strip=False,
        help_text=_("Or paste a text that you encrypted yourself to the desk's key below."),
    )  # fmt: skip
    email = _email(
        _("E-mail, if you want the answer there too (optional)"),
        _("It is encrypted together with your question."),
        required=False,
    )

    def clean_subject(self) -> str:
        """Plain text."""
        return plain.text(self.cleaned_data["subject"])

    def clean_text(self) -> str:
        """Plain text, or an armoured ciphertext, which is plain text too."""
        return _not_empty(plain.text(self.cleaned_data["text"]))


class LookUpForm(forms.Form):
    """A reference number."""

    reference = forms.CharField(
        label=_("Reference number"), max_length=60,
        widget=forms.TextInput({"dir": "ltr", "autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        _in_our_words(self)


class SubscribeForm(ReaderForm):
    """An address to which the letters go."""

    email = _email(_("E-mail"), _("Whoever can read your mailbox sees that you get our newsletter."))


def _in_our_words(form: forms.Form) -> None:
    for each in form.fields.values():
        each.error_messages.update(_WRONG)


def _not_empty(found: str) -> str:
    if not found:
        raise ValidationError(_WRONG["required"], code="required")
    return found
