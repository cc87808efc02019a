"""What every attempt at carrying an action out has in common: what is asked first, and how it is written down. Steps.

The intent is committed before anything leaves; the answer is stored only by whoever still holds the fence.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from approvals import conf
from approvals.actors import Actor
from approvals.connectors.base import Order
from approvals.connectors.registry import faults_of
from approvals.db import database_now
from approvals.models import Action, Attempt, Decision, Execution, Stage
from approvals.models.executions import AttemptStep
from approvals.queries.record import stages
from approvals.services.execution import processes, schedule
from approvals.services.ledger import entries
from approvals.services.ledger.entries import Event
from approvals.services.notifications import queue
from approvals.services.payloads import revisions
from approvals.services.plans import stages as plan_stages
from approvals.services.policy import evaluate, overrides
from approvals.states import GRANTED, GRANTS, ExecutionMode, Tier
from policies.engine.evaluation.result import Evaluation
from policies.engine.values.canonical import canonical_bytes, holds_nul
from policies.engine.values.vocabulary import Route

MAX_ATTEMPTS = 10
MAX_WAIT = timedelta(minutes=5)
MAX_ERROR = 2_000


@dataclass(frozen=True, slots=True)
class Lease:
    """A lease on one execution: whoever holds its latest fence may act on it."""

    execution_id: uuid.UUID
    action_id: uuid.UUID
    fence: int


@dataclass(frozen=True)
class LockedExecution:
    """A claimed execution and its action, both locked."""

    action: Action
    execution: Execution

    @cached_property
    def now(self) -> datetime:
        """The database's time, asked once."""
        return database_now()

    @property
    def lease(self) -> datetime:
        """Until when a call that starts now may take."""
        return self.now + timedelta(seconds=conf.lease_seconds())


def lock_execution(claim: Lease) -> LockedExecution:
    """Lock what was claimed, the action first: everybody locks in this order.

    What belongs to the two is read when it is asked for: storing an answer needs neither type nor payload.
    """
    action = Action.objects.select_for_update().get(pk=claim.action_id)
    return LockedExecution(action, Execution.objects.select_for_update().get(pk=claim.execution_id))


def changes(held: LockedExecution, states: frozenset[str] = GRANTED) -> Iterator[str]:
    """Say what is no longer as it was when it was decided; nothing when it may go ahead."""
    action, execution = held.action, held.execution
    kind, revision = action.action_type, execution.revision
    if action.state not in states or execution.round != action.round or revision.pk != action.revision_id:
        yield f"the action is {action.state} in round {action.round}"
    if execution.digest not in {revision.digest} & {_digest_now(action, execution)}:
        yield "the stored payload is not the one that was approved"
    if execution.target_digest != schedule.target_digest(kind):
        yield "the connector, its target or the risk settings of this action type have changed"
    if revision.type_version != kind.version:
        yield f"the schema of {kind.name} has changed"
    if not kind.is_active or not action.agent.is_active:
        yield "the action type or the agent is no longer active"
    if execution.mode == ExecutionMode.CONNECTOR:
        yield from faults_of(execution.connector, kind.target)


def stricter(held: LockedExecution, at: datetime) -> Tier | None:
    """The tier that policy asks for by now, when that is more than who granted it had; None when it may go ahead.

    An evaluation that changed is recorded; the caller saves the action.
    """
    action = held.action
    documents = evaluate.documents_for(action.action_type)
    ruled = action.evaluation.content["policies"] if action.evaluation else []
    if [document.digest for document in documents] == [item["digest"] for item in ruled]:
        return None
    evaluation, flags = evaluate.evaluate_revision(action, action.revision.payload, at, documents=documents)
    had = min((tier or 0 for tier in _granted(action, action.round).values_list("tier", flat=True)), default=0)
    is_overridden = overrides.covers(action, evaluation)
    if evaluation.outcome is Route.BLOCK and not is_overridden:
        needed = Tier.SENIOR
    elif evaluation.outcome is Route.AUTO or is_overridden or (evaluation.tier and _is_met(action, evaluation, had)):
        return None
    else:
        needed = plan_stages.TIERS[evaluation.tier] if evaluation.tier else Tier.SENIOR
    evaluate.record(action, evaluation, flags, action.revision.number, at)
    return needed


def _is_met(action: Action, evaluation: Evaluation, had: int) -> bool:
    """Whether those who granted it are as many, and of as high a tier, as policy asks for by now; stage by stage."""
    rows = stages.as_it_stands(Stage.objects.filter(action=action), action.round)
    return not plan_stages.missing_steps(evaluation, rows, had)


def _granted(action: Action, round_number: int) -> QuerySet[Decision]:
    """What people decided for the revision as it stands, in whatever stage, last first."""
    given = action.decisions.filter(round=round_number, verdict__in=GRANTS, person__isnull=False)
    return given.filter(digest=action.revision.digest).order_by("-at")


def begin(held: LockedExecution, fact: Event, state_from: str = "") -> None:
    """Write down the intent of one more attempt: its row, the lease, and the ledger's entry; nothing was sent yet."""
    execution = held.execution
    write(execution, AttemptStep.DISPATCHING, fact.at, processes.myself())
    entries.save_with_history(execution, fact)
    if state_from:
        entries.record_transition(held.action, fact, state_from=state_from)
    else:
        entries.record_event(held.action, fact)


def write(execution: Execution, step: AttemptStep, at: datetime, detail: str, fence: int | None = None) -> Attempt:
    """Write one step of the current attempt down."""
    return Attempt.objects.create(
        execution=execution,
        number=max(execution.attempts, 1),
        step=step,
        fence=execution.fence if fence is None else fence,
        at=at,
        detail=cleaned(detail),
    )


def expire(held: LockedExecution, actor: Actor, at: datetime) -> None:
    """The approval was valid for a time, and nothing ran in it."""
    fact = Event(actor, at, "action.expired", "The approval expired before execution", about(held))
    held.execution.cancel(at, fact.reason)
    entries.save_with_history(held.execution, fact)
    before = held.action.state
    held.action.expire()
    entries.record_transition(held.action, fact, state_from=before)


def refuse(held: LockedExecution, actor: Actor, at: datetime, why: str, tier: Tier | None = None) -> None:
    """Do not carry it out: it goes back to people in a new round, and the record says why."""
    action = held.action
    fact = Event(actor, at, "execution.refused", f"Not executed: {why}", about(held) | {"why": why})
    held.execution.cancel(at, fact.reason)
    entries.save_with_history(held.execution, fact)
    if action.state not in GRANTED:
        entries.record_event(action, fact)
        return
    before, former = action.state, plan_stages.latest(action)
    action.return_to_review()
    action.decided_at = None
    stage = plan_stages.open_again(action, former, fact)
    if tier is not None:
        _ask_more(action, stage, tier, fact)
    entries.record_transition(action, fact, state_from=before)
    queue.notify(action, stage, fact)


def _ask_more(action: Action, stage: Stage, tier: Tier, fact: Event) -> None:
    """What policy asks for by now, beyond the plan that was gone through before."""
    if action.evaluation is not None:
        steps = plan_stages.missing_steps(
            Evaluation.from_json(action.evaluation.content), plan_stages.unfinished(action)
        )
        plan_stages.extend(action, plan_stages.unfinished(action), steps, fact)
    plan_stages.ensure_stage(action, tier, evaluate.quorum_for(action.action_type, tier), fact)


def order_of(held: LockedExecution) -> Order:
    """What is handed to the connector: the stored bytes, under the key that never changes."""
    action, execution = held.action, held.execution
    granted = list(_granted(action, execution.round).values("person", "is_exception"))
    return Order(
        key=execution.key,
        action=str(action.pk),
        action_type=action.action_type.name,
        agent=action.agent.name,
        revision=execution.revision.number,
        body=execution.revision.body,
        target=action.action_type.target,
        attempt=execution.attempts,
        approved_by=granted[0]["person"] if granted else None,
        is_exception=any(each["is_exception"] for each in granted),
    )


def about(held: LockedExecution) -> dict[str, Any]:
    """What entries say of an execution."""
    execution = held.execution
    return {"execution": str(execution.pk), "key": execution.key, "attempt": execution.attempts}


def next_look(held: LockedExecution) -> datetime:
    """When to try or to look again: later and later."""
    return held.now + min(timedelta(seconds=2**held.execution.attempts), MAX_WAIT)


def cleaned(text: str) -> str:
    """Text from elsewhere, as a database takes it."""
    return text.encode(errors="replace").decode().replace("\x00", "\ufffd")[:MAX_ERROR]


def storable(value: Any) -> Any:
    """A result from elsewhere, as a database takes it; what is no clean JSON is kept as text."""
    try:
        if not holds_nul(canonical_bytes(value)):
            return value
    except ValueError:
        # Not JSON, or with text that no database holds: described instead.
        pass
    return {"text": cleaned(repr(value))}


def _digest_now(action: Action, execution: Execution) -> str:
    revision = execution.revision
    try:
        payload = revision.payload
    except ValueError:
        return ""
    return revisions.digest_of(
        action_id=action.pk,
        number=revision.number,
        type_name=action.action_type.name,
        type_version=revision.type_version,
        agent_name=action.agent.name,
        payload=payload,
        nonce=revision.nonce,
    )
