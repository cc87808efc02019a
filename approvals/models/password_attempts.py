"""Passwords that were tried: how often of late for an account, from an address, and for an account from an address."""

from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

# So many tries within the window, then a wait that doubles with each one that is followed by another.
WINDOW = timedelta(minutes=15)
FIRST_WAIT = timedelta(minutes=1)
MAX_WAIT = timedelta(minutes=15)
# After a day without a try, the next wait is the first one again.
CALM = timedelta(days=1)


class PasswordTries(models.Model):
    """One row by a keyed digest, so that it holds no name and no address; bookkeeping, without history.

    ``known_until`` is set where an account has signed in from an address: until then that pair has tries of its own.
    """

    key = models.CharField(max_length=64, primary_key=True)
    tries = models.PositiveIntegerField(_("tries"), default=0)
    waits = models.PositiveSmallIntegerField(_("waits in a row"), default=0)
    last_at = models.DateTimeField(_("last tried"))
    until = models.DateTimeField(_("refused until"), null=True)
    is_noted = models.BooleanField(_("refusal recorded"), default=False)
    known_until = models.DateTimeField(_("known until"), null=True)

    class Meta:
        verbose_name = _("tries of a password")
        verbose_name_plural = _("tries of passwords")
        indexes = [models.Index("last_at", name="password_tries_last")]

    def __str__(self) -> str:
        return f"{self.key[:8]}: {self.tries}"

    def is_refusing(self, now: datetime) -> bool:
        """Whether nothing is tried at this moment."""
        return self.until is not None and self.until > now

    def count(self, now: datetime, most: int) -> None:
        """Count one more try, before anybody knows whether it is right; the one that is the last for now says so."""
        if now - self.last_at >= CALM:
            self.waits = 0
        if now - self.last_at >= WINDOW:
            self.tries = 0
        self.tries += 1
        self.last_at, self.until = now, None
        if self.tries >= most:
            self.until = now + min(FIRST_WAIT * 2 ** min(self.waits, 8), MAX_WAIT)
            self.waits, self.is_noted = self.waits + 1, False

    def take_back(self, tries: int, waits: int) -> None:
        """Uncount a try that was right; the wait that it began ends with it, unless others have tried meanwhile."""
        if self.tries == tries:
            self.waits, self.until = waits, None
        self.tries = max(self.tries - 1, 0)
