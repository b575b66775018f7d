"""The register of a vote, runs that import one, its entries, what waits to be done in the background.

**The most dangerous tables of the system**: who may vote, where they live. What is of a person stands sealed in one field
(:mod:`keys`); the rest are numbers. All of it is destroyed on a date; counts by area stay.
"""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sanduq_web.console.office.models import Post, Vote
from sanduq_web.roll.models import Case


class Register(models.Model):
    """The register of a vote. ``generation`` is the load in force; 0 without one. Entries of applications are of generation 0,
    and always in force. ``recipients``: the registrar's age recipients, separated by spaces: what leaves is sealed to them.
    """

    vote = models.OneToOneField(Vote, primary_key=True, on_delete=models.PROTECT)
    generation = models.PositiveBigIntegerField(default=0)
    recipients = models.TextField(default="")
    destroy_on = models.DateField(null=True)
    destroyed_at = models.DateTimeField(null=True)


class LoadState(models.TextChoices):
    """Where an import stands."""

    CHECKING = "checking", _("being checked")
    REFUSED = "refused", _("refused")
    CHECKED = "checked", _("in order, not in force")
    LIVE = "live", _("in force")
    ENDED = "ended", _("thrown away")


class Load(models.Model):
    """One file that was uploaded, and what came of it. ``log``: why the file as a whole was refused."""

    register = models.ForeignKey(Register, on_delete=models.PROTECT)
    state = models.CharField(max_length=8, choices=LoadState.choices, default=LoadState.CHECKING)
    file = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    encoding = models.CharField(max_length=10)
    by = models.ForeignKey(Post, on_delete=models.PROTECT)
    at = models.DateTimeField(default=timezone.now)
    read = models.PositiveBigIntegerField(default=0)
    entries = models.PositiveBigIntegerField(default=0)
    weight = models.PositiveBigIntegerField(default=0)
    weighted = models.BooleanField(default=False)
    with_detail = models.BooleanField(default=False)
    withheld = models.PositiveBigIntegerField(default=0)
    faults = models.PositiveIntegerField(default=0)
    log = models.TextField(default="")


class Fault(models.Model):
    """What is wrong with one row of a file: never what stands there."""

    load = models.ForeignKey(Load, on_delete=models.CASCADE, db_index=False)
    line = models.PositiveBigIntegerField()
    column = models.CharField(max_length=10)
    kind = models.CharField(max_length=10)
    got = models.CharField(max_length=60)

    class Meta:
        indexes = (models.Index(fields=["load", "line"], name="fault_by_line"),)


class Entry(models.Model):
    """One person of a register. ``sealed``: name, address, e-mail. ``state`` empty: may vote; ``out``: struck off."""

    register = models.ForeignKey(Register, on_delete=models.PROTECT, db_index=False)
    generation = models.PositiveBigIntegerField()
    line = models.PositiveBigIntegerField()
    voter = models.CharField(max_length=64)
    area = models.CharField(max_length=64)
    language = models.CharField(max_length=10)
    weight = models.PositiveBigIntegerField()
    withheld = models.BooleanField()
    state = models.CharField(max_length=4, default="")
    sealed = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["register", "generation", "voter"], name="one_entry_a_voter"),)
        indexes = (models.Index(fields=["register", "generation", "area", "voter"], name="entry_by_area"),)


class AreaCount(models.Model):
    """How many entries an area has, and their weight: kept, as counting a million is slow; these stay after destruction."""

    register = models.ForeignKey(Register, on_delete=models.PROTECT, db_index=False)
    generation = models.PositiveBigIntegerField()
    area = models.CharField(max_length=64)
    entries = models.PositiveBigIntegerField(default=0)
    weight = models.PositiveBigIntegerField(default=0)
    out = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["register", "generation", "area"], name="one_count_an_area"),)


class Job(models.Model):
    """Something to do in the background. ``owner`` works on it, and says so with ``beat_on``; what nobody has worked on for a
    minute is taken up anew.
    """

    kind = models.CharField(max_length=10)
    register = models.ForeignKey(Register, on_delete=models.PROTECT)
    of = models.PositiveBigIntegerField()
    owner = models.CharField(max_length=32, default="")
    beat_on = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["kind", "register", "of"], name="one_job_a_thing"),)


class Opinion(models.Model):
    """What one officer thinks of an application or objection: decided when a second one agrees. ``state``: ``open``,
    ``agreed``, ``disputed``. ``strikes``: the voter whose entry is struck off, or entered again, if it is agreed to.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE)
    yes = models.BooleanField()
    reason = models.TextField()
    strikes = models.CharField(max_length=64, default="")
    state = models.CharField(max_length=8, default="open")
    by = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="opinions")
    at = models.DateTimeField(default=timezone.now)
    second = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="seconded")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["case"], condition=models.Q(state="open"), name="one_open_opinion_a_case"),
        )


class Export(models.Model):
    """What goes to the registrar's offline machine: one sealed archive of all areas. ``reserves``: how many credentials more
    each area gets. ``state``: ``waiting``, ``made``, ``failed``, ``gone``. ``counts``: how many lines each area has.
    """

    register = models.ForeignKey(Register, on_delete=models.PROTECT)
    state = models.CharField(max_length=8, default="waiting")
    reserves = models.PositiveIntegerField(default=0)
    file = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64, default="")
    size = models.PositiveBigIntegerField(default=0)
    counts = models.JSONField(default=dict)
    by = models.ForeignKey(Post, on_delete=models.PROTECT)
    at = models.DateTimeField(default=timezone.now)


class RollFile(models.Model):
    """The public list of an area, as it came back. ``state``: ``checking``, ``good``, ``refused``, with ``log``."""

    register = models.ForeignKey(Register, on_delete=models.PROTECT)
    area = models.CharField(max_length=64)
    uuid = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(default=0)
    weight = models.PositiveBigIntegerField(default=0)
    state = models.CharField(max_length=8, default="checking")
    log = models.TextField(default="")
    by = models.ForeignKey(Post, on_delete=models.PROTECT)
    raw = models.BinaryField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["register", "area"], name="one_list_an_area"),
            models.UniqueConstraint(fields=["uuid"], name="one_area_a_list"),
        )


class Reserve(models.Model):
    """That reserve credential ``number`` of an area was given for an entry: said by one officer, confirmed by a second."""

    register = models.ForeignKey(Register, on_delete=models.PROTECT)
    area = models.CharField(max_length=64)
    number = models.PositiveIntegerField()
    voter = models.CharField(max_length=64)
    why = models.CharField(max_length=12)
    by = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="reserves")
    at = models.DateTimeField(default=timezone.now)
    second = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="reserves_seconded")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["register", "area", "number"], name="one_use_a_reserve"),)
