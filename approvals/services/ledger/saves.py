"""Recording what no service does: a command of Django, a new password, a shell. Steps of their own."""

from datetime import UTC, datetime
from typing import Any

from django.apps import apps
from django.db import DatabaseError, transaction
from simple_history.models import HistoricalRecords

from approvals.actors import Actor, Door
from approvals.models import Person
from approvals.models.recorded import Recorded
from approvals.services.ledger import entries
from approvals.services.ledger.entries import Event

SAVED, REMOVED = "row.saved", "row.removed"


def keep(row: Recorded) -> None:
    """Save a row with its history row, and append an entry that says that it was saved, not by which service.

    History's own attributes for when and why hold here, too.
    """
    with transaction.atomic(savepoint=False):
        entries.record_row(row, _fact(row, SAVED), is_new=row._state.adding)


def remove(row: Recorded) -> None:
    """Delete a row; its history stays, and an entry says that it was deleted."""
    with transaction.atomic(savepoint=False):
        entries.record_deletion(row, _fact(row, REMOVED))


def reseal() -> tuple[int, int]:
    """Save each row whose seal is valid and not of the key that seals; return how many were, and how many stay."""
    models: list[Any] = [model for model in apps.get_models() if hasattr(model, "is_sealed")]
    rows = (row for model in models for row in model._base_manager.order_by("pk").iterator())
    saved = [_save_again(row) for row in rows if row.is_sealed and not row.is_sealed_now]
    return saved.count(True), saved.count(False)


def _save_again(row: Any) -> bool:
    """Save a row as it is; return whether it may still be saved."""
    row.skip_history_when_saving = True
    try:
        with transaction.atomic():
            row.save()
    except DatabaseError:
        # What has ended, such as a lifted halt, never changes.
        return False
    return True


def _fact(row: Recorded, event: str) -> Event:
    at = getattr(row, "_history_date", None) or datetime.now(UTC)
    data: dict[str, Any] = {"model": row._meta.model_name}
    return Event(_actor(), at, event, getattr(row, "_change_reason", None) or "", data)


def _actor() -> Actor:
    """Whoever made the request, or the command."""
    request = getattr(HistoricalRecords.context, "request", None)
    if request is None:
        return Actor(Door.COMMAND)
    user = getattr(request, "user", None)
    return Actor(Door.ADMIN, person=user if isinstance(user, Person) else None)
