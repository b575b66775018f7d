"""Pages of a registration: applying, looking one's own entry up, objecting. No cookie; what is written stands in no address."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sanduq import errors
from sanduq_web.flood import TooMany
from sanduq_web.roll import actions
from sanduq_web.roll.forms import ApplyForm, CodeForm, NumberForm, ObjectForm
from sanduq_web.roll.registering import Open, by_code, by_number, open_one, spend

_METHODS = ["GET", "HEAD", "POST"]


def _page(request: HttpRequest, template: str, of: Open, more: dict[str, Any], status: int = 200) -> HttpResponse:
    language = get_language() or ""
    values = {"of": of, "name": of.name(language), "needs": of.needs(language), "section": "register"}
    return render(request, template, values | more, status=status)


def _documents(request: HttpRequest) -> list[bytes]:
    files = [each for each in request.FILES.getlist("documents") if each.size]
    if len(files) > actions.MOST_DOCUMENTS or sum(each.size or 0 for each in files) > actions.MOST_BYTES:
        raise errors.Unusable(_("At most three documents, of 6 MB together."))
    return [each.read() for each in files]


def _take(request: HttpRequest, kind: str, form: Any, act: Callable[[], str]) -> tuple[str, HTTPStatus]:
    """Do it; the code, or nothing and the status, with the form's errors."""
    try:
        spend(kind, request)
        return act(), HTTPStatus.OK
    except TooMany:
        form.add_error(None, _("Too many forms come in at this moment. Nothing was taken in; send it again in an hour."))
        return "", HTTPStatus.TOO_MANY_REQUESTS
    except errors.Unusable as refusal:
        form.add_error(None, str(refusal))
        return "", HTTPStatus.UNPROCESSABLE_ENTITY


@require_http_methods(_METHODS)
def apply_page(request: HttpRequest, registration: UUID) -> HttpResponse:
    """An application to be entered, with documents."""
    of = open_one(registration)
    form = ApplyForm(request.POST if request.method == "POST" else None, areas=of.row.areas)
    code, status = "", HTTPStatus.OK
    if request.method == "POST" and form.is_valid():

        def act() -> str:
            told = form.cleaned_data
            texts = {name: value for name, value in told.items() if name != "area" and value}
            written = actions.Written(texts, get_language() or "", told["area"], _documents(request))
            return actions.apply(of.row, written, of.today)

        code, status = _take(request, "apply", form, act)
    elif request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return _page(request, "roll/apply.html", of, {"form": form, "code": code}, status)


@require_http_methods(_METHODS)
def object_page(request: HttpRequest, registration: UUID) -> HttpResponse:
    """An objection, with documents."""
    of = open_one(registration)
    form = ObjectForm(request.POST if request.method == "POST" else None)
    code, status = "", HTTPStatus.OK
    if request.method == "POST" and form.is_valid():

        def act() -> str:
            told = form.cleaned_data
            texts = {name: value for name, value in told.items() if name != "code" and value}
            written = actions.Written(texts, get_language() or "", "", _documents(request))
            of_code = told["code"] if told["what"] == "decision" else ""
            if told["what"] == "decision" and not of_code:
                raise errors.Unusable(_("The code of the application is needed."))
            return actions.object_to(of.row, written, of.today, of_code)

        code, status = _take(request, "object", form, act)
    elif request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return _page(request, "roll/object.html", of, {"form": form, "code": code}, status)


@require_http_methods(_METHODS)
def look_up(request: HttpRequest, registration: UUID) -> HttpResponse:
    """One's own entry, by number and detail; one's own application or objection, by its code."""
    of = open_one(registration)
    by = request.POST.get("by") if request.method == "POST" else ""
    number = NumberForm(request.POST if by == "number" else None)
    code = CodeForm(request.POST if by == "code" else None)
    more: dict[str, Any] = {"number": number, "code": code}
    form = number if by == "number" else code
    status = HTTPStatus.OK
    if by and form.is_valid():
        try:
            if by == "number":
                spend("look-up", request)
                more["found"] = by_number(of, form.cleaned_data["voter"], form.cleaned_data["detail"])
            else:
                spend("code", request)
                more["found"] = by_code(of, form.cleaned_data["code"])
            more["asked"] = True
        except TooMany:
            more["busy"], status = True, HTTPStatus.TOO_MANY_REQUESTS
    elif by:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return _page(request, "roll/look_up.html", of, more, status)
