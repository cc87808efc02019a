"""How long what waits at each desk has waited."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.expressions import RawSQL

from approvals.authority import visibility
from approvals.authority.assignees import Reach
from approvals.models import Action, Desk, Person
from approvals.states import ActionState, Tier

# The ages that are told apart; what waits longer than the last is one more.
AGES = (timedelta(hours=1), timedelta(hours=8), timedelta(days=1), timedelta(days=3))
# So many look-ups are asked: those of a desk, a tier and a client.
MAX_RUNS = 100
# So many are counted by one look-up: the oldest, which one index holds in order.
MAX_COUNTED = 500


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


def by_desk(person: Person, reach: Reach, now: datetime) -> list[Queue]:
    """Return the queues of the desks, the longest first: what the reach finds, or everything for an auditor.

    Three statements at most.
    """
    runs = _everything() if visibility.reads_everything(person) else [each for each in reach if "assigned_desk" in each]
    counted = _counted(runs[:MAX_RUNS], now) if runs else []
    desks = Desk.objects.in_bulk({row["assigned_desk"] for row in counted})
    by_age: dict[int, list[int]] = defaultdict(lambda: [0] * (len(AGES) + 1))
    cut: set[int] = set()
    for row in counted:
        younger = [0, *(row[name] for name in _names()), row["total"]]
        ages = [count - former for former, count in pairwise(younger)]
        desk = row["assigned_desk"]
        by_age[desk] = list(map(sum, zip(by_age[desk], ages, strict=True)))
        if row["total"] >= MAX_COUNTED:
            cut.add(desk)
    queues = [Queue(desks[desk], tuple(ages), desk in cut) for desk, ages in by_age.items()]
    return sorted(queues, key=lambda queue: (-queue.total, queue.desk.name))


def _everything() -> list[dict[str, Any]]:
    desks = Desk.objects.order_by("name").values_list("pk", flat=True)[: MAX_RUNS // 4]
    return [
        {"assigned_desk": desk, "required_tier": tier, "client__isnull": is_of_none}
        for desk in desks
        for tier in Tier.values
        for is_of_none in (True, False)
    ]


def _counted(runs: Sequence[dict[str, Any]], now: datetime) -> list[dict[str, Any]]:
    """Return what each look-up finds, by desk, tier and client; the ORM's union allows no inner limits on SQLite."""
    pending = Action.objects.filter(state=ActionState.PENDING).order_by("id").values("id")
    parts = [pending.filter(**run)[:MAX_COUNTED].query.sql_with_params() for run in runs]
    sql = " UNION ALL ".join(f"SELECT id FROM ({part}) AS run" for part, _params in parts)
    oldest = RawSQL(sql, [each for _part, params in parts for each in params])
    rows: QuerySet[Any] = Action.objects.filter(pk__in=oldest).order_by()
    younger = {name: Count("pk", filter=Q(created_at__gt=now - age)) for name, age in zip(_names(), AGES, strict=True)}
    return list(rows.values("assigned_desk", "required_tier", "client").annotate(**younger, total=Count("pk")))


def _names() -> list[str]:
    return [f"age_{place}" for place in range(len(AGES))]
