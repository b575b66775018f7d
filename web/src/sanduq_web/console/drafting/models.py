"""Drafts. Nothing that was saved is lost: each saving is a revision."""

from __future__ import annotations

from django.db import models

from sanduq_web.console.office.models import Post, Vote


class Draft(models.Model):
    """The draft of a vote as it is now: ``content`` as the TOML of a draft would have it, the areas as CSV, boundaries as
    TopoJSON or GeoJSON, and whom figures and boundaries are owed to."""

    vote = models.OneToOneField(Vote, primary_key=True, on_delete=models.PROTECT, related_name="drafted")
    revision = models.PositiveIntegerField(default=0)
    content = models.JSONField(default=dict)
    areas = models.BinaryField(default=b"")
    boundaries = models.BinaryField(default=b"")
    credits = models.JSONField(default=list)


class Revision(models.Model):
    """What was saved, and by whom; ``section`` is what was changed."""

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    section = models.CharField(max_length=20)
    content = models.JSONField()
    areas_sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(Post, on_delete=models.PROTECT)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["draft", "number"], name="one_revision_a_number"),)
