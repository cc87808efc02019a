"""Save a row with its history row: who, when, why and through which interface. Called inside services."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser

from policies.models import Policy, Version


@dataclass(frozen=True, slots=True)
class Change:
    """Who makes a change, through which interface, when and why."""

    person: AbstractBaseUser
    door: str
    at: datetime
    reason: str


def save(row: Policy | Version, change: Change) -> None:
    """Save a row and its history row explicitly, independent of any request."""
    kind = "+" if row.pk is None else "~"
    row.skip_history_when_saving = True  # type: ignore[union-attr]
    row.save()
    history: Any = row.history.model
    history(
        **{field.attname: getattr(row, field.attname) for field in history.tracked_fields},
        history_id=uuid.uuid4(),
        history_date=change.at,
        history_type=kind,
        history_user=change.person,
        history_change_reason=change.reason,
        door=change.door,
    ).save(force_insert=True)
