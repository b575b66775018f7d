"""Screens of the draft. The commission changes it; everybody with a post in the vote reads it."""

from __future__ import annotations

import json
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sanduq import errors
from sanduq.count.outcome import examples
from sanduq.question.areas import Area
from sanduq.question.rule import LANGUAGES, check_rule, describe, read_rule
from sanduq.question.setup import names_of
from sanduq.rehearse.draft import asked_of, direction
from sanduq.rehearse.plan import Plan
from sanduq_web import clock
from sanduq_web.console.drafting import actions, freezing, rules, venice
from sanduq_web.console.drafting import texts as fields
from sanduq_web.console.drafting.api import draft, reading
from sanduq_web.console.drafting.models import Draft
from sanduq_web.console.office.actions import propose
from sanduq_web.console.office.api import Desk
from sanduq_web.console.office.models import Role
from sanduq_web.console.screens import ANYBODY, attempt, require_code, screen
from sanduq_web.drawing import read_boundaries
from sanduq_web.question.examples import items

LARGEST_AREAS: Final = 8 << 20
LARGEST_MAP: Final = 16 << 20
_SHOWN: Final = 500


def _content(found: Draft) -> dict[str, Any]:
    return {**fields.empty(), **found.content}


def _revision(request: HttpRequest) -> int:
    text = request.POST.get("revision", "")
    return int(text) if text.isdecimal() and len(text) < 10 else -1


def _page(request: HttpRequest, desk: Desk, name: str, told: dict[str, Any]) -> HttpResponse:
    found = draft(desk.of)
    frozen, may = desk.of.referendum_id is not None, desk.role is Role.COMMISSION
    return render(request, f"drafting/{name}.html", {"draft": found, "may": may and not frozen, "frozen_now": frozen} | told)


def _require_commission(desk: Desk) -> None:
    if desk.role is not Role.COMMISSION:
        raise Http404


@screen(*ANYBODY)
def overview(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The draft at a glance: what is missing, what is wrong, what the code of good practice says."""
    found = draft(desk.of)
    read = reading(found)
    lacks = fields.missing(_content(found))
    told = {"problems": read.problems, "missing": {code: each for code, each in lacks.items() if each}, "plan": read.plan}
    if read.plan is not None:
        told |= _in_words(read.plan) | {"remarks": venice.remarks(read.plan, clock.now())}
    return _page(request, desk, "overview", told)


def _in_words(plan: Plan) -> dict[str, Any]:
    """The rule in words, with its examples, in the reader's language where the draft has it."""
    language = get_language() or ""
    words = language if language in LANGUAGES and language in plan.languages else "en"
    asked = [asked_of(question) for question in plan.questions]
    names = names_of(asked, plan.rule, plan.areas, plan.parents, words if words in plan.languages else plan.languages[0])
    places = [(area.code, area.parent) for area in plan.areas]
    shown = items(plan.rule, asked, examples(plan.rule, plan.shapes, places), names)
    return {"rule": describe(plan.rule, words, names), "rule_language": words, "items": shown}


@screen(*ANYBODY, writes=True)
def texts(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Languages, title, questions and answers, the languages side by side."""
    content = _content(draft(desk.of))
    revision = draft(desk.of).revision
    if request.method == "POST":
        _require_commission(desk)
        revision = _revision(request)

        def act() -> None:
            nonlocal content
            content = {**content, **fields.read_texts(request.POST, content)}
            if (do := request.POST.get("do", "save")) != "save":
                content = {**content, **fields.change({"questions": content["questions"]}, do)}
            told = {name: content[name] for name in ("languages", "title", "questions")}
            if not draft(desk.of).content.get("rule"):
                told["rule"] = rules.simple(content)
            actions.save(desk, "texts", told, revision)

        if attempt(request, act, _("Saved.")):
            return HttpResponseRedirect(request.path)
    lacks = fields.missing(content)
    languages = [
        {"code": code, "direction": direction(code), "missing": len(lacks.get(code, []))} for code in content["languages"]
    ]
    return _page(request, desk, "texts", {"content": content, "languages": languages, "revision": revision})


@screen(*ANYBODY, writes=True)
def sides(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The neutral explanation, and every side in equal space."""
    content, revision = _content(draft(desk.of)), draft(desk.of).revision
    information = content.get("information") or {"text": {}, "sides": [{"heading": {}, "text": {}}] * 2}
    if request.method == "POST":
        _require_commission(desk)
        count, revision = len(information["sides"]), _revision(request)
        posted = fields.read_sides(request.POST, content["languages"], count)
        do = request.POST.get("do")
        if posted is not None and do == "add" and count < fields.MOST_SIDES:
            posted["sides"].append({"heading": {}, "text": {}})
        if posted is not None and do == "remove" and count > 2:
            posted["sides"].pop()
        information = posted or information
        if attempt(request, lambda: actions.save(desk, "sides", {"information": posted}, revision), _("Saved.")):
            return HttpResponseRedirect(request.path)
    lengths = {
        code: [len(side["text"].get(code, "")) for side in information["sides"]] for code in content["languages"]
    }  # fmt: skip
    languages = [{"code": code, "direction": direction(code), "lengths": lengths[code]} for code in content["languages"]]
    return _page(request, desk, "sides", {"information": information, "languages": languages, "revision": revision})


@screen(*ANYBODY, writes=True)
def areas(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Areas from a CSV file, their map, and the merging of small ones."""
    found = draft(desk.of)
    if request.method == "POST":
        _require_commission(desk)
        if attempt(request, lambda: _change_areas(request, desk, found), _("Saved.")):
            return HttpResponseRedirect(request.path)
    plan = reading(found).plan
    merged: list[str] = []
    if plan is not None and any(area.electorate < plan.minimum for area in plan.areas):
        try:
            merged = actions.merged_areas(found, absorb=False)[1]
        except errors.Refused as refusal:
            merged = [str(refusal)]
    on_map = _on_map(found, plan)
    shown = [Area(each.code, each.name, each.parent, each.electorate) for each in (plan.areas if plan else ())][:_SHOWN]
    told: dict[str, Any] = {
        "plan": plan,
        "areas": shown,
        "more": max(0, len(plan.areas) - _SHOWN) if plan else 0,
        "merged": merged,
    }
    told |= {"problems": reading(found).problems, "text": bytes(found.areas).decode("utf-8", "replace")[:100_000]}
    return _page(request, desk, "areas", told | on_map)


def _change_areas(request: HttpRequest, desk: Desk, found: Draft) -> None:
    do, revision = request.POST.get("do"), _revision(request)
    if do == "merge":
        text, _lines = actions.merged_areas(found, absorb=request.POST.get("absorb") == "on")
        actions.save(desk, "areas", {}, revision, text)
    elif do == "map":
        owed = [line.strip() for line in request.POST.get("credits", "").splitlines() if line.strip()]
        actions.keep_boundaries(desk, _uploaded(request, "map", LARGEST_MAP), owed)
    else:
        text = _uploaded(request, "areas", LARGEST_AREAS) or request.POST.get("text", "").replace("\r\n", "\n").encode()
        parents = _json(request.POST.get("parents") or "[]", list, "a list of regions")
        actions.save(desk, "areas", {"parents": parents} if parents else {}, revision, text)


def _uploaded(request: HttpRequest, name: str, largest: int) -> bytes | None:
    file = request.FILES.get(name)
    if file is None:
        return None
    if (file.size or 0) > largest:
        raise errors.Unusable(f"the file has more than {largest >> 20} MiB")
    return bytes(file.read())


def _on_map(found: Draft, plan: Plan | None) -> dict[str, Any]:
    """Every area of the map matched, or named; and the other way round."""
    if not found.boundaries or plan is None:
        return {"drawn": 0}
    known, shapes = {area.code for area in plan.areas}, [each.code for each in read_boundaries(bytes(found.boundaries)).shapes]
    unknown = [each for each in shapes if each not in known]
    return {"drawn": len(set(shapes) & known), "unknown": unknown[:50], "lacking": sorted(known - set(shapes))[:50]}


@screen(*ANYBODY)
def areas_file(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The areas as they were given."""
    headers = {"Content-Disposition": 'attachment; filename="areas.csv"'}
    return HttpResponse(bytes(draft(desk.of).areas), content_type="text/csv; charset=utf-8", headers=headers)


@screen(*ANYBODY, writes=True)
def rule(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The rule of decision: a form, what it says in words, and what it does with example figures."""
    found = draft(desk.of)
    content, revision = _content(found), found.revision
    now = content.get("rule") or rules.simple(content)
    told: dict[str, Any] = {}
    if request.method == "POST":
        _require_commission(desk)
        revision = _revision(request)

        def act() -> None:
            nonlocal now
            if request.POST.get("do") == "text":
                given = _json(request.POST.get("json", ""), dict, "an object")
                read_rule(given)  # kept, what is no rule could not even be shown
                now = given
            else:
                now = rules.read_rule_form(request.POST, content)
            actions.save(desk, "rule", {"rule": now}, revision)

        if attempt(request, act, _("Saved.")):
            return HttpResponseRedirect(request.path)
    read = reading(found)
    if read.plan is not None:
        told = _in_words(read.plan)
    by_id = {each.get("id"): each for each in now.get("items", [])}
    rows = [{"question": each, "item": by_id.get(each["id"], {}), "n": n} for n, each in enumerate(content["questions"])]
    told |= {
        "rows": rows,
        "now": now,
        "fits": rules.fits_form(now, content),
        # What was typed and refused is still there.
        "json": request.POST.get("json") or json.dumps(now, indent=1, ensure_ascii=False),
    }
    return _page(
        request,
        desk,
        "rule",
        told | {"of": rules.OF, "compare": rules.COMPARE, "revision": revision, "problems": read.problems},
    )


def _json(text: str, kind: type, what: str) -> Any:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise errors.Unusable("this is not JSON", hint=f"{what} is expected") from None
    if not isinstance(found, kind):
        raise errors.Unusable(f"{what} is expected")
    return found


@screen(*ANYBODY, writes=True)
def calendar(request: HttpRequest, desk: Desk) -> HttpResponse:
    """When the vote opens and closes, who holds the key, and how few ballots are too few."""
    found = draft(desk.of)
    content, revision, post = _content(found), found.revision, request.POST
    if request.method == "POST":
        _require_commission(desk)
        revision = _revision(request)
        count, threshold, mandatory = (_number(post.get(name, "")) for name in ("count", "threshold", "mandatory"))
        trustees = (
            {"count": count} | ({"threshold": threshold} if threshold else {}) | ({"mandatory": mandatory} if mandatory else {})
        )
        told = {
            "calendar": {name: _time(post.get(name, "")) for name in ("opens", "closes")},
            "trustees": trustees,
            "minimum": _number(post.get("minimum", "")) or 0,
            "below_minimum": post.get("below_minimum", "uncounted"),
            "commission": post.get("commission", "").strip() or None,
            "registrar": post.get("registrar", "").strip() or None,
        }
        content |= {name: value for name, value in told.items() if value is not None}
        if attempt(request, lambda: actions.save(desk, "calendar", told, revision), _("Saved.")):
            return HttpResponseRedirect(request.path)
    return _page(
        request, desk, "calendar", {"content": content, "revision": revision, "problems": reading(draft(desk.of)).problems}
    )


def _number(text: str) -> int | None:
    return int(text) if text.strip().isdecimal() and len(text) < 10 else None


def _time(text: str) -> str:
    """What a browser's field for date and time gives, as the format has it; it is meant in UTC, and says so."""
    found = text.strip().removesuffix("Z")
    return f"{found}:00Z" if len(found) == len("2030-05-01T06:00") else f"{found}Z"


@screen(*ANYBODY)
def preview(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The ballot in every language, as wide as a telephone and as a page."""
    content = _content(draft(desk.of))
    shown = [{"code": code, "direction": direction(code)} for code in content["languages"]]
    return _page(request, desk, "preview", {"content": content, "languages": shown})


@screen(Role.COMMISSION, writes=True)
def freeze(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Propose to freeze: the anchor that will be, and what still stands in the way."""
    booth = request.POST.get("booth", "").strip() or None
    if request.method == "POST":

        def act() -> None:
            if booth is not None and (len(booth) != 64 or set(booth) - set("0123456789abcdef")):
                raise errors.Unusable("the hash of the booth's files has 64 digits from 0 to f", hint="sanduq booth hash")
            require_code(request)
            propose(desk, freezing.NAME, freezing.payload_now(desk.of, booth))

        if attempt(request, act, _("Proposed: another person of the commission has to confirm it.")):
            return HttpResponseRedirect(reverse("overview", args=[desk.of.pk]))
        return HttpResponseRedirect(request.path)
    anchor, stands = "", ""
    if desk.of.referendum_id is None:
        try:
            setup, _known, _rolls = freezing.setup_of(desk.of, None)
            anchor = setup.anchor
            check_rule(setup.rule, [each.shape for each in setup.questions], [(area.code, area.parent) for area in setup.areas])
        except (errors.Refused, errors.Unusable) as refusal:
            stands = f"{refusal}" + (f" ({refusal.hint})" if refusal.hint else "")
    return _page(request, desk, "freeze", {"anchor": anchor, "stands": stands})
