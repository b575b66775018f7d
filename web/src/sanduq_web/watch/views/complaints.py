"""Complaints and appeals for everybody: the register, one entry, the form, and the answer by code. No cookie, no script."""

from __future__ import annotations

import secrets
from typing import Any, Final

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from sanduq import errors
from sanduq_web import clock, references
from sanduq_web.problems import Problem
from sanduq_web.strangers import from_elsewhere
from sanduq_web.watch import api
from sanduq_web.watch.actions.complaining import LONGEST, Lodged, lodge
from sanduq_web.watch.models import Kind
from sanduq_web.watch.views.pages import page
from sanduq_web.watch.views.written import choices_of, docket_or_404, names_of

_FORBIDDEN, _CONFLICT, _UNPROCESSABLE = 403, 409, 422
_TOKEN: Final = 32
_WRONG: Final = {
    "required": _("This is needed."),
    "invalid_choice": _("Choose one of the list."),
    "max_length": _("This is too long."),
}


class LodgeForm(forms.Form):
    """A complaint, or an appeal. ``token`` makes the code; the same form sent twice is one complaint."""

    kind = forms.ChoiceField(label=_("What it is about"), choices=Kind.choices, error_messages=_WRONG)
    area = forms.ChoiceField(label=_("Area"), required=False, error_messages=_WRONG)
    text = forms.CharField(
        label=_("What happened, and what you ask for"), max_length=LONGEST, error_messages=_WRONG,
        widget=forms.Textarea(attrs={"rows": 10, "dir": "auto"}),
    )  # fmt: skip
    text_is_public = forms.BooleanField(label=_("Everybody may read this text"), required=False)
    name = forms.CharField(
        label=_("Your name: not needed"), max_length=120, required=False, error_messages=_WRONG,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )  # fmt: skip
    name_is_public = forms.BooleanField(label=_("Everybody may read this name"), required=False)
    token = forms.RegexField(r"\A[A-Za-z0-9_-]{43}\Z", widget=forms.HiddenInput)

    def __init__(self, *given: Any, areas: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*given, **more)
        field = self.fields["area"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # for the checker of types
        field.choices = [("", "–"), *areas]


@require_safe
def register(request: HttpRequest, anchor: str) -> HttpResponse:
    """All complaints and appeals, with what became of them."""
    frozen, found = docket_or_404(anchor)
    now = clock.now()
    more: dict[str, Any] = {"rows": api.register(found, now), "names": names_of(frozen), "docket": found}
    more["open"] = now <= found.complaints_until
    return page(request, "watch/complaints.html", anchor, "result", more)


@require_safe
def one(request: HttpRequest, anchor: str, number: int) -> HttpResponse:
    """One entry, with the reasons of its decision."""
    frozen, found = docket_or_404(anchor)
    now = clock.now()
    told = api.case(found, number, now)
    if told is None:
        raise Http404
    return page(request, "watch/complaint.html", anchor, "result", _entry(told, names_of(frozen), now, own=False))


def _entry(told: api.Case, names: dict[str, str], now: str, *, own: bool) -> dict[str, Any]:
    decision = told.decision
    annulled = [names.get(code, code) for code in (decision.annuls if decision else [])]
    appeal = decision is not None and bool(decision.appeal_until) and now <= decision.appeal_until
    return {"told": told, "row": told.complaint, "decision": decision, "annulled": annulled, "names": names, "own": own} | {
        "may_appeal": appeal
    }


@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest, anchor: str) -> HttpResponse:
    """The form; what is sent is taken, and its code is shown this once."""
    frozen, found = docket_or_404(anchor)
    if request.method == "POST" and from_elsewhere(request):
        return render(request, "watch/elsewhere.html", {"frozen": frozen}, status=_FORBIDDEN)
    against = request.GET.get("against", "")
    number = int(against) if against.isdecimal() and len(against) < 9 else None
    decision = _open_decision(found, number)
    is_open = decision is not None if number is not None else clock.now() <= found.complaints_until
    token = {"token": secrets.token_urlsafe(_TOKEN)}
    asked = LodgeForm(request.POST if request.method == "POST" else None, initial=token, areas=choices_of(frozen))
    more: dict[str, Any] = {"form": asked, "against": number, "open": is_open, "docket": found, "decision": decision}
    if not is_open:
        return page(request, "watch/lodge.html", anchor, "result", more)
    if asked.is_bound and asked.is_valid():
        given = {key: value for key, value in asked.cleaned_data.items() if key != "token"}
        told = Lodged(**given, language=get_language() or settings.LANGUAGE_CODE, against=number)
        try:
            made, code = lodge(found, told, clock.now(), token=asked.cleaned_data["token"])
        except errors.Unusable as refusal:
            return _said(page(request, "watch/lodge.html", anchor, "result", more | {"refusal": str(refusal)}), _CONFLICT)
        except Problem as problem:
            answer = _said(page(request, "watch/lodge.html", anchor, "result", more | {"full": True}), int(problem.status))
            answer["Retry-After"] = str(problem.retry_after)
            return answer
        return page(request, "watch/lodged.html", anchor, "result", {"made": made, "code": code})
    return _said(page(request, "watch/lodge.html", anchor, "result", more), _UNPROCESSABLE if asked.is_bound else 200)


def _said(response: HttpResponse, status: int) -> HttpResponse:
    response.status_code = status
    return response


def _open_decision(found: Any, number: int | None) -> Any:
    """The decision against which one may appeal now."""
    told = api.case(found, number, clock.now()) if number is not None else None
    if told is None or told.decision is None:
        return None
    return told.decision if clock.now() <= told.decision.appeal_until else None


@require_http_methods(["POST"])
def answer(request: HttpRequest, anchor: str) -> HttpResponse:
    """What became of one's own complaint, by its code, which stands in no address."""
    frozen, found = docket_or_404(anchor)
    now = clock.now()
    try:
        code = references.read(request.POST.get("code", "")[:64])
        told = api.by_code(found, references.hash_of(code, "complaint"), now)
    except references.NotAReference:
        told = None
    if told is None:
        return _said(page(request, "watch/no_complaint.html", anchor, "result", {}), 404)
    return page(request, "watch/complaint.html", anchor, "result", _entry(told, names_of(frozen), now, own=True))
