"""Referendums and their areas, as they were frozen."""

from __future__ import annotations

from django.db import models


class Referendum(models.Model):
    """One referendum: the exact texts of its setup, whose SHA-256 is the anchor, and of its trustees."""

    anchor = models.CharField(max_length=64, primary_key=True)
    setup = models.BinaryField()
    trustees = models.BinaryField()


class Area(models.Model):
    """One counting area: the exact text of its election. ``position`` is its place in the setup."""

    referendum = models.ForeignKey(Referendum, on_delete=models.PROTECT)
    position = models.PositiveIntegerField()
    code = models.CharField(max_length=64)
    uuid = models.CharField(max_length=64, unique=True)
    election = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["referendum", "code"], name="one_area_a_code"),)


class Beside(models.Model):
    """What is shown beside a referendum and is no part of it: boundaries (TopoJSON, or empty), and whom figures and boundaries
    are owed to (a list of texts). Both may be replaced at any time.
    """

    referendum = models.OneToOneField(Referendum, primary_key=True, on_delete=models.PROTECT)
    boundaries = models.BinaryField(default=b"")
    sha256 = models.CharField(max_length=64, default="")
    credits = models.JSONField(default=list)
