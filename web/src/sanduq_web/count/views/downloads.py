"""The result for machines, by the library's writers; nothing of it before there is an outcome."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from sanduq import __version__
from sanduq.archive import json
from sanduq.count.publish import nist_report, tidy_csv
from sanduq_web.count import api
from sanduq_web.problems import Unknown
from sanduq_web.question.api import Frozen, referendum


@dataclass(frozen=True)
class Files:
    """The same bytes as ``sanduq watch export`` writes, at the time of the decision."""

    csv: bytes
    nist: bytes
    outcome: bytes


def files(frozen: Frozen) -> Files:
    """The files of a result."""
    found = api.result(frozen)
    if found is None:
        raise Unknown("a result of this referendum")
    return _files(frozen, found)


@lru_cache(maxsize=16)
def _files(frozen: Frozen, found: api.Result) -> Files:
    setup, application = frozen.setup, f"sanduq {__version__}"
    nist = nist_report(setup, found.tallies, found.outcome, generated=found.time, application=application)
    texts = (tidy_csv(setup, found.tallies), json.write(nist) + "\n", json.write(found.outcome.to_json()) + "\n")
    return Files(*(text.encode() for text in texts))


def _answer(raw: bytes, content_type: str, name: str) -> HttpResponse:
    headers = {"Cache-Control": "no-cache", "Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(raw, content_type=content_type, headers=headers)


@require_safe
def tidy(request: HttpRequest, anchor: str) -> HttpResponse:
    """One row for each area, question and choice."""
    return _answer(files(referendum(anchor)).csv, "text/csv; charset=utf-8", "results.csv")


@require_safe
def nist(request: HttpRequest, anchor: str) -> HttpResponse:
    """An election report of NIST SP 1500-100, version 2."""
    return _answer(files(referendum(anchor)).nist, "application/json", "results.json")


@require_safe
def outcome(request: HttpRequest, anchor: str) -> HttpResponse:
    """The rule applied: every total, every condition, every decision. Its canonical form has the hash in the journal."""
    return _answer(files(referendum(anchor)).outcome, "application/json", "outcome.json")


@require_safe
def outcome_annulled(request: HttpRequest, anchor: str) -> HttpResponse:
    """The rule applied without the areas whose vote is annulled; no part of the record. ``outcome`` null: nothing is left."""
    frozen = referendum(anchor)
    found = api.without_annulled(frozen)
    if found is None:
        raise Unknown("a result with annulled areas of this referendum")
    told = {"anchor": anchor, "annulled": {code: list(cases) for code, cases in api.annulled(frozen).items()}}
    left = {"outcome": found.result.outcome.to_json() if found.result else None}
    return _answer((json.write(told | left) + "\n").encode(), "application/json", "outcome-annulled.json")
