"""Organisations: who they are, what they have done, their statute, who speaks for them, and with which keys they sign."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Orderable, Page

from sanduq_web.press.models.pages import Readable

_TEXT = ["bold", "italic", "ol", "ul", "link"]


class OrganisationPage(Readable, Page):
    """An organisation, in one language."""

    acronym = models.CharField(_("acronym"), max_length=40, blank=True)
    emblem = models.ForeignKey(
        "press.PressImage", verbose_name=_("emblem"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    emblem_explained = models.TextField(_("what the emblem means"), max_length=2000, blank=True)
    founded_on = models.DateField(_("founded on"), null=True, blank=True)
    introduction = RichTextField(_("introduction"), features=_TEXT)

    template = "press/organisation.html"
    parent_page_types = ["press.FrontPage", "press.InfoPage"]
    subpage_types: list[str] = []
    content_panels = [
        *Page.content_panels,
        FieldPanel("acronym"),
        MultiFieldPanel([FieldPanel("emblem"), FieldPanel("emblem_explained")], heading=_("Emblem")),
        FieldPanel("founded_on"),
        FieldPanel("introduction"),
        MultiFieldPanel([InlinePanel("events", label=_("event"))], heading=_("Chronology")),
        MultiFieldPanel([InlinePanel("articles", label=_("article"))], heading=_("Statute")),
        MultiFieldPanel([InlinePanel("offices", label=_("office"))], heading=_("Offices and open representatives")),
        MultiFieldPanel([InlinePanel("sites", label=_("site"))], heading=_("Official sites")),
        MultiFieldPanel([InlinePanel("contacts", label=_("contact"))], heading=_("Contacts")),
        MultiFieldPanel([InlinePanel("keys", label=_("key"))], heading=_("Keys")),
    ]

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")

    def get_context(self, request: HttpRequest, *args: Any, **more: Any) -> dict[str, Any]:
        """Its lists, and the letters that it signed."""
        from sanduq_web.press.letters import shown_organisation

        context: dict[str, Any] = super().get_context(request, *args, **more)
        return context | shown_organisation(self)


class Precision(models.TextChoices):
    """How much of a date is known."""

    DAY = "day", _("day")
    MONTH = "month", _("month")
    YEAR = "year", _("year")


class OrganisationEvent(Orderable):
    """Something in its chronology; shown by date, whatever the order here."""

    page = ParentalKey(OrganisationPage, on_delete=models.CASCADE, related_name="events")
    on = models.DateField(_("date"))
    precision = models.CharField(_("known to the"), max_length=5, choices=Precision.choices, default=Precision.DAY)
    text = models.TextField(_("what happened"), max_length=1000)

    panels = [FieldPanel("on"), FieldPanel("precision"), FieldPanel("text")]


class StatuteArticle(Orderable):
    """An article of the statute: its number is what others cite, so it is given, not counted."""

    page = ParentalKey(OrganisationPage, on_delete=models.CASCADE, related_name="articles")
    number = models.PositiveSmallIntegerField(_("number"))
    heading = models.CharField(_("heading"), max_length=200, blank=True)
    text = RichTextField(_("text"), features=_TEXT)

    panels = [FieldPanel("number"), FieldPanel("heading"), FieldPanel("text")]

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint(fields=["page", "number"], name="one_article_of_a_number")]


class Office(Orderable):
    """An office, and who holds it openly. Who must not be known by name is not named here."""

    page = ParentalKey(OrganisationPage, on_delete=models.CASCADE, related_name="offices")
    title = models.CharField(_("office"), max_length=200)
    holder = models.CharField(_("held by"), max_length=200, blank=True, help_text=_("Only who stands for it openly."))
    since = models.DateField(_("since"), null=True, blank=True)

    panels = [FieldPanel("title"), FieldPanel("holder"), FieldPanel("since")]


class OfficialSite(Orderable):
    """An address that is really its own."""

    page = ParentalKey(OrganisationPage, on_delete=models.CASCADE, related_name="sites")
    title = models.CharField(_("title"), max_length=120)
    url = models.URLField(_("address"))

    panels = [FieldPanel("title"), FieldPanel("url")]


class Contact(Orderable):
    """A way to reach it."""

    page = ParentalKey(OrganisationPage, on_delete=models.CASCADE, related_name="contacts")
    way = models.CharField(_("way"), max_length=60, help_text=_("Such as: telephone, post, messenger."))
    address = models.CharField(_("number or address"), max_length=200)

    panels = [FieldPanel("way"), FieldPanel("address")]


class OrganisationKey(Orderable):
    """A key of its own. How it was confirmed stands with the key: it does not come and go with a page's revisions."""

    page = ParentalKey(OrganisationPage, on_delete=models.CASCADE, related_name="keys")
    key = models.ForeignKey("press.SigningKey", verbose_name=_("key"), on_delete=models.PROTECT, related_name="+")

    panels = [FieldPanel("key")]

    def clean(self) -> None:
        """A key of this name."""
        super().clean()
        if self.key_id and self.page_id and self.page.title.strip() not in self.key.names:
            raise ValidationError({"key": _("This key is not said to be of an organisation of this name.")})
