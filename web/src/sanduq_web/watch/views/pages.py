"""The pages on which anybody reads what is asked, checks a ballot and watches. No script, no cookie, no session."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from sanduq import errors
from sanduq.box import read_receipt
from sanduq_web import clock, edition
from sanduq_web.box import api as box
from sanduq_web.question.api import Frozen, anchors, referendum, tell
from sanduq_web.roll.api import all_open
from sanduq_web.watch import api
from sanduq_web.watch.actions import show_due
from sanduq_web.watch.views.turnout import turnout_html

_LONGEST_ASKED = 2000
_FIRST = ("open", "counting", "closed", "frozen", "decided")
"""In which order the phases stand on the start page: whoever comes to vote finds the vote first."""


def page(request: HttpRequest, template: str, anchor: str, section: str, more: dict[str, Any]) -> HttpResponse:
    """A page of one referendum."""
    frozen = referendum(anchor)
    values = {"frozen": frozen, "section": section, "phase": box.phase(anchor), "text": tell(frozen, get_language() or "")}
    values["restorations"] = box.restorations(anchor)
    return render(request, template, values | more)


def current(anchor: str) -> Frozen:
    """A referendum, after what its calendar says is due."""
    frozen = referendum(anchor)
    show_due(frozen, clock.now())
    return frozen


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All referendums here."""
    rows = []
    for frozen in map(current, anchors()):
        rows.append({"frozen": frozen, "phase": box.phase(frozen.anchor), "text": tell(frozen, get_language() or "")})
    rows.sort(key=lambda row: _FIRST.index(str(row["phase"])))
    # A copy has no forms.
    opened = (
        [] if edition.current.get() else [{"uuid": of.row.uuid, "name": of.name(get_language() or "")} for of in all_open()]
    )
    return render(request, "watch/index.html", {"rows": rows, "registrations": opened})


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, anchor: str) -> HttpResponse:
    """Look a tracker up, or verify a receipt. What was asked stands in no address."""
    frozen = current(anchor)
    asked = request.POST.get("tracker", "").strip()[:_LONGEST_ASKED] if request.method == "POST" else ""
    more: dict[str, Any] = {"asked": asked, "booth": settings.SANDUQ_BOOTH}
    try:
        if asked.startswith("{"):
            receipt = read_receipt(asked.encode())
            more |= {"found": box.check(frozen, receipt), "tracker": receipt.tracker, "receipt": receipt}
        elif asked:
            more |= {"found": box.find(frozen, asked), "tracker": asked, "refused": True}
    except errors.Refused as refusal:
        more |= {"refused": True, "reason": str(refusal)}
    return page(request, "watch/check.html", anchor, "check", more)


@require_safe
def watch(request: HttpRequest, anchor: str) -> HttpResponse:
    """Turnout by area, the journal, what to download and how to verify it."""
    frozen = current(anchor)
    by = "area" if request.GET.get("by") == "area" else "turnout"
    more: dict[str, Any] = {"turnout": turnout_html(frozen, by), "journal": box.journal(anchor)}
    more["docket"] = api.docket(anchor)
    more["record"] = request.build_absolute_uri(reverse("record", args=[anchor]))
    return page(request, "watch/watch.html", anchor, "watch", more)
