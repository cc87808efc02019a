"""The order of the inbox: riskiest first, then what is due first, and where a page continues."""

import uuid
from datetime import datetime
from typing import NamedTuple

from django.db.models import F, Q

from approvals.models import Action

# The columns of the index that keeps pending actions sorted; the order in the ORM and in SQL say the same.
COLUMNS = ("risk", "due_at", "id")
BY = (F("risk").desc(), F("due_at").asc(nulls_last=True), "pk")
IN_SQL = "risk DESC, due_at IS NULL, due_at, id"


class Mark(NamedTuple):
    """The end of a page: the sort columns of its last row."""

    risk: int
    due_at: datetime | None
    id: uuid.UUID


def mark_of(row: Action) -> Mark:
    """Return the mark of a row."""
    return Mark(row.risk, row.due_at, row.pk)


def after(mark: Mark | None) -> tuple[Q, ...]:
    """Return the conditions for rows after a mark, each one an index range."""
    if mark is None:
        return (Q(),)
    beside, below = Q(risk=mark.risk), Q(risk__lt=mark.risk)
    if mark.due_at is None:
        return beside & Q(due_at__isnull=True, pk__gt=mark.id), below
    tied, later, never = Q(due_at=mark.due_at, pk__gt=mark.id), Q(due_at__gt=mark.due_at), Q(due_at__isnull=True)
    return beside & tied, beside & later, beside & never, below
