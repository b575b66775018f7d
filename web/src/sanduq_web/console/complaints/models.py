"""Drafts of decisions: the one thing about complaints that may still be changed."""

from __future__ import annotations

from django.db import models

from sanduq_web.console.office.models import Post, Vote
from sanduq_web.watch.models import Outcome


class Draft(models.Model):
    """What a member of the commission would decide on the complaint of a number. Only the commission reads it."""

    vote = models.ForeignKey(Vote, on_delete=models.PROTECT)
    number = models.PositiveIntegerField()
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    reasons = models.TextField()
    language = models.CharField(max_length=8)
    annuls = models.JSONField(default=list)
    by = models.ForeignKey(Post, on_delete=models.PROTECT)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["vote", "number"], name="one_draft_a_complaint"),)
