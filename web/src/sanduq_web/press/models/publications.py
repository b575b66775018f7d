"""Publications: books, booklets and numbered bulletins, chapter by chapter."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from sanduq_web.press.blocks import Body
from sanduq_web.press.models.articles import ArticlePage
from sanduq_web.press.models.pages import Readable


class PublicationKind(models.TextChoices):
    """What it is as a thing in the hand."""

    BOOK = "book", _("Book")
    BOOKLET = "booklet", _("Booklet")
    BULLETIN = "bulletin", _("Bulletin")


class PublicationForm(WagtailAdminPageForm):
    """The desk's form: it knows under which section a page that is not there yet will be."""

    def clean(self) -> Any:
        """No other bulletin of the section has this number."""
        given = super().clean()
        same = PublicationPage.objects.child_of(self.parent_page).filter(kind=PublicationKind.BULLETIN)
        number = given.get("number")
        if number is not None and same.filter(number=number).exclude(pk=self.instance.pk).exists():
            self.add_error("number", _("There is a bulletin of this number in this section."))
        return given


class PublicationPage(ArticlePage):
    """A publication: its page is cover and contents; its chapters are the pages under it, in their order."""

    kind = models.CharField(_("kind"), max_length=8, choices=PublicationKind.choices, default=PublicationKind.BOOKLET)
    number = models.PositiveIntegerField(_("number"), null=True, blank=True, help_text=_("Of a bulletin."))
    issued_on = models.DateField(_("date of issue"))
    edition = models.CharField(_("edition"), max_length=80, blank=True, help_text=_("Such as: second edition, enlarged."))

    base_form_class = PublicationForm
    template = "press/publication.html"
    subpage_types = ["press.ChapterPage"]
    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(
            [FieldPanel("kind"), FieldPanel("number"), FieldPanel("issued_on"), FieldPanel("edition")], heading=_("Issue")
        ),
        FieldPanel("summary"),
        MultiFieldPanel([FieldPanel("picture"), FieldPanel("caption")], heading=_("Cover")),
        FieldPanel("body", heading=_("Foreword")),
        MultiFieldPanel([InlinePanel("bylines", label=_("byline"))], heading=_("Bylines")),
        FieldPanel("published_on"),
        MultiFieldPanel([InlinePanel("corrections", label=_("correction"))], heading=_("Corrections")),
        MultiFieldPanel([InlinePanel("attachments", label=_("attachment"))], heading=_("Attachments")),
        FieldPanel("topics"),
        FieldPanel("comments_open"),
    ]

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")

    def clean(self) -> None:
        """A bulletin has a number; a book has none."""
        super().clean()
        if self.kind != PublicationKind.BULLETIN and self.number is not None:
            raise ValidationError({"number": _("Only a bulletin has a number.")})
        if self.kind == PublicationKind.BULLETIN and self.number is None:
            raise ValidationError({"number": _("A bulletin has a number.")})

    def chapters(self) -> Any:
        """The published chapters, in reading order."""
        from sanduq_web.press.api import for_everybody

        return for_everybody(ChapterPage.objects.child_of(self).live()).order_by("path")

    def get_context(self, request: HttpRequest, *args: Any, **more: Any) -> dict[str, Any]:
        """The contents."""
        context: dict[str, Any] = super().get_context(request, *args, **more)
        return context | {"chapters": list(self.chapters())}


class ChapterPage(Readable, Page):
    """A chapter, with an address of its own."""

    body = StreamField(Body(), verbose_name=_("text"))

    template = "press/chapter.html"
    parent_page_types = ["press.PublicationPage"]
    subpage_types: list[str] = []
    content_panels = [*Page.content_panels, FieldPanel("body")]

    class Meta:
        verbose_name = _("chapter")
        verbose_name_plural = _("chapters")

    def is_readable(self) -> bool:
        """Not before the whole."""
        return super().is_readable() and bool(self.get_parent().specific.is_readable())

    def get_context(self, request: HttpRequest, *args: Any, **more: Any) -> dict[str, Any]:
        """Where it stands: the publication, the chapters before and after."""
        context: dict[str, Any] = super().get_context(request, *args, **more)
        whole = self.get_parent().specific
        chapters = list(whole.chapters())
        places = [each.pk for each in chapters]
        here = places.index(self.pk) if self.pk in places else None
        around: dict[str, Any] = {"before": None, "after": None, "place": None}
        if here is not None:
            around = {
                "before": chapters[here - 1] if here else None,
                "after": chapters[here + 1] if here + 1 < len(chapters) else None,
                "place": here + 1,
            }
        return context | around | {"publication": whole, "count": len(chapters)}
