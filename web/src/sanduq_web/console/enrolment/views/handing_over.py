"""Screens between the console and the registrar's offline machine; reserves; destruction."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from sanduq_web.console.enrolment import actions, api
from sanduq_web.console.enrolment.areas import areas_of
from sanduq_web.console.enrolment.forms import AgreeForm, ExportForm, ListForm, ReserveForm
from sanduq_web.console.enrolment.models import Export, Reserve, RollFile
from sanduq_web.console.office.actions import propose
from sanduq_web.console.office.api import Desk
from sanduq_web.console.office.models import Role
from sanduq_web.console.screens import attempt, require_code, screen

_SHOWN = 200


@screen(Role.REGISTRAR, writes=True)
def handover(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The archive for the offline machine, and the public lists that come back from it."""
    areas = areas_of(desk.of)
    do = request.POST.get("do")
    make = ExportForm(request.POST if do == "export" else None)
    bring = ListForm(*((request.POST, request.FILES) if do == "list" else ()), areas=areas.values())
    if request.method == "POST":
        if do == "export" and make.is_valid():
            reserves = make.cleaned_data["reserves"]
            attempt(request, lambda: actions.ask_for_export(desk, reserves), _("It is being made."))
            return HttpResponseRedirect(request.path)
        if do == "list" and bring.is_valid():
            file, area = bring.cleaned_data["file"], bring.cleaned_data["area"]
            attempt(request, lambda: actions.bring_list(desk, area, file.name, file.read()), _("It is being checked."))
            return HttpResponseRedirect(request.path)
        if do == "remove":
            attempt(request, lambda: actions.remove_list(desk, request.POST.get("area", "")), _("Done."))
            return HttpResponseRedirect(request.path)
    lists = {row.area: row for row in RollFile.objects.filter(register_id=desk.of.pk).defer("raw")}
    return render(request, "enrolment/handover.html", {
        "register": api.register_of(desk.of), "make": make, "bring": bring, "missing": len(api.rolls_missing(desk.of)),
        "exports": list(Export.objects.filter(register_id=desk.of.pk).order_by("-pk")[:20]),
        "rows": [(area, lists.get(code)) for code, area in areas.items()],
    })  # fmt: skip


@screen(Role.REGISTRAR)
def export(request: HttpRequest, desk: Desk, number: int) -> Any:
    """The archive, sealed."""
    row = Export.objects.filter(pk=number, register_id=desk.of.pk, state="made").first()
    try:
        file = (settings.SANDUQ_CONSOLE_FILES / row.file).open("rb") if row else None
    except OSError:
        file = None
    if file is None:
        raise Http404
    return FileResponse(file, as_attachment=True, filename=f"roll-{number}.zip.age", content_type="application/octet-stream")


@screen(Role.REGISTRAR, writes=True)
def reserves(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Reserves that were given out: one officer says so, a second confirms."""
    do, number = request.POST.get("do"), request.POST.get("number", "")
    form = ReserveForm(request.POST if do == "give" else None, areas=areas_of(desk.of).values())
    if request.method == "POST":
        if do == "give" and form.is_valid():
            told = form.cleaned_data
            act = lambda: actions.give_reserve(  # noqa: E731
                desk, told["area"], told["number"], told["voter"].strip(), told["why"]
            )
            attempt(request, act, _("A second officer confirms it now."))
            return HttpResponseRedirect(request.path)
        if do in ("confirm", "take-back") and number.isdecimal() and len(number) < 18:
            verb = actions.second_reserve if do == "confirm" else actions.take_back_reserve
            attempt(request, lambda: verb(desk, int(number)), _("Done."))
            return HttpResponseRedirect(request.path)
    rows = Reserve.objects.filter(register_id=desk.of.pk).select_related("by__officer", "second__officer").order_by("-pk")
    return render(request, "enrolment/reserves.html", {"rows": list(rows[:_SHOWN]), "form": form})


@screen(Role.REGISTRAR, writes=True)
def destruction(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Destroy all data of people earlier than on their day: proposed here, confirmed by a second registrar."""
    if request.method == "POST":

        def act() -> None:
            require_code(request)
            propose(desk, "register-destroyed", {"before_freezing": request.POST.get("meant") == "yes"})

        attempt(request, act, _("A second registrar confirms it now."))
        return HttpResponseRedirect(request.path)
    return render(request, "enrolment/destruction.html", {"register": api.register_of(desk.of), "form": AgreeForm()})
