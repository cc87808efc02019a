"""Deadlines: what nobody decided or carried out in time ends, and is never taken for consent or rejection.

A deadline is a column, and the database's clock decides whether it has passed.
"""

import uuid
from collections.abc import Callable, Iterator
from datetime import datetime

from django.db.models import Q

from approvals.actors import Actor
from approvals.models import Action, Execution, Stage
from approvals.services import locks, sweeps
from approvals.services.decisions import record
from approvals.services.execution import attempts, schedule
from approvals.services.execution.attempts import LockedExecution
from approvals.services.ledger import entries
from approvals.services.ledger.entries import Event
from approvals.services.notifications import queue
from approvals.services.plans import due_times, stages
from approvals.services.policy import evaluate
from approvals.states import GRANTED, OPEN, ActionState, DecisionSource, DecisionType, ExecutionState, StageState, Tier
from policies import db
from policies.db import errand, service


@errand
def expire_due(*, actor: Actor, clock: Callable[[], datetime], limit: int = 500) -> int:
    """End, or escalate, up to ``limit`` actions whose time is over, each in its own transaction; return how many."""

    def end(action_id: uuid.UUID) -> bool:
        return lapse(actor=actor, at=clock(), action_id=action_id)

    return sweeps.for_each("deadline", _due(limit), end).done


@service
def lapse(*, actor: Actor, at: datetime, action_id: uuid.UUID) -> bool:
    """Do what an action's deadline says, if it has passed; return whether it had.

    :raises NotFound: there is no such action, or somebody holds it.
    """
    action, now = locks.action(action_id, skip=True), db.now()
    if action.state in GRANTED:
        return _end_approval(action, actor, at, now)
    stage = stages.current(action)
    if action.state in OPEN and _is_past(action.expires_at, now):
        _expire(action, actor, at, "The agent’s deadline has passed")
    elif action.state in OPEN and _is_past(action.until, now):
        _expire(action, actor, at, "Its end came before anyone decided")
    elif stage is None or action.state != ActionState.PENDING or not _is_past(stage.due_at, now):
        return False
    elif stage.on_timeout == "escalate" and (stage.tier < Tier.SENIOR or stage.asks_somebody):
        _escalate(action, stage, actor, at, now)
    else:
        _expire(action, actor, at, "No one decided before the due time")
    return True


def _due(limit: int) -> Iterator[uuid.UUID]:
    now = db.now()
    late = Q(expires_at__lte=now, state__in=OPEN) | Q(until__lte=now, state__in=OPEN)
    late |= Q(due_at__lte=now, state=ActionState.PENDING)
    yield from Action.objects.filter(late).order_by("id").values_list("pk", flat=True)[:limit]
    unused = Execution.objects.filter(state=ExecutionState.READY, expires_at__lte=now)
    yield from unused.order_by("expires_at").values_list("action_id", flat=True)[:limit]


def _is_past(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment <= now


def _end_approval(action: Action, actor: Actor, at: datetime, now: datetime) -> bool:
    execution = schedule.current(action)
    if execution is None or execution.state != ExecutionState.READY or execution.expires_at > now:
        return False
    attempts.expire(LockedExecution(action, execution), actor, at)
    return True


def _expire(action: Action, actor: Actor, at: datetime, why: str) -> None:
    """Its own decision, by a deadline: not a rejection."""
    data = {"round": action.round, "revision": action.revision.number, "digest": action.revision.digest}
    fact = Event(actor, at, "action.expired", why, data)
    stage = stages.close(action, fact, StageState.EXPIRED)
    before = action.state
    action.expire()
    action.decided_at = at
    entry = entries.record_transition(action, fact, state_from=before)
    decision = record.compose(action, fact, DecisionType.EXPIRE, DecisionSource.DEADLINE, stage=stage)
    record.save(decision, entry.pk)


def _escalate(action: Action, stage: Stage, actor: Actor, at: datetime, now: datetime) -> None:
    """Seniors get the same time again; after that it ends."""
    fact = Event(
        actor,
        at,
        "stage.escalated",
        "No one decided before the due time; escalated to senior reviewers",
        {"round": action.round},
    )
    due_times.again(stage, now, action.client)
    stage.on_timeout = "expire"
    quorum = evaluate.quorum_for(action.action_type, Tier.SENIOR)
    stages.raise_bar(action, stage, Tier.SENIOR, quorum, fact)
    entries.record_event(action, fact, is_changed=True)
    queue.notify(action, stage, fact)
