"""Under which name something is published: a record of its own, never an account."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.snippets.models import register_snippet


class BylineKind(models.TextChoices):
    """What a byline says of who writes."""

    NAMED = "named", _("a person, by name")
    DESK = "desk", _("a desk")
    SPOKESPERSON = "spokesperson", _("a spokesperson, with name and office")
    PSEUDONYM = "pseudonym", _("a pseudonym, labelled as one")


@register_snippet
class Byline(models.Model):
    """A name under texts. Who stands behind a pseudonym is not in the database."""

    kind = models.CharField(_("kind"), max_length=12, choices=BylineKind.choices)
    name = models.CharField(_("name"), max_length=120)
    office = models.CharField(_("office"), max_length=200, blank=True)
    about = models.TextField(_("about"), max_length=1000, blank=True)
    photo = models.ForeignKey(
        "press.PressImage", verbose_name=_("photo"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    panels = [FieldPanel("kind"), FieldPanel("name"), FieldPanel("office"), FieldPanel("about"), FieldPanel("photo")]

    class Meta:
        verbose_name = _("byline")
        verbose_name_plural = _("bylines")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["kind", "name"], name="one_byline_of_a_name")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """A pseudonym carries nothing that leads to a person; a spokesperson is somebody."""
        super().clean()
        self._stays_what_it_is()
        if self.kind == BylineKind.PSEUDONYM:
            given = [name for name in ("office", "about", "photo") if getattr(self, name)]
            if given:
                raise ValidationError(
                    {name: _("A pseudonym has a name, and nothing that leads to a person.") for name in given}
                )
        if self.kind == BylineKind.SPOKESPERSON and not self.office:
            raise ValidationError({"office": _("A spokesperson speaks for an office: say which.")})

    def _stays_what_it_is(self) -> None:
        """Else persons' accounts could work on what is under a pseudonym while it is called something else for an hour."""
        from sanduq_web.press.desk.pseudonyms import persons_under

        before = Byline.objects.filter(pk=self.pk).values_list("kind", flat=True).first()
        if before == BylineKind.PSEUDONYM != self.kind:
            raise ValidationError({"kind": _("What was a pseudonym stays one: make another byline.")})
        if before and before != self.kind == BylineKind.PSEUDONYM and persons_under(self):
            raise ValidationError({"kind": _("Texts under it were filed by accounts of persons: make another byline.")})

    @property
    def is_pseudonym(self) -> bool:
        """Whether pages say beside the name that it is a pseudonym."""
        return self.kind == BylineKind.PSEUDONYM
