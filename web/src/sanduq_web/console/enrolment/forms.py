"""Forms of the register."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from sanduq_web.console.office.forms import CODE

_DAY: Final = {"type": "date"}
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


class RecipientsForm(forms.Form):
    """The registrar's keys."""

    recipients = forms.CharField(
        label=_("Age recipients of the registrar's offline machine, a line each"), max_length=600,
        widget=forms.Textarea(attrs={"rows": "3", "dir": "ltr", "spellcheck": "false", "autocomplete": "off"}),
    )  # fmt: skip
    code = forms.CharField(label=_("Code"), max_length=20, widget=forms.TextInput(attrs=CODE))


class ShowForm(forms.Form):
    """What the public pages of a registration show."""

    applies_from = forms.DateField(label=_("Applications: first day"), required=False, widget=forms.DateInput(attrs=_DAY))
    applies_until = forms.DateField(label=_("Applications: last day"), required=False, widget=forms.DateInput(attrs=_DAY))
    objects_until = forms.DateField(label=_("Objections: last day"), required=False, widget=forms.DateInput(attrs=_DAY))
    shown = forms.BooleanField(label=_("The pages are open to everybody"), required=False)

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        for code, language in settings.LANGUAGES:
            attributes = {"lang": code, "dir": "auto"}
            self.fields[f"name_{code}"] = forms.CharField(
                label=_("Name of the vote (%(language)s)") % {"language": language}, max_length=200, required=False,
                widget=forms.TextInput(attrs=attributes),
            )  # fmt: skip
            self.fields[f"needs_{code}"] = forms.CharField(
                label=_("What applicants must show (%(language)s)") % {"language": language}, max_length=2000, required=False,
                widget=forms.Textarea(attrs=attributes | {"rows": "3"}),
            )  # fmt: skip

    def texts(self, which: str) -> dict[str, str]:
        """Names, or needs, by language."""
        found = {code: self.cleaned_data.get(f"{which}_{code}", "") for code, _language in settings.LANGUAGES}
        return {code: text for code, text in found.items() if text}


class OpinionForm(forms.Form):
    """An opinion on a case."""

    verdict = forms.ChoiceField(label=_("Decision"), choices=[("", ""), ("yes", _("accept")), ("no", _("refuse"))])
    reason = forms.CharField(
        label=_("Reason: its sender reads it, so name nobody else"), max_length=4000, widget=forms.Textarea(attrs={"rows": "5"})
    )
    strikes = forms.CharField(
        label=_("Number of the entry that is struck off by it (or entered again)"), max_length=64, required=False,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )  # fmt: skip


class ExportForm(forms.Form):
    """What goes to the offline machine."""

    reserves = forms.IntegerField(label=_("Reserve credentials for each area"), min_value=0, max_value=100_000, initial=0)


class ListForm(forms.Form):
    """A public list that comes back."""

    area = forms.ChoiceField(label=_("Area"))
    file = forms.FileField(label=_("UUID.roll.json"))

    def __init__(self, *given: Any, areas: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        field: Any = self.fields["area"]
        field.choices = [("", ""), *((each.code, f"{each.name} ({each.code})") for each in areas)]


class ReserveForm(forms.Form):
    """A reserve that is given out."""

    area = forms.ChoiceField(label=_("Area"))
    number = forms.IntegerField(label=_("Number of the reserve"), min_value=1, max_value=100_000)
    voter = forms.CharField(
        label=_("Number in the register"), max_length=64, widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"})
    )
    why = forms.ChoiceField(
        label=_("Why"),
        choices=[
            ("", ""), ("lost", _("the letter was lost")), ("undelivered", _("the letter came back")),
            ("damaged", _("the letter cannot be read")), ("seen", _("somebody else has seen it")),
        ],
    )  # fmt: skip

    def __init__(self, *given: Any, areas: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        field: Any = self.fields["area"]
        field.choices = [("", ""), *((each.code, f"{each.name} ({each.code})") for each in areas)]


class AgreeForm(forms.Form):
    """A code, for what a second person has to confirm."""

    code = forms.CharField(label=_("Code"), max_length=20, widget=forms.TextInput(attrs=CODE))
