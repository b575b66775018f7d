"""Screens of the register: what is in force, files that were brought, their faults, entries."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from sanduq import errors
from sanduq_web.console.enrolment import actions, api, keys
from sanduq_web.console.enrolment.areas import areas_of
from sanduq_web.console.enrolment.deeds import payload_of
from sanduq_web.console.enrolment.forms import AgreeForm, DayForm, OneForm, UploadForm
from sanduq_web.console.enrolment.models import AreaCount, Entry, Fault, Load, LoadState
from sanduq_web.console.office.actions import propose
from sanduq_web.console.office.api import Desk
from sanduq_web.console.office.models import Role
from sanduq_web.console.screens import ANYBODY, attempt, require_code, screen

_SHOWN = 100


@screen(*ANYBODY, writes=True)
def register(request: HttpRequest, desk: Desk) -> HttpResponse:
    """How many are on the register, by area; the commission sets the day of destruction, the registrar brings files."""
    day = DayForm(request.POST if request.POST.get("do") == "day" else None)
    upload = UploadForm(*((request.POST, request.FILES) if request.POST.get("do") == "upload" else ()))
    if request.method == "POST":
        allowed = {"day": Role.COMMISSION, "upload": Role.REGISTRAR}
        if allowed.get(request.POST.get("do", "")) is not desk.role:
            raise Http404
        if day.is_valid():
            attempt(request, lambda: actions.set_destruction(desk, day.cleaned_data["day"]), _("The day is set."))
            return HttpResponseRedirect(request.path)
        if upload.is_valid():
            told = upload.cleaned_data
            done = _("The file is here, and is being checked.")
            attempt(request, lambda: actions.receive(desk, told["file"].file, told["encoding"]), done)
            return HttpResponseRedirect(request.path)
    found = api.register_of(desk.of)
    rows = api.counts(desk.of)
    return render(request, "enrolment/register.html", {
        "register": found, "rows": rows, "day": day, "upload": upload, "one": OneForm(),
        "all": sum(row.entries for row in rows), "weight": sum(row.weight for row in rows),
        "loads": api.loads(found) if found and desk.role is Role.REGISTRAR else [],
        "keyed": keys.is_there(), "is_registrar": desk.role is Role.REGISTRAR, "is_commission": desk.role is Role.COMMISSION,
    })  # fmt: skip


def _load(desk: Desk, number: int) -> Load:
    found = Load.objects.select_related("by__officer").filter(pk=number, register_id=desk.of.pk).first()
    if found is None:
        raise Http404
    return found


@screen(Role.REGISTRAR, writes=True)
def load(request: HttpRequest, desk: Desk, number: int) -> HttpResponse:
    """One file: how far it was checked, what is wrong with it; bring it into force with a second person, or throw it away."""
    found = _load(desk, number)
    if request.method == "POST":
        if request.POST.get("do") == "throw-away":
            attempt(request, lambda: actions.throw_away(desk, number), _("It was thrown away."))
            return HttpResponseRedirect(reverse("roll", args=[desk.of.pk]))

        def act() -> None:
            if found.state != LoadState.CHECKED:
                raise errors.Unusable("this file is not in order, or was thrown away")
            require_code(request)
            propose(desk, "register-in-force", payload_of(found))

        attempt(request, act, _("A second registrar confirms it now."))
        return HttpResponseRedirect(request.path)
    faults = list(Fault.objects.filter(load=found).order_by("line", "pk")[:_SHOWN])
    return render(request, "enrolment/load.html", {
        "load": found, "faults": [(each, api.told(each)) for each in faults], "more": found.faults - len(faults),
        "counts": list(AreaCount.objects.filter(register_id=desk.of.pk, generation=found.pk).order_by("area")),
        "form": AgreeForm(), "states": LoadState,
    })  # fmt: skip


@screen(Role.REGISTRAR)
def faults(request: HttpRequest, desk: Desk, number: int) -> Any:
    """All that is wrong with a file, as CSV."""
    headers = {"Content-Disposition": f'attachment; filename="register-{number}-problems.csv"'}
    return StreamingHttpResponse(api.faults_csv(_load(desk, number)), content_type="text/csv; charset=utf-8", headers=headers)


@screen(Role.REGISTRAR, writes=True)
def entries(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Entries by number, a hundred at a time; a number that is asked for stands in no address."""
    found = api.register_of(desk.of)
    if found is None:
        raise Http404
    if request.method == "POST":
        one = api.entry_of(found, request.POST.get("voter", "").strip()[:64])
        if one is not None:
            return HttpResponseRedirect(reverse("roll-entry", args=[desk.of.pk, one.pk]))
        form = OneForm(request.POST)
        form.is_valid()
        form.add_error("voter", _("There is no such entry."))
    else:
        form = OneForm()
    areas = areas_of(desk.of)
    area = request.GET.get("area", "")
    generation = 0 if request.GET.get("of") == "applications" else found.generation
    shown = api.entries(found, generation, area if area in areas else "", request.GET.get("after", "")[:64])
    kept = {name: request.GET[name] for name in ("area", "of") if name in request.GET}
    after = urlencode(kept | {"after": shown[-2].voter}) if len(shown) > api.PAGE else ""
    return render(request, "enrolment/entries.html", {
        "entries": shown[: api.PAGE], "after": after, "areas": areas.values(), "area": area, "form": form,
    })  # fmt: skip


@screen(Role.REGISTRAR)
def entry(request: HttpRequest, desk: Desk, number: int) -> HttpResponse:
    """One entry. Where its name is withheld, its name is not shown here either."""
    found = api.register_of(desk.of)
    one = Entry.objects.filter(pk=number, register_id=desk.of.pk).first()
    if found is None or one is None or one.generation not in (0, found.generation):
        raise Http404
    told: dict[str, Any] = {}
    if not one.withheld:
        attempt(request, lambda: told.update(keys.open_fields(bytes(one.sealed), f"{desk.of.pk.hex} {one.voter}")))
    told.pop("key", None)
    return render(request, "enrolment/entry.html", {"entry": one, "told": told})
