"""Forms of complaints."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from sanduq_web.console.observing.forms import UtcField, places
from sanduq_web.question.api import Frozen
from sanduq_web.watch.actions.complaining import LONGEST, LONGEST_REASONS
from sanduq_web.watch.actions.dockets import DAYS
from sanduq_web.watch.models import Kind, Outcome


class LimitsForm(forms.Form):
    """The time limits."""

    until = UtcField(label=_("Complaints can be lodged until (UTC)"))
    appeal_days = forms.IntegerField(
        label=_("Days for an appeal after a decision"), min_value=DAYS.start, max_value=DAYS.stop - 1, initial=3
    )
    answer_days = forms.IntegerField(
        label=_("Days within which complaints and incidents are answered"),
        min_value=DAYS.start,
        max_value=DAYS.stop - 1,
        initial=3,
    )


class ComplaintForm(forms.Form):
    """An observer's complaint or appeal."""

    kind = forms.ChoiceField(label=_("What it is about"), choices=Kind.choices)
    area = forms.ChoiceField(label=_("Area"), required=False)
    text = forms.CharField(label=_("What happened, and what is asked for"), max_length=LONGEST, widget=forms.Textarea)
    language = forms.ChoiceField(label=_("Its language"), choices=settings.LANGUAGES)
    text_is_public = forms.BooleanField(label=_("Everybody may read this text"), required=False)
    name = forms.CharField(label=_("Name of the complainant"), max_length=120, required=False)
    name_is_public = forms.BooleanField(label=_("Everybody may read this name"), required=False)

    def __init__(self, *given: Any, frozen: Frozen | None, **more: Any) -> None:
        super().__init__(*given, **more)
        field = self.fields["area"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # for the checker of types
        field.choices = places(frozen)


class RulingForm(forms.Form):
    """A decision with its reasons; areas in which the vote is annulled in this case from then on."""

    outcome = forms.ChoiceField(label=_("Decision"), choices=Outcome.choices)
    reasons = forms.CharField(
        label=_("Reasons, which everybody reads"), max_length=LONGEST_REASONS, widget=forms.Textarea,
        help_text=_("Name no complainant, no voter and no witness here."),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Its language"), choices=settings.LANGUAGES)
    annuls = forms.MultipleChoiceField(
        label=_("Areas in which the vote is annulled"), required=False,
        help_text=_("The record stays as it is. The result is shown as counted, and without these areas."),
    )  # fmt: skip

    def __init__(self, *given: Any, frozen: Frozen | None, **more: Any) -> None:
        super().__init__(*given, **more)
        field = self.fields["annuls"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101  # for the checker of types
        field.choices = places(frozen)[1:]


class SupervisorForm(RulingForm):
    """The same, with a code: one person decides."""

    code = forms.CharField(
        label=_("Code"), max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "dir": "ltr", "spellcheck": "false"}),
    )  # fmt: skip
