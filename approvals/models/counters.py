"""Running totals of approved actions, so that policies can count without reading past actions."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Counter(models.Model):
    """The running total of one agent, subject, action type, or agent and subject; services lock this row.

    ``id`` is a hash of the scope's key, so that it names nobody. ``minor`` is in ten-thousandths of the base currency.
    """

    id = models.CharField(primary_key=True, max_length=32, editable=False)
    scope = models.CharField(_("scope"), max_length=16)
    number = models.BigIntegerField(_("actions"), default=0)
    minor = models.BigIntegerField(_("total"), default=0)
    at = models.DateTimeField(_("updated"))

    class Meta:
        verbose_name = _("counter")
        verbose_name_plural = _("counters")

    def __str__(self) -> str:
        return f"{self.number} by {self.scope}"


class CounterSnapshot(models.Model):
    """The value of a counter after one more action was counted.

    A window is the total now less the snapshot before it. In one counter ``number`` and ``at`` never fall, so the
    snapshot before any moment is found by its index alone.
    """

    counter = models.ForeignKey(Counter, on_delete=models.PROTECT, related_name="snapshots", db_index=False)
    number = models.BigIntegerField(_("actions"))
    minor = models.BigIntegerField(_("total"))
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("counter snapshot")
        verbose_name_plural = _("counter snapshots")
        constraints = [models.UniqueConstraint(fields=["counter", "number"], name="snapshot_once")]
        # What was counted up to a moment.
        indexes = [models.Index("counter", "at", "number", "minor", name="snapshot_before")]

    def __str__(self) -> str:
        return f"{self.number} at {self.at}"
