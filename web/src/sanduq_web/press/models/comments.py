"""What readers say under an article, and what others report of it."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

NAME: Final = 60
TEXT: Final = 3000
REASON: Final = 500


class CommentState(models.TextChoices):
    """Where a comment stands with the moderators."""

    WAITING = "waiting", _("waiting")
    SHOWN = "shown", _("shown")
    REFUSED = "refused", _("refused")


class Comment(models.Model):
    """A comment: plain text under a name that its writer chose.

    The e-mail address is there only as a ciphertext to the moderators, whose key is not on this machine. Of the time of arrival
    the day is kept: with the hour or the minute, whoever watches a line could tell who of its users wrote what.
    """

    page = models.ForeignKey("press.ArticlePage", verbose_name=_("article"), on_delete=models.CASCADE, related_name="comments")
    reply_to = models.ForeignKey(
        "self", verbose_name=_("answer to"), null=True, blank=True, on_delete=models.CASCADE, related_name="replies"
    )
    name = models.CharField(_("name"), max_length=NAME)
    text = models.TextField(_("text"), max_length=TEXT)
    email_sealed = models.BinaryField(default=bytes)
    byline = models.ForeignKey(
        "press.Byline", verbose_name=_("byline"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    """Set where the newsroom itself answers."""
    arrived_on = models.DateField(_("day of arrival"))
    state = models.CharField(
        _("state"), max_length=8, choices=CommentState.choices, default=CommentState.WAITING, db_index=True
    )

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"#c{self.pk}"


class Report(models.Model):
    """Somebody finds that a comment should not be there. It hides nothing: else a crowd could silence."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="reports")
    reason = models.TextField(max_length=REASON, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.comment_id}: {self.reason[:40]}"
