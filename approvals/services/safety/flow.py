"""How many actions may start now: limits of rate and concurrency, and breakers that hold a connector back. Steps.

A *lane* is a connector with the host that it reaches. Nothing is refused here: what finds no room stays ready, and the
next worker that finds room takes it, agent after agent.

Whether a lane has anything to say is told by the statement that locks an execution. So without a limit, and while all
is well, flow control costs no statement.
"""

import uuid
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from approvals.connectors.registry import host_of, names
from approvals.models import Action, ActionType, Breaker, Execution, FlowLimit, FlowStart
from approvals.models.flow import MINUTE, BreakerState, lane_name
from approvals.states import ExecutionState
from policies import db, unit

# Under this name an execution carries whether its connector has limits, or a breaker with something to say.
TOUCHED = "is_flow_limited"
UNLIMITED = 1_000_000
_RATES = Q(starts_per_minute__isnull=False) | Q(calls_at_once__isnull=False)
_UNSETTLED = ~Q(state=BreakerState.CLOSED) | Q(failed_at__isnull=False)


class Lane(NamedTuple):
    """A connector and the host that it reaches; empty for a connector that does not tell hosts apart."""

    connector: str
    host: str


def connectors() -> list[str]:
    """The names of the connectors that can be limited."""
    return names()


def lane_of(kind: ActionType) -> Lane:
    """The lane of an action type, as its target is now."""
    return lane_to(kind.connector, kind.target)


def lane_to(connector: str, target: Any) -> Lane:
    """The lane of an order to this target."""
    return Lane(connector, host_of(connector, target))


def shut(now: datetime) -> set[Lane]:
    """The lanes whose breakers let nothing try now."""
    rows = Breaker.objects.exclude(state=BreakerState.CLOSED).filter(retry_at__gt=now)
    return {Lane(connector, host) for connector, host in rows.values_list("connector", "host")}


def with_touched(rows: QuerySet[Execution]) -> QuerySet[Execution]:
    """Let each execution of a query tell whether flow control has anything to say about its connector."""
    limits = FlowLimit.objects.filter(_RATES, connector=OuterRef("connector"))
    breakers = Breaker.objects.filter(_UNSETTLED, connector=OuterRef("connector"))
    return rows.annotate(**{TOUCHED: Exists(limits) | Exists(breakers)})


def is_touched(execution: Execution) -> bool:
    """Whether flow control has anything to say about the connector; so it is taken where nobody asked."""
    return bool(vars(execution).get(TOUCHED, True))


class Flow:
    """How many may start in each lane of some connectors: what limits leave, and what breakers let through."""

    def __init__(self, connectors: Collection[str], *, is_locked: bool = False) -> None:
        limits = FlowLimit.objects.filter(_RATES, connector__in=connectors).order_by("pk")
        breakers = Breaker.objects.filter(connector__in=connectors).order_by("pk")
        if is_locked:
            # Limits before breakers, each by its key: so no two workers wait for each other.
            limits = limits.select_for_update(no_key=True)
            breakers = breakers.select_for_update(no_key=True)
        own = {Lane(limit.connector, limit.host): limit for limit in limits} if connectors else {}
        self._limits = own
        self._breakers = {Lane(row.connector, row.host): row for row in breakers} if connectors else {}
        # Asked after the locks, whose wait may have been long.
        self.now = db.now() if connectors else None
        self._left = self._free(own.values())
        self._tried: set[Lane] = set()

    def room(self, lane: Lane) -> int:
        """How many more may start in this lane now."""
        limit = self._limit(lane)
        left = self._left[limit.pk] if limit else UNLIMITED
        if not self.is_open(lane):
            return left
        return 0 if self.is_shut(lane) else min(left, 1)

    def is_open(self, lane: Lane) -> bool:
        """Whether a breaker holds this lane back."""
        breaker = self._breakers.get(lane)
        return breaker is not None and breaker.state != BreakerState.CLOSED

    def is_shut(self, lane: Lane) -> bool:
        """Whether a breaker lets nothing try in this lane now."""
        breaker = self._breakers.get(lane)
        if breaker is None or breaker.state == BreakerState.CLOSED:
            return False
        assert breaker.retry_at is not None and self.now is not None  # a constraint holds it, and there is a breaker
        return breaker.retry_at > self.now or lane in self._tried

    def is_one_by_one(self, lane: Lane) -> bool:
        """Whether a worker may commit to one call only, because it makes one call at a time."""
        limit = self._limit(lane)
        return limit is not None and limit.calls_at_once is not None

    def take(self, lane: Lane) -> None:
        """Count one that is about to start."""
        limit, breaker = self._limit(lane), self._breakers.get(lane)
        if limit:
            self._left[limit.pk] -= 1
        if breaker is not None and breaker.state != BreakerState.CLOSED:
            self._tried.add(lane)

    def start(self, execution: Execution, lane: Lane, until: datetime) -> None:
        """Write down that an execution starts, and that it is the one that tries where a breaker is open. A step."""
        self.take(lane)
        limit, breaker = self._limit(lane), self._breakers.get(lane)
        if limit and self.now:
            unit.insert(FlowStart(limit=limit, execution=execution, at=self.now, until=until))
        if breaker is not None and breaker.state != BreakerState.CLOSED:
            breaker.probe(execution.pk, until)
            unit.update(breaker)

    def full_lanes(self, lanes: Iterable[Lane]) -> set[Lane]:
        """Those of the lanes in which nothing may start now."""
        return {lane for lane in lanes if self.room(lane) <= 0}

    def _limit(self, lane: Lane) -> FlowLimit | None:
        return self._limits.get(lane) or self._limits.get(Lane(lane.connector, ""))

    def _free(self, limits: Iterable[FlowLimit]) -> dict[int, int]:
        """How many more each limit lets start; one statement for all, and none without any."""
        by_key = {limit.pk: limit for limit in limits}
        if not by_key or self.now is None:
            return {}
        rows = FlowStart.objects.filter(limit__in=by_key).values("limit").order_by()
        counted = rows.annotate(
            recent=Count("id", filter=Q(at__gt=self.now - MINUTE)),
            flying=Count("id", filter=Q(ended_at__isnull=True, until__gt=self.now)),
        )
        found: dict[int, Any] = {row["limit"]: row for row in counted}
        return {key: _left(limit, found.get(key, {})) for key, limit in by_key.items()}


def _left(limit: FlowLimit, counted: dict[str, Any]) -> int:
    rate = UNLIMITED if limit.starts_per_minute is None else limit.starts_per_minute - counted.get("recent", 0)
    calls = UNLIMITED if limit.calls_at_once is None else limit.calls_at_once - counted.get("flying", 0)
    return max(0, min(rate, calls))


def locked(pairs: Sequence[tuple[Action, Execution]]) -> Flow:
    """What the lanes of these executions let through, locked until the transaction ends. A step.

    Starts that count no longer go, so that there are never more rows than a limit lets through in a minute or two.
    """
    flow = Flow({execution.connector for _action, execution in pairs if is_touched(execution)}, is_locked=True)
    if flow._left and flow.now:
        past = FlowStart.objects.filter(limit__in=flow._left, at__lt=flow.now - MINUTE)
        past.filter(Q(ended_at__isnull=False) | Q(until__lt=flow.now)).delete()
    return flow


def admit(flow: Flow, lane: Lane, execution: Execution, until: datetime) -> bool:
    """Let an execution start where there is room, and count it; ``until`` is the end of its lease. A step.

    An end only takes away, so it has precedence over limits: it counts, but only a breaker holds it.
    """
    if not is_touched(execution):
        return True
    if flow.is_shut(lane) if execution.is_end else flow.room(lane) <= 0:
        return False
    flow.start(execution, lane, until)
    return True


def is_one_by_one(flow: Flow, action: Action, execution: Execution) -> bool:
    """Whether an execution is dispatched without others, so that as many calls are counted as are made."""
    return is_touched(execution) and flow.is_one_by_one(lane_of(action.action_type))


def held_back(action: Action, execution: Execution) -> str:
    """Why an execution that is ready does not start yet, in the reader's language; a question, for its page."""
    if execution.state != ExecutionState.READY or not is_touched(execution):
        return ""
    lane, flow = lane_of(action.action_type), Flow({execution.connector})
    if flow.room(lane) > 0:
        return ""
    said = {"name": lane_name(*lane)}
    if flow.is_open(lane):
        return _("It waits because the connector %(name)s does not respond. HITL tries again from time to time.") % said
    return _("It waits because the limit of the connector %(name)s is reached.") % said


class Waiting:
    """What of the executions that are due finds no room, as far as can be seen without a lock; for who picks them."""

    def __init__(self) -> None:
        touched = {*FlowLimit.objects.filter(_RATES).values_list("connector", flat=True)}
        touched |= {*Breaker.objects.filter(_UNSETTLED).values_list("connector", flat=True)}
        kinds = ActionType.objects.filter(connector__in=touched).only("id", "connector", "target") if touched else ()
        self._lanes = {kind.pk: lane_of(kind) for kind in kinds}
        self._flow = Flow(touched)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is limited or held back."""
        return not self._lanes

    def without(self, rows: QuerySet[Execution]) -> QuerySet[Execution]:
        """Leave out the executions whose lanes are full."""
        full = self._flow.full_lanes(set(self._lanes.values()))
        for connector in sorted({lane.connector for lane in full}):
            mine = {pk: lane for pk, lane in self._lanes.items() if lane.connector == connector}
            if full.issuperset(mine.values()):
                # A join less, over all that waits.
                rows = rows.exclude(connector=connector)
            else:
                held = [pk for pk, lane in mine.items() if lane in full]
                rows = rows.exclude(connector=connector, action__action_type__in=held)
        return rows

    def within(self, rows: Iterable[tuple[Execution, int]]) -> list[Execution]:
        """Those of the executions, given with their action types, that find room one after the other."""
        found = []
        for row, kind in rows:
            lane = self._lanes.get(kind)
            if lane is None or self._flow.room(lane) > 0:
                found.append(row)
                if lane is not None:
                    self._flow.take(lane)
        return found


def end(ids: Collection[uuid.UUID], now: datetime) -> None:
    """Note that these executions are no longer in flight. A step."""
    FlowStart.objects.filter(execution__in=ids, ended_at__isnull=True).update(ended_at=now)
