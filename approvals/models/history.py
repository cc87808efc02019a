"""Model history: what a row contained at any time, who changed it, when, why and through which interface."""

import uuid
from collections.abc import Collection
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
    """History with ids chosen before the save and reasons of any length.

    A row is found by its own id and by the id of what it is of. An index more is for a column in ``found_by``, where a
    query asks for it.
    """

    def __init__(self, *, found_by: Collection[str] = (), **options: Any) -> None:
        self._found_by = frozenset(found_by)
        options.setdefault("bases", [HistoryRow])
        # A seal is of the row alone; a copy of it would be made anew.
        options["excluded_fields"] = [*options.get("excluded_fields", ()), "seal"]
        options.setdefault("history_id_field", models.UUIDField(default=uuid.uuid4))
        options.setdefault("history_change_reason_field", models.TextField(null=True))
        super().__init__(**options)

    def copy_fields(self, model: type[models.Model]) -> dict[str, Any]:
        """Copy the fields of a model, without the indexes that no query uses."""
        return self._indexed(super().copy_fields(model), model._meta.pk.name)

    def get_extra_fields(self, model: type[models.Model], fields: Any) -> dict[str, Any]:
        """Return what a history row has besides, without the indexes that no query uses."""
        return self._indexed(super().get_extra_fields(model, fields))

    def _indexed(self, fields: dict[str, Any], *always: str) -> dict[str, Any]:
        for name, field in fields.items():
            if getattr(field, "db_index", False):
                field.db_index = name in self._found_by.union(always)
        return fields

    def post_delete(self, instance: models.Model, using: str | None = None, **options: Any) -> None:
        """Record the deletion, unless a service has recorded it already."""
        if not hasattr(instance, "skip_history_when_saving"):
            super().post_delete(instance, using=using, **options)
