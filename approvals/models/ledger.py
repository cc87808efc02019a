"""The ledger: one append-only table for evidence, outbox, event stream and analytics."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from approvals.actors import Door
from approvals.ids import uuid7
from approvals.states import ActionState


class LedgerEntry(models.Model):
    """One event: what happened to what, by whom and when; insert-only.

    ``body`` holds the RFC 8785 text that ``digest`` (SHA-256) covers. It holds ids, times, states, pseudonyms and
    digests, never personal data. ``history_id`` names its history row, ``history_digest`` that row's digest.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    event = models.CharField(_("event"), max_length=40)
    action = models.ForeignKey("Action", on_delete=models.PROTECT, null=True, related_name="entries")
    state_from = models.CharField(
        _("previous state"), max_length=12, choices=ActionState.choices, blank=True, default=""
    )
    state_to = models.CharField(_("new state"), max_length=12, choices=ActionState.choices, blank=True, default="")
    actor = models.CharField(_("actor"), max_length=80)
    door = models.CharField(_("entry point"), max_length=16, choices=Door.choices)
    at = models.DateTimeField(_("time"))
    history_id: uuid.UUID | None = models.UUIDField(null=True)  # type: ignore[assignment]
    history_digest = models.CharField(max_length=64, blank=True, default="")
    body = models.TextField()
    digest = models.CharField(_("digest"), max_length=64)

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        indexes = [
            models.Index("action", "id", name="entry_of_action"),
            models.Index("event", "id", name="entry_event"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.pk}"


class LedgerOutbox(models.Model):
    """An entry without a position; a trigger adds one with every insert, and the sequencer removes it.

    ``number`` rises with every insert, so the entries of one action, inserted under its lock, are in order.
    """

    number = models.BigAutoField(primary_key=True)
    entry = models.OneToOneField(LedgerEntry, on_delete=models.CASCADE, related_name="waiting")

    class Meta:
        verbose_name = _("ledger outbox entry")
        verbose_name_plural = _("ledger outbox entries")

    def __str__(self) -> str:
        return str(self.entry_id)


class LedgerPosition(models.Model):
    """The public number of an entry: 1, 2, 3, without gaps."""

    number = models.PositiveBigIntegerField(primary_key=True)
    entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, related_name="position")

    class Meta:
        ordering = ("number",)
        verbose_name = _("ledger position")
        verbose_name_plural = _("ledger positions")

    def __str__(self) -> str:
        return str(self.number)
