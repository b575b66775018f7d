"""The observer's pack: a PDF to be printed and carried, in each language."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language, get_language_info
from django.views.decorators.http import require_safe

from sanduq_web import printing
from sanduq_web.count import actions as count
from sanduq_web.problems import Busy
from sanduq_web.question.api import Frozen, referendum, tell
from sanduq_web.watch.views.pack_contents import SOURCES, STEPS, TELL

_log = logging.getLogger("sanduq_web.watch")
_ROWS: Final = 8
"""Empty lines for copies that were taken."""


@require_safe
def pack(request: HttpRequest, anchor: str) -> HttpResponse:
    """The pack of a referendum in the page's language; 503 where it cannot be made, or not now."""
    frozen = referendum(anchor)
    try:
        made = count.print_once(pack_html(frozen))
    except (printing.Missing, printing.Failed, Busy) as error:
        if isinstance(error, printing.Failed):
            _log.error("the observer's pack was not made: the printer %s", error)
        values = {"frozen": frozen, "section": "watch", "busy": not isinstance(error, printing.Missing)}
        answer = render(request, "watch/no_pack.html", values, status=HTTPStatus.SERVICE_UNAVAILABLE)
        answer["Retry-After"] = "30"
        return answer
    headers = {"Cache-Control": "no-cache", "Content-Disposition": f'inline; filename="{file_name(frozen)}"'}
    return HttpResponse(made, content_type="application/pdf", headers=headers)


def file_name(frozen: Frozen) -> str:
    """Of the pack in the language of this moment."""
    return f"observers-{frozen.anchor[:12]}-{get_language()}.pdf"


def pack_html(frozen: Frozen) -> str:
    """The page that is printed, in the language of this moment: it depends on the frozen setup alone, so it never changes."""
    language = get_language() or ""
    direction = "rtl" if get_language_info(language)["bidi"] else "ltr"
    values = {"frozen": frozen, "text": tell(frozen, language), "language": language, "direction": direction}
    return render_to_string(
        "watch/pack.html", values | {"steps": STEPS, "tell": TELL, "sources": SOURCES, "rows": range(_ROWS)}
    )
