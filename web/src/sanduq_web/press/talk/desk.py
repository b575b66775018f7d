"""What moderators and spokespeople see: the list of what waits and what was reported; enquiries, as ciphertexts."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel, HelpPanel
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import CreateView, EditView, SnippetViewSet

from sanduq_web.press.models import Byline, Comment, CommentState, Enquiry
from sanduq_web.press.models.bylines import BylineKind
from sanduq_web.press.models.comments import TEXT
from sanduq_web.press.talk import actions, api, plain

_AT_ONCE: Final = 50
_MODERATE: Final = "press.change_comment"
_ANSWER: Final = "press.change_enquiry"
_DECIDED: Final = (CommentState.SHOWN, CommentState.REFUSED)
_DECISIONS: Final = {"show": CommentState.SHOWN, "keep": CommentState.SHOWN, "refuse": CommentState.REFUSED}


class ReplyForm(forms.Form):
    """An answer of the newsroom."""

    byline = forms.ModelChoiceField(
        Byline.objects.filter(kind__in=[BylineKind.DESK, BylineKind.SPOKESPERSON]), label=_("under the byline")
    )
    text = forms.CharField(max_length=TEXT, label=_("answer"), widget=forms.Textarea({"rows": 3, "dir": "auto"}))

    # The same form has the buttons that decide, for which nothing need be written.
    use_required_attribute = False

    def clean_text(self) -> str:
        """Plain text."""
        return plain.text(self.cleaned_data["text"])


def _needs(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(permission):  # type: ignore[union-attr]
        raise PermissionDenied


def moderation(request: HttpRequest) -> HttpResponse:
    """What was reported, then what waits, each with its text and the buttons that decide."""
    _needs(request, _MODERATE)
    failed: dict[int, ReplyForm] = {}
    if request.method == "POST":
        number = request.POST.get("comment", "")
        of = get_object_or_404(Comment, pk=int(number) if number.isdecimal() and len(number) < 18 else 0)
        decision = request.POST.get("decision", "")
        if decision in _DECISIONS:
            actions.decide(of, _DECISIONS[decision])
            return HttpResponseRedirect(reverse("moderation"))
        form = ReplyForm(request.POST, auto_id=f"id_{of.pk}_%s")
        if decision == "reply" and form.is_valid():
            if of.state == CommentState.WAITING:
                actions.decide(of, CommentState.SHOWN)
            actions.reply_as_desk(of, form.cleaned_data["byline"], form.cleaned_data["text"])
            return HttpResponseRedirect(reverse("moderation"))
        failed[of.pk] = form
    waiting = api.waiting()
    state = request.GET.get("state", "")
    shown = {
        "state": state,
        "decided": _with_forms(api.decided(state), failed) if state in _DECIDED else [],
        "reported": _with_forms(api.reported(), failed),
        "waiting": _with_forms(waiting, failed),
        "count": waiting.count(),
        "header_title": _("Comments"),
        "page_title": _("Comments"),
        "header_icon": "comment",
    }
    return render(request, "press/desk/moderation.html", shown)


def _with_forms(found: Any, failed: dict[int, ReplyForm]) -> list[tuple[Comment, ReplyForm]]:
    return [(each, failed.get(each.pk) or ReplyForm(auto_id=f"id_{each.pk}_%s")) for each in found[:_AT_ONCE]]


def _sealed(raw: bytes | memoryview[int], name: str) -> HttpResponse:
    if not raw:
        raise Http404("nothing is sealed here")
    headers = {"Content-Disposition": f'attachment; filename="{name}.age"'}
    return HttpResponse(bytes(raw), content_type="application/octet-stream", headers=headers)


def comment_email(request: HttpRequest, number: int) -> HttpResponse:
    """The address of a comment's writer, as it is kept: sealed."""
    _needs(request, _MODERATE)
    return _sealed(get_object_or_404(Comment, pk=number).email_sealed, f"comment-{number}")


def enquiry_sealed(request: HttpRequest, number: int) -> HttpResponse:
    """An enquiry, as it is kept: sealed."""
    _needs(request, _ANSWER)
    return _sealed(get_object_or_404(Enquiry, pk=number).sealed, f"enquiry-{number}")


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def _urls() -> list[Any]:
    return [
        path("talk/comments/", moderation, name="moderation"),
        path("talk/comments/<int:number>/email.age", comment_email, name="comment_email"),
        path("talk/enquiries/<int:number>/enquiry.age", enquiry_sealed, name="enquiry_sealed"),
    ]


@hooks.register("register_permissions")  # type: ignore[untyped-decorator]
def _permissions() -> Any:
    return Permission.objects.filter(content_type__app_label="press", codename="change_comment")


class _Moderation(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        """For moderators only."""
        return bool(request.user.has_perm(_MODERATE))  # type: ignore[union-attr]


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def _menu() -> MenuItem:
    return _Moderation(_("Comments"), reverse("moderation"), name="moderation", icon_name="comment", order=250)


class _Edit(EditView):
    def save_instance(self) -> Any:
        """The day of the first answer."""
        made = self.form.instance
        if made.answer and made.answered_on is None:
            made.answered_on = actions.today()
        return super().save_instance()


class _NoCreate(CreateView):
    def dispatch(self, request: HttpRequest, *args: Any, **more: Any) -> HttpResponse:
        """Enquiries come from outside."""
        raise PermissionDenied


class Enquiries(SnippetViewSet):
    """Enquiries: a ciphertext to take away, and a field for the answer."""

    model = Enquiry
    icon = "help"
    menu_label = _("Enquiries")
    menu_order = 260
    add_to_admin_menu = True
    copy_view_enabled = False
    add_view_class = _NoCreate
    edit_view_class = _Edit
    list_display = ["__str__", "language", "answered_by", "answered_on", "published"]
    list_filter = ["language", "published"]
    panels = [
        HelpPanel(template="press/desk/sealed.html"),
        FieldPanel("answer"),
        FieldPanel("answered_by"),
        FieldPanel("question"),
        FieldPanel("published"),
    ]


register_snippet(Enquiries)
