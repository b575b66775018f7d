"""Readers' pages that are no Wagtail pages: search, topics, feeds, short addresses, files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils._os import safe_join
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from taggit.models import Tag
from wagtail.documents.views.serve import serve
from wagtail.views import serve as serve_page

from sanduq_web.press import atom, sitemap
from sanduq_web.press.api import articles_of, articles_on, for_everybody, paged, published
from sanduq_web.press.edition import current
from sanduq_web.press.edition.latest import archive
from sanduq_web.press.edition.words import entries
from sanduq_web.press.frame import frame_of, origin
from sanduq_web.press.kept import keep
from sanduq_web.press.models import FrontPage, PressDocument, SectionPage
from sanduq_web.press.search import MOST, search
from sanduq_web.press.short import code_of, number_of, qr

_KEEP = {"Cache-Control": "public, max-age=86400"}


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE


def _front(request: HttpRequest) -> FrontPage:
    """The front page in the language of the address."""
    front = frame_of(request, _language()).front
    if front is None:
        raise Http404("nothing is published in this language")
    return front


@require_safe
def page(request: HttpRequest, path: str) -> HttpResponseBase:
    """A page of the tree, sought from the front page that is remembered: Wagtail would look up site, root and translation."""
    request._wagtail_route_for_request = _front(request).route(request, [each for each in path.split("/") if each])  # type: ignore[attr-defined]
    answer: HttpResponseBase = serve_page(request, path)
    return answer


@require_safe
def look_for(request: HttpRequest) -> HttpResponseBase:
    """Articles in the language of the page, by their words. What somebody looked for is kept nowhere."""
    if current.get() is not None:
        return keep(render(request, "press/edition/search.html"))
    asked = request.GET.get("q", "").replace("\0", "").strip()[:200]
    front = frame_of(request, _language()).front
    found = search(asked, front) if front else []
    response = render(request, "press/search.html", {"asked": asked, "found": found, "is_more": len(found) == MOST})
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def words(request: HttpRequest) -> HttpResponseBase:
    """What the search of an edition looks through: a script, since a page on a disc can read nothing else."""
    if current.get() is None:
        raise Http404("the search of the site needs no list")
    raw = entries(_front(request), frame_of(request, _language()))
    return keep(HttpResponse(raw, content_type="text/javascript; charset=utf-8"))


def _topic(request: HttpRequest, topic: str) -> tuple[Tag, Any]:
    """A topic of something that is published in this language, and what is."""
    articles = articles_on(topic, _language()).descendant_of(_front(request))
    tag = Tag.objects.filter(slug=topic).first()
    if tag is None or not articles.exists():
        raise Http404("nothing is published on this topic in this language")
    return tag, articles


@require_safe
def topic(request: HttpRequest, topic: str) -> HttpResponseBase:
    """What is published on a topic."""
    tag, articles = _topic(request, topic)
    return keep(render(request, "press/topic.html", {"topic": tag, **paged(articles, request)}))


@require_safe
def short(request: HttpRequest, code: str) -> HttpResponse:
    """From a short address to its article."""
    number = number_of(code)
    if number is None:
        raise Http404("this is no short address")
    article = get_object_or_404(published(), pk=number)
    address = article.get_url(request)
    if address is None:
        raise Http404("this article is of another site")
    return redirect(address)


@require_safe
def short_qr(request: HttpRequest, code: str) -> HttpResponseBase:
    """A short address as a QR code; whether an article has it, is not asked."""
    number = number_of(code)
    if number is None:
        raise Http404("this is no short address")
    return keep(HttpResponse(qr(f"{origin(request)}/a/{code_of(number)}"), content_type="image/svg+xml"))


# --- for programs -----------------------------------------------------------------------------------------------------------


def _atom(raw: bytes) -> HttpResponseBase:
    return keep(HttpResponse(raw, content_type="application/atom+xml; charset=utf-8"))


@require_safe
def feed(request: HttpRequest) -> HttpResponseBase:
    """The newest in a language."""
    front = _front(request)
    about = atom.About(front.title, front.get_url(request), request.path, _language())
    return _atom(atom.feed(request, about, published().descendant_of(front)))


@require_safe
def section_feed(request: HttpRequest, section: str) -> HttpResponseBase:
    """The newest of a section."""
    front = _front(request)
    found = get_object_or_404(for_everybody(SectionPage.objects.live().child_of(front)), slug=section)
    about = atom.About(f"{found.title} · {front.title}", found.get_url(request), request.path, _language())
    return _atom(atom.feed(request, about, articles_of(found)))


@require_safe
def topic_feed(request: HttpRequest, topic: str) -> HttpResponseBase:
    """The newest on a topic."""
    tag, articles = _topic(request, topic)
    title = f"{tag.name} · {_front(request).title}"
    about = atom.About(title, reverse("topic", args=[tag.slug]), request.path, _language())
    return _atom(atom.feed(request, about, articles))


@require_safe
def site_map(request: HttpRequest) -> HttpResponseBase:
    """The maps of all languages."""
    context = {"maps": sitemap.maps(request)}
    return keep(render(request, "press/sitemap_index.xml", context, content_type="application/xml"))


@require_safe
def language_map(request: HttpRequest) -> HttpResponseBase:
    """The pages in one language, each with its translations."""
    context = {"pages": sitemap.pages(request, _front(request))}
    return keep(render(request, "press/sitemap.xml", context, content_type="application/xml"))


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Everything may be found. (Where the desk is, nobody needs to know.)"""
    lines = ["User-agent: *", "Disallow:", f"Sitemap: {origin(request)}/sitemap.xml"]
    return HttpResponse("".join(f"{line}\n" for line in lines), content_type="text/plain; charset=utf-8")


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Nothing is here, in the language of the address."""
    return render(request, "press/404.html", status=404)


# --- files ------------------------------------------------------------------------------------------------------------------


def _file(path: Path) -> FileResponse:
    """A file; a folder, or a name that no file can have, is not there."""
    try:
        return FileResponse(path.open("rb"), headers=_KEEP)
    except (OSError, ValueError) as error:
        raise Http404 from error


def media(request: HttpRequest, name: str) -> FileResponse:
    """A picture. (Originals are for editors: pages show renditions; documents have their own address.)"""
    folder, _, within = name.partition("/")
    if folder != "images":
        raise Http404
    try:
        path = safe_join(Path(settings.MEDIA_ROOT) / folder, within)
    except (ValueError, SuspiciousFileOperation) as error:  # a name that leads out of the folder
        raise Http404 from error
    return _file(Path(path))


def document(request: HttpRequest, number: str, name: str) -> HttpResponseBase:
    """A document. One that is not for everybody is not there: readers have no passwords."""
    if len(number) > 12:
        raise Http404
    found = get_object_or_404(PressDocument.objects.select_related("collection"), pk=number)
    if found.collection.get_view_restrictions().exists():
        raise Http404
    answer: HttpResponseBase = serve(request, number, name)
    return answer


def edition(request: HttpRequest, name: str) -> FileResponse:
    """An edition to take along."""
    folder = settings.SANDUQ_PRESS_EDITIONS
    found = archive(Path(folder, name)) if folder else None
    if found is None:
        raise Http404
    return _file(found.path)


def static(request: HttpRequest, name: str) -> FileResponse:
    """A file of the desk's pages."""
    found = finders.find(name)
    if not found:
        raise Http404
    return _file(Path(str(found)))
