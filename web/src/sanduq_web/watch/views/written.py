"""What observers wrote, for everybody: who they are, public incidents, statements; no more of it than was agreed to."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from sanduq_web import clock
from sanduq_web.pages import by_letters
from sanduq_web.question.api import Frozen
from sanduq_web.watch import api
from sanduq_web.watch.models import Docket
from sanduq_web.watch.views.pages import current, page


def docket_or_404(anchor: str) -> tuple[Frozen, Docket]:
    """A referendum and its docket."""
    frozen = current(anchor)
    found = api.docket(anchor)
    if found is None:
        raise Http404("nothing was written of this vote here")
    return frozen, found


def names_of(frozen: Frozen) -> dict[str, str]:
    """The names of the areas by code."""
    return {area.code: area.name for area in frozen.setup.areas}


def choices_of(frozen: Frozen) -> list[tuple[str, str]]:
    """The areas by name, to choose from."""
    return sorted(names_of(frozen).items(), key=lambda each: by_letters(each[1]))


@require_safe
def observers(request: HttpRequest, anchor: str) -> HttpResponse:
    """Who observes, as far as they agree to be named."""
    _frozen, found = docket_or_404(anchor)
    return page(request, "watch/observers.html", anchor, "watch", {"rows": api.observers(found)})


@require_safe
def incidents(request: HttpRequest, anchor: str) -> HttpResponse:
    """Incidents that everybody may read, with the commission's answers; of files the hash alone."""
    frozen, found = docket_or_404(anchor)
    more: dict[str, Any] = {"rows": api.incidents(found, clock.now(), None), "names": names_of(frozen)}
    return page(request, "watch/incidents.html", anchor, "watch", more)


@require_safe
def statements(request: HttpRequest, anchor: str) -> HttpResponse:
    """All statements, whole, with their supplements."""
    _frozen, found = docket_or_404(anchor)
    return page(request, "watch/statements.html", anchor, "result", {"rows": api.statements(found)})


def beside_result(frozen: Frozen) -> SafeString:
    """What stands under a result: the statements of observers, and how to complain."""
    found = api.docket(frozen.anchor)
    if found is None:
        return SafeString()
    values = {"frozen": frozen, "rows": api.statements(found), "docket": found, "open": clock.now() <= found.complaints_until}
    return render_to_string("watch/beside_result.html", values)
