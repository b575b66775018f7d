"""Screens of observing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, Final, cast

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from sanduq import errors
from sanduq_web import clock, plain
from sanduq_web.console.observing import actions
from sanduq_web.console.observing.api import docket, frozen_of, writer
from sanduq_web.console.observing.forms import EntryForm, FileForm, IncidentForm, ObserverForm, ShowForm, StatementForm
from sanduq_web.console.office.api import Desk
from sanduq_web.console.office.models import Role
from sanduq_web.console.screens import attempt, require_code, screen
from sanduq_web.pages import share
from sanduq_web.watch import api
from sanduq_web.watch.actions.observing import evidence_path, words_sha256
from sanduq_web.watch.anomalies import THRESHOLDS, seen
from sanduq_web.watch.models import Accreditation, Status

_WATCHING: Final = (Role.OBSERVER, Role.COMMISSION, Role.SUPERVISOR)
_PAGE: Final = 50
_INERT: Final = {
    # Whatever it is, no browser opens it: not as a page, not as a picture, and without any right if one did.
    "Content-Type": "application/octet-stream",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}


def _back(name: str, desk: Desk, *more: int) -> HttpResponse:
    return HttpResponseRedirect(reverse(name, args=[desk.of.pk, *more]))


# --- areas -------------------------------------------------------------------------------------------------------------------


@screen(*_WATCHING)
def dashboard(request: HttpRequest, desk: Desk) -> HttpResponse:
    """All areas, those that stand out first."""
    frozen = frozen_of(desk.of)
    if frozen is None:
        return render(request, "observing/areas.html", {"seen": None})
    found, only = seen(frozen, clock.now()), request.GET.get("only") == "flags"
    rows = [
        (area, share(area.voters, area.electorate, 1), share(area.hour, area.electorate, 1))
        for area in found.areas
        if area.flags or not only
    ]
    told = {"seen": found, "rows": rows, "only": only, "thresholds": THRESHOLDS, "pace": f"{100 * found.pace:.1f}"}
    told |= {"jump": f"{100 * THRESHOLDS.jump_share:g}", "again": f"{100 * THRESHOLDS.again_share:g}", "frozen": frozen}
    return render(request, "observing/areas.html", told)


@screen(*_WATCHING)
def dashboard_file(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The same for machines, with the thresholds."""
    frozen = frozen_of(desk.of)
    if frozen is None:
        raise Http404
    headers = {"Content-Disposition": 'attachment; filename="areas.json"'}
    return JsonResponse(seen(frozen, clock.now()).to_json(), headers=headers)


# --- who observes ------------------------------------------------------------------------------------------------------------


@screen(*_WATCHING, writes=True)
def observers(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Who observes for whom. An observer writes its own words; the commission accredits."""
    kept = docket(desk.of)
    mine = Accreditation.objects.filter(docket=kept, post=desk.post.pk).first()
    first = {"organisation": mine.organisation, "about": mine.about, "name": mine.name, "agrees": mine.agrees} if mine else {}
    is_form = request.method == "POST" and desk.role is Role.OBSERVER
    form = ObserverForm(request.POST if is_form else None, initial=first)
    if request.method == "POST":
        if desk.role is Role.OBSERVER:
            given = form.cleaned_data if form.is_valid() else None
            if given is not None and attempt(request, lambda: actions.introduce(desk, **given), _("It was written down.")):
                return _back("observers", desk)
        elif desk.role is Role.COMMISSION:
            attempt(request, _accrediting(request, desk), _("Done."))
            return _back("observers", desk)
        else:
            raise Http404
    rows = Accreditation.objects.filter(docket=kept).order_by("number")
    people = [(row, words_sha256(row)) for row in rows]
    return render(request, "observing/observers.html", {"form": form, "people": people, "mine": mine})


def _number(text: str | None) -> int:
    if not (text or "").isdecimal() or len(text or "") > 9:
        raise Http404
    return int(text or "0")


def _accrediting(request: HttpRequest, desk: Desk) -> Callable[[], object]:
    number, do = _number(request.POST.get("number")), request.POST.get("do")
    if do == "accredit":
        return lambda: actions.accredit(desk, number, request.POST.get("words", ""))
    if do == "end":
        return lambda: actions.end_accreditation(desk, number)
    raise Http404


# --- incidents ---------------------------------------------------------------------------------------------------------------


@screen(*_WATCHING)
def incidents(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The incidents that are for this reader; overdue ones are marked."""
    only = request.GET.get("status", "")
    only = only if only in ("overdue", *Status.values) else ""
    page = request.GET.get("page", "1")
    number = max(int(page), 1) if page.isdecimal() and len(page) < 7 else 1
    here = slice((number - 1) * _PAGE, number * _PAGE + 1)
    found = api.incidents(docket(desk.of), clock.now(), writer(desk), only, here)
    more = {"older": number + 1 if len(found) > _PAGE else 0, "newer": number - 1, "only": only}
    return render(request, "observing/incidents.html", {"rows": found[:_PAGE], "names": _names(desk)} | more)


def _names(desk: Desk) -> dict[str, str]:
    frozen = frozen_of(desk.of)
    return {area.code: area.name for area in frozen.setup.areas} if frozen else {}


@screen(*_WATCHING)
def incidents_file(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The same as CSV; no cell is a formula."""
    rows: list[list[object]] = [
        ["incident", "time", "kind", "area", "place", "happened", "status", "due", "overdue", "visibility", "text", "sha256"]
    ]
    for each in api.incidents(docket(desk.of), clock.now(), writer(desk)):
        row, standing = each.incident, each.incident.standing
        rows.append(
            [row.number, row.time, row.kind, row.area, row.place, row.happened, standing.status, standing.due,
             "yes" if each.overdue else "no", standing.visibility, row.text, row.sha256]
        )  # fmt: skip
    headers = {"Content-Disposition": 'attachment; filename="incidents.csv"'}
    return HttpResponse(plain.table(rows), content_type="text/csv; charset=utf-8", headers=headers)


@screen(*_WATCHING, writes=True)
def report(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Report an incident."""
    given = request.POST if request.method == "POST" else None
    form = IncidentForm(given, frozen=frozen_of(desk.of), is_observer=desk.role is Role.OBSERVER)
    if form.is_bound and form.is_valid():
        made: list[int] = []
        if attempt(
            request, lambda: made.append(actions.report(desk, form.cleaned_data).number), _("The incident is reported.")
        ):
            return _back("incident", desk, made[0])
    return render(request, "observing/report.html", {"form": form})


@screen(*_WATCHING, writes=True)
def one(request: HttpRequest, desk: Desk, number: int) -> HttpResponse:
    """An incident, with what was written behind it."""
    found = api.incident(docket(desk.of), clock.now(), writer(desk), number)
    if found is None:
        raise Http404
    if request.method == "POST":
        act = _changing(request, desk, number)
        if act is not None:
            attempt(request, act, _("Done."))
            return _back("incident", desk, number)
    mine = found.incident.post == desk.post.pk
    told: dict[str, Any] = {
        "told": found,
        "names": _names(desk),
        "mine": mine,
        "may_change": mine or desk.role is Role.SUPERVISOR,
    }
    forms = {"entry": EntryForm(), "show": ShowForm(auto_id="show_%s"), "file": FileForm(auto_id="file_%s")}
    return render(request, "observing/incident.html", told | forms)


def _changing(request: HttpRequest, desk: Desk, number: int) -> Callable[[], object] | None:
    do = request.POST.get("do", "")
    if do in actions.CHANGES:
        entry = EntryForm(request.POST)
        return _told(entry, lambda: actions.change(desk, do, number, entry.cleaned_data["text"]))
    if do == "show":
        shown = ShowForm(request.POST)
        return _told(shown, lambda: actions.show_to(desk, number, shown.cleaned_data["visibility"], shown.cleaned_data["text"]))
    if do == "attach":
        form = FileForm(request.POST, request.FILES)
        file = request.FILES.get("file")
        return _told(form, lambda: actions.attach(desk, number, file.name or "", file.chunks()) if file else None)
    raise Http404


def _told(form: Any, act: Callable[[], object]) -> Callable[[], object]:
    """The act, or a refusal with what is wrong in the form."""
    if form.is_valid():
        return act
    wrong = "; ".join(
        f"{form.fields[name].label}: {' '.join(told)}" for name, told in form.errors.items() if name in form.fields
    )

    def refuse() -> None:
        raise errors.Unusable(wrong)

    return refuse


@screen(*_WATCHING)
def evidence(request: HttpRequest, desk: Desk, number: int, file: int) -> HttpResponse:
    """A file, to be kept and never to be opened here; what is not what was handed in is not given out."""
    kept = docket(desk.of)
    found = api.incident(kept, clock.now(), writer(desk), number)
    row = next((each for each in found.files if each.number == file), None) if found else None
    if row is None:
        raise Http404
    path = evidence_path(kept, row.sha256)
    try:
        opened = path.open("rb")
    except OSError:
        raise Http404 from None
    if hashlib.file_digest(opened, "sha256").hexdigest() != row.sha256:
        opened.close()
        return HttpResponse(
            _("This file is not what was handed in: its bytes have changed."), status=410, content_type="text/plain"
        )
    opened.seek(0)
    # The ending of its own name is not the last one: no double click opens a page or a program.
    response: Any = FileResponse(opened, as_attachment=True, filename=f"incident-{number}-{file}-{row.name}.bin")
    for name, value in _INERT.items():
        response[name] = value
    return cast("HttpResponse", response)


# --- statements --------------------------------------------------------------------------------------------------------------


@screen(*_WATCHING)
def statements(request: HttpRequest, desk: Desk) -> HttpResponse:
    """All statements, as everybody reads them."""
    return render(request, "observing/statements.html", {"statements": api.statements(docket(desk.of))})


@screen(Role.OBSERVER, writes=True)
def state(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Make a statement."""
    return _stating(request, desk, None)


@screen(Role.OBSERVER, writes=True)
def supplement(request: HttpRequest, desk: Desk, number: int) -> HttpResponse:
    """Supplement one's own."""
    mine = next((each for each in api.statements(docket(desk.of), desk.post.pk) if each.number == number), None)
    if mine is None:
        raise Http404
    return _stating(request, desk, mine)


def _stating(request: HttpRequest, desk: Desk, to: api.StatementTold | None) -> HttpResponse:
    first = {"language": to.first.language, "title": to.first.title} if to else {"language": request.LANGUAGE_CODE}
    form = StatementForm(request.POST if request.method == "POST" else None, initial=first)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data

        def act() -> None:
            require_code(request)
            actions.state(desk, given["language"], given["title"], given["text"], to.number if to else None)

        if attempt(request, act, _("Everybody can read it now.")):
            return _back("statements", desk)
    return render(request, "observing/state.html", {"form": form, "to": to})
