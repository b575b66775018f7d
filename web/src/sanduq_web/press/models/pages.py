"""The pages that hold others: a site's front page in each language, its sections, plain information."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import Http404, HttpRequest
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, PageChooserPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

from sanduq_web.press.blocks import Body


class SectionKind(models.TextChoices):
    """What is in a section; one class serves them all."""

    NEWS = "news", _("News")
    ANALYSIS = "analysis", _("Analysis")
    RESEARCH = "research", _("Research")
    STATEMENT = "statement", _("Statements")
    ANNOUNCEMENT = "announcement", _("Announcements")
    DOCUMENT = "document", _("Documents")
    LETTER = "letter", _("Open letters")
    PUBLICATION = "publication", _("Publications")


class Readable:
    """A page as readers reach it: at its own address it is there for everybody, or for nobody."""

    def is_readable(self) -> bool:
        """Whether anybody may read it now."""
        from sanduq_web.press.api import restricted

        page: Any = self
        return bool(page.live) and not any(page.path.startswith(path) for path in restricted())

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        """What is not public yet, or not for everybody, is not there: no word of a password or a date."""
        if not path_components and not self.is_readable():
            raise Http404("there is no page here")
        return super().route(request, path_components)  # type: ignore[misc]

    def serve(self, request: HttpRequest, *args: Any, **more: Any) -> Any:
        """The page; it is the same for everybody, so it may be kept for the next reader."""
        from sanduq_web.press.kept import keep

        return keep(super().serve(request, *args, **more))  # type: ignore[misc]

    def serve_preview(self, request: HttpRequest, mode_name: str) -> Any:
        """As readers would see it: in the page's language, not in the editor's."""
        page: Any = self
        with translation.override(page.locale.language_code):
            return super().serve_preview(request, mode_name).render()  # type: ignore[misc]

    def get_context(self, request: HttpRequest, *args: Any, **more: Any) -> dict[str, Any]:
        """With every page: where else it stands, and whether it is to be printed."""
        from sanduq_web.press.pages import addresses

        context: dict[str, Any] = super().get_context(request, *args, **more)  # type: ignore[misc]
        return context | {"addresses": addresses(self, request), "printed": "print" in request.GET}


class FrontPage(Readable, Page):
    """The front page of a site in one language: under it is that language's tree."""

    tagline = models.CharField(_("tagline"), max_length=200, blank=True)
    lead = models.ForeignKey(
        "press.ArticlePage",
        verbose_name=_("lead story"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Without one, the newest article leads."),
    )
    notice = RichTextField(_("notice"), blank=True, features=["bold", "link"])

    template = "press/front.html"
    parent_page_types = ["wagtailcore.Page"]
    content_panels = [*Page.content_panels, FieldPanel("tagline"), PageChooserPanel("lead"), FieldPanel("notice")]
    max_count = None

    class Meta:
        verbose_name = _("front page")
        verbose_name_plural = _("front pages")

    def get_context(self, request: HttpRequest, *args: Any, **more: Any) -> dict[str, Any]:
        """The lead, the sections with their newest, the latest."""
        from sanduq_web.press.api import front

        context: dict[str, Any] = super().get_context(request, *args, **more)
        return context | front(self)


class SectionPage(Readable, Page):
    """A section: what is under it, newest first."""

    kind = models.CharField(_("kind"), max_length=12, choices=SectionKind.choices, default=SectionKind.NEWS)
    introduction = RichTextField(_("introduction"), blank=True, features=["bold", "italic", "link"])

    template = "press/section.html"
    parent_page_types = ["press.FrontPage"]
    content_panels = [*Page.content_panels, FieldPanel("kind"), FieldPanel("introduction")]

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")

    def get_context(self, request: HttpRequest, *args: Any, **more: Any) -> dict[str, Any]:
        """One page of the list."""
        from sanduq_web.press.api import articles_of, paged

        context: dict[str, Any] = super().get_context(request, *args, **more)
        return context | paged(articles_of(self), request)


class InfoPage(Readable, Page):
    """Plain information: who we are, how to reach us, what is kept of readers."""

    body = StreamField(Body(), verbose_name=_("text"))

    template = "press/info.html"
    parent_page_types = ["press.FrontPage", "press.InfoPage"]
    content_panels = [*Page.content_panels, FieldPanel("body")]

    class Meta:
        verbose_name = _("information")
        verbose_name_plural = _("information")
