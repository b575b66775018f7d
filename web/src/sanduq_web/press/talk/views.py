"""Readers' pages with forms: comment, report, enquire, look up, subscribe, confirm, leave."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sanduq_web import references
from sanduq_web.press.models import ArticlePage, Comment
from sanduq_web.press.talk import actions, api, challenge
from sanduq_web.press.talk.asking import UNPROCESSABLE, Asked, NotSent
from sanduq_web.press.talk.forms import CommentForm, EnquiryForm, LookUpForm, ReaderForm, ReportForm, SubscribeForm
from sanduq_web.press.talk.guard import open_form, reader_form
from sanduq_web.press.talk.mailing import CannotSend, send_confirmation

_GONE = 410


def _elsewhere(address: str) -> HttpResponse:
    """Go on by GET: a reload then sends nothing again."""
    return HttpResponse(status=303, headers={"Location": address})


def picture(request: HttpRequest, key: str) -> HttpResponse:
    """The picture of a CAPTCHA."""
    drawn = challenge.picture(key)
    headers = {"Cache-Control": "no-store"}
    if drawn is None:
        return HttpResponse(status=_GONE, headers=headers)
    return HttpResponse(drawn, content_type="image/png", headers=headers)


def _article(request: HttpRequest, number: int) -> ArticlePage:
    found = api.article(request, number)
    if found is None:
        raise Http404("there is no such article")
    return found


def _whole(number: str | None) -> int:
    return int(number) if number and number.isascii() and number.isdecimal() and len(number) < 18 else 0


@reader_form
def comment(request: HttpRequest, page: int) -> HttpResponse:
    """Comment on an article, or answer a comment."""
    article = _article(request, page)
    asked = _whole(request.POST.get("reply_to") or request.GET.get("to"))
    to = api.shown_comment(request, asked) if asked else None
    if to is not None and to.page_id != article.pk:
        to = None
    if not api.comments_open(article):
        # Whoever was writing when they were closed can still take the text away.
        written = request.POST.get("text", "")
        return render(request, "press/talk/closed.html", {"article": article, "written": written}, status=403)

    def done(form: ReaderForm) -> HttpResponse:
        given = form.cleaned_data
        top = (to.reply_to or to) if to else None
        actions.comment(article, given["name"], given["email"], given["text"], given["token"], top)
        return _elsewhere(reverse("comment_sent", args=[article.pk]))

    context = {"article": article, "to": to}
    initial = {"reply_to": to.pk if to else None}
    return Asked(request, "comment", CommentForm, "press/talk/comment.html", done, article.pk, initial, context).answer()


def comment_sent(request: HttpRequest, page: int) -> HttpResponse:
    """A moderator reads it first."""
    return render(request, "press/talk/comment_sent.html", {"article": _article(request, page)})


@reader_form
def report(request: HttpRequest, number: int) -> HttpResponse:
    """Report a comment."""
    of = api.shown_comment(request, number)
    if of is None:
        raise Http404("there is no such comment")
    found: Comment = of

    def done(form: ReaderForm) -> HttpResponse:
        actions.report(found, form.cleaned_data["reason"], form.cleaned_data["token"])
        return _elsewhere(reverse("report_sent", args=[found.pk]))

    return Asked(request, "report", ReportForm, "press/talk/report.html", done, context={"comment": found}).answer()


def report_sent(request: HttpRequest, number: int) -> HttpResponse:
    """A moderator looks at it."""
    of = api.shown_comment(request, number)
    return render(request, "press/talk/report_sent.html", {"comment": of})


@reader_form
def enquiries(request: HttpRequest) -> HttpResponse:
    """Ask the desk; and what it answered publicly."""
    context = {
        "recipients": settings.SANDUQ_PRESS_DESK,
        "published": api.questions_and_answers(get_language() or ""),
        "look_up": LookUpForm(),
    }
    if not api.enquiries_open():
        return render(request, "press/talk/enquiries_closed.html", context)

    def done(form: ReaderForm) -> HttpResponse:
        given = form.cleaned_data
        reference = actions.enquire(given["subject"], given["text"], given["email"], given["token"])
        return render(request, "press/talk/enquiry_sent.html", {"reference": reference})

    return Asked(request, "enquiry", EnquiryForm, "press/talk/enquiries.html", done, context=context).answer()


@reader_form
def enquiry_answer(request: HttpRequest) -> HttpResponse:
    """The answer to an enquiry, for whoever has its reference number. By POST: addresses are kept by browsers and proxies."""
    form = LookUpForm(request.POST if request.method == "POST" else None)
    shown: dict[str, Any] = {"look_up": form}
    status = 200
    if form.is_bound and form.is_valid():
        try:
            reference = references.read(form.cleaned_data["reference"])
            shown["enquiry"] = api.answer_to(references.hash_of(reference))
            if shown["enquiry"] is None:
                form.add_error("reference", _("There is no enquiry with this number."))
        except references.NotAReference:
            form.add_error("reference", _("There is a slip in this number: compare it with your note."))
    if form.errors:
        status = UNPROCESSABLE
    return render(request, "press/talk/answer.html", shown, status=status)


@reader_form
def subscribe(request: HttpRequest) -> HttpResponse:
    """Ask for the letters: the same answer whether or not the address has them already."""
    if not api.subscribing_open():
        raise Http404("no letters are sent from here")

    def done(form: ReaderForm) -> HttpResponse:
        email, token = form.cleaned_data["email"], form.cleaned_data["token"]
        language = get_language() or ""
        secret = actions.subscribe(email, language, token)
        if secret is not None:
            address = _origin(request) + reverse("confirm", args=[secret])
            try:
                send_confirmation(email, address)
            except CannotSend as error:
                actions.forget_unsent(secret, token)
                raise NotSent from error
        return _elsewhere(reverse("subscribe_sent"))

    return Asked(request, "subscribe", SubscribeForm, "press/talk/subscribe.html", done).answer()


def _origin(request: HttpRequest) -> str:
    """Where the reader is: a proxy that speaks HTTPS for us does not tell; an onion service needs none."""
    host = request.get_host()
    secure = request.is_secure() or (settings.SANDUQ_PRESS_HTTPS and not host.partition(":")[0].endswith(".onion"))
    return f"{'https' if secure else 'http'}://{host}"


def subscribe_sent(request: HttpRequest) -> HttpResponse:
    """A mail is on its way."""
    return render(request, "press/talk/subscribe_sent.html")


@reader_form
def confirm(request: HttpRequest, secret: str) -> HttpResponse:
    """A button: programs that check mails open links, and must not subscribe anybody by that."""
    if request.method != "POST":
        return render(request, "press/talk/confirm.html")
    good = actions.confirm(secret)
    return render(request, "press/talk/confirmed.html", {"good": good}, status=200 if good else _GONE)


@open_form
def leave(request: HttpRequest, secret: str) -> HttpResponse:
    """One button; mail programs post here by themselves (RFC 8058). The same answer whether or not somebody was there."""
    if request.method != "POST":
        return render(request, "press/talk/leave.html")
    actions.leave(secret)
    return render(request, "press/talk/left.html")
