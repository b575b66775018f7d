"""Pictures and documents: described, credited, and without the data that cameras, programs and people hide in them."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage, AbstractRendition


class PressImage(AbstractImage):
    """A picture: ``description`` (Wagtail's field) is what is read to whoever cannot see it."""

    credit = models.CharField(_("credit"), max_length=200, help_text=_("Whose picture it is, and under which licence."))

    admin_form_fields = (
        "file", "description", "credit", "title", "collection", "tags",
        "focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height",
    )  # fmt: skip

    class Meta(AbstractImage.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")

    def save(self, *given: Any, **more: Any) -> None:
        """A new file is painted anew (:mod:`sanduq_web.press.uploads`); who sent it is not kept.

        Raises :class:`sanduq.errors.Refused` for a file that cannot be cleaned.
        """
        from sanduq_web.press.uploads.forms import Cleaned, cleaned_picture

        self.uploaded_by_user = None
        file: Any = self.file  # type: ignore[has-type]  # Wagtail's
        if file and not file._committed and not isinstance(file.file, Cleaned):
            self.file = cleaned_picture(file)
            self._set_image_file_metadata()
        super().save(*given, **more)


class PressRendition(AbstractRendition):
    """A picture in one size."""

    image = models.ForeignKey(PressImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["image", "filter_spec", "focal_point_key"], name="one_rendition")]


class PressDocument(AbstractDocument):
    """A document to download."""

    credit = models.CharField(_("credit"), max_length=200, blank=True)

    admin_form_fields = ("file", "title", "collection", "tags", "credit")

    class Meta(AbstractDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")

    def save(self, *given: Any, **more: Any) -> None:
        """A new file is cleaned (:mod:`sanduq_web.press.uploads`); who sent it is not kept.

        Raises :class:`sanduq.errors.Refused` for a file that cannot be cleaned.
        """
        from sanduq_web.press.uploads.forms import Cleaned, cleaned_document

        self.uploaded_by_user = None
        file: Any = self.file  # type: ignore[has-type]  # Wagtail's
        if file and not file._committed and not isinstance(file.file, Cleaned):
            self.file = cleaned_document(file)
            self._set_document_file_metadata()
        super().save(*given, **more)
