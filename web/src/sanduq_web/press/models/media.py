"""Pictures and documents: described, credited, and without the data that cameras and programs hide in them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument, Document
from wagtail.images.models import AbstractImage, AbstractRendition


class PressImage(AbstractImage):
    """A picture: ``description`` (Wagtail's field) is what is read to whoever cannot see it."""

    credit = models.CharField(_("credit"), max_length=200, help_text=_("Whose picture it is, and under which licence."))

    admin_form_fields = (
        "title", "file", "description", "credit", "collection", "tags",
        "focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height",
    )  # fmt: skip

    class Meta(AbstractImage.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")


class PressRendition(AbstractRendition):
    """A picture in one size."""

    image = models.ForeignKey(PressImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["image", "filter_spec", "focal_point_key"], name="one_rendition")]


class PressDocument(AbstractDocument):
    """A document to download."""

    credit = models.CharField(_("credit"), max_length=200, blank=True)

    admin_form_fields = (*Document.admin_form_fields, "credit")

    class Meta(AbstractDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
