"""Addresses of Wagtail's that tell titles, topics and files of other desks' drafts: choosers, bulk actions, completed words."""

from __future__ import annotations

from typing import Any, Final

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from taggit.models import Tag
from wagtail.admin import messages
from wagtail.admin.views.bulk_action.dispatcher import index
from wagtail.admin.views.chooser import BrowseView
from wagtail.contrib.simple_translation.views import SubmitPageTranslationView
from wagtail.documents.permissions import permission_policy as documents
from wagtail.images.permissions import permission_policy as images
from wagtail.models import Page
from wagtail.permissions import page_permission_policy as pages

from sanduq_web.press.api import for_everybody, published
from sanduq_web.press.desk import pseudonyms
from sanduq_web.press.models import ArticlePage
from sanduq_web.press.models.accounts import is_desk

_TOPICS: Final = 10
UNUSED: Final = (
    "api/main/(?:images|documents)/",
    "choose-page/chosen-multiple/",
    "images/chooser/[0-9]+/select_format/",
    "snippets/choose/press/(?:cosignature|enquiry)/",
    "workflows/task_chooser/(?:[0-9]+/)?$",
    "test404/",
    "failwhale/",
)
"""Addresses that nothing of the desk asks for."""


def choosable(user: Any) -> Any:
    """The pages that an account may know of: those of its sections, and what anybody may read."""
    embargoed = ArticlePage.objects.filter(published_on__gt=timezone.now()).values("pk")
    readable = for_everybody(Page.objects.live()).exclude(pk__in=embargoed).exclude(depth=1)
    known = Page.objects.filter(pk__in=readable.values("pk")) | Page.objects.filter(depth=1)
    return known | Page.objects.filter(pk__in=pages.explorable_instances(user).values("pk"))


def below(request: HttpRequest, parent_page_id: int) -> HttpResponse:
    """The chooser, below a page."""
    if not choosable(request.user).filter(pk=parent_page_id).exists():
        raise Http404
    answer: HttpResponse = BrowseView.as_view()(request, parent_page_id)
    return answer


def topics(request: HttpRequest, **which: str) -> JsonResponse:
    """Topics that readers know, as one types."""
    term = request.GET.get("term", "")
    known = Tag.objects.filter(press_topic_items__content_object__in=published(), name__istartswith=term).distinct()
    return JsonResponse(list(known.order_by("name").values_list("name", flat=True)[:_TOPICS]) if term else [], safe=False)


def _changeable(user: Any, app_label: str, model_name: str) -> Any:
    if model_name == "page":
        return pages.explorable_instances(user)
    if model_name in ("image", "pressimage"):
        return images.instances_user_has_any_permission_for(user, ["change", "delete"])
    if model_name in ("document", "pressdocument"):
        return documents.instances_user_has_any_permission_for(user, ["change", "delete"])
    if not user.has_perm(f"{app_label}.change_{model_name}"):
        raise PermissionDenied
    return apps.get_model(app_label, model_name)._default_manager.all()


def bulk(request: HttpRequest, app_label: str, model_name: str, action: str) -> HttpResponse:
    """What is done with many, of those that one may change: Wagtail would name the others, too."""
    found = _changeable(request.user, app_label, model_name)
    given = request.GET.copy()
    if "all" not in given.getlist("id"):
        found = found.filter(pk__in=[each for each in given.getlist("id") if each.isdecimal()])
    elif model_name == "page":
        found = found.child_of(get_object_or_404(Page, pk=given.get("childOf") or 0))
    given.setlist("id", [str(pk) for pk in found.values_list("pk", flat=True)])
    request.GET = given  # type: ignore[assignment]
    answer: HttpResponse = index(request, app_label, model_name, action)
    return answer


def of_the_desk(request: HttpRequest, page: Any) -> HttpResponse | None:
    """Where a person's account is led to from a text under a pseudonym; None where it may go on."""
    page = page.specific
    if is_desk(request.user) or not pseudonyms.is_pseudonymous(page):
        return None
    messages.error(request, pseudonyms.ONLY_DESK)
    return redirect("wagtailadmin_explore", page.get_parent().pk)


def translate(request: HttpRequest, page_id: int) -> HttpResponse:
    """A text under a pseudonym is translated by the desk, in a page of its own: who begins a translation is written down."""
    refused = of_the_desk(request, get_object_or_404(Page, pk=page_id))
    answer: HttpResponse = refused or SubmitPageTranslationView.as_view()(request, page_id=page_id)
    return answer


def closed(request: HttpRequest, *given: Any, **more: Any) -> HttpResponse:
    """Nothing of the desk asks for it."""
    raise Http404
