"""Screens of a registration: what the public pages show; applications and objections, which two officers decide."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from sanduq import errors
from sanduq_web.console.enrolment import actions, api, cases, keys
from sanduq_web.console.enrolment.actions.opening import recipients_in
from sanduq_web.console.enrolment.forms import OpinionForm, RecipientsForm, ShowForm
from sanduq_web.console.office.actions import propose
from sanduq_web.console.office.api import Desk
from sanduq_web.console.office.models import Role
from sanduq_web.console.screens import attempt, require_code, screen
from sanduq_web.roll.models import Case, Document, Registration

_SEALED = "application/octet-stream"
"""What strangers sent is never shown here: it is sealed, and goes to a file."""


@screen(Role.COMMISSION, Role.REGISTRAR, writes=True)
def registration(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The commission says what the public pages show; the registrar, to which keys what comes in is sealed."""
    row = Registration.objects.filter(uuid=desk.of.pk).first()
    show = ShowForm(request.POST if request.POST.get("do") == "show" else None, initial=_shown(row))
    to = RecipientsForm(request.POST if request.POST.get("do") == "recipients" else None)
    if request.method == "POST":
        allowed = {"show": Role.COMMISSION, "recipients": Role.REGISTRAR}
        if allowed.get(request.POST.get("do", "")) is not desk.role:
            raise Http404
        if show.is_valid():
            days = {name: show.cleaned_data[name] for name in ("applies_from", "applies_until", "objects_until")}
            names, needs, shown = show.texts("name"), show.texts("needs"), show.cleaned_data["shown"]
            attempt(request, lambda: actions.show_registration(desk, names, needs, days, shown), _("Done."))
            return HttpResponseRedirect(request.path)
        if to.is_valid():

            def act() -> None:
                found = recipients_in(to.cleaned_data["recipients"])
                require_code(request)
                propose(desk, "roll-recipients", {"recipients": found})

            attempt(request, act, _("A second registrar confirms it now."))
            return HttpResponseRedirect(request.path)
    return render(request, "enrolment/registration.html", {
        "row": row, "show": show, "to": to, "register": api.register_of(desk.of), "keyed": keys.is_there(),
        "is_registrar": desk.role is Role.REGISTRAR, "is_commission": desk.role is Role.COMMISSION,
    })  # fmt: skip


def _shown(row: Registration | None) -> dict[str, Any]:
    if row is None:
        return {}
    found: dict[str, Any] = {name: getattr(row, name) for name in ("applies_from", "applies_until", "objects_until", "shown")}
    for which, texts in (("name", row.names), ("needs", row.needs)):
        found |= {f"{which}_{code}": text for code, text in texts.items()}
    return found


@screen(Role.REGISTRAR)
def case_list(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Applications and objections by number, a hundred at a time; no names."""
    decided = request.GET.get("of") == "decided"
    after = request.GET.get("after", "0")
    shown = cases.cases(desk.of, decided, int(after) if after.isdecimal() and len(after) < 10 else 0)
    more = shown[cases.PAGE - 1].number if len(shown) > cases.PAGE else 0
    return render(request, "enrolment/cases.html", {"cases": shown[: cases.PAGE], "more": more, "decided": decided})


def _case(desk: Desk, number: int) -> Case:
    try:
        return cases.case_of(desk.of, number)
    except errors.Unusable:
        raise Http404 from None


@screen(Role.REGISTRAR, writes=True)
def one(request: HttpRequest, desk: Desk, number: int) -> HttpResponse:
    """What somebody wrote, what officers think of it; an opinion, or agreement to one."""
    case = _case(desk, number)
    form = OpinionForm(request.POST if request.POST.get("do") == "opinion" else None)
    if request.method == "POST":
        do, which = request.POST.get("do"), request.POST.get("opinion", "")
        if do == "agree" and which.isdecimal() and len(which) < 18:
            attempt(request, lambda: actions.agree(desk, number, int(which)), _("It is decided."))
            return HttpResponseRedirect(request.path)
        if do == "dispute":
            attempt(request, lambda: actions.dispute(desk, number), _("Somebody may give another opinion now."))
            return HttpResponseRedirect(request.path)
        if do == "opinion" and form.is_valid():
            told = form.cleaned_data
            act = lambda: actions.give_opinion(  # noqa: E731
                desk, number, told["verdict"] == "yes", told["reason"], told["strikes"].strip()
            )
            if attempt(request, act, _("A second officer agrees to it now, or disputes it.")):
                return HttpResponseRedirect(request.path)
    texts: dict[str, Any] = {}
    attempt(request, lambda: texts.update(cases.texts_of(case)))
    found = cases.opinions(case)
    return render(request, "enrolment/case.html", {
        "case": case, "texts": texts, "documents": cases.documents(case), "opinions": found, "form": form,
        "open": next((each for each in found if each.state == "open"), None),
    })  # fmt: skip


@screen(Role.REGISTRAR)
def document(request: HttpRequest, desk: Desk, number: int, document: int) -> HttpResponse:
    """A document as it was sealed: it is opened on the offline machine, with `age -d`."""
    row = Document.objects.filter(pk=document, case=_case(desk, number)).first()
    if row is None:
        raise Http404
    headers = {"Content-Disposition": f'attachment; filename="case-{number}-{document}.age"'}
    return HttpResponse(bytes(row.sealed), content_type=_SEALED, headers=headers)
