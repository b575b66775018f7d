"""The protocol of a result as PDF, to be printed, signed and kept: all that an observer compares with the record."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Hashable
from contextlib import suppress
from http import HTTPStatus
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from sanduq.question.rule import describe
from sanduq.question.rule.words import LANGUAGES
from sanduq_web import printing
from sanduq_web.box import api as box
from sanduq_web.count import actions, api
from sanduq_web.count.views.progress import trustees_of
from sanduq_web.count.views.tables import tell_tables
from sanduq_web.count.views.telling import tell_regions
from sanduq_web.pages import context
from sanduq_web.problems import Busy
from sanduq_web.question.api import Frozen, Shown, beside, referendum, tell

_log = logging.getLogger("sanduq_web.count")
_kept: Final[OrderedDict[Hashable, str]] = OrderedDict()
_MOST_KEPT: Final = 12


@require_safe
def protocol(request: HttpRequest, anchor: str) -> HttpResponse:
    """The protocol in the page's language; 404 before there is a result, 503 where it cannot be made, or not now."""
    frozen, language = referendum(anchor), get_language() or ""
    found = api.result(frozen)
    if found is None:
        raise Http404("there is no result yet")
    key = (frozen, language, len(box.journal(anchor)), beside(anchor).version)
    html = _kept.get(key)
    if html is None:
        html = _kept[key] = protocol_html(request, frozen, found)
        while len(_kept) > _MOST_KEPT:
            with suppress(KeyError):  # another thread may have been quicker
                _kept.popitem(last=False)
    try:
        made = actions.print_once(html)
    except (printing.Missing, printing.Failed, Busy) as error:
        if isinstance(error, printing.Failed):
            _log.error("the protocol was not made: the printer %s", error)
        values = {"frozen": frozen, "section": "result", "busy": not isinstance(error, printing.Missing)}
        answer = render(request, "count/no_protocol.html", values, status=HTTPStatus.SERVICE_UNAVAILABLE)
        answer["Retry-After"] = "30"
        return answer
    name = f"protocol-{anchor[:12]}-{language}.pdf"
    headers = {"Cache-Control": "no-cache", "Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(made, content_type="application/pdf", headers=headers)


def protocol_html(request: HttpRequest, frozen: Frozen, found: api.Result) -> str:
    """The page that is printed. It depends on the record, what is shown beside it, and the language: on no clock."""
    language = get_language() or ""
    text = tell(frozen, language)
    words = language if language in LANGUAGES else "en"
    values: dict[str, Any] = context(request) | {"frozen": frozen, "text": text, "time": found.time}
    values |= {"regions": tell_regions(frozen, found, text), "tables": tell_tables(frozen, found, text, Shown(None, (), ""))}
    values |= {"rule": describe(frozen.setup.rule, words, tell(frozen, words).names), "rule_language": words}
    values |= {"journal": box.journal(frozen.anchor), "trustees": trustees_of(frozen)[0]}
    prints = box.fingerprints(frozen)
    values["fingerprints"] = [(area, prints[area.code]) for area in frozen.setup.areas]
    values |= {"credits": beside(frozen.anchor).credits, "observers": range(6), "commissioners": range(3)}
    return render_to_string("count/protocol.html", values)
