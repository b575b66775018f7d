"""Ceremonies and their messages. A message is never replaced; a new ceremony of all begins a new round."""

from __future__ import annotations

from django.db import models

from sanduq_web.console.office.models import Post, Vote


class Kind(models.TextChoices):
    """What a trustee hands over, in the order of the ceremony."""

    PUBKEY = "pubkey"
    CERT = "cert"
    COMMITMENT = "commitment"
    POLYNOMIAL = "polynomial"
    VOUTPUT = "voutput"
    TRIAL = "trial"
    HEADS = "heads"
    DECRYPTION = "decryption"


class Ceremony(models.Model):
    """A round: how many mandatory trustees there are, the size and threshold of the group beside them (0 and 0: none).

    ``trustees`` is the text of trustees.json, empty until all of it is there.
    """

    vote = models.ForeignKey(Vote, on_delete=models.PROTECT)
    round = models.PositiveSmallIntegerField()
    mandatory = models.PositiveSmallIntegerField()
    size = models.PositiveSmallIntegerField()
    threshold = models.PositiveSmallIntegerField()
    trustees = models.BinaryField(default=b"")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["vote", "round"], name="one_ceremony_a_round"),)


class Seat(models.Model):
    """A trustee's place in a ceremony. ``owner`` is its number over all, from 1, the mandatory ones first."""

    ceremony = models.ForeignKey(Ceremony, on_delete=models.PROTECT)
    owner = models.PositiveSmallIntegerField()
    post = models.ForeignKey(Post, on_delete=models.PROTECT)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["ceremony", "owner"], name="one_trustee_a_seat"),
            models.UniqueConstraint(fields=["ceremony", "post"], name="one_seat_a_trustee"),
        )


class Message(models.Model):
    """What one trustee handed over: the text of a file of ``sanduq keys`` or ``sanduq count``, without its newline."""

    seat = models.ForeignKey(Seat, on_delete=models.PROTECT)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    text = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["seat", "kind"], name="one_message_a_kind"),)
