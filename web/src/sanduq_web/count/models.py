"""What was counted: taken from a record that the library has verified."""

from __future__ import annotations

from django.db import models

from sanduq_web.lasting import Lasting
from sanduq_web.question.models import Area, Referendum


class Tally(models.Model):
    """One area: ballots that count, their weight, which trustees have decrypted, the encrypted sum as it stands in the
    archive (empty in rows of earlier versions), the votes (JSON; empty before the result)."""

    area = models.OneToOneField(Area, primary_key=True, on_delete=models.PROTECT)
    counted = models.PositiveBigIntegerField()
    weight = models.PositiveBigIntegerField()
    owners = models.JSONField()
    sums = models.BinaryField(default=b"")
    votes = models.JSONField(null=True)


class Proofs(models.Model):
    """The second proofs that stand beside an area's archive."""

    area = models.OneToOneField(Area, primary_key=True, on_delete=models.PROTECT)
    content = models.BinaryField()


class Decided(models.Model):
    """What was decided: the outcome as the library gives it."""

    referendum = models.OneToOneField(Referendum, primary_key=True, on_delete=models.PROTECT)
    outcome = models.JSONField()


class Annulment(Lasting):
    """Areas whose vote is annulled in a case (its number among the complaints) from a time on. The last one of a case holds;
    it takes the place of the one before. The record and the tallies stay as they are.
    """

    referendum = models.ForeignKey(Referendum, on_delete=models.PROTECT)
    case = models.PositiveIntegerField()
    time = models.CharField(max_length=20)
    codes = models.JSONField()


class Printed(models.Model):
    """A PDF, by the SHA-256 of all that it is made from: made once for all processes, and still there after a restart."""

    sha256 = models.CharField(max_length=64, unique=True)
    content = models.BinaryField()


class Printing(models.Model):
    """One row: until when (seconds since 1970) somebody is making a PDF. If they die, others wait until then."""

    until = models.BigIntegerField(default=0)
