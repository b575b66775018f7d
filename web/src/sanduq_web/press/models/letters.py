"""Open letters: the text that is signed, the signatures that came, and whose keys they are of."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.snippets.models import register_snippet

from sanduq import errors
from sanduq.press import Cosignature, check_holds, check_key, fingerprint, grouped, read_signature
from sanduq_web.press.blocks import LetterBody
from sanduq_web.press.models.articles import ArticlePage

_SIGNED = _(
    "Title, addressee, place, date, text and attachments are what organisations sign. "
    "Once one has signed, any change of them voids its signature, and the page says so."
)


class LetterPage(ArticlePage):
    """A letter that organisations sign together. A translation is another letter: signatures are of one language's text."""

    letter_id = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    addressee = models.CharField(_("addressee"), max_length=300)
    letter_date = models.DateField(_("date of the letter"), default=timezone.localdate)
    text = StreamField(LetterBody(), verbose_name=_("text"))
    invitation = models.TextField(
        _("invitation to sign"), max_length=2000, blank=True, help_text=_("Whom you ask to sign, and why.")
    )
    open_until = models.DateField(
        _("open for signatures until"), null=True, blank=True, help_text=_("The last day; without one nobody can sign.")
    )

    template = "press/letter.html"
    exclude_fields_in_copy = ["letter_id"]
    content_panels = [
        HelpPanel(content=_SIGNED),
        FieldPanel("title"),
        FieldPanel("addressee"),
        MultiFieldPanel([FieldPanel("place"), FieldPanel("letter_date")], heading=_("Place and date")),
        FieldPanel("text"),
        MultiFieldPanel([InlinePanel("attachments", label=_("attachment"))], heading=_("Attachments")),
        FieldPanel("summary"),
        MultiFieldPanel([FieldPanel("open_until"), FieldPanel("invitation")], heading=_("Invitation to sign")),
        MultiFieldPanel([FieldPanel("published_on")], heading=_("Published")),
        MultiFieldPanel([InlinePanel("bylines", label=_("byline"))], heading=_("Bylines")),
        MultiFieldPanel([InlinePanel("corrections", label=_("correction"))], heading=_("Corrections")),
        MultiFieldPanel([InlinePanel("related", label=_("article"))], heading=_("Related articles")),
        FieldPanel("topics"),
        FieldPanel("comments_open"),
    ]

    class Meta:
        verbose_name = _("open letter")
        verbose_name_plural = _("open letters")

    def full_clean(self, *args: Any, **more: Any) -> None:
        """The text stands in ``body`` too, where search, feeds and exports look for it."""
        self.body = [(block.block_type, block.value) for block in self.text]
        super().full_clean(*args, **more)

    def clean(self) -> None:
        """What nobody could sign is not published."""
        from sanduq_web.press.letters import letter_of

        super().clean()
        if not (self.text and self.addressee and self.title):
            return  # a draft; what it must have is said at the fields
        try:
            letter_of(self)
        except errors.Refused as refusal:
            raise ValidationError({"text": str(refusal)}) from refusal

    def get_context(self, request: HttpRequest, *args: Any, **more: Any) -> dict[str, Any]:
        """The text as it is signed, and how each signature stands under it."""
        from sanduq_web.press.letters import shown_letter

        context: dict[str, Any] = super().get_context(request, *args, **more)
        return context | shown_letter(self)


@register_snippet
class SigningKey(models.Model):
    """A public key, whose it is said to be, and how that was confirmed."""

    key = models.CharField(_("public key"), max_length=64, unique=True, help_text=_("64 digits."))
    owners = models.TextField(
        _("whose"), help_text=_("The organisation's name, as it signs: one line for each language or spelling.")
    )
    confirmed_on = models.DateField(_("confirmed on"), null=True, blank=True)
    confirmed_how = models.CharField(
        _("how the fingerprint was confirmed"),
        max_length=300,
        blank=True,
        help_text=_("By another way than this site: “read out by telephone”, “printed in its bulletin 12”. Everybody sees it."),
    )
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)

    panels = [FieldPanel(name) for name in ("key", "owners", "confirmed_on", "confirmed_how", "withdrawn_on")]

    class Meta:
        verbose_name = _("key of an organisation")
        verbose_name_plural = _("keys of organisations")
        ordering = ["owners"]

    def __str__(self) -> str:
        return f"{self.owners.splitlines()[0] if self.owners else ''} {self.fingerprint[:9]}…"

    def clean(self) -> None:
        """A key with which one can verify; and who confirms says when and how."""
        super().clean()
        self.key = self.key.strip()
        if SigningKey.objects.filter(pk=self.pk).exclude(key=self.key).exists():
            # What was said of the old one (confirmed, by telephone) would be said of the new.
            raise ValidationError({"key": _("A key is not changed: enter the new one anew, and withdraw this one.")})
        try:
            check_key(self.key)
        except errors.Refused as refusal:
            raise ValidationError({"key": str(refusal)}) from refusal
        if bool(self.confirmed_on) != bool(self.confirmed_how.strip()):
            raise ValidationError({"confirmed_how": _("Say both when and how the fingerprint was confirmed, or neither.")})

    @property
    def fingerprint(self) -> str:
        """What is compared, in groups."""
        try:
            check_key(self.key)
        except errors.Refused:
            return ""
        return grouped(fingerprint(self.key))

    @property
    def names(self) -> set[str]:
        """The names under which this key signs."""
        return {line.strip() for line in self.owners.splitlines() if line.strip()}


class CosignatureState(models.TextChoices):
    """What an editor decided."""

    WAITING = "waiting", _("waiting for an editor")
    ACCEPTED = "accepted", _("shown under the letter")
    DECLINED = "declined", _("not shown")


class CoSignature(models.Model):
    """A signature that came in. No part of the page: an older revision of a text must not bring older signatures back."""

    letter = models.ForeignKey(LetterPage, verbose_name=_("letter"), on_delete=models.CASCADE, related_name="cosignatures")
    given = models.TextField(_("signature"), max_length=16384, help_text=_("The signature's file, as it came."))
    organisation = models.CharField(max_length=300, editable=False)
    key = models.CharField(max_length=64, editable=False)
    letter_sha256 = models.CharField(max_length=64, editable=False)
    state = models.CharField(
        _("state"), max_length=8, choices=CosignatureState.choices, default=CosignatureState.WAITING, db_index=True
    )
    order = models.PositiveIntegerField(_("place in the list"), default=0)
    page = models.ForeignKey(
        "press.OrganisationPage", verbose_name=_("page of the organisation"), null=True, blank=True, on_delete=models.SET_NULL,
        related_name="+",
    )  # fmt: skip
    scan = models.ForeignKey(
        "press.PressDocument", verbose_name=_("scan of a signed paper"), null=True, blank=True, on_delete=models.SET_NULL,
        related_name="+",
    )  # fmt: skip

    panels = [FieldPanel(name) for name in ("letter", "given", "state", "order", "page", "scan")]

    class Meta:
        verbose_name = _("signature under a letter")
        verbose_name_plural = _("signatures under letters")
        ordering = ["letter", "order", "pk"]
        constraints = [models.UniqueConstraint(fields=["letter", "letter_sha256", "key"], name="a_key_signs_a_text_once")]

    def __str__(self) -> str:
        return self.organisation

    def clean(self) -> None:
        """A real signature, though it may be of an earlier text."""
        super().clean()
        try:
            check_holds(self.read())
        except errors.Refused as refusal:
            raise ValidationError({"given": str(refusal)}) from refusal
        self._take_over()

    def save(self, *args: Any, **more: Any) -> None:
        """The columns by which lists are made follow what was signed."""
        self._take_over()
        super().save(*args, **more)

    def read(self) -> Cosignature:
        """What was signed; raises :class:`sanduq.errors.Refused` if it cannot be read."""
        return read_signature(self.given.strip().encode())

    def _take_over(self) -> None:
        found = self.read()
        self.organisation, self.key, self.letter_sha256 = found.organisation, found.key, found.letter

    def standing(self) -> str:
        """For the desk's list: whether it stands under the text as it is published."""
        from sanduq_web.press.letters import standing_of

        return str(standing_of(self))
