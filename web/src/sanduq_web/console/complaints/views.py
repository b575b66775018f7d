"""Screens of complaints."""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from sanduq_web import clock
from sanduq_web.console.complaints import actions
from sanduq_web.console.complaints.api import decides_appeals, may_read
from sanduq_web.console.complaints.forms import ComplaintForm, LimitsForm, RulingForm, SupervisorForm
from sanduq_web.console.complaints.models import Draft
from sanduq_web.console.observing.api import docket, frozen_of
from sanduq_web.console.office.api import Desk
from sanduq_web.console.office.models import Role
from sanduq_web.console.screens import attempt, require_code, screen
from sanduq_web.watch import api
from sanduq_web.watch.actions.complaining import Lodged, Ruling

_READING: Final = (Role.OBSERVER, Role.COMMISSION, Role.SUPERVISOR)
_PAGE: Final = 50


def _names(desk: Desk) -> dict[str, str]:
    frozen = frozen_of(desk.of)
    return {area.code: area.name for area in frozen.setup.areas} if frozen else {}


def _to(name: str, desk: Desk, *more: int) -> HttpResponse:
    return HttpResponseRedirect(reverse(name, args=[desk.of.pk, *more]))


@screen(*_READING)
def register(request: HttpRequest, desk: Desk) -> HttpResponse:
    """All complaints and appeals, the newest first."""
    kept = docket(desk.of)
    page, only = request.GET.get("page", "1"), request.GET.get("only") == "open"
    number = max(int(page), 1) if page.isdecimal() and len(page) < 7 else 1
    found = api.register(kept, clock.now(), slice((number - 1) * _PAGE, number * _PAGE + 1), undecided=only)
    more = {"older": number + 1 if len(found) > _PAGE else 0, "newer": number - 1, "only": only}
    told = {"rows": found[:_PAGE], "docket": kept, "names": _names(desk)}
    told["drafts"] = Draft.objects.filter(vote=desk.of).count() if desk.role is Role.COMMISSION else 0
    return render(request, "complaints/register.html", told | more)


@screen(Role.COMMISSION, writes=True)
def limits(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Set the time limits, or make them longer."""
    kept = docket(desk.of)
    first: dict[str, Any] = {"appeal_days": kept.appeal_days, "answer_days": kept.answer_days}
    if kept.complaints_until:
        first["until"] = clock.moment(kept.complaints_until)
    form = LimitsForm(request.POST if request.method == "POST" else None, initial=first)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        if attempt(request, lambda: actions.set_limits(desk, **given), _("The time limits are set.")):
            return _to("complaints", desk)
    return render(request, "complaints/limits.html", {"form": form, "docket": kept})


@screen(Role.OBSERVER, writes=True)
def lodge(request: HttpRequest, desk: Desk) -> HttpResponse:
    """An observer's complaint, or its appeal against a decision."""
    against = request.GET.get("against", "")
    number = int(against) if against.isdecimal() and len(against) < 9 else None
    given = request.POST if request.method == "POST" else None
    form = ComplaintForm(given, frozen=frozen_of(desk.of), initial={"language": request.LANGUAGE_CODE})
    if form.is_bound and form.is_valid():
        told = Lodged(**form.cleaned_data, against=number)
        if attempt(request, lambda: actions.lodge(desk, told), _("It was lodged.")):
            return _to("complaints", desk)
    return render(request, "complaints/lodge.html", {"form": form, "against": number})


@screen(*_READING, writes=True)
def one(request: HttpRequest, desk: Desk, number: int) -> HttpResponse:
    """One entry. The commission drafts a decision; the supervisor decides on an appeal."""
    told = api.case(docket(desk.of), number, clock.now())
    if told is None:
        raise Http404
    is_appeal = told.complaint.against_id is not None
    rules = _rules(desk, told, is_appeal=is_appeal)
    draft = Draft.objects.filter(vote=desk.of, number=number).first() if desk.role is Role.COMMISSION else None
    form = _form(request, desk, told, draft) if rules else None
    if request.method == "POST":
        if form is None:
            raise Http404
        if form.is_valid():
            given = {key: value for key, value in form.cleaned_data.items() if key != "code"}
            ruling = Ruling(number=number, **given)

            def act() -> None:
                if is_appeal and desk.role is Role.SUPERVISOR:
                    require_code(request)
                    actions.decide_appeal(desk, ruling)
                else:
                    actions.draft(desk, ruling)

            if attempt(request, act, _("Done.")):
                return _to("complaint", desk, number)
    shown: dict[str, Any] = {
        "told": told,
        "row": told.complaint,
        "decision": told.decision,
        "names": _names(desk),
        "form": form,
    }
    annulled = [shown["names"].get(code, code) for code in (told.decision.annuls if told.decision else [])]
    shown |= {
        "reads": may_read(desk, told),
        "draft": draft,
        "annulled": annulled,
        "by_supervisor": desk.role is Role.SUPERVISOR,
    }
    return render(request, "complaints/one.html", shown)


def _rules(desk: Desk, told: api.Case, *, is_appeal: bool) -> bool:
    if told.decision is not None:
        return False
    return desk.role is (decides_appeals(desk.of) if is_appeal else Role.COMMISSION)


def _form(request: HttpRequest, desk: Desk, told: api.Case, draft: Draft | None) -> RulingForm:
    before = told.complaint.against.annuls if told.complaint.against is not None else []
    first: dict[str, Any] = {"language": told.complaint.language, "annuls": before}
    if draft is not None:
        first = {"outcome": draft.outcome, "reasons": draft.reasons, "language": draft.language, "annuls": draft.annuls}
    kind = SupervisorForm if desk.role is Role.SUPERVISOR else RulingForm
    return kind(request.POST if request.method == "POST" else None, frozen=frozen_of(desk.of), initial=first)


@screen(Role.COMMISSION, writes=True)
def sitting(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The drafts; those that are marked are proposed to a second member, all in one."""
    if request.method == "POST":
        on_appeal = request.POST.get("of") == "appeals"
        numbers = [int(each) for each in request.POST.getlist("number") if each.isdecimal() and len(each) < 9]
        if attempt(request, lambda: actions.propose_drafts(desk, numbers, on_appeal=on_appeal), _("It is proposed.")):
            return _to("overview", desk)
        return _to("sitting", desk)
    groups = [
        ("complaints", _("Complaints"), actions.drafts(desk.of, on_appeal=False)),
        ("appeals", _("Appeals"), actions.drafts(desk.of, on_appeal=True)),
    ]
    return render(request, "complaints/sitting.html", {"groups": groups, "most": actions.MOST})
