"""Rows that tests write without a service: recorded as saves are, so that the database's guards accept them."""

from typing import Any

import pytest
from django.db import transaction
from django.db.models import QuerySet

from approvals.models.recorded import UNRECORDED, Recorded
from approvals.services.ledger import saves

_update, _bulk_create, _delete = QuerySet.update, QuerySet.bulk_create, QuerySet.delete


def record_what_querysets_write(patch: pytest.MonkeyPatch) -> None:
    """Let bulk writes of control rows save each row by itself."""
    patch.setattr(QuerySet, "update", _updated)
    patch.setattr(QuerySet, "bulk_create", _created)
    patch.setattr(QuerySet, "delete", _deleted)


def _updated(rows: QuerySet[Any], **fields: Any) -> int:
    if not issubclass(rows.model, Recorded) or UNRECORDED.issuperset(fields):
        return _update(rows, **fields)
    found = list(rows.all())
    with transaction.atomic():
        for row in found:
            for name, value in fields.items():
                setattr(row, name, value)
            saves.keep(row)
    return len(found)


def _created(rows: QuerySet[Any], new: Any, *args: Any, **options: Any) -> Any:
    if not issubclass(rows.model, Recorded):
        return _bulk_create(rows, new, *args, **options)
    new = list(new)
    for row in new:
        row.save()
    return new


def _deleted(rows: QuerySet[Any]) -> tuple[int, dict[str, int]]:
    if not issubclass(rows.model, Recorded):
        return _delete(rows)
    found = list(rows.all())
    with transaction.atomic():
        for row in found:
            row.delete()
    return len(found), {}
