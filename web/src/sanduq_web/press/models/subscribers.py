"""Who gets the letters: ciphertexts; and which letters went out."""

from __future__ import annotations

from django.db import models


class Subscriber(models.Model):
    """An address with its language and the secret of its "leave" link, sealed to whoever sends the letters.

    There is no hash of the address, not even a keyed one: the key would lie on this machine, and whoever seizes both can ask of
    any address whether it is on the list. So an address may be here twice; the sender, who reads them, drops the older row.
    """

    sealed = models.BinaryField()
    leave_hash = models.CharField(max_length=64, unique=True)
    confirm_hash = models.CharField(max_length=64, unique=True, null=True)  # unique, and none once it is confirmed
    asked_on = models.DateField(null=True)
    """The day, until it is confirmed; then nothing tells since when."""
    mailing = models.PositiveBigIntegerField(default=0)
    """The last letter that was begun to be sent here …"""
    settled = models.BooleanField(default=True)
    """… and whether the mail server's answer to it is known."""

    def __str__(self) -> str:
        return f"{self.pk}"


class Mailing(models.Model):
    """A letter with what was published in a language since the one before."""

    language = models.CharField(max_length=8)
    since = models.DateTimeField(null=True)
    until = models.DateTimeField()
    done = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.language} {self.pk}"
