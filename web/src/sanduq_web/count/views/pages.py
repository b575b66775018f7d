"""The result for people: nothing before the close, then the trustees' progress, then every number that decides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from sanduq_web.box import api as box
from sanduq_web.count import api
from sanduq_web.count.views.downloads import files
from sanduq_web.count.views.progress import tell_progress
from sanduq_web.count.views.tables import ORDERS, tell_tables
from sanduq_web.count.views.telling import names_of, tell_regions
from sanduq_web.printing import can_print
from sanduq_web.question.api import Frozen, Telling, beside, referendum, tell

BESIDE: Final[list[Callable[[Frozen], SafeString]]] = []
"""What other words put under a result."""


@require_safe
def result(request: HttpRequest, anchor: str) -> HttpResponse:
    """What is known of the count."""
    frozen = referendum(anchor)
    text, phase, found = tell(frozen, get_language() or ""), box.phase(anchor), api.result(frozen)
    values: dict[str, Any] = {"frozen": frozen, "section": "result", "phase": phase, "text": text}
    values["beside"] = mark_safe("".join(make(frozen) for make in BESIDE))  # noqa: S308  # of templates
    values["annulled"] = _annulled(frozen)
    if found is not None:
        by = request.GET.get("by", "")
        by, shown = by if by in ORDERS else "area", beside(anchor)
        values |= {"by": by, "regions": tell_regions(frozen, found, text), "credits": shown.credits}
        values |= _both_ways(frozen, text)
        values |= {"tables": tell_tables(frozen, found, text, shown, by), "files": files(frozen), "can_print": can_print()}
        return render(request, "count/result.html", values)
    if phase not in ("frozen", "open"):
        policy = frozen.setup.trustees
        values["progress"] = tell_progress(frozen, api.tallies(frozen))
        values |= {"needed": policy.mandatory + policy.threshold, "size": policy.mandatory + policy.size}
    return render(request, "count/progress.html", values)


def _annulled(frozen: Frozen) -> list[tuple[str, tuple[int, ...]]]:
    """The areas whose vote is annulled, by name, with the numbers of the complaints."""
    return [(frozen.place(code).area.name, cases) for code, cases in api.annulled(frozen).items()]


def _both_ways(frozen: Frozen, text: Telling) -> dict[str, Any]:
    """The result without the annulled areas, to stand beside the one that was counted."""
    found = api.without_annulled(frozen)
    if found is None:
        return {}
    names = names_of(frozen)
    told = [] if found.result is None else tell_regions(frozen, found.result, text)
    return {"without": told, "gone": [names.get(code, code) for code in found.regions], "nothing": found.result is None}
