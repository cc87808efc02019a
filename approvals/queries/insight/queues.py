"""How long what waits at each desk has waited."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.expressions import RawSQL

from approvals.authority import visibility
from approvals.models import Action, Desk, Person
from approvals.states import Tier

# The ages that are told apart; what waits longer than the last is one more.
AGES = (timedelta(hours=1), timedelta(hours=8), timedelta(days=1), timedelta(days=3))
MAX_DESKS = 12
# So many are counted at one desk and tier: the oldest, which one index holds in order.
MAX_COUNTED = 500
# Each is a range of the index `action_oldest_of_desk`.
_OLDEST = """
    SELECT id FROM (SELECT id FROM approvals_action WHERE state = 'pending' AND assigned_desk_id = %s
    AND required_tier = %s ORDER BY id LIMIT %s) AS run
"""


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits at a desk for anybody there, counted by age, the youngest first.

    ``is_cut`` says that more may wait, and that these are the oldest of it.
    """

    desk: Desk
    by_age: tuple[int, ...]
    is_cut: bool

    @property
    def total(self) -> int:
        """How many were counted."""
        return sum(self.by_age)


def by_desk(person: Person, now: datetime) -> list[Queue]:
    """Return the queues of the desks that a person sees, the longest first; two statements."""
    desks = list(_desks(person).order_by("name")[:MAX_DESKS])
    counted = _counted(desks, now) if desks else {}
    queues = [counted[desk.pk] for desk in desks if desk.pk in counted]
    return sorted(queues, key=lambda queue: -queue.total)


def _desks(person: Person) -> QuerySet[Desk]:
    if visibility.reads_everything(person):
        return Desk.objects.all()
    return Desk.objects.filter(memberships__person=person).distinct()


def _counted(desks: Sequence[Desk], now: datetime) -> dict[int, Queue]:
    runs = [(desk.pk, tier, MAX_COUNTED) for desk in desks for tier in Tier.values]
    oldest = RawSQL(" UNION ALL ".join([_OLDEST] * len(runs)), [each for run in runs for each in run])
    rows: QuerySet[Any] = Action.objects.filter(pk__in=oldest).order_by().values("assigned_desk", "required_tier")
    younger = {f"age_{place}": Count("pk", filter=Q(created_at__gt=now - age)) for place, age in enumerate(AGES)}
    by_desk = {desk.pk: desk for desk in desks}
    found: dict[int, Queue] = {}
    for row in rows.annotate(**younger, total=Count("pk")):
        upto = [*(row[name] for name in younger), row["total"]]
        ages = [count - former for count, former in zip(upto, [0, *upto[:-1]], strict=True)]
        known = found.get(row["assigned_desk"])
        by_age = tuple(map(sum, zip(ages, known.by_age, strict=True))) if known else tuple(ages)
        is_cut = row["total"] == MAX_COUNTED or (known is not None and known.is_cut)
        found[row["assigned_desk"]] = Queue(by_desk[row["assigned_desk"]], by_age, is_cut)
    return found
