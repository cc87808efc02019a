"""What was let through so far, by whom and to whom, so that policies can count it without reading the past."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Tally(models.Model):
    """The running total of one agent, subject, kind of action, or agent and subject; the row that spending locks.

    ``id`` is a hash of what is counted by, so that it names nobody. ``minor`` is in hundredths of the base currency.
    """

    id = models.CharField(primary_key=True, max_length=32, editable=False)
    scope = models.CharField(_("counted by"), max_length=16)
    number = models.BigIntegerField(_("actions"), default=0)
    minor = models.BigIntegerField(_("sum"), default=0)
    at = models.DateTimeField(_("last"))

    class Meta:
        verbose_name = _("tally")
        verbose_name_plural = _("tallies")

    def __str__(self) -> str:
        return f"{self.number} by {self.scope}"


class Mark(models.Model):
    """Where a tally stood after one more action was let through; a window is the total now less the mark before it.

    In one tally ``number`` and ``at`` never fall, so the mark before any moment is found by its index alone.
    """

    tally = models.ForeignKey(Tally, on_delete=models.PROTECT, related_name="marks", db_index=False)
    number = models.BigIntegerField(_("actions"))
    minor = models.BigIntegerField(_("sum"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("mark of a tally")
        verbose_name_plural = _("marks of tallies")
        constraints = [models.UniqueConstraint(fields=["tally", "number"], name="mark_once")]
        indexes = [models.Index("tally", "at", "number", "minor", name="mark_before")]

    def __str__(self) -> str:
        return f"{self.number} at {self.at}"
