"""Recent password attempts per account, per address, and per account and address."""

from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

# After too many attempts within the window, a wait that doubles each time.
WINDOW = timedelta(minutes=15)
FIRST_WAIT = timedelta(minutes=1)
MAX_WAIT = timedelta(minutes=15)
# After a day without an attempt, waits start again at the first one.
CALM = timedelta(days=1)


class PasswordTries(models.Model):
    """One row by keyed digest, so that it holds no name and no address; it has no history.

    ``known_until`` is set when an account signs in from an address; until then that pair has its own count.
    """

    key = models.CharField(max_length=64, primary_key=True)
    tries = models.PositiveIntegerField(_("attempts"), default=0)
    waits = models.PositiveSmallIntegerField(_("consecutive blocks"), default=0)
    last_at = models.DateTimeField(_("last attempt"))
    until = models.DateTimeField(_("blocked until"), null=True)
    is_noted = models.BooleanField(_("block recorded"), default=False)
    known_until = models.DateTimeField(_("password known until"), null=True)

    class Meta:
        verbose_name = _("password attempt counter")
        verbose_name_plural = _("password attempt counters")
        # The sweep that forgets old counters.
        indexes = [models.Index("last_at", name="password_tries_last")]

    def __str__(self) -> str:
        return f"{self.key[:8]}: {self.tries}"

    def is_refusing(self, now: datetime) -> bool:
        """Whether attempts are blocked now."""
        return self.until is not None and self.until > now

    def count(self, now: datetime, most: int) -> None:
        """Count one more attempt before it is verified; too many start a wait."""
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
        """Uncount a correct attempt, and end the wait that it started unless others followed."""
        if self.tries == tries:
            self.waits, self.until = waits, None
        self.tries = max(self.tries - 1, 0)
