"""The public lists: keys without names. And what the pages of a registration need, before there are keys."""

from __future__ import annotations

from django.db import models


class PublicList(models.Model):
    """The list of one election, by its uuid. ``prefix`` is how many hexadecimal digits choose a bucket."""

    uuid = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    weighted = models.BooleanField()
    prefix = models.PositiveSmallIntegerField()


class Entry(models.Model):
    """One public credential with its weight."""

    list = models.ForeignKey(PublicList, on_delete=models.CASCADE, db_index=False)
    key = models.BinaryField(max_length=32)
    weight = models.BigIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["list", "key"], name="one_entry_a_key"),)


class Registration(models.Model):
    """How people get onto the roll of a vote that is not frozen yet: what its public pages show.

    ``uuid`` is the vote's in the console, of which nothing is known here. ``names`` by language; ``areas``: code and name;
    ``generation``: which import is in force. ``reads``: the age recipient by which officers read applications; ``recipients``:
    those of the registrar's offline machine, who alone read documents. Dates are days, by UTC; the last one counts.
    """

    uuid = models.UUIDField(unique=True)
    names = models.JSONField(default=dict)
    areas = models.JSONField(default=list)
    shown = models.BooleanField(default=False)
    applies_from = models.DateField(null=True)
    applies_until = models.DateField(null=True)
    objects_until = models.DateField(null=True)
    destroy_on = models.DateField(null=True)
    needs = models.JSONField(default=dict)
    generation = models.PositiveBigIntegerField(default=0)
    reads = models.CharField(max_length=80, default="")
    recipients = models.TextField(default="")


class LookUp(models.Model):
    """That somebody is on a register, and in which area: found by a keyed hash alone. ``state``: ``out`` if struck off."""

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, db_index=False)
    generation = models.PositiveBigIntegerField()
    key = models.BinaryField(max_length=32)
    area = models.CharField(max_length=64)
    state = models.CharField(max_length=4, default="")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["registration", "generation", "key"], name="one_look_up_a_key"),)


class Case(models.Model):
    """An application to be entered, or an objection: what was written is sealed to officers and registrar.

    ``code_sha256`` is of the code that its sender keeps. ``decided``: ``yes`` or ``no``, with ``reason``, which the sender
    reads. ``of``: the application whose decision an objection is against. ``on``: the day alone. ``voter``: the number in the
    register that an application got.
    """

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, db_index=False)
    kind = models.CharField(max_length=8)
    number = models.PositiveIntegerField()
    code_sha256 = models.CharField(max_length=64, unique=True)
    on = models.DateField()
    language = models.CharField(max_length=10)
    area = models.CharField(max_length=64, default="")
    of = models.ForeignKey("self", null=True, on_delete=models.CASCADE)
    sealed = models.BinaryField()
    decided = models.CharField(max_length=3, default="")
    decided_on = models.DateField(null=True)
    reason = models.TextField(default="")
    voter = models.CharField(max_length=64, default="")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["registration", "number"], name="one_case_a_number"),)
        indexes = (models.Index(fields=["registration", "decided", "number"], name="case_by_state"),)


class Document(models.Model):
    """What somebody sent with a case, sealed to the registrar's offline machine."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE)
    sealed = models.BinaryField()


class Tally(models.Model):
    """How many forms of a kind came since ``begins``. A name is of a kind, or a keyed hash: of nobody in particular."""

    name = models.CharField(max_length=80)
    begins = models.DateTimeField()
    ends = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["name", "begins"], name="one_tally_a_time"),)
