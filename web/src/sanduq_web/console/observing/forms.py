"""Forms of observing. Texts are plain: characters that hide are taken out, and nothing of HTML is read."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from sanduq_web import clock
from sanduq_web.pages import by_letters
from sanduq_web.question.api import Frozen
from sanduq_web.watch.actions.observing import LONGEST_INCIDENT, LONGEST_STATEMENT
from sanduq_web.watch.models import Kind, Visibility

_TIME: Final = forms.DateTimeInput(attrs={"type": "datetime-local", "dir": "ltr"}, format="%Y-%m-%dT%H:%M")
_FORMATS: Final = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
_EARLIEST: Final = 2000


class UtcField(forms.DateTimeField):
    """A time in UTC, as the library writes it."""

    def __init__(self, **more: Any) -> None:
        super().__init__(widget=_TIME, input_formats=_FORMATS, **more)

    def clean(self, value: Any) -> Any:
        """The time as a text."""
        found = super().clean(value)
        if found is None:
            return ""
        if not _EARLIEST <= found.year <= 2 * _EARLIEST:
            raise forms.ValidationError(_("This is no time of a vote."))
        return found.strftime(clock.FORMAT) if isinstance(found, datetime) else ""


def places(frozen: Frozen | None) -> list[tuple[str, Any]]:
    """The areas to choose from, by name; nothing first."""
    areas = sorted(frozen.setup.areas, key=lambda area: by_letters(area.name)) if frozen else []
    return [("", _("none in particular")), *((area.code, area.name) for area in areas)]


class ObserverForm(forms.Form):
    """What an observer is."""

    organisation = forms.CharField(label=_("Organisation"), max_length=200)
    about = forms.CharField(
        label=_("Credentials: what the organisation is, since when it observes"),
        max_length=600,
        required=False,
        widget=forms.Textarea,
    )
    name = forms.CharField(label=_("Your name, if it may be public"), max_length=120, required=False)
    agrees = forms.BooleanField(
        label=_("Everybody may read these words on the site of the vote"), required=False,
        help_text=_("A statement keeps the name under which it was made, even if you take this back later."),
    )  # fmt: skip


class IncidentForm(forms.Form):
    """Something that somebody saw."""

    kind = forms.ChoiceField(label=_("What it is about"), choices=Kind.choices)
    area = forms.ChoiceField(label=_("Area"), required=False)
    place = forms.CharField(label=_("Place, in words"), max_length=200, required=False)
    happened = UtcField(label=_("When it happened (UTC)"))
    text = forms.CharField(
        label=_("What happened"), max_length=LONGEST_INCIDENT, widget=forms.Textarea,
        help_text=_("Name nobody who could be harmed by it. No credential, no tracker."),
    )  # fmt: skip
    visibility = forms.ChoiceField(label=_("Who may read it"))

    def __init__(self, *given: Any, frozen: Frozen | None, is_observer: bool, **more: Any) -> None:
        super().__init__(*given, **more)
        levels = Visibility.choices if is_observer else Visibility.choices[1:]
        for name, choices in (("area", places(frozen)), ("visibility", levels)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  # for the checker of types
            field.choices = choices
        self.fields["visibility"].initial = Visibility.COMMISSION


class EntryForm(forms.Form):
    """What is written behind an incident."""

    text = forms.CharField(label=_("Text, or reason"), max_length=LONGEST_INCIDENT, widget=forms.Textarea)


class ShowForm(EntryForm):
    """Who reads an incident from now on."""

    visibility = forms.ChoiceField(label=_("Who may read it"), choices=Visibility.choices)


class FileForm(forms.Form):
    """Evidence. Its name is made plain; its kind is not asked for, since nothing opens it."""

    file = forms.FileField(label=_("File, up to 20 MiB"))


class StatementForm(forms.Form):
    """A statement; with a code, since nobody can take it back."""

    language = forms.ChoiceField(label=_("Its language"), choices=settings.LANGUAGES)
    title = forms.CharField(label=_("Title"), max_length=200)
    text = forms.CharField(label=_("Statement"), max_length=LONGEST_STATEMENT, widget=forms.Textarea)
    code = forms.CharField(
        label=_("Code"), max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "dir": "ltr", "spellcheck": "false"}),
    )  # fmt: skip
