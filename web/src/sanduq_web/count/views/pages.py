"""The result for people: nothing before the close, then the trustees' progress, then every number that decides."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from sanduq_web.box import api as box
from sanduq_web.count import api
from sanduq_web.count.views.downloads import files
from sanduq_web.count.views.progress import tell_progress
from sanduq_web.count.views.tables import ORDERS, tell_tables
from sanduq_web.count.views.telling import tell_regions
from sanduq_web.printing import can_print
from sanduq_web.question.api import beside, referendum, tell


@require_safe
def result(request: HttpRequest, anchor: str) -> HttpResponse:
    """What is known of the count."""
    frozen = referendum(anchor)
    text, phase, found = tell(frozen, get_language() or ""), box.phase(anchor), api.result(frozen)
    values: dict[str, Any] = {"frozen": frozen, "section": "result", "phase": phase, "text": text}
    if found is not None:
        by = request.GET.get("by", "")
        by, shown = by if by in ORDERS else "area", beside(anchor)
        values |= {"by": by, "regions": tell_regions(frozen, found, text), "credits": shown.credits}
        values |= {"tables": tell_tables(frozen, found, text, shown, by), "files": files(frozen), "can_print": can_print()}
        return render(request, "count/result.html", values)
    if phase not in ("frozen", "open"):
        policy = frozen.setup.trustees
        values["progress"] = tell_progress(frozen, api.tallies(frozen))
        values |= {"needed": policy.mandatory + policy.threshold, "size": policy.mandatory + policy.size}
    return render(request, "count/progress.html", values)
