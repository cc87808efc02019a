"""The ledger: one append-only table for evidence, outbox, event stream and analytics."""

import json
import uuid
from datetime import UTC

from django.db import models
from django.utils.translation import gettext_lazy as _

from approvals.actors import Door
from approvals.ids import uuid7
from approvals.states import ActionState


class LedgerEntry(models.Model):
    """One event: what happened to what, by whom and when; insert-only.

    ``digest`` (SHA-256) covers ``body``, the RFC 8785 text of the columns and of ``data``, which is kept as such text.
    They hold ids, times, states, pseudonyms and digests, never personal data. ``history_id`` names its history row,
    ``history_digest`` that row's digest.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    event = models.CharField(_("event"), max_length=40)
    action = models.ForeignKey("Action", on_delete=models.PROTECT, null=True, db_index=False, related_name="entries")
    state_from = models.CharField(
        _("previous state"), max_length=12, choices=ActionState.choices, blank=True, default=""
    )
    state_to = models.CharField(_("new state"), max_length=12, choices=ActionState.choices, blank=True, default="")
    actor = models.CharField(_("actor"), max_length=80)
    door = models.CharField(_("entry point"), max_length=16, choices=Door.choices)
    at = models.DateTimeField(_("time"))
    history_id: uuid.UUID | None = models.UUIDField(null=True)  # type: ignore[assignment]
    history_digest = models.CharField(max_length=64, blank=True, default="")
    data = models.TextField()
    digest = models.CharField(_("digest"), max_length=64)

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        indexes = [
            # What happened to an action: its history.
            models.Index("action", "id", name="entry_of_action"),
            # The list of entries, by event.
            models.Index("event", "id", name="entry_event"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.pk}"

    @property
    def body(self) -> str:
        """The text that the digest covers; a trigger puts it together in the same way."""
        history = f'{{"digest":{_text(self.history_digest)},"id":"{self.history_id}"}}' if self.history_id else "null"
        parts = {
            "action": f'"{self.action_id}"' if self.action_id else "null",
            "actor": _text(self.actor),
            "at": f'"{self.at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")}Z"',
            "data": self.data,
            "door": _text(self.door),
            "event": _text(self.event),
            "from": _text(self.state_from) if self.state_from else "null",
            "history": history,
            "id": f'"{self.pk}"',
            "to": _text(self.state_to) if self.state_to else "null",
        }
        return "{" + ",".join(f'"{name}":{part}' for name, part in parts.items()) + "}"


_TEXTS = json.JSONEncoder(ensure_ascii=False)


def _text(value: str) -> str:
    """A text as RFC 8785 writes it."""
    return _TEXTS.encode(str(value))


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
