"""What waits for a person, most urgent first; a page costs the same however much waits.

Each desk and tier is a run of one index, already in order (risk, due time, id), and so are each group and tier, and
each person who is asked by name. The runs that a person may decide are read a page each and merged, so nothing is
sorted or counted that is not shown.
"""

import heapq
import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from approvals.models import Action, Person, Ruling, Stage
from approvals.queries import seats
from approvals.states import ActionState, Tier

MOST_COUNTED = 1_000
MOST_ALIKE = 100

Reach = tuple[dict[str, int], ...]


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


def page(whose: Person | Reach, *narrow: Q, after: Mark | None = None, size: int = 50, **filters: Any) -> InboxPage:
    """The next ``size`` actions that a person may decide; what narrows them are look-ups on the action.

    Whoever asks more than once gives the person's `reach`, which is found once.
    """
    runs = [_run(asked, after, size + 1, Q(*narrow, **filters)) for asked in _reached(whose)]
    rows = list(heapq.merge(*runs, key=_order))[: size + 1]
    more = len(rows) > size
    rows = rows[:size]
    return InboxPage(rows, Mark(rows[-1].risk, rows[-1].due_at, rows[-1].pk) if more and rows else None)


def count(whose: Person | Reach, *narrow: Q, **filters: Any) -> int:
    """How many wait for a person, counted up to 1,000 and no further."""
    total = 0
    for asked in _reached(whose):
        run = _pending(asked).filter(*narrow, **filters).order_by()
        total += run.values("pk")[: MOST_COUNTED - total].count()
        if total >= MOST_COUNTED:
            break
    return total


def with_rulings(rows: list[Action]) -> list[Action]:
    """The same rows with the rulings that they rest on, which one statement fetches for all of them."""
    rulings = Ruling.objects.in_bulk([row.ruling_id for row in rows if row.ruling_id])
    for row in rows:
        row.ruling = rulings.get(row.ruling_id) if row.ruling_id else None
    return rows


def unrouted(at: datetime) -> QuerySet[Action]:
    """Proposals that nobody has judged by a moment; they show in the inbox, because nothing may die unseen."""
    return Action.objects.filter(state=ActionState.PROPOSED, created_at__lt=at).order_by("id")


def reach(person: Person) -> Reach:
    """What the open stage of an action asks when this person may decide it, as look-ups of one run each."""
    return tuple(_asked(person))


def _reached(whose: Person | Reach) -> Reach:
    return reach(whose) if isinstance(whose, Person) else whose


def _asked(person: Person) -> Iterator[dict[str, int]]:
    members = list(seats.seats(person).order_by("desk_id"))
    highest = max((member.tier for member in members if member.person_id == person.pk), default=0)
    desks: dict[int, int] = defaultdict(int)
    for member in members:
        desks[member.desk_id] = max(desks[member.desk_id], member.tier)
    for desk, most in desks.items():
        for tier in range(Tier.JUNIOR, most + 1):
            yield {"asks_desk": desk, "needs_tier": tier}
    yield {"asks_person": person.pk}
    # Whoever lends her power may be asked by name, too; where, the membership says.
    yield from (
        {"asks_person": each.person_id, "desk": each.desk_id} for each in members if each.person_id != person.pk
    )
    # A group decides nothing by itself: only who is a reviewer somewhere is asked as one of it.
    asked = person.groups.filter(Exists(Stage.objects.filter(group=OuterRef("pk")))) if highest else ()
    for group in asked:
        for tier in range(Tier.JUNIOR, highest + 1):
            yield {"asks_group": group.pk, "needs_tier": tier}


def _pending(asked: dict[str, int]) -> QuerySet[Action]:
    return Action.objects.filter(state=ActionState.PENDING, **asked)


def _run(asked: dict[str, int], after: Mark | None, size: int, narrow: Q) -> Sequence[Action]:
    rows = _pending(asked).filter(narrow)
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
