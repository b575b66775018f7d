"""Articles, and what hangs on them: bylines, corrections, attachments, related ones."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import TaggedItemBase
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, PageChooserPanel
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page
from wagtail.search import index

from sanduq_web.press.blocks import Body
from sanduq_web.press.edition import now
from sanduq_web.press.models.pages import Readable


class Topic(TaggedItemBase):
    """A topic of an article."""

    content_object = ParentalKey("press.ArticlePage", on_delete=models.CASCADE, related_name="tagged_topics")


class FoldedField(index.SearchField):
    """A field whose words are indexed folded, too."""

    def get_value(self, obj: Any) -> str:
        """In the one form."""
        from sanduq_web.press.fold import fold_for_index

        return fold_for_index(str(super().get_value(obj)), obj.locale.language_code)


class ArticlePage(Readable, Page):
    """Something published: news, analysis, research, a statement, an announcement; letters and publications are kinds of it."""

    kicker = models.CharField(_("kicker"), max_length=60, blank=True, help_text=_("A word or two above the headline."))
    summary = models.TextField(_("summary"), max_length=500, help_text=_("Two sentences: in lists, in feeds, above the text."))
    place = models.CharField(_("place"), max_length=80, blank=True, help_text=_("The dateline: from where it is reported."))
    published_on = models.DateTimeField(_("published"), default=timezone.now, db_index=True)
    picture = models.ForeignKey(
        "press.PressImage", verbose_name=_("picture"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    caption = models.CharField(_("caption"), max_length=300, blank=True)
    body = StreamField(Body(), verbose_name=_("text"))
    republished_from = models.CharField(_("first published by"), max_length=200, blank=True)
    republished_url = models.URLField(_("where it was first published"), blank=True)
    comments_open = models.BooleanField(_("comments are open"), default=True)
    topics = ClusterTaggableManager(through=Topic, blank=True, verbose_name=_("topics"))

    template = "press/article.html"
    parent_page_types = ["press.SectionPage"]
    subpage_types: list[str] = []
    content_panels = [
        FieldPanel("kicker"),
        *Page.content_panels,
        FieldPanel("summary"),
        MultiFieldPanel([InlinePanel("bylines", label=_("byline"))], heading=_("Bylines")),
        MultiFieldPanel([FieldPanel("place"), FieldPanel("published_on")], heading=_("Dateline")),
        MultiFieldPanel([FieldPanel("picture"), FieldPanel("caption")], heading=_("Picture")),
        FieldPanel("body"),
        MultiFieldPanel([InlinePanel("corrections", label=_("correction"))], heading=_("Corrections")),
        MultiFieldPanel([InlinePanel("attachments", label=_("attachment"))], heading=_("Attachments")),
        MultiFieldPanel([InlinePanel("related", label=_("article"))], heading=_("Related articles")),
        MultiFieldPanel([FieldPanel("republished_from"), FieldPanel("republished_url")], heading=_("Republished")),
        FieldPanel("topics"),
        FieldPanel("comments_open"),
    ]
    search_fields = [
        *Page.search_fields,
        FoldedField("title", boost=2),
        index.AutocompleteField("folded"),
        index.FilterField("published_on"),
    ]

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")

    def is_readable(self) -> bool:
        """Not before its date."""
        return super().is_readable() and self.published_on <= now()

    def get_context(self, request: HttpRequest, *args: Any, **more: Any) -> dict[str, Any]:
        """What the template of an article shows."""
        from sanduq_web.press.api import shown

        context: dict[str, Any] = super().get_context(request, *args, **more)
        return context | shown(self, request)

    def chapters(self) -> Any:
        """Its chapters, if it is in chapters."""
        return ()

    def folded(self) -> str:
        """All its words as the index knows them (:mod:`sanduq_web.press.fold`)."""
        from sanduq_web.press.fold import words_of

        return words_of(self)


class ArticleByline(Orderable):
    """A byline of an article."""

    page = ParentalKey(ArticlePage, on_delete=models.CASCADE, related_name="bylines")
    byline = models.ForeignKey("press.Byline", verbose_name=_("byline"), on_delete=models.PROTECT, related_name="+")

    panels = [FieldPanel("byline")]


class Correction(Orderable):
    """What was wrong, and since when it is right."""

    page = ParentalKey(ArticlePage, on_delete=models.CASCADE, related_name="corrections")
    on = models.DateField(_("date"), default=timezone.localdate)
    text = models.TextField(_("what was wrong, and what is right"), max_length=1000)

    panels = [FieldPanel("on"), FieldPanel("text")]


class Attachment(Orderable):
    """A document with an article."""

    page = ParentalKey(ArticlePage, on_delete=models.CASCADE, related_name="attachments")
    document = models.ForeignKey("press.PressDocument", verbose_name=_("document"), on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("title"), max_length=200, blank=True)

    panels = [FieldPanel("document"), FieldPanel("title")]


class RelatedArticle(Orderable):
    """An article that belongs to this one."""

    page = ParentalKey(ArticlePage, on_delete=models.CASCADE, related_name="related")
    to = models.ForeignKey(ArticlePage, verbose_name=_("article"), on_delete=models.CASCADE, related_name="+")

    panels = [PageChooserPanel("to")]
