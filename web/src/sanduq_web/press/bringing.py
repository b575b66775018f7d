"""Files that come back from editions: a comment, or an organisation's signature, made without a network and carried here.

Each is judged as what the site's own forms take. Nothing of who handed it in is known or kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from urllib.parse import unquote

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.translation import gettext_lazy as _
from wagtail.models import Site

from sanduq import errors
from sanduq.archive import json
from sanduq.press import FILE_PREFIX, Cosignature
from sanduq.press.signature import FORMAT as SIGNATURE
from sanduq.press.signature import read_signature
from sanduq.question.setup import canonical
from sanduq_web.press import api
from sanduq_web.press.actions import checked_signature, is_known, receive_signature
from sanduq_web.press.cosigning import SECRET, why
from sanduq_web.press.letters import is_open, letter_of
from sanduq_web.press.models import ArticlePage, Comment, LetterPage
from sanduq_web.press.models.comments import NAME, TEXT
from sanduq_web.press.talk import plain
from sanduq_web.press.talk.actions import first, today, was_posted
from sanduq_web.press.talk.api import comments_open
from sanduq_web.press.talk.asking import Asked
from sanduq_web.press.talk.forms import ReaderForm
from sanduq_web.press.talk.guard import reader_form

FORMAT: Final = "sanduq-comment"
VERSION: Final = 1
LARGEST: Final = 1 << 14
"""Bytes: a comment of the longest text, in letters of four bytes, has less."""
_FIELDS: Final = frozenset({"article", "edition", "format", "name", "text", "version"})
_ADDRESS: Final = re.compile(r"/([a-z]{2,3}(?:-[a-z]+)?)/(?:[^/?#]+/)*([^/?#]+)/\Z")
_EDITIONS: Final = 999_999
_OTHER: Final = _("This is not a file that a page of an edition saved. Hand it in as it is.")
_NO_ARTICLE: Final = _("There is no such article here, or it takes no comments.")
_NO_LETTER: Final = _("No letter that is open for signatures has this text.")
_BEFORE: Final = _("This was handed in already.")


@dataclass(frozen=True)
class Brought:
    """A comment or a signature that can be taken: under which page, and what."""

    page: ArticlePage
    name: str = ""
    text: str = ""
    signature: Cosignature | None = None

    @property
    def kind(self) -> str:
        """The form whose limits hold."""
        return "signature" if self.signature else "comment"


def read(data: bytes, site: Site) -> Brought:
    """What a file brings to a site.

    Raises ValidationError for anything that the site's own form would refuse, and for a comment that is here already.
    """
    if FILE_PREFIX.encode() in data:
        raise ValidationError(SECRET)
    if len(data) > LARGEST:
        raise ValidationError(_OTHER)
    try:
        value = json.read(data)
    except errors.Refused:
        raise ValidationError(_OTHER) from None
    if isinstance(value, dict) and value.get("format") == SIGNATURE:
        return _signature(data, site)
    return _comment(data, value, site)


def _comment(data: bytes, value: Any, site: Site) -> Brought:
    # Of each kind exactly: True is a number, too.
    kinds = {"edition": int, "version": int}
    if not isinstance(value, dict) or value.keys() != _FIELDS or any(type(value[n]) is not kinds.get(n, str) for n in _FIELDS):
        raise ValidationError(_OTHER)
    whole = value["format"] == FORMAT and value["version"] == VERSION and 1 <= value["edition"] <= _EDITIONS
    if not whole or canonical(value) != data or len(value["name"]) > NAME or len(value["text"]) > TEXT:
        raise ValidationError(_OTHER)
    page = _article(value["article"], site)
    name, text = plain.name(value["name"]), plain.text(value["text"])
    if not text:
        raise ValidationError(_OTHER)
    if Comment.objects.filter(page=page, name=name, text=text).exists():
        raise ValidationError(_BEFORE)
    return Brought(page, name, text)


def _article(address: str, site: Site) -> ArticlePage:
    match = _ADDRESS.match(unquote(address))
    if match and "\0" not in match[0]:
        for page in api.published().filter(locale__language_code=match[1], slug=match[2]):
            if page.get_site() == site and unquote(page.relative_url(site) or "") == match[0] and comments_open(page):
                return page  # type: ignore[no-any-return]
    raise ValidationError(_NO_ARTICLE)


def _signature(data: bytes, site: Site) -> Brought:
    try:
        given = read_signature(data)
        for page in LetterPage.objects.live().filter(open_until__isnull=False):
            here = page.is_readable() and page.get_site() == site and is_open(page)
            if here and letter_of(page).sha256 == given.letter:
                return Brought(page, signature=checked_signature(page, data))
    except (errors.Refused, errors.Unusable) as error:
        raise ValidationError(why(error)) from error
    raise ValidationError(_NO_LETTER)


@transaction.atomic
def take(brought: Brought) -> None:
    """Keep it for moderators or editors. A comment has no address of its writer."""
    if brought.signature is not None:
        receive_signature(brought.page, brought.signature.to_bytes())  # type: ignore[arg-type]
    elif first("brought comment", canonical([brought.page.pk, brought.name, brought.text]).decode()):
        Comment.objects.create(page=brought.page, name=brought.name, text=brought.text, arrived_on=today())


class FileForm(ReaderForm):
    """A file's text."""

    text = forms.CharField(required=False)

    def __init__(self, site: Site, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._site = site

    def clean_text(self) -> Brought:
        """What it brings."""
        return read(self.cleaned_data["text"].encode("utf-8", "surrogatepass"), self._site)


@reader_form
def come_back(request: HttpRequest) -> HttpResponse:
    """Where files are handed in. An organisation whose key the editors know needs no CAPTCHA, as on its letter's page."""
    site, template = Site.find_for_request(request), "press/come_back.html"
    context = {"received": "received" in request.GET}

    def done(form: ReaderForm) -> HttpResponse:
        given = form.cleaned_data
        if first("brought", given["token"]):
            take(given["text"])
        return HttpResponseRedirect(f"{request.path}?received", status=303)

    form, kind, page = partial(FileForm, site), "comment", None
    if request.method == "POST":
        _from_file(request)
        if was_posted("brought", request.POST.get("token", "")):
            return HttpResponseRedirect(f"{request.path}?received", status=303)
        sent = form(request.POST)
        if sent.is_valid():
            brought = sent.cleaned_data["text"]
            kind, page = brought.kind, None if brought.signature else brought.page.pk
            if brought.signature is not None and is_known(brought.signature.key):
                return done(sent)
    return Asked(request, kind, form, template, done, page, context=context).answer()


def _from_file(request: HttpRequest) -> None:
    """Put the file that was uploaded in the place of the text. Of a secret key nothing stays but that it was one."""
    upload, post = request.FILES.get("file"), request.POST.copy()
    if upload is not None:
        post["text"] = bytes(upload.read(LARGEST + 1)).decode("utf-8", "replace")
    if FILE_PREFIX in post.get("text", ""):
        post = QueryDict(mutable=True)
        post["text"] = FILE_PREFIX
    request.POST = post  # type: ignore[assignment]


def bring(data: bytes, host: str, port: int) -> str:
    """Take one file for a site, by hand; of what kind it was. Raises ValidationError, and :class:`sanduq.errors.Unusable` for a
    site that is not here."""
    site = Site.objects.filter(hostname=host, port=port).select_related("root_page").first()
    if site is None:
        raise errors.Unusable(f"--site {host}:{port}: there is no such site", hint="sanduq-press site makes one")
    brought = read(data.strip(b"\r\n"), site)
    take(brought)
    return brought.kind
