"""What waits for a person, most urgent first; a page costs the same however much waits.

Each desk and tier is a run of one index, already in order (risk, due time, id). The runs that a person may decide are
read a page each and merged, so nothing is sorted or counted that is not shown.
"""

import heapq
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from approvals.models import Action, Membership, Person
from approvals.states import ActionState, Tier

MOST_COUNTED = 1_000


class Mark(NamedTuple):
    """Where a page ended: the order's columns of its last row."""

    risk: int
    due_at: datetime | None
    id: uuid.UUID


@dataclass(frozen=True, slots=True)
class InboxPage:
    """One page: the rows in order, and the mark to go on from, or None at the end."""

    rows: list[Action]
    next: Mark | None


def page(person: Person, *, after: Mark | None = None, size: int = 50, **filters: Any) -> InboxPage:
    """The next ``size`` actions that this person may decide; ``filters`` are look-ups on the action."""
    runs = [_run(desk, tier, after, size + 1, filters) for desk, tier in _reach(person)]
    rows = list(heapq.merge(*runs, key=_order))[: size + 1]
    more = len(rows) > size
    rows = rows[:size]
    return InboxPage(rows, Mark(rows[-1].risk, rows[-1].due_at, rows[-1].pk) if more and rows else None)


def count(person: Person, **filters: Any) -> int:
    """How many wait for this person, counted up to 1,000 and no further."""
    total = 0
    for desk, tier in _reach(person):
        run = _pending(desk, tier).filter(**filters).order_by()
        total += run.values("pk")[: MOST_COUNTED - total].count()
        if total >= MOST_COUNTED:
            break
    return total


def unrouted(at: datetime) -> QuerySet[Action]:
    """Proposals that nobody has judged by a moment; they show in the inbox, because nothing may die unseen."""
    return Action.objects.filter(state=ActionState.PROPOSED, created_at__lt=at).order_by("id")


def _reach(person: Person) -> Iterator[tuple[int, int]]:
    for member in Membership.objects.filter(person=person).order_by("desk_id"):
        for tier in Tier.values:
            if tier <= member.tier:
                yield member.desk_id, tier


def _pending(desk: int, tier: int) -> QuerySet[Action]:
    return Action.objects.filter(state=ActionState.PENDING, desk_id=desk, needs_tier=tier)


def _run(desk: int, tier: int, after: Mark | None, size: int, filters: dict[str, Any]) -> Sequence[Action]:
    rows = _pending(desk, tier).filter(**filters)
    if after is not None:
        rows = rows.filter(_beyond(after))
    rows = rows.select_related("action_type", "agent", "desk", "revision", "claim__person")
    return list(rows.order_by("-risk", "due_at", "id")[:size])


def _beyond(mark: Mark) -> Q:
    later = Q(due_at__gt=mark.due_at) | Q(due_at=mark.due_at, id__gt=mark.id)
    if mark.due_at is None:
        later = Q(due_at__isnull=True, id__gt=mark.id)
    return Q(risk__lt=mark.risk) | Q(risk=mark.risk) & later


def _order(action: Action) -> tuple[int, bool, float, uuid.UUID]:
    due = action.due_at
    return -action.risk, due is None, due.timestamp() if due else 0.0, action.pk
