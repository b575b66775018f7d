"""Pages on which organisations sign a letter, and the files that they need."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from wagtail.models import Locale, Site

from sanduq import errors
from sanduq.press import FILE_PREFIX, Cosignature
from sanduq.press.signature import LARGEST
from sanduq_web.press.actions import checked_signature, is_known, receive_signature
from sanduq_web.press.kept import keep
from sanduq_web.press.letters import is_open, letter_of, signed_letter
from sanduq_web.press.models import LetterPage
from sanduq_web.press.talk.actions import first
from sanduq_web.press.talk.asking import UNPROCESSABLE, Asked
from sanduq_web.press.talk.forms import ReaderForm
from sanduq_web.press.talk.guard import reader_form

_FRESH: Final = {"Cache-Control": "no-cache"}
SECRET: Final = gettext_lazy(
    "This is your secret key, and it has been sent: do not use it any more, make a new one. Nothing was kept."
)
"""What somebody is told who sent a secret key in place of a signature."""


def _page(request: HttpRequest, letter_id: uuid.UUID) -> LetterPage:
    """The letter of this site in the language of the address, if anybody may read it."""
    found: LetterPage | None = LetterPage.objects.filter(letter_id=letter_id, locale=Locale.get_active()).first()
    if found is None or not found.is_readable() or found.get_site() != Site.find_for_request(request):
        raise Http404
    return found


def _file(data: bytes, name: str) -> HttpResponse:
    headers = _FRESH | {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(data, content_type="application/json", headers=headers)


@require_safe
def letter_file(request: HttpRequest, letter_id: uuid.UUID) -> HttpResponseBase:
    """The canonical text: what is signed."""
    return keep(_file(letter_of(_page(request, letter_id)).to_bytes(), "letter.json"))


@require_safe
def signed_file(request: HttpRequest, letter_id: uuid.UUID) -> HttpResponseBase:
    """The text with the signatures that hold."""
    return keep(_file(signed_letter(_page(request, letter_id)).to_bytes(), "letter-signed.json"))


class SignatureForm(ReaderForm):
    """A signature's text."""

    signature = forms.CharField(required=False)

    def __init__(self, page: LetterPage, problem: Any, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._page, self._problem = page, problem

    def clean_signature(self) -> Cosignature:
        """A signature that holds under the letter."""
        if self._problem:
            raise ValidationError(self._problem)
        try:
            return checked_signature(self._page, self.cleaned_data["signature"].encode())
        except (errors.Refused, errors.Unusable) as error:
            raise ValidationError(why(error)) from error


@reader_form
def sign(request: HttpRequest, letter_id: uuid.UUID) -> HttpResponse:
    """How to sign; and where signatures arrive. Whose key the editors know needs no CAPTCHA: no program can play it."""
    page = _page(request, letter_id)
    letter = letter_of(page)
    context = {"page": page, "letter": letter, "text": letter.to_bytes().decode(), "is_open": is_open(page)}
    context["received"] = "received" in request.GET
    if not context["is_open"]:
        return render(request, "press/cosign.html", context, status=UNPROCESSABLE if request.method == "POST" else 200)
    problem = _take(request) if request.method == "POST" else ""

    @transaction.atomic
    def done(form: ReaderForm) -> HttpResponse:
        given = form.cleaned_data
        if first("signature", given["token"]):
            receive_signature(page, given["signature"].to_bytes())
        return HttpResponseRedirect(f"{request.path}?received", status=303)

    form = partial(SignatureForm, page, problem)
    sent = form(request.POST)
    if request.method == "POST" and sent.is_valid() and is_known(sent.cleaned_data["signature"].key):
        return done(sent)
    return Asked(request, "signature", form, "press/cosign.html", done, context=context).answer()


def _take(request: HttpRequest) -> Any:
    """Put the file that was uploaded in the place of the text; what is wrong with it. Of a secret key nothing stays."""
    upload, post = request.FILES.get("file"), request.POST.copy()
    if upload is not None:
        post["signature"] = bytes(upload.read(LARGEST + 1)).decode("utf-8", "replace")
    secret = FILE_PREFIX in post.get("signature", "")
    request.POST = QueryDict() if secret else post  # type: ignore[assignment]
    return SECRET if secret else ""


def why(error: errors.SanduqError) -> str:
    """What is wrong and what to do, in the reader's language; behind it the refusal's number and name."""
    if isinstance(error, errors.Unusable):
        return {
            "closed": _("This letter is not open for signatures."),
            "signed already": _("This key has signed this letter already. To change how you are named, write to the editors."),
        }.get(error.message, _("Many signatures are waiting to be looked at. Come back tomorrow."))
    if not isinstance(error, errors.Refused):
        raise error
    if isinstance(error, errors.CosignatureOtherText):
        said = _("This is a signature of another text. Download the letter again, read it, and sign it.")
    elif isinstance(error, errors.CosignatureInvalid):
        said = _("The signature does not hold: its file was changed after it was made. Sign again.")
    elif isinstance(error, errors.CosignerKeyInvalid | errors.CosignerKeySmallOrder):
        said = _("Nobody can sign with this key. Make a new one.")
    elif isinstance(error, errors.CosignerText):
        said = _("A name in the signature is empty, too long, or has characters that are not shown.")
    else:
        said = _("This is not a signature's file. Send the file that was made by signing, as it is.")
    return f"{said} ({error.step} {type(error).__name__})"
