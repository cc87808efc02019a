"""A person's pending actions, most urgent first, at a constant cost per page.

Each desk and tier is a range of one index, sorted by risk, due time and ID; so is each group and tier, and each person
who is assigned by name. One statement reads a page of each range that a person may decide and merges them. Nothing else
is sorted or counted, so membership in many desks costs little.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from approvals.authority import assignees
from approvals.authority.assignees import Reach
from approvals.models import Action, Person, PolicyEvaluation
from approvals.queries.inbox import order
from approvals.queries.inbox.order import Mark
from approvals.states import ActionState

MAX_COUNTED = 1_000
MAX_ALIKE = 100


@dataclass(frozen=True, slots=True)
class InboxPage:
    """One page: the rows in order, and the mark to continue from, or None at the end."""

    rows: list[Action]
    next: Mark | None


def page(whose: Person | Reach, *narrow: Q, after: Mark | None = None, size: int = 50, **filters: Any) -> InboxPage:
    """Return the next `size` actions that a person may decide, filtered by ORM lookups.

    Whoever asks more than once gives what `assignees.reach` finds for the person, which is found once.
    """
    runs = [
        _run(asked, Q(*narrow, **filters) & part, size + 1) for asked in _reached(whose) for part in order.after(after)
    ]
    sql, params = _merged(runs)
    first = RawSQL(f"{sql} ORDER BY {order.IN_SQL} LIMIT %s", (*params, size + 1))
    found = Action.objects.filter(pk__in=first).order_by(*order.BY)
    rows = list(found.select_related("action_type", "agent", "desk", "revision", "claim__person"))
    more, rows = len(rows) > size, rows[:size]
    return InboxPage(rows, order.mark_of(rows[-1]) if more and rows else None)


def count(whose: Person | Reach, *narrow: Q, **filters: Any) -> int:
    """Count the actions waiting for a person, up to 1,000."""
    runs = [_pending(asked).filter(*narrow, **filters).order_by().values("id") for asked in _reached(whose)]
    sql, params = _merged(run[:MAX_COUNTED] for run in runs)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({sql} LIMIT %s) AS counted", [*params, MAX_COUNTED])
        return int(cursor.fetchone()[0])


def oldest(whose: Person | Reach) -> datetime | None:
    """Return since when the oldest action has waited for a person, or None; ids sort by when they were made."""
    runs = [_pending(asked).order_by("id").values("id")[:1] for asked in _reached(whose)]
    sql, params = _merged(runs)
    first = Action.objects.filter(pk__in=RawSQL(f"{sql} ORDER BY id LIMIT 1", params))
    return first.values_list("created_at", flat=True).first()


def with_evaluations(rows: list[Action]) -> list[Action]:
    """Return the same rows with their evaluations, fetched in one statement."""
    evaluations = PolicyEvaluation.objects.in_bulk([row.evaluation_id for row in rows if row.evaluation_id])
    for row in rows:
        row.evaluation = evaluations.get(row.evaluation_id) if row.evaluation_id else None
    return rows


def unrouted(at: datetime) -> QuerySet[Action]:
    """Return proposals not routed by a given time, so that the inbox can show them."""
    return Action.objects.filter(state=ActionState.PROPOSED, created_at__lt=at).order_by("id")


def _reached(whose: Person | Reach) -> Reach:
    return assignees.reach(whose) if isinstance(whose, Person) else whose


def _pending(asked: dict[str, int]) -> QuerySet[Action]:
    return Action.objects.filter(state=ActionState.PENDING, **asked)


def _run(asked: dict[str, int], narrow: Q, size: int) -> QuerySet[Action, Any]:
    found: QuerySet[Action, Any] = _pending(asked).filter(narrow).order_by(*order.BY).values(*order.COLUMNS)
    return found[:size]


def _merged(runs: Iterable[QuerySet[Action, Any]]) -> tuple[str, tuple[Any, ...]]:
    """Return one statement that merges all ranges; the ORM's union allows no inner limits on SQLite."""
    # A mark may lie beyond what its column can hold; a run that is known to be empty stays a statement all the same.
    written = [run.query.get_compiler(DEFAULT_DB_ALIAS, elide_empty=False).as_sql() for run in runs]
    sql = " UNION ALL ".join(f"SELECT * FROM ({sql}) AS run" for sql, _params in written)
    return f"SELECT id FROM ({sql}) AS merged", tuple(each for _sql, params in written for each in params)
