"""The archives as rows, the journal, and what is public of them.

What these tables give away beyond the public record: which ballots are in the box that the public stream does not show yet,
for some minutes. No row has a time, an address or anything else of a request, unless a second authentication is asked for
(the last five tables). The database's own machinery (write-ahead log,
row versions, backups) still knows when a row was written: see docs/decisions/0013.
"""

from __future__ import annotations

from django.db import models

from sanduq_web.question.models import Area, Referendum


class Archive(models.Model):
    """The archive of one area: where it ends, and up to where it is public.

    Whoever appends holds this row's lock. ``slot`` is the number of the last step of time in which it was decided whether to
    publish more. ``held``: put back from a backup, and not yet let go on (docs/decisions/0019).
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
    held = models.BooleanField(default=False)


class Restoration(models.Model):
    """The box was put back from a backup that was ``made`` at one time, and let go on at another (empty: not yet).

    ``lost``: its operator says that ballots which it had acknowledged may be missing. All of this is told to everybody.
    """

    referendum = models.ForeignKey(Referendum, on_delete=models.PROTECT)
    made = models.CharField(max_length=20)
    restored = models.CharField(max_length=20)
    resumed = models.CharField(max_length=20, default="")
    lost = models.BooleanField(default=True)


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


# --- authentication beside the credential (docs/decisions/0014): all of it goes at the close ---------------------------------


class Authentication(models.Model):
    """What a referendum's box asks for beside the credential; without a row: nothing."""

    class Kind(models.TextChoices):
        """As the command and the API name them."""

        NONE = "none"
        PIN = "pin"
        EMAIL = "email"

    referendum = models.OneToOneField(Referendum, primary_key=True, on_delete=models.PROTECT)
    kind = models.CharField(max_length=8, choices=Kind.choices)


class Pin(models.Model):
    """The salted hash of the PIN that belongs to a public credential."""

    archive = models.ForeignKey(Archive, on_delete=models.PROTECT, db_index=False)
    credential = models.BinaryField(max_length=32)
    salt = models.BinaryField(max_length=16)
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["archive", "credential"], name="one_pin_a_credential"),)


class Tries(models.Model):
    """Tries of a credential's PIN since the last right one, and until when (seconds since 1970) the next must wait."""

    archive = models.ForeignKey(Archive, on_delete=models.PROTECT, db_index=False)
    credential = models.BinaryField(max_length=32)
    count = models.PositiveIntegerField(default=0)
    until = models.BigIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["archive", "credential"], name="one_count_a_credential"),)


class Address(models.Model):
    """Where codes of a public credential go: **who owns it**."""

    archive = models.ForeignKey(Archive, on_delete=models.PROTECT, db_index=False)
    credential = models.BinaryField(max_length=32)
    email = models.CharField(max_length=254)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["archive", "credential"], name="one_address_a_credential"),)


class Code(models.Model):
    """The code that was sent last for a credential, as a salted hash: for which ballot, and until when.

    ``sent`` is how many were sent since ``since``. Times are seconds since 1970.
    """

    archive = models.ForeignKey(Archive, on_delete=models.PROTECT, db_index=False)
    credential = models.BinaryField(max_length=32)
    payload = models.BinaryField(max_length=32, default=b"")
    salt = models.BinaryField(max_length=16, default=b"")
    hash = models.BinaryField(max_length=32, default=b"")
    until = models.BigIntegerField(default=0)
    tries = models.PositiveIntegerField(default=0)
    sent = models.PositiveIntegerField(default=0)
    since = models.BigIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["archive", "credential"], name="one_code_a_credential"),)
