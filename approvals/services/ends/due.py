"""Ending effects whose time has come: leased, dispatched and sent like any execution, by loops of their own.

So an end waits behind no agent's backlog. Only what keeps an end from being sent is asked; see `results.ends`.
Limits of connectors hold no end, but a circuit breaker that is open does: that of the lane that the end is sent to.
"""

from collections.abc import Callable, Iterator
from datetime import datetime

import structlog
from django.db.models import F, Q, QuerySet

from approvals import conf
from approvals.actors import Actor
from approvals.connectors.base import CallResult, CallStatus
from approvals.models import Execution
from approvals.models.executions import AttemptStep
from approvals.queries.safety import restores as restore_queries
from approvals.services import sweeps
from approvals.services.execution import attempts, dispatch, readmission, recheck, run
from approvals.services.execution.attempts import Lease, LockedExecution
from approvals.services.execution.dispatch import Dispatch
from approvals.services.execution.results import conclusions, ends
from approvals.services.ledger.entries import Event
from approvals.services.safety import flow, halt_gate, last_known, restores
from approvals.states import ExecutionState
from policies import db
from policies.db import errand, service

log = structlog.get_logger()


@errand
def run_due(
    *, actor: Actor, clock: Callable[[], datetime], limit: int = 100, is_stopping: Callable[[], bool] = run.never
) -> int:
    """End up to ``limit`` effects whose time has come; return how many were begun with."""
    if not last_known.can_note():
        log.critical("execution.last_known_unwritable", path=str(conf.last_known()))
        return 0

    def leased() -> Iterator[Lease]:
        for _turn in range(limit):
            # Asked before each lease: the database might be restored while a worker runs.
            restores.notice(actor=actor, at=clock())
            if is_stopping() or (claim := lease(actor=actor, at=clock())) is None:
                return
            yield claim

    def end(claim: Lease) -> None:
        carry_through(actor=actor, clock=clock, claim=claim)

    # Nobody refuses here: whatever is raised is a fault.
    return sweeps.for_each("end", leased(), end, passes=()).tried


@errand
def carry_through(*, actor: Actor, clock: Callable[[], datetime], claim: Lease) -> None:
    """Dispatch one end, make its call and store the answer; end what too many workers died of."""
    if claim.is_poison and dispatch.give_up(actor=actor, at=clock(), claim=claim):
        return
    if todo := dispatch_end(actor=actor, at=clock(), claim=claim):
        run.keep(actor=actor, clock=clock, todo=todo, outcome=run.carry_out(todo=todo))


@service
def lease(*, actor: Actor, at: datetime) -> Lease | None:
    """Take the end that is due longest under a lease and a new fence; None where none is."""
    now = db.now()
    row = _first(_startable(now))
    if row is not None and flow.is_touched(row):
        # Few are: what a breaker holds is left out, so that no other end waits behind it.
        row = _first(_unheld(_startable(now), now))
    if row is None:
        return None
    # Whoever had it before died, or failed before they could say so.
    lapses = row.lapses + (row.leased_until is not None)
    until = now + attempts.patience([row])
    Execution.objects.filter(pk=row.pk).update(fence=F("fence") + 1, leased_until=until, lapses=lapses)
    return Lease.of(row)


def is_due() -> bool:
    """Whether any effect is to be ended now."""
    rows = _startable(now := db.now())
    row = flow.with_touched(rows.order_by("not_before", "id").only("id", "connector")).first()
    return row is not None and (not flow.is_touched(row) or _unheld(rows, now).exists())


def _first(rows: QuerySet[Execution]) -> Execution | None:
    told = ("id", "action_id", "fence", "connector", "leased_until", "lapses")
    free = flow.with_touched(rows.order_by("not_before", "id").only(*told))
    return free.select_for_update(skip_locked=True, of=("self",), no_key=True).first()


def _unheld(rows: QuerySet[Execution], now: datetime) -> QuerySet[Execution]:
    """Leave out the ends that a breaker holds, as far as one end of each target tells; who sends one asks again."""
    lanes = flow.shut(now)
    if not lanes:
        return rows
    mine = rows.filter(connector__in={lane.connector for lane in lanes})
    held = []
    for target in list(mine.order_by().values_list("target_digest", flat=True).distinct()):
        one = mine.filter(target_digest=target).select_related("action").first()
        if one is not None and dispatch.lane_of(LockedExecution(one.action, one)) in lanes:
            held.append(target)
    return rows.exclude(target_digest__in=held)


def _startable(now: datetime) -> QuerySet[Execution]:
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=now)
    rows = Execution.objects.filter(free, state=ExecutionState.READY, end_number__gt=0, not_before__lte=now)
    return halt_gate.startable_ends(restore_queries.possibly_sent(rows) if restore_queries.is_on() else rows)


@service
def dispatch_end(*, actor: Actor, at: datetime, claim: Lease) -> Dispatch | None:
    """Commit to the call of one end; None when it must not be made. The first that applies.

    1. Somebody else took it, or it was replaced by an earlier one: nothing.
    2. It might have been sent before a restore: it is put back in the record, and found out about.
    3. It is halted, or a restore is on: it is given back and waits.
    4. It can never be sent: it fails, and those who answer for it are told.
    5. A breaker holds the lane that it is sent to: it waits, and `lease` leaves it out while the breaker is open.
    6. Else its intent is written down.
    """
    held = attempts.lock_execution(claim)
    execution = held.execution
    if execution.fence != claim.fence or execution.state != ExecutionState.READY:
        return None
    if readmission.readmit(held, actor, at):
        return None
    if ends.blocking_halt(held) or readmission.is_waiting():
        Execution.objects.filter(pk=execution.pk).update(leased_until=None)
        return None
    why = ends.objection(held, dispatch.order_back(held))
    if not why and not _is_admitted(held):
        Execution.objects.filter(pk=execution.pk).update(leased_until=held.now + recheck.WAIT, lapses=0)
        return None
    execution.start(at, held.lease)
    attempt = attempts.begin(held, Event(actor, at, "end.dispatched", "End dispatched", attempts.about(held)))
    if why:
        attempts.write(execution, AttemptStep.FAILED, at, why)
        conclusions.fail(held, actor, at, CallResult(CallStatus.REFUSED, error=f"Not sent: {why}."))
        return None
    return dispatch.intent(held, claim, attempt)


def _is_admitted(held: LockedExecution) -> bool:
    room = flow.locked([(held.action, held.execution)])
    return flow.admit(room, dispatch.lane_of(held), held.execution, held.lease)
