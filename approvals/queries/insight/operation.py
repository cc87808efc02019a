"""How the whole system runs: how long work has waited, and how much of it; every count stops at a bound."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from approvals.models import Action, Backlog, Beat, Delivery, Execution, LedgerOutbox
from approvals.models.deliveries import DeliveryState
from approvals.models.heartbeats import STORE
from approvals.queries.record import events
from approvals.queries.safety import breakers, restores
from approvals.states import ActionState, ExecutionMode, ExecutionState
from policies import db

MAX_COUNTED = 10_000
MAX_BEATS = 50
NONE = timedelta(0)


@dataclass(frozen=True, slots=True)
class Operation:
    """What waits now, since when, and which limits are reached.

    `beats` says of each process that ever recorded a heartbeat how long ago that was. `is_restored` says that nothing
    is sent until an operator goes on after a restore. `open_breakers` names connectors, with their hosts, that do not
    respond.
    """

    unrouted: timedelta
    unnumbered: timedelta
    beats: dict[str, timedelta]
    waiting: dict[str, int]
    full_agents: list[str]
    full_desks: list[str]
    is_restored: bool = False
    open_breakers: tuple[tuple[str, str], ...] = ()


def now_running() -> Operation:
    """Return how the system runs."""
    now = db.now()
    proposed = Action.objects.filter(state=ActionState.PROPOSED).order_by("id").values_list("created_at", flat=True)
    beats = Beat.objects.exclude(name__startswith=STORE).order_by("name").values_list("name", "at")[:MAX_BEATS]
    full = Backlog.objects.filter(ended_at=None).values_list("agent__name", "desk__slug")
    found = list(full.order_by("agent__name", "desk__slug"))
    return Operation(
        unrouted=_since(now, proposed.first()),
        unnumbered=events.behind(),
        beats={name: _since(now, at) for name, at in beats},
        waiting=_counts(now),
        full_agents=[agent for agent, _desk in found if agent],
        full_desks=[desk for _agent, desk in found if desk],
        is_restored=restores.is_on(),
        open_breakers=tuple((row.connector, row.host) for row in breakers.holding()[: breakers.MAX_SHOWN]),
    )


def _counts(now: datetime) -> dict[str, int]:
    due = Execution.objects.filter(state=ExecutionState.READY, mode=ExecutionMode.CONNECTOR, not_before__lte=now)
    due = due.filter(waits_for=None)
    return {
        "proposed": _count(Action.objects.filter(state=ActionState.PROPOSED)),
        "pending": _count(Action.objects.filter(state=ActionState.PENDING)),
        "ready": _count(due.filter(end_number=0)),
        "ending": _count(due.filter(end_number__gt=0)),
        "unnumbered": _count(LedgerOutbox.objects.all()),
        "notices": _count(Delivery.objects.filter(state=DeliveryState.READY, not_before__lte=now)),
    }


def _count(rows: QuerySet[Any]) -> int:
    return rows.order_by()[:MAX_COUNTED].count()


def _since(now: datetime, at: datetime | None) -> timedelta:
    return NONE if at is None else max(now - at, NONE)
