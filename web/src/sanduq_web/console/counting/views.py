"""Screens of the vote's course: where it stands, what is done next, and the certificate."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from sanduq import errors
from sanduq.box.journal import Act
from sanduq_web.box import api as box_api
from sanduq_web.console.counting import deeds
from sanduq_web.console.office.actions import propose
from sanduq_web.console.office.api import Desk
from sanduq_web.console.office.deeds import KNOWN
from sanduq_web.console.office.models import Role
from sanduq_web.console.screens import ANYBODY, attempt, require_code, screen
from sanduq_web.question.api import referendum

_NEXT = {Act.FROZEN: deeds.OPEN, Act.OPENED: deeds.CLOSE, Act.CLOSED: deeds.SUM, Act.SUMMED: deeds.COUNT}


@screen(*ANYBODY, writes=True)
def running(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Where the vote stands; the commission proposes what is next."""
    last = deeds.last_act(desk.of)
    name = _NEXT.get(last) if last else None
    if request.method == "POST":
        if desk.role is not Role.COMMISSION or name is None or request.POST.get("deed") != name:
            raise Http404

        def act() -> None:
            require_code(request)
            propose(desk, name, {"anchor": desk.of.referendum_id, "deed": name})

        if attempt(request, act, _("Proposed: another person of the commission has to confirm it.")):
            return HttpResponseRedirect(reverse("overview", args=[desk.of.pk]))
        return HttpResponseRedirect(request.path)
    told: dict[str, Any] = {"last": last, "deed": KNOWN[name] if name else None, "may": desk.role is Role.COMMISSION}
    if desk.of.referendum_id is not None:
        frozen = referendum(desk.of.referendum_id)
        told |= {"calendar": frozen.setup.calendar, "lines": box_api.journal(frozen.anchor)}
        if name == deeds.COUNT:
            try:
                deeds.decryptions(desk.of)
            except errors.Unusable as refusal:
                told["stands"] = str(refusal)
    return render(request, "counting/running.html", told)


@screen(*ANYBODY)
def certificate(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What was decided, with the hashes that anybody compares: the text of the certificate, to be signed on paper."""
    if deeds.last_act(desk.of) is not Act.DECIDED:
        raise Http404
    frozen = referendum(str(desk.of.referendum_id))
    lines = box_api.journal(frozen.anchor)
    told = {"setup": frozen.setup, "anchor": frozen.anchor, "lines": lines, "decided": lines[-1], "title": frozen.setup.title}
    headers = {"Content-Disposition": 'attachment; filename="certificate.txt"'}
    text = render_to_string("counting/certificate.txt", told)
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers=headers)
