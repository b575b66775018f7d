"""The desk's page of editions: what is being made, how far it is, what it holds; and what the desk may do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from sanduq import errors
from sanduq.disc import SUMS
from sanduq_web.press.models import EditionJob, EditionState
from sanduq_web.press.workshop import actions, folder_of

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
    def guarded(request: HttpRequest, *args: Any) -> HttpResponse:
        if not may(request.user):
            raise PermissionDenied
        return view(request, *args)

    return guarded


def weigh(edition: Path) -> list[Weight]:
    """What an edition holds, by what lies at its root."""
    found = []
    for each in sorted(edition.iterdir()) if edition.is_dir() else []:
        files = [inner for inner in each.rglob("*") if inner.is_file()] if each.is_dir() else [each]
        found.append(Weight(each.name + ("/" if each.is_dir() else ""), len(files), sum(one.stat().st_size for one in files)))
    return sorted(found, key=lambda each: -each.size)


def _shown(job: EditionJob, is_first: bool) -> Shown:
    offered = Path(settings.SANDUQ_PRESS_EDITIONS or "")
    files = sorted(offered.glob(f"edition-{job.number}-*")) if settings.SANDUQ_PRESS_EDITIONS else []
    # Of old ones only what is offered: to weigh an edition is to look at all of its files.
    weights = weigh(folder_of(job.number)) if is_first or job.state == EditionState.MADE else []
    return Shown(job, weights, files, SignatureForm() if job.state == EditionState.MADE else None)


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
    jobs = list(EditionJob.objects.all()[:20])
    if request.method == "GET":
        form = AskForm(initial={"number": (jobs[0].number if jobs else 0) + 1, "date": timezone.now().date()})
    told = {
        "form": form,
        "jobs": [_shown(job, number == 0) for number, job in enumerate(jobs)],
        "at_work": any(job.state in _AT_WORK for job in jobs),
    }
    return render(request, "press/desk/editions.html", told)


@_guarded
@require_POST
def end(request: HttpRequest, number: int) -> HttpResponse:
    """Stop it, or throw it away before it is signed."""
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
    path = folder_of(number) / SUMS
    if not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=SUMS)  # type: ignore[return-value]


def _told(error: errors.Refused | errors.Unusable) -> str:
    return f"{error}. {error.hint}" if error.hint else str(error)
