"""Officers, the votes that they work on, their posts, invitations, acts, and proposals that wait for a second person.

No address of a network and no browser is kept. Whoever reads these tables learns who prepares a vote; nothing of
voters is here.
"""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sanduq_web.question.models import Referendum

_LONGEST: Final = 60  # seconds that an account waits after wrong passwords: longer would let anybody lock an officer out


class Role(models.TextChoices):
    """What somebody does for a vote. One person has one role in a vote: each watches the others."""

    COMMISSION = "commission", _("Commission")
    SUPERVISOR = "supervisor", _("Supervisor")
    REGISTRAR = "registrar", _("Registrar")
    TRUSTEE = "trustee", _("Trustee")
    OBSERVER = "observer", _("Observer")
    OPERATOR = "operator", _("Operator")


class Officer(models.Model):
    """An account of one person. Its user's name is the e-mail address; ``name`` is what colleagues and observers see."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    name = models.CharField(max_length=120)
    wrong = models.PositiveSmallIntegerField(default=0)
    wrong_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name

    def must_wait(self) -> bool:
        """Whether its last wrong password is too young; the wait doubles with each."""
        if not self.wrong or self.wrong_at is None:
            return False
        return timezone.now() < self.wrong_at + timedelta(seconds=min(2 ** (self.wrong - 1), _LONGEST))


class Vote(models.Model):
    """A referendum from its first draft to its end: what the console keeps beside the public record.

    ``name`` is a working name, for officers. ``referendum`` is set when the setup is frozen.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    referendum = models.OneToOneField(Referendum, null=True, on_delete=models.PROTECT)

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A role of an officer in a vote (an operator's: in none), until it is ended; who is not ``admitted`` waits for it."""

    officer = models.ForeignKey(Officer, on_delete=models.PROTECT)
    vote = models.ForeignKey(Vote, null=True, on_delete=models.PROTECT)
    role = models.CharField(max_length=12, choices=Role.choices)
    admitted = models.BooleanField(default=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["officer", "vote"], condition=Q(ended_at=None), name="one_role_in_a_vote"),
        )


class Invitation(models.Model):
    """A code that makes whoever types it an officer with a role, once; only its SHA-256 is kept. What one person of the
    commission invites to waits until a second one admits it (``admitted``).
    """

    email = models.EmailField()
    name = models.CharField(max_length=120)
    vote = models.ForeignKey(Vote, null=True, on_delete=models.PROTECT)
    role = models.CharField(max_length=12, choices=Role.choices)
    admitted = models.BooleanField(default=True)
    token_sha256 = models.CharField(max_length=64, unique=True)
    until = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    @property
    def is_open(self) -> bool:
        """Whether it can still be taken up."""
        return self.used_at is None and self.withdrawn_at is None and self.until > timezone.now()


class Act(models.Model):
    """A line of the journal of acts: canonical JSON, chained by hashes as the record's journal. ``vote`` None: the site's."""

    vote = models.ForeignKey(Vote, null=True, on_delete=models.PROTECT)
    height = models.PositiveIntegerField()
    text = models.BinaryField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["vote", "height"], name="one_act_a_height"),
            models.UniqueConstraint(fields=["height"], condition=Q(vote=None), name="one_act_of_the_site_a_height"),
        )


class Proposal(models.Model):
    """Something that cannot be undone: proposed by one person, done when another one of the same role confirms it.

    ``payload`` is what exactly is to be done (JSON); the second person confirms its SHA-256.
    """

    vote = models.ForeignKey(Vote, on_delete=models.PROTECT)
    deed = models.CharField(max_length=40)
    payload = models.JSONField()
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="proposed")
    at = models.DateTimeField(default=timezone.now)
    confirmed_by = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="confirmed")
    done_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["vote", "deed"], condition=Q(done_at=None, withdrawn_at=None), name="one_open_proposal_a_deed"
            ),
        )
