"""The archives as rows, the journal, and what is public of them.

What these tables give away beyond the public record: which ballots are in the box that the public stream does not show yet,
for some minutes. No row has a time, an address or anything else of a request. The database's own machinery (write-ahead log,
row versions, backups) still knows when a row was written: see docs/decisions/0013.
"""

from __future__ import annotations

from django.db import models

from sanduq_web.question.models import Area, Referendum


class Archive(models.Model):
    """The archive of one area: where it ends, and up to where it is public.

    Whoever appends holds this row's lock. ``slot`` is the number of the last step of time in which it was decided whether to
    publish more.
    """

    area = models.OneToOneField(Area, primary_key=True, on_delete=models.PROTECT)
    time = models.BigIntegerField()
    kind = models.CharField(max_length=20)
    head = models.CharField(max_length=64)
    height = models.PositiveBigIntegerField()
    size = models.PositiveBigIntegerField()
    step_minutes = models.PositiveIntegerField()
    step_ballots = models.PositiveIntegerField()
    slot = models.BigIntegerField(default=-1)
    public_height = models.PositiveBigIntegerField()
    public_size = models.PositiveBigIntegerField()
    public_ballots = models.PositiveBigIntegerField(default=0)
    public_voters = models.PositiveBigIntegerField(default=0)


class Chunk(models.Model):
    """Bytes of an archive from ``start`` on: all records of the events of one commit, or a piece of the Setup's."""

    archive = models.ForeignKey(Archive, on_delete=models.PROTECT, db_index=False)
    start = models.PositiveBigIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["archive", "start"], name="one_chunk_a_place"),)


class Ballot(models.Model):
    """Where a ballot stands: the SHA-256 of its text, its credential, its event; whether it is the first of its credential."""

    archive = models.ForeignKey(Archive, on_delete=models.PROTECT, db_index=False)
    height = models.PositiveBigIntegerField()
    payload = models.BinaryField(max_length=32)
    credential = models.BinaryField(max_length=32)
    event = models.BinaryField(max_length=32)
    first = models.BooleanField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["archive", "payload"], name="one_place_a_ballot"),
            models.UniqueConstraint(fields=["archive", "height"], name="one_ballot_a_height"),
        )
        indexes = (
            models.Index(fields=["archive", "credential", "height"], name="ballots_of_a_credential"),
            models.Index(fields=["payload"], name="ballots_by_payload"),
        )


class Line(models.Model):
    """A line of the journal, as it stands, without its newline."""

    referendum = models.ForeignKey(Referendum, on_delete=models.PROTECT, db_index=False)
    height = models.PositiveIntegerField()
    text = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["referendum", "height"], name="one_line_a_height"),)


class Fingerprint(models.Model):
    """An archive at a moment at which it was published: what fingerprints.json said then. ``sha256`` is empty until made."""

    archive = models.ForeignKey(Archive, on_delete=models.PROTECT, db_index=False)
    height = models.PositiveBigIntegerField()
    head = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64, default="")
    ballots = models.PositiveBigIntegerField()
    voters = models.PositiveBigIntegerField()
    time = models.CharField(max_length=20)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["archive", "height"], name="one_fingerprint_a_height"),)
        indexes = (models.Index(fields=["archive"], condition=models.Q(sha256=""), name="fingerprints_to_be_made"),)
