"""What an import brought: so that the same export, read again, brings nothing twice."""

from __future__ import annotations

from django.db import models


class ImportedItem(models.Model):
    """A post or a picture that was imported, known by a digest: addresses of the old site are not kept here."""

    digest = models.CharField(max_length=64, unique=True)
    page = models.ForeignKey("wagtailcore.Page", null=True, on_delete=models.SET_NULL, related_name="+")
    picture = models.ForeignKey("press.PressImage", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = "imported item"

    def __str__(self) -> str:
        return self.digest[:16]
