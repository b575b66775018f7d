"""The public lists: keys without names."""

from __future__ import annotations

from django.db import models


class PublicList(models.Model):
    """The list of one election, by its uuid. ``prefix`` is how many hexadecimal digits choose a bucket."""

    uuid = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    weighted = models.BooleanField()
    prefix = models.PositiveSmallIntegerField()


class Entry(models.Model):
    """One public credential with its weight."""

    list = models.ForeignKey(PublicList, on_delete=models.CASCADE, db_index=False)
    key = models.BinaryField(max_length=32)
    weight = models.BigIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["list", "key"], name="one_entry_a_key"),)
