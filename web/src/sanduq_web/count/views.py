"""The result: nothing before the close, then the trustees' progress, then every number that decides."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from sanduq_web.box import api as box
from sanduq_web.count import api
from sanduq_web.question.api import Frozen, referendum, tell


@require_safe
def result(request: HttpRequest, anchor: str) -> HttpResponse:
    """What is known of the count."""
    frozen = referendum(anchor)
    text = tell(frozen, get_language() or "")
    tallies, policy = api.tallies(frozen), frozen.setup.trustees
    names = {region.code: region.name for region in frozen.setup.regions} | {a.code: a.name for a in frozen.setup.areas}
    values: dict[str, Any] = {"frozen": frozen, "section": "result", "phase": box.phase(anchor), "text": text}
    values |= {"outcome": api.outcome(frozen), "texts": text.names, "names": names}
    values |= {"needed": policy.mandatory + policy.threshold, "size": policy.mandatory + policy.size}
    values["progress"] = [{"area": area, "tally": tallies.get(area.code)} for area in frozen.setup.areas]
    if values["outcome"]:
        values["tables"] = [_table(frozen, number, text.language) for number in range(len(frozen.setup.questions))]
    return render(request, "count/result.html", values)


def _table(frozen: Frozen, number: int, language: str) -> dict[str, Any]:
    """One question by area; an answer without text is the blank one."""
    asked, tallies = frozen.setup.questions[number], api.tallies(frozen)
    answers = [{"text": ""}] * asked.blank + [{"text": answer.text[language]} for answer in asked.answers]
    rows = []
    for area in frozen.setup.areas:
        tally = tallies[area.code]
        rows.append({"area": area, "cast": tally.counted, "votes": tally.votes[number] if tally.votes else []})
    return {"question": asked.text[language], "answers": answers, "rows": rows}


@require_safe
def tidy(request: HttpRequest, anchor: str) -> HttpResponse:
    """One number a line: area, electorate, ballots, question, answer (an id; ``blank`` is a blank vote), votes."""
    frozen = referendum(anchor)
    if api.outcome(frozen) is None:
        raise Http404("there is no result yet")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["area", "electorate", "ballots_cast", "question", "answer", "votes"])
    tallies = api.tallies(frozen)
    for area in frozen.setup.areas:
        tally = tallies[area.code]
        for asked, votes in zip(frozen.setup.questions, tally.votes or [], strict=False):
            ids = ["blank"] * asked.blank + [answer.id for answer in asked.answers]
            for answer, count in zip(ids, votes, strict=True):
                writer.writerow([area.code, area.electorate, tally.counted, asked.id, answer, count])
    return HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
