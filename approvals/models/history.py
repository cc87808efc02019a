"""Model history: what a row contained at any time, who changed it, when, why and through which interface."""

import uuid
from typing import Any

from django.db import models
from simple_history.models import HistoricalRecords

from approvals.actors import Door


def _current_door() -> str:
    """Return the interface of rows that no service writes: an admin form or a command."""
    request = getattr(HistoricalRecords.context, "request", None)
    return Door.COMMAND if request is None else Door.ADMIN


class HistoryRow(models.Model):
    """Extra fields of each history row: the interface, and the actor if it was not a person."""

    door = models.CharField(max_length=16, choices=Door.choices, default=_current_door)
    actor = models.CharField(max_length=160, blank=True, default="")

    class Meta:
        abstract = True


class History(HistoricalRecords):
    """History with ids chosen before the save and reasons of any length."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("bases", [HistoryRow])
        options.setdefault("history_id_field", models.UUIDField(default=uuid.uuid4))
        options.setdefault("history_change_reason_field", models.TextField(null=True))
        super().__init__(**options)

    def post_delete(self, instance: models.Model, using: str | None = None, **options: Any) -> None:
        """Record the deletion, unless a service has recorded it already."""
        if not hasattr(instance, "skip_history_when_saving"):
            super().post_delete(instance, using=using, **options)
