"""Model history: what a row looked like at any time, who changed it, when, why and by which door."""

import uuid
from typing import Any

from django.db import models
from simple_history.models import HistoricalRecords

from approvals.actors import Door


def _current_door() -> str:
    """Rows that services write name their door; the rest come from an admin form or a command."""
    request = getattr(HistoricalRecords.context, "request", None)
    return Door.COMMAND if request is None else Door.ADMIN


class HistoryRow(models.Model):
    """What each history row says besides the fields: the door, and who acted when it was not a person."""

    door = models.CharField(max_length=16, choices=Door.choices, default=_current_door)
    actor = models.CharField(max_length=160, blank=True, default="")

    class Meta:
        abstract = True


class History(HistoricalRecords):
    """History as every model here keeps it: ids chosen before the save, reasons of any length."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("bases", [HistoryRow])
        options.setdefault("history_id_field", models.UUIDField(default=uuid.uuid4))
        options.setdefault("history_change_reason_field", models.TextField(null=True))
        super().__init__(**options)

    def post_delete(self, instance: models.Model, using: str | None = None, **options: Any) -> None:
        """Keep the last row of a deleted one, unless a service has written it already."""
        if not hasattr(instance, "skip_history_when_saving"):
            super().post_delete(instance, using=using, **options)
