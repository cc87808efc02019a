"""The three transactions of an execution: claimed, dispatched, concluded. The call itself lies between the last two."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db.models import F, Q, QuerySet

from approvals import asked
from approvals.actors import Actor
from approvals.connectors.base import CallResult, CallStatus, Order, Recovery
from approvals.connectors.registry import NoConnector, connector
from approvals.models import Action, Attempt, Execution
from approvals.models.executions import AttemptStep
from approvals.queries.record.related import parents
from approvals.queries.safety import restores
from approvals.services import turns
from approvals.services.execution import attempts, readmission, recheck, staleness, standing
from approvals.services.execution.attempts import Lease, LockedExecution
from approvals.services.execution.results import conclusions, ends
from approvals.services.ledger import entries
from approvals.services.ledger.entries import Event
from approvals.services.policy.lookups.specs import LookupAnswer
from approvals.services.safety import breakers, flow, halt_gate, last_known
from approvals.services.safety.flow import Flow, Lane
from approvals.services.safety.last_known import Sent
from approvals.states import ExecutionMode, ExecutionState
from policies import db
from policies.db import service

# So many times more are looked at than are wanted, because other workers may have locked the first.
SPARE = 3
NEVER_SENT = "{count} workers in a row stopped before they could send it. It was not sent."
TURNS: turns.Turns[Execution] = turns.Turns("not_before", "id")


@dataclass(frozen=True, slots=True)
class Dispatch:
    """A committed intent: who carries the order out, what it is, and under which claim.

    ``sent`` is what is written down outside the database before it leaves; a question has none.
    """

    claim: Lease
    connector: str
    order: Order
    sent: Sent | None = None


@dataclass(frozen=True, slots=True)
class Dispatched:
    """What of several claims is to be sent, and those that were not looked at."""

    todo: list[Dispatch]
    left: list[Lease]


@service
def lease(*, actor: Actor, at: datetime, limit: int) -> list[Lease]:
    """Take up to ``limit`` executions that may start, each under a lease and a new fence; others pass over them.

    Agents take turns. What is halted is left where it is.
    """
    now = db.now()
    taken = _picked(_startable(now), limit)
    if any(flow.is_touched(row) for row in taken):
        # Few are: what has no room is left out, so that it holds up nothing else.
        waiting = flow.Waiting()
        taken = _picked(waiting.without(_startable(now)), limit)
        taken = waiting.within((row, vars(row)["kind"]) for row in taken)
    taken = attempts.suspect_alone(taken)
    until = now + attempts.patience(taken)
    # In one statement: for a row that changes twice, the database asks for its action, which others lock.
    mine = Execution.objects.filter(pk__in=[row.pk for row in taken])
    mine.update(fence=F("fence") + 1, leased_until=until, lapses=F("lapses") + attempts.LAPSED)
    return [Lease.of(row) for row in taken]


def _picked(free: QuerySet[Execution], limit: int) -> list[Execution]:
    free = turns.in_order(free, TURNS.first(free, limit, limit * SPARE))
    free = free.only("id", "action_id", "fence", "connector", "leased_until", "lapses")
    free = free.annotate(
        rechecks=F("action__action_type__recheck_lookups"),
        kind=F("action__action_type_id"),
        documents=F("revision__attachments"),
    )
    return list(flow.with_touched(free).select_for_update(skip_locked=True, of=("self",), no_key=True)[:limit])


def is_due() -> bool:
    """Whether any execution may start; in two statements, and a few more while anything waits."""
    rows = _startable(db.now())
    if not TURNS.has_any(rows):
        return False
    waiting = flow.Waiting()
    return waiting.is_empty or TURNS.has_any(waiting.without(rows))


def _startable(now: datetime) -> QuerySet[Execution]:
    rows = Execution.objects.filter(
        Q(leased_until__isnull=True) | Q(leased_until__lt=now),
        state=ExecutionState.READY,
        mode=ExecutionMode.CONNECTOR,
        end_number=0,
        not_before__lte=now,
    )
    # Before anything new is sent after a restore, what might have been sent is put back in the record.
    return halt_gate.startable(restores.possibly_sent(rows) if restores.is_on() else rows.filter(waits_for=None))


@service
def release_lease(*, actor: Actor, at: datetime, claims: Sequence[Lease]) -> int:
    """Give claims back that nothing was begun with, so that others need not wait for the leases to lapse."""
    mine = Q(pk__in=[])
    for taken in claims:
        mine |= Q(pk=taken.execution_id, fence=taken.fence)
    return Execution.objects.filter(mine, state=ExecutionState.READY).update(leased_until=None)


@service
def postpone(*, actor: Actor, at: datetime, claim: Lease) -> int:
    """Leave a claim until the next lease because something that is asked before does not answer; return how many."""
    mine = Execution.objects.filter(pk=claim.execution_id, fence=claim.fence, state=ExecutionState.READY)
    return mine.update(leased_until=db.now() + recheck.WAIT, lapses=0)


@service
def give_up(*, actor: Actor, at: datetime, claim: Lease) -> bool:
    """End what too many workers died of before they could send it; return whether it was still to be ended."""
    held = attempts.lock_execution(claim)
    if held.execution.fence != claim.fence or held.execution.state != ExecutionState.READY:
        return False
    if readmission.readmit(held, actor, at):
        return False
    conclusions.give_up(held, actor, at, NEVER_SENT.format(count=held.execution.lapses))
    return True


@service
def dispatch(
    *,
    actor: Actor,
    at: datetime,
    claim: Lease,
    answers: Sequence[LookupAnswer] = (),
    objections: Sequence[str] = (),
) -> Dispatch | None:
    """Ask everything once more and commit to the call; None when it must not be made, and the record says why.

    From this commit on an effect may have happened. What was halted since it was claimed is given back and waits.
    ``answers`` are those of the lookups that the action type wants repeated, ``objections`` those of the connector and
    of the store of attachments.
    """
    held = attempts.lock_execution(claim)
    return _dispatch(held, actor, at, claim, flow.locked([(held.action, held.execution)]), answers, objections)


@service
def dispatch_together(*, actor: Actor, at: datetime, claims: Sequence[Lease]) -> Dispatched:
    """Do the same for several in one transaction; what it leaves is dispatched alone.

    What somebody else has in hand is left. So is whatever follows one that must be alone: where nothing can be done
    about doubt, no more may be in doubt than is being sent, and what changes HITL itself is asked about after it.
    """
    todo: list[Dispatch] = []
    with asked.together():
        halt_gate.share_ahead()
        held = attempts.lock_executions(claims)
        room = flow.locked([(each.action, each.execution) for _claim, each in held])
        for place, (claim, each) in enumerate(held):
            if place and _is_alone(each, room):
                held = held[:place]
                break
            if found := _dispatch(each, actor, at, claim, room):
                todo.append(found)
            if _is_alone(each, room):
                held = held[: place + 1]
                break
    seen = {claim for claim, _held in held}
    return Dispatched(todo, [claim for claim in claims if claim not in seen])


def _is_alone(held: LockedExecution, room: Flow) -> bool:
    if held.action.action_type.is_built_in or recovery_of(held) is Recovery.NEITHER:
        return True
    return flow.is_one_by_one(room, held.action, held.execution)


def _dispatch(
    held: LockedExecution,
    actor: Actor,
    at: datetime,
    claim: Lease,
    room: Flow,
    answers: Sequence[LookupAnswer] = (),
    objections: Sequence[str] = (),
) -> Dispatch | None:
    if held.execution.fence != claim.fence or held.execution.state != ExecutionState.READY:
        return None
    if readmission.readmit(held, actor, at):
        return None
    if held.execution.expires_at <= held.now and not readmission.is_waiting():
        attempts.expire(held, actor, at)
        return None
    if halt_gate.blocking_halt(held.action) or readmission.is_waiting() or parents.is_awaited(held.action):
        Execution.objects.filter(pk=held.execution.pk).update(leased_until=None, waits_for=held.action.parent_id)
        return None
    if why := "; ".join([*staleness.changes(held), *standing.lost(held)]):
        attempts.refuse(held, actor, at, why)
        return None
    again = recheck.weigh(held, answers, actor, at)
    if again.is_owed:
        # The next lease asks them, or asks them again.
        Execution.objects.filter(pk=held.execution.pk).update(leased_until=held.now + recheck.WAIT, lapses=0)
        return None
    if recheck.refuse_if_otherwise(held, actor, at, again):
        return None
    if objections:
        attempts.refuse(held, actor, at, " ".join(objections))
        return None
    if not flow.admit(room, lane_of(held), held.execution, held.lease):
        Execution.objects.filter(pk=held.execution.pk).update(leased_until=None)
        return None
    before = held.action.state
    held.execution.target = ends.target_to_keep(held)
    held.execution.start(at, held.lease)
    held.action.dispatch()
    fact = Event(actor, at, "execution.dispatched", "Dispatched", attempts.about(held))
    return intent(held, claim, attempts.begin(held, fact, before))


def intent(held: LockedExecution, claim: Lease, attempt: Attempt) -> Dispatch:
    """What an attempt sends, once it is committed. A step."""
    order, execution = order_to_send(held), held.execution
    host = flow.lane_to(execution.connector, order.target).host
    return Dispatch(claim, execution.connector, order, last_known.about(held.action, execution, attempt, host))


@service
def conclude(*, actor: Actor, at: datetime, claim: Lease, outcome: CallResult) -> Action:
    """Store what an attempt told, if the fence is still the one that it was sent under; a late answer is only noted."""
    held = attempts.lock_execution(claim)
    _hear([(held, claim, outcome)], actor, at)
    _conclude(held, actor, at, claim, outcome)
    return held.action


@service
def conclude_together(*, actor: Actor, at: datetime, answers: Sequence[tuple[Lease, CallResult]]) -> None:
    """Do the same for several in one transaction."""
    with asked.together():
        held = attempts.lock_answered([claim for claim, _outcome in answers])
        _hear([(each, *told) for each, told in zip(held, answers, strict=True)], actor, at)
        for each, (claim, outcome) in zip(held, answers, strict=True):
            _conclude(each, actor, at, claim, outcome)


def _hear(answers: Sequence[tuple[LockedExecution, Lease, CallResult]], actor: Actor, at: datetime) -> None:
    mine = [(each, outcome) for each, claim, outcome in answers if each.is_running_under(claim)]
    told = [breakers.Answer(each.action, each.execution, said, partial(lane_of, each)) for each, said in mine]
    breakers.hear(told, actor, at)


def _conclude(held: LockedExecution, actor: Actor, at: datetime, claim: Lease, outcome: CallResult) -> None:
    if not held.is_running_under(claim):
        _note_late(held, actor, at, claim, outcome)
    else:
        apply_result(held, actor, at, outcome)


def apply_result(held: LockedExecution, actor: Actor, at: datetime, outcome: CallResult) -> None:
    """Draw the conclusion from an attempt's outcome: it succeeded, or what `conclusions.take_unfinished` says."""
    if outcome.answer is CallStatus.DONE:
        conclusions.succeed(held, actor, at, outcome)
    else:
        conclusions.take_unfinished(held, actor, at, outcome, recovery_of(held))


def recovery_of(held: LockedExecution) -> Recovery:
    """What can be done about doubt; a connector that is no longer there can do nothing, nor one that goes elsewhere."""
    order = order_back(held) if held.execution.is_end else None
    if held.execution.is_end and (order is None or not ends.goes_back(held)):
        return Recovery.NEITHER
    try:
        target = held.action.action_type.target if order is None else order.target
        return connector(held.execution.connector).recovery(target)
    except NoConnector:
        return Recovery.NEITHER


def order_of(held: LockedExecution) -> Order:
    """What is handed to the connector: the stored bytes, under the key that never changes."""
    action, execution = held.action, held.execution
    given = [each for each in held.grants if each.person_id is not None]
    return Order(
        key=execution.key,
        action=str(action.pk),
        action_type=action.action_type.name,
        agent=action.agent.name,
        revision=execution.revision.number,
        body=execution.revision.body,
        target=action.action_type.target,
        attempt=execution.attempts,
        approved_by=given[0].person_id if given else None,
        is_exception=any(each.is_exception for each in given),
        at=held.now,
    )


def order_back(held: LockedExecution) -> Order | None:
    """What is handed to the connector for the end of an effect, or None where it cannot reverse it."""
    return ends.order_back(held.execution, order_of(held))


def lane_of(held: LockedExecution) -> Lane:
    """Where an execution is sent; an end goes where its effect went, whatever the action type says by now."""
    if not held.execution.is_end:
        return flow.lane_of(held.action.action_type)
    order, execution = order_back(held), held.execution
    return flow.lane_to(execution.connector, order.target if order else execution.target)


def order_to_send(held: LockedExecution) -> Order:
    """The one of the two that an execution sends.

    :raises NoConnector: it is the end of an effect that the connector cannot reverse; `ends.objection` says so before.
    """
    order = order_back(held) if held.execution.is_end else order_of(held)
    if order is None:
        raise NoConnector(ends.NO_WAY_BACK.format(connector=held.execution.connector))
    return order


def _note_late(held: LockedExecution, actor: Actor, at: datetime, claim: Lease, outcome: CallResult) -> None:
    detail = f"{outcome.answer}: {outcome.error or attempts.storable(outcome.result)}"
    attempts.write(held.execution, AttemptStep.LATE, at, detail, fence=claim.fence)
    data = attempts.about(held) | {"answer": str(outcome.answer), "fence": claim.fence}
    entries.record_event(
        held.action, Event(actor, at, "execution.answered_late", "Result received after the lease expired", data)
    )
