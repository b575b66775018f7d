"""Editions that the desk has asked for (:mod:`sanduq_web.press.workshop`)."""

from __future__ import annotations

from typing import Final

from django.db import models

MOST_LOG: Final = 20_000
"""Characters of a log that are kept: its end."""


class EditionState(models.TextChoices):
    """How far an edition is."""

    WAITING = "waiting"
    WORKING = "working"
    MADE = "made"
    """Whole, and waits for its signature."""
    PACKING = "packing"
    SIGNED = "signed"
    """Checked, packed, and offered on the front page."""
    FAILED = "failed"
    ENDED = "ended"
    """Somebody of the desk ended it."""


class EditionJob(models.Model):
    """One edition. Who asked for it is not kept."""

    number = models.PositiveIntegerField(unique=True)
    date = models.DateField()
    state = models.CharField(max_length=10, choices=EditionState.choices, default=EditionState.WAITING)
    stage = models.CharField(max_length=40, blank=True)
    log = models.TextField(blank=True)
    asked_on = models.DateTimeField(auto_now_add=True)
    beat_on = models.DateTimeField(null=True)
    """When a process last said that it is at work on it; empty if none is."""
    ended_on = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-number"]
        verbose_name = "edition"

    def __str__(self) -> str:
        return f"edition {self.number}"
