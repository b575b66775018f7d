"""What pages are shown from beside their texts: whether anything was written since, and what the vote site said last."""

from __future__ import annotations

from django.db import models


class Token(models.Model):
    """Another value after every write to what pages show (:mod:`sanduq_web.press.kept`). One row."""

    value = models.CharField(max_length=16)


class VoteState(models.Model):
    """What the vote site's public feed said when it last answered (:mod:`sanduq_web.press.feed`). One row."""

    origin = models.CharField(max_length=300)
    read_on = models.DateTimeField()
    value = models.JSONField()
