"""What the desk knows of an account beside Django's: whether it is shared, and how often its password was wrong."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

_LONGEST: Final = 60  # seconds that an account waits after wrong passwords: longer would let anybody lock an editor out
_FIRST_PASSWORD_LASTS: Final = timedelta(days=3)


class Account(models.Model):
    """Of one user. No address, e-mail or browser is kept anywhere; tries are counted for the account alone."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="account")
    shared = models.BooleanField(
        _("desk account"),
        default=False,
        help_text=_("Several people use it. Only such an account files texts under a pseudonym."),
    )
    first_password_until = models.DateTimeField(null=True, blank=True, editable=False)
    wrong = models.PositiveSmallIntegerField(default=0, editable=False)
    wrong_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")

    def __str__(self) -> str:
        return str(self.user)

    def must_wait(self) -> bool:
        """Whether its last wrong password is too young; the wait doubles with each."""
        if not self.wrong or self.wrong_at is None:
            return False
        return timezone.now() < self.wrong_at + timedelta(seconds=min(2 ** (self.wrong - 1), _LONGEST))

    def begins_anew(self) -> None:
        """From now on its password is a first one: it must be changed at log-in, and ends by itself."""
        self.first_password_until = timezone.now() + _FIRST_PASSWORD_LASTS
        self.wrong, self.wrong_at = 0, None


def account_of(user: Any) -> Account:
    """The account of a user; made where there is none yet."""
    return Account.objects.get_or_create(user=user)[0]


def is_desk(user: Any) -> bool:
    """Whether a user is a desk account."""
    return user is not None and user.pk is not None and Account.objects.filter(user_id=user.pk, shared=True).exists()
