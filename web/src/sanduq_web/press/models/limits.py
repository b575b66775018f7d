"""What keeps a crowd out without knowing anybody: counts, and marks of forms that were sent already."""

from __future__ import annotations

from django.db import models


class Tally(models.Model):
    """How many of a kind came within an hour or a day, for the whole site or one page. Gone when the time is over."""

    name = models.CharField(max_length=60)
    begins = models.DateTimeField()
    ends = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "begins"], name="one_tally")]

    def __str__(self) -> str:
        return f"{self.name}: {self.count}"


class Posted(models.Model):
    """The hash of a form's token: the same form, sent again by "back" or "reload", does nothing. Points at nothing."""

    mark = models.CharField(max_length=64, unique=True)
    on = models.DateField()

    def __str__(self) -> str:
        return f"{self.on}"
