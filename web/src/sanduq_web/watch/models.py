"""What observers and complainants write of a vote, and what is answered. Most of it is written once (``lasting``).

No address, no network and no browser of anybody is kept. Whoever lodges a complaint may give a name, and need not.
Times are UTC, as the library writes them. ``post`` is the number of an officer's post in the console; the journal of acts has
who that is. ``sha256`` is of canonical JSON; where ``salt`` is in it, the hash says nothing of what is not public.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from sanduq_web.lasting import Lasting
from sanduq_web.question.models import Referendum


class Docket(models.Model):
    """All that is written of one vote. ``id`` is the console's; the referendum is there when the setup is frozen.

    ``complaints_until``: the end of the time limit (empty: no complaints are taken). Days: within which one may appeal after a
    decision, and within which complaints and incidents are to be answered.
    """

    id = models.UUIDField(primary_key=True)
    referendum = models.OneToOneField(Referendum, null=True, on_delete=models.PROTECT)
    complaints_until = models.CharField(max_length=20, default="")
    appeal_days = models.PositiveSmallIntegerField(default=3)
    answer_days = models.PositiveSmallIntegerField(default=3)


class Accreditation(models.Model):
    """What an observer is, in the observer's words. Shown to the public if the observer agrees and the commission accredits;
    changed words are accredited anew. ``name`` may stay empty: then the organisation stands alone.
    """

    class State(models.TextChoices):
        """Where it stands."""

        ASKED = "asked", _("asked for")
        ACCREDITED = "accredited", _("accredited")
        ENDED = "ended", _("ended")

    docket = models.ForeignKey(Docket, on_delete=models.PROTECT)
    number = models.PositiveIntegerField()
    post = models.PositiveBigIntegerField(unique=True)
    organisation = models.CharField(max_length=200)
    about = models.CharField(max_length=600, default="")
    name = models.CharField(max_length=120, default="")
    agrees = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=State.choices, default=State.ASKED)
    time = models.CharField(max_length=20)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["docket", "number"], name="one_observer_a_number"),)


# --- incidents ---------------------------------------------------------------------------------------------------------------


class Kind(models.TextChoices):
    """What an incident, or a complaint, is about: the closed list."""

    ROLL = "roll", _("The roll of voters")
    CREDENTIALS = "credentials", _("Letters and credentials")
    INFORMATION = "information", _("Information and campaign")
    PRESSURE = "pressure", _("Pressure or violence")
    SECRECY = "secrecy", _("Secrecy of the vote")
    ACCESS = "access", _("Access for voters")
    OBSERVERS = "observers", _("Access for observers")
    SITE = "site", _("Site or device does not work")
    BALLOT = "ballot", _("A ballot is missing or not one's own")
    STAFF = "staff", _("Conduct of officials")
    COUNT = "count", _("Count and result")
    OTHER = "other", _("Something else")


class Status(models.TextChoices):
    """Where an incident stands."""

    OPEN = "open", _("open")
    ANSWERED = "answered", _("answered")
    CLOSED = "closed", _("closed")


class Visibility(models.TextChoices):
    """Who reads an incident. Each wider one includes the others."""

    OBSERVERS = "observers", _("observers only")
    COMMISSION = "commission", _("observers, commission and supervisor")
    PUBLIC = "public", _("everybody")


class Incident(Lasting):
    """Something that somebody saw. ``happened`` is when, as far as is known; ``area`` is a code or empty."""

    docket = models.ForeignKey(Docket, on_delete=models.PROTECT)
    number = models.PositiveIntegerField()
    time = models.CharField(max_length=20)
    post = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    area = models.CharField(max_length=64, default="")
    place = models.CharField(max_length=200, default="")
    happened = models.CharField(max_length=20)
    text = models.TextField()
    salt = models.CharField(max_length=32)
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["docket", "number"], name="one_incident_a_number"),)


class Standing(models.Model):
    """Where an incident stands now: what its entries come to."""

    incident = models.OneToOneField(Incident, primary_key=True, on_delete=models.PROTECT)
    status = models.CharField(max_length=12, choices=Status.choices)
    visibility = models.CharField(max_length=12, choices=Visibility.choices)
    due = models.CharField(max_length=20)


class Entry(Lasting):
    """What was written behind an incident, or changed about it: a new status, visibility or due date (empty: as before)."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT)
    number = models.PositiveIntegerField()
    time = models.CharField(max_length=20)
    post = models.PositiveBigIntegerField()
    role = models.CharField(max_length=12)
    text = models.TextField(default="")
    status = models.CharField(max_length=12, default="", choices=Status.choices)
    visibility = models.CharField(max_length=12, default="", choices=Visibility.choices)
    due = models.CharField(max_length=20, default="")
    salt = models.CharField(max_length=32)
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["incident", "number"], name="one_entry_a_number"),)


class Evidence(Lasting):
    """A file that belongs to an incident: its bytes lie in the folder of what is uploaded, under their SHA-256."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT)
    number = models.PositiveIntegerField()
    time = models.CharField(max_length=20)
    post = models.PositiveBigIntegerField()
    name = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["incident", "number"], name="one_file_a_number"),)


# --- statements --------------------------------------------------------------------------------------------------------------


class Statement(Lasting):
    """A statement of an observer, or a supplement to it (``version`` above 1). ``parent`` is the hash of the version before.

    ``author`` is as whom the observer was accredited then, if it agreed to be named: nobody takes the name away later.
    """

    docket = models.ForeignKey(Docket, on_delete=models.PROTECT)
    number = models.PositiveIntegerField()
    version = models.PositiveIntegerField()
    post = models.PositiveBigIntegerField()
    time = models.CharField(max_length=20)
    author = models.CharField(max_length=330, default="")
    language = models.CharField(max_length=8)
    title = models.CharField(max_length=200)
    text = models.TextField()
    parent = models.CharField(max_length=64, default="")
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["docket", "number", "version"], name="one_statement_a_version"),)


# --- complaints and appeals --------------------------------------------------------------------------------------------------


class Complaint(Lasting):
    """A complaint; an appeal is one against a decision. ``post`` None: lodged on the public site, where ``code_hash`` is of the
    code with which its answer is looked up. The public reads ``name`` and ``text`` only if the complainant agrees.
    """

    docket = models.ForeignKey(Docket, on_delete=models.PROTECT)
    number = models.PositiveIntegerField()
    time = models.CharField(max_length=20)
    due = models.CharField(max_length=20)
    post = models.PositiveBigIntegerField(null=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    area = models.CharField(max_length=64, default="")
    text = models.TextField()
    name = models.CharField(max_length=120, default="")
    name_is_public = models.BooleanField(default=False)
    text_is_public = models.BooleanField(default=False)
    language = models.CharField(max_length=8)
    code_hash = models.CharField(max_length=64, null=True, unique=True)
    against = models.ForeignKey("Decision", null=True, on_delete=models.PROTECT, related_name="appeals")
    salt = models.CharField(max_length=32)
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["docket", "number"], name="one_complaint_a_number"),)


class Outcome(models.TextChoices):
    """What was decided on a complaint."""

    GRANTED = "granted", _("granted")
    PARTLY = "partly", _("granted in part")
    DISMISSED = "dismissed", _("dismissed")
    INADMISSIBLE = "inadmissible", _("inadmissible")


class Decision(Lasting):
    """The reasoned decision on a complaint. ``annuls`` are the codes of areas whose vote is annulled in this case from now on:
    a decision on an appeal takes the place of the one before. ``posts`` are those who decided; ``by`` is their role.
    """

    complaint = models.OneToOneField(Complaint, on_delete=models.PROTECT)
    time = models.CharField(max_length=20)
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    reasons = models.TextField()
    language = models.CharField(max_length=8)
    annuls = models.JSONField(default=list)
    by = models.CharField(max_length=12)
    posts = models.JSONField(default=list)
    appeal_until = models.CharField(max_length=20, default="")
    sha256 = models.CharField(max_length=64)
