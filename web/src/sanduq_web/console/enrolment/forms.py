"""Forms of the register."""

from __future__ import annotations

from typing import Final

from django import forms
from django.utils.translation import gettext_lazy as _

from sanduq_web.console.office.forms import CODE

_ENCODINGS: Final = [
    ("utf-8", _("Unicode (UTF-8, or UTF-16 with its mark)")),
    ("cp1256", _("Windows 1256: Arabic, Persian")),
    ("cp1254", _("Windows 1254: Turkish")),
    ("cp1252", _("Windows 1252: Western Europe")),
    ("cp1251", _("Windows 1251: Cyrillic")),
]


class UploadForm(forms.Form):
    """A register."""

    file = forms.FileField(label=_("The register, as CSV"), widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}))
    encoding = forms.ChoiceField(label=_("Encoding"), choices=_ENCODINGS, initial="utf-8")


class DayForm(forms.Form):
    """The day of destruction."""

    day = forms.DateField(label=_("Day of destruction"), widget=forms.DateInput(attrs={"type": "date"}))


class OneForm(forms.Form):
    """One entry, by its number."""

    voter = forms.CharField(
        label=_("Number in the register"), max_length=64, widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"})
    )


class AgreeForm(forms.Form):
    """A code, for what a second person has to confirm."""

    code = forms.CharField(label=_("Code"), max_length=20, widget=forms.TextInput(attrs=CODE))
