"""What the press asks the desk: a ciphertext, the hash of a reference number, and the answer."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from sanduq_web.press.models.bylines import BylineKind


class Enquiry(models.Model):
    """An enquiry. What was asked is a ciphertext to the desk's key, which is not on this machine."""

    reference_hash = models.CharField(max_length=64, unique=True, editable=False)
    sealed = models.BinaryField()
    language = models.CharField(_("language"), max_length=8, editable=False)
    arrived_on = models.DateField(_("day of arrival"), editable=False)
    answer = models.TextField(
        _("answer"), max_length=10000, blank=True,
        help_text=_("Whoever has the reference number reads it. It is not encrypted: do not repeat what the asker told you."),
    )  # fmt: skip
    answered_by = models.ForeignKey(
        "press.Byline", verbose_name=_("spokesperson"), null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        limit_choices_to={"kind": BylineKind.SPOKESPERSON},
    )  # fmt: skip
    answered_on = models.DateField(_("day of the answer"), null=True, blank=True, editable=False)
    question = models.TextField(
        _("question, as it is published"),
        max_length=2000,
        blank=True,
        help_text=_("In your own words: nothing that tells who asked."),
    )
    published = models.BooleanField(_("publish this answer as a question and answer"), default=False)

    class Meta:
        verbose_name = _("enquiry")
        verbose_name_plural = _("enquiries")
        ordering = ["answered_on", "pk"]

    def __str__(self) -> str:
        return f"{self.pk}, {self.arrived_on}"

    def clean(self) -> None:
        """A spokesperson answers by name and office; nothing is published by halves."""
        super().clean()
        if self.answer and (self.answered_by is None or self.answered_by.kind != BylineKind.SPOKESPERSON):
            raise ValidationError({"answered_by": _("Answers come from a spokesperson, by name and office: choose one.")})
        if self.published and not (self.answer and self.question):
            raise ValidationError({"published": _("To publish it, write the answer, and the question as it is to be read.")})
