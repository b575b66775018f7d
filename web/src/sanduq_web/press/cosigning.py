"""Pages on which organisations sign a letter, and the files that they need."""

from __future__ import annotations

import uuid
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.models import Locale

from sanduq import errors
from sanduq.press import FILE_PREFIX
from sanduq.press.signature import LARGEST
from sanduq_web.press.actions import receive_signature
from sanduq_web.press.letters import is_open, letter_of, signed_letter
from sanduq_web.press.models import LetterPage
from sanduq_web.press.talk.guard import from_elsewhere

_FRESH: Final = {"Cache-Control": "no-cache"}


def _page(letter_id: uuid.UUID) -> LetterPage:
    """The letter in the language of the address, if anybody may read it."""
    found: LetterPage | None = LetterPage.objects.filter(letter_id=letter_id, locale=Locale.get_active()).first()
    if found is None or not found.is_readable():
        raise Http404
    return found


def _file(data: bytes, name: str) -> HttpResponse:
    headers = _FRESH | {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(data, content_type="application/json", headers=headers)


@require_safe
def letter_file(request: HttpRequest, letter_id: uuid.UUID) -> HttpResponse:
    """The canonical text: what is signed."""
    return _file(letter_of(_page(letter_id)).to_bytes(), "letter.json")


@require_safe
def signed_file(request: HttpRequest, letter_id: uuid.UUID) -> HttpResponse:
    """The text with the signatures that hold."""
    return _file(signed_letter(_page(letter_id)).to_bytes(), "letter-signed.json")


def _shown(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    answer = render(request, "press/cosign.html", context, status=status)
    answer["Cache-Control"] = "no-cache"
    return answer


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest, letter_id: uuid.UUID) -> HttpResponse:
    """How to sign; and where signatures arrive."""
    page = _page(letter_id)
    letter = letter_of(page)
    context: dict[str, Any] = {"page": page, "letter": letter, "text": letter.to_bytes().decode(), "is_open": is_open(page)}
    if request.method != "POST":
        return _shown(request, context | {"received": "received" in request.GET})
    given, problem = _given(request), ""
    secret = FILE_PREFIX.encode() in given
    if secret:
        problem = _("This is your secret key, and it has been sent: do not use it any more, make a new one. Nothing was kept.")
    elif from_elsewhere(request):
        problem = _("The form was sent from another site. Open this page and send it from here.")
    else:
        try:
            receive_signature(page, given)
        except (errors.Refused, errors.Unusable) as error:
            problem = _why(error)
    if not problem:
        return HttpResponseRedirect(f"{request.path}?received", status=303)
    typed = given.decode("utf-8", "replace") if len(given) <= LARGEST and not secret else ""
    return _shown(request, context | {"problem": problem, "typed": typed}, 422)


def _given(request: HttpRequest) -> bytes:
    """The file that was uploaded, or else the text that was pasted."""
    upload = request.FILES.get("file")
    if upload is not None:
        return bytes(upload.read(LARGEST + 1))
    return request.POST.get("signature", "").strip().encode()


def _why(error: errors.SanduqError) -> str:
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
