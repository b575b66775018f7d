"""One way through every form of readers: fields, then the CAPTCHA, then the limits; whatever is wrong, what was written stays.

The fields come first: a picture is spent by one answer, and nobody should solve a second one for a slip in an address.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sanduq_web.press.talk import challenge, limits
from sanduq_web.press.talk.actions import was_posted
from sanduq_web.press.talk.challenge import Verdict
from sanduq_web.press.talk.forms import ReaderForm, new_token

_SAID: Final = {
    Verdict.EXPIRED: _("Time is up: here is a new one. What you wrote is still here."),
    Verdict.WRONG: _("These were other digits. Here is a new one; what you wrote is still here."),
    Verdict.USED: _("This one was answered already. Here is a new one; what you wrote is still here."),
}
_TOO_MANY: Final = _("Too many have been sent in this hour. What you wrote is still here: try again in an hour.")
_FAILED: Final = _("The mail could not be sent. Check the address, or try again later.")
UNPROCESSABLE: Final = 422
TOO_MANY: Final = 429


class NotSent(Exception):
    """What the form is for could not be done; trying again later may help."""


@dataclass(frozen=True)
class Asked:
    """A form, where it stands, and what happens to it."""

    request: HttpRequest
    kind: str
    form: Callable[..., ReaderForm]
    template: str
    done: Callable[[ReaderForm], HttpResponse]
    """What is answered when the form was taken; it takes it, unless its token was taken before."""
    page: int | None = None
    initial: Mapping[str, Any] = field(default_factory=dict)
    context: Mapping[str, Any] = field(default_factory=dict)

    def answer(self) -> HttpResponse:
        """The form, the form again, or what comes of it."""
        post = self.request.POST
        if self.request.method != "POST":
            return self._show(self.form(initial={"token": new_token(), **self.initial}))
        for button, words in (("another", "words" in post.getlist("captcha_kind")), ("words", True), ("picture", False)):
            if button in post:
                return self._show(self.form(initial=post.dict()), in_words=words)
        form = self.form(post)
        if not form.is_valid():
            return self._show(form, status=UNPROCESSABLE, keep=True)
        if was_posted(self.kind, form.cleaned_data["token"]):
            return self.done(form)
        return self._judged(form)

    def _key(self) -> str:
        """The CAPTCHA's, as it was sent; PostgreSQL can be asked for it."""
        return self.request.POST.get("captcha_key", "").replace("\0", "")[:40]

    def _judged(self, form: ReaderForm) -> HttpResponse:
        post = self.request.POST
        in_words = post.get("captcha_kind") == "words"
        verdict = challenge.judge(self._key(), post.get("captcha_answer", "")[:40])
        if verdict is not Verdict.RIGHT:
            return self._show(form, _SAID[verdict], UNPROCESSABLE, in_words=in_words)
        try:
            if in_words:
                limits.spend("words", self.request)
            limits.spend(self.kind, self.request, self.page)
            return self.done(form)
        except limits.TooMany:
            return self._show(form, _TOO_MANY, TOO_MANY)
        except NotSent:
            return self._show(form, _FAILED, 503, in_words=in_words)

    def _show(
        self, form: Any, said: Any = "", status: int = 200, *, keep: bool = False, in_words: bool = False
    ) -> HttpResponse:
        post = self.request.POST
        key = self._key()
        if keep:
            in_words = post.get("captcha_kind") == "words"
        if not (keep and challenge.alive(key)):
            keep = False
            key = challenge.make(get_language() or settings.LANGUAGE_CODE, in_words)
        shown = {
            "form": form,
            "said": said,
            "captcha_key": key,
            "captcha_words": challenge.words_of(key),
            "captcha_answer": post.get("captcha_answer", "")[:40] if keep else "",
            "minutes": settings.CAPTCHA_TIMEOUT,
        }
        return render(self.request, self.template, {**self.context, **shown}, status=status)
