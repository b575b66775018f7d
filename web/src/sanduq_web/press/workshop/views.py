"""The desk's page of editions: what is being made, how far it is, what it holds; and what the desk may do."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, Final

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from sanduq import errors
from sanduq.disc import SUMS
from sanduq_web.press.edition.latest import archive, latest
from sanduq_web.press.models import EditionJob, EditionState
from sanduq_web.press.workshop import actions, folder_of, offered, partial_of

_LARGEST_SIGNATURE: Final = 4096
_AT_WORK: Final = (EditionState.WAITING, EditionState.WORKING, EditionState.PACKING)


class AskForm(forms.Form):
    """Number and day: they stand on every page."""

    number = forms.IntegerField(label=gettext_lazy("Number"), min_value=1, max_value=999_999)
    date = forms.DateField(label=gettext_lazy("Date"), widget=forms.DateInput(attrs={"type": "date"}))


class SignatureForm(forms.Form):
    """The small file that whoever has the key gave back."""

    signature = forms.FileField(label=gettext_lazy("SHA256SUMS.minisig"))


@dataclass(frozen=True)
class Weight:
    """A folder or file of an edition, and its bytes."""

    name: str
    files: int
    size: int


@dataclass(frozen=True)
class Shown:
    """An edition with what is to be seen of it."""

    job: EditionJob
    weights: list[Weight]
    files: list[Path]
    """What readers are offered."""
    form: SignatureForm | None


def may(user: Any) -> bool:
    """Who may make editions: whoever approves, since what is made was approved, and administrators."""
    return bool(user.is_superuser or user.has_perm("press.approve_pages"))


def _guarded(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def guarded(request: HttpRequest, **given: Any) -> HttpResponse:
        if not may(request.user):
            raise PermissionDenied
        return view(request, **given)

    return guarded


def weigh(edition: Path) -> list[Weight]:
    """What an edition holds, by what lies at its root. It may be made, or thrown away, at this moment."""
    found: dict[str, tuple[int, int]] = {}
    for folder, _folders, names in os.walk(edition):
        inner = Path(folder).relative_to(edition).parts
        for name in names:
            try:
                size = Path(folder, name).lstat().st_size
            except OSError:
                continue
            part = f"{inner[0]}/" if inner else name
            files, sizes = found.get(part, (0, 0))
            found[part] = (files + 1, sizes + size)
    return sorted((Weight(name, *each) for name, each in found.items()), key=lambda each: (-each.size, each.name))


def _shown(job: EditionJob, is_first: bool) -> Shown:
    files = [each.path for path in sorted(offered().glob(f"edition-{job.number}-*")) if (each := archive(path))]
    # Of old ones only what is offered: to weigh an edition is to look at all of its files.
    made = folder_of(job.number) if folder_of(job.number).is_dir() else partial_of(job.number)
    weights = weigh(made) if is_first or job.state in (EditionState.MADE, EditionState.WORKING) else []
    return Shown(job, weights, files if settings.SANDUQ_PRESS_EDITIONS else [], _form(job))


def _form(job: EditionJob) -> SignatureForm | None:
    # Several may wait at once: each field has an id of its own.
    return SignatureForm(auto_id=f"id_{job.number}_%s") if job.state == EditionState.MADE else None


def _told_of_all() -> dict[str, Any]:
    jobs = list(EditionJob.objects.all()[:20])
    return {
        "jobs": [_shown(job, number == 0) for number, job in enumerate(jobs)],
        "at_work": any(job.state in _AT_WORK for job in jobs),
    }


def _next() -> int:
    """The number after all that were asked for here, and those that readers have."""
    asked, out = EditionJob.objects.first(), latest()
    return max(asked.number if asked else 0, out.number if out else 0) + 1


@_guarded
def editions(request: HttpRequest) -> HttpResponse:
    """All of them, the newest first; and the form for the next."""
    if not settings.SANDUQ_PRESS_WORKSHOP:
        return render(request, "press/desk/editions.html", {"without": True})
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            job = actions.ask(form.cleaned_data["number"], form.cleaned_data["date"])
        except errors.Unusable as error:
            form.add_error("number", _told(error))
        else:
            messages.success(request, _("Edition %(number)s will be made.") % {"number": job.number})
            return redirect("press_editions")
    if request.method == "GET":
        form = AskForm(initial={"number": _next(), "date": timezone.now().date()})
    return render(request, "press/desk/editions.html", {"form": form} | _told_of_all())


@_guarded
def editions_now(request: HttpRequest) -> HttpResponse:
    """The list alone: the page asks for it by itself while something is made."""
    if not settings.SANDUQ_PRESS_WORKSHOP:
        raise Http404
    return render(request, "press/desk/editions_list.html", _told_of_all())


@_guarded
@require_POST
def end(request: HttpRequest, number: int) -> HttpResponse:
    """Stop it, or throw it away before it is signed."""
    if not settings.SANDUQ_PRESS_WORKSHOP:
        raise Http404
    actions.end(number)
    return redirect("press_editions")


@_guarded
@require_POST
def sign(request: HttpRequest, number: int) -> HttpResponse:
    """Take up a signature."""
    form = SignatureForm(request.POST, request.FILES)
    if not form.is_valid() or form.cleaned_data["signature"].size > _LARGEST_SIGNATURE:
        messages.error(request, _("Choose the file SHA256SUMS.minisig; it has some 300 bytes."))
        return redirect("press_editions")
    try:
        actions.bring_signature(number, form.cleaned_data["signature"].read())
    except (errors.Refused, errors.Unusable) as error:
        messages.error(request, _told(error))
    else:
        messages.success(request, _("The signature is good. Every file is checked now, and packed."))
    return redirect("press_editions")


@_guarded
def sums(request: HttpRequest, number: int) -> HttpResponse:
    """What is to be signed."""
    if not settings.SANDUQ_PRESS_WORKSHOP:
        raise Http404
    job = get_object_or_404(EditionJob, number=number, state__in=(EditionState.MADE, EditionState.PACKING, EditionState.SIGNED))
    try:
        file = (folder_of(job.number) / SUMS).open("rb")
    except OSError:
        raise Http404 from None
    return FileResponse(file, as_attachment=True, filename=SUMS)  # type: ignore[return-value]


def _told(error: errors.Refused | errors.Unusable) -> str:
    return f"{error}. {error.hint}" if error.hint else str(error)
