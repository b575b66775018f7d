"""What the desk changes in Wagtail: who publishes, who files under a pseudonym, what the menu has."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogFormatter
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from sanduq_web.press.desk import doors, pseudonyms, signals, views
from sanduq_web.press.desk.links import EmailLink, ExternalLink
from sanduq_web.press.models import CoSignature
from sanduq_web.press.models.workflow import approves_here
from sanduq_web.press.workshop import views as workshop

_TWO = gettext_lazy(
    "Nobody publishes alone: submit it, and an approver who did not work on it publishes it. Your text is kept as a draft."
)


# --- two pairs of eyes ------------------------------------------------------------------------------------------------------
def _as_a_draft(request: HttpRequest) -> None:
    """Wagtail makes a new page live before it asks whether it may: so it is not even asked to."""
    if "action-publish" in request.POST:
        messages.error(request, _TWO)
        given = request.POST.copy()
        del given["action-publish"]
        request.POST = given  # type: ignore[assignment]


@hooks.register("before_create_page")
def begins_as_a_draft(request: HttpRequest, parent: Any, kind: Any) -> HttpResponse | None:
    """Whatever button was pressed. Chapters of what is under a pseudonym are begun by the desk as well."""
    _as_a_draft(request)
    return doors.of_the_desk(request, parent)


@hooks.register("before_publish_page")
def never_alone(request: HttpRequest, page: Any) -> HttpResponse:
    """Whoever may publish by Wagtail's rules (administrators), may not by ours."""
    messages.error(request, _TWO)
    return redirect("wagtailadmin_pages:edit", page.pk)


@hooks.register("construct_page_action_menu")
def not_approved_while_editing(items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """The editor saves before it approves, and who saves is a writer: approving is under *What is due*."""
    items[:] = [each for each in items if each.name != "approve"]


@hooks.register("before_unpublish_page")
def with_a_reason(request: HttpRequest, page: Any) -> HttpResponse | None:
    """What is taken from the site is taken with a reason."""
    return redirect("press_withdraw", page.pk) if request.method == "POST" else None


@hooks.register("before_bulk_action")
def not_in_bulk(request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any) -> HttpResponse | None:
    """Nothing is published, withdrawn or moved by the dozen."""
    if action_type in ("publish", "unpublish", "move") and action.models and action.models[0].__name__ == "Page":
        messages.error(request, _TWO)
        return redirect("wagtailadmin_home")
    return None


@hooks.register("before_copy_page")
def copies_are_drafts(request: HttpRequest, page: Any) -> HttpResponse | None:
    """A copy is not published with its page; nor does a person's account copy what is under a pseudonym."""
    if request.method == "POST" and (request.POST.get("publish_copies") or request.POST.get("alias")):
        messages.error(request, _TWO)
        return redirect("wagtailadmin_pages:copy", page.pk)
    return doors.of_the_desk(request, page)


@hooks.register("construct_page_action_menu")
def without_publish(items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """No button for what is refused."""
    items[:] = [each for each in items if each.name not in ("action-publish", "action-unpublish")]


@hooks.register("register_page_header_buttons")
def more_buttons(page: Any, user: Any, view_name: str, next_url: str | None = None) -> Any:
    """To withdraw, for approvers; to publish alone, for administrators."""
    from wagtail.admin.widgets import Button

    if view_name != "edit":
        return
    if page.live and approves_here(page, user):
        yield Button(_("Withdraw"), reverse("press_withdraw", args=[page.pk]), icon_name="download", priority=60)
    if user.is_superuser and page.has_unpublished_changes:
        yield Button(_("Publish alone"), reverse("press_alone", args=[page.pk]), icon_name="warning", priority=70)


class _WithReason(LogFormatter):
    """An entry that says why."""

    def format_message(self, log_entry: Any) -> Any:
        """What was done, and why."""
        return format_html("{}: {}", self.message, log_entry.data.get("reason", ""))


@hooks.register("register_log_actions")
def more_entries(actions: Any) -> None:
    """In a page's history, and in that of the site."""

    @actions.register_action("press.alone")
    class Alone(_WithReason):
        message = gettext_lazy("Published WITHOUT a second pair of eyes")
        label = gettext_lazy("Publish alone")

    @actions.register_action("press.withdraw")
    class Withdraw(_WithReason):
        message = gettext_lazy("Withdrawn")
        label = gettext_lazy("Withdraw")


@hooks.register("register_permissions")
def for_groups() -> Any:
    """What the form of a group can give."""
    return Permission.objects.filter(content_type__app_label="press", codename="approve_pages")


# --- pseudonyms -------------------------------------------------------------------------------------------------------------
@hooks.register("before_edit_page")
def only_the_desk_edits(request: HttpRequest, page: Any) -> HttpResponse | None:
    """A text under a pseudonym opens for desk accounts, and for the approver before whom it is."""
    _as_a_draft(request)
    state = page.current_workflow_task_state
    if (
        state is not None
        and approves_here(page, request.user)
        and (request.method == "GET" or "action-workflow-action" in request.POST)
    ):
        return None
    return doors.of_the_desk(request, page)


@hooks.register("before_move_page")
def only_the_desk_moves(request: HttpRequest, page: Any, destination: Any) -> HttpResponse | None:
    """Moving is written down as well; nor does a person's chapter come into what is under a pseudonym."""
    if not page.permissions_for_user(request.user).can_move_to(destination):
        raise PermissionDenied  # Wagtail asks only when it moves: until then it would show the title
    if pseudonyms.is_pseudonymous(destination.specific) and pseudonyms.persons_in(page):
        messages.error(request, pseudonyms.BEGUN)
        return redirect("wagtailadmin_explore", page.get_parent().pk)
    return doors.of_the_desk(request, page)


@hooks.register("after_delete_page")
def deleted(request: HttpRequest, page: Any) -> None:
    """A draft that nobody ever read goes with its history."""
    signals.forget_unpublished(page)


@hooks.register("after_bulk_action")
def deleted_in_bulk(request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any) -> None:
    """As one by one."""
    if action_type == "delete" and action.models and action.models[0].__name__ == "Page":
        for page in objects:
            signals.forget_unpublished(page)


@hooks.register("construct_page_chooser_queryset")
def only_known_pages(found: Any, request: HttpRequest) -> Any:
    """Links lead to what readers have, and to drafts of one's own sections."""
    return found.filter(pk__in=doors.choosable(request.user).values("pk"))


@hooks.register("register_rich_text_features", order=100)
def links(features: Any) -> None:
    """Links of the editor's texts, as readers get them."""
    features.register_link_type(ExternalLink)
    features.register_link_type(EmailLink)


# --- the desk's own pages ---------------------------------------------------------------------------------------------------
@hooks.register("register_admin_urls")
def addresses() -> list[Any]:
    """Behind the same door as all of Wagtail's."""
    return [
        path("due/", views.what_is_due, name="press_due"),
        path("alone/<int:page_id>/", views.publish_alone, name="press_alone"),
        path("withdraw/<int:page_id>/", views.withdraw, name="press_withdraw"),
        path("codes/", views.codes_again, name="press_codes"),
        path("editions/", workshop.editions, name="press_editions"),
        path("editions/now/", workshop.editions_now, name="press_editions_now"),
        path("editions/<int:number>/end/", workshop.end, name="press_edition_end"),
        path("editions/<int:number>/sign/", workshop.sign, name="press_edition_sign"),
        path("editions/<int:number>/sums/", workshop.sums, name="press_edition_sums"),
    ]


@hooks.register("register_admin_menu_item")
def menu() -> MenuItem:
    """What is due comes first."""
    return MenuItem(gettext_lazy("What is due"), reverse("press_due"), icon_name="calendar", order=50)


class _EditionsItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        """To those who may."""
        return workshop.may(request.user)


@hooks.register("register_admin_menu_item")
def editions_menu() -> MenuItem:
    """Making editions."""
    return _EditionsItem(gettext_lazy("Editions"), reverse("press_editions"), icon_name="download", order=60)


@hooks.register("insert_global_admin_css")
def style() -> str:
    """Right-to-left texts in a left-to-right desk, and the reverse."""
    return format_html('<link rel="stylesheet" href="{}">', static("press/desk.css"))


@hooks.register("insert_global_admin_js")
def script() -> str:
    """The direction of each field is that of what is in it."""
    return format_html('<script src="{}"></script>', static("press/desk.js"))


# --- letters ----------------------------------------------------------------------------------------------------------------
class CoSignatures(SnippetViewSet):
    """Signatures that came: an editor accepts or declines each, and puts them in order."""

    model = CoSignature
    icon = "key"
    list_display = ["organisation", "letter", "state", "standing", "order"]
    list_filter = ["state", "letter"]


register_snippet(CoSignatures)
