"""What every attempt at carrying an action out has in common: its locks, and how it is written down. Steps.

The intent is committed before anything leaves; the answer is stored only by whoever still holds the fence.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Case, UUIDField, When

from approvals import asked, conf
from approvals.actors import Actor
from approvals.connectors.registry import has_check
from approvals.models import Action, Attempt, Decision, Execution, Stage
from approvals.models.executions import AttemptStep
from approvals.queries.record.related import parents
from approvals.services import locks, processes
from approvals.services.ledger import entries
from approvals.services.ledger.entries import Event
from approvals.services.notifications import queue
from approvals.services.plans import matching
from approvals.services.plans import stages as plan_stages
from approvals.services.policy import evaluate
from approvals.services.safety import flow
from approvals.states import GRANTED, GRANTS, ExecutionState, Tier
from policies import db, unit, writes
from policies.compiled import Among, Compiled
from policies.engine.evaluation.result import Evaluation
from policies.engine.values.canonical import canonical_bytes, holds_nul

MAX_ATTEMPTS = 10
# So many leases in a row whose workers said nothing: they died, or failed before they could.
MAX_LAPSES = 5
# 1 where an earlier lease was never given back: its worker died, or failed before it could say so.
LAPSED = Case(When(leased_until__isnull=False, then=1), default=0)
_IDS = UUIDField()
_ACTIONS: Compiled[Action] = Compiled(
    lambda: Action.objects.select_for_update(no_key=True).filter(Among("pk", "ids", _IDS)).order_by("pk")
)
_EXECUTIONS: Compiled[Execution] = Compiled(
    lambda: (
        parents.with_awaiting(flow.with_touched(Execution.objects.select_for_update(no_key=True)))
        .filter(Among("pk", "ids", _IDS))
        .order_by("pk")
    )
)
_GRANTS: Compiled[Decision] = Compiled(
    lambda: (
        Decision.objects.filter(Among("action_id", "ids", _IDS), verdict__in=GRANTS)
        .select_related("evaluation")
        .order_by("-at")
    )
)
_STAGES: Compiled[Stage] = Compiled(lambda: Stage.objects.filter(Among("action_id", "ids", _IDS)))
MAX_WAIT = timedelta(minutes=5)
MAX_ERROR = 2_000


@dataclass(frozen=True, slots=True)
class Lease:
    """A lease on one execution: whoever holds its latest fence may act on it.

    ``rechecks`` tells that lookups are repeated before it is dispatched, ``checks`` that the connector is asked then,
    and ``connector`` who is called. ``is_poison`` tells that too many workers said nothing after they had taken it, and
    ``has_attachments`` that documents must be there before it is dispatched.
    """

    execution_id: uuid.UUID
    action_id: uuid.UUID
    fence: int
    rechecks: bool = False
    connector: str = ""
    checks: bool = False
    is_poison: bool = False
    has_attachments: bool = False

    @classmethod
    def of(cls, row: Execution) -> "Lease":
        """The lease that was just taken on an execution, which is as it was before."""
        poison = row.lapses + (row.leased_until is not None) >= MAX_LAPSES
        rechecks, checks = vars(row).get("rechecks", False), has_check(row.connector)
        has_attachments = vars(row).get("documents") is not None
        return cls(row.pk, row.action_id, row.fence + 1, rechecks, row.connector, checks, poison, has_attachments)

    @property
    def is_alone(self) -> bool:
        """Whether something is asked for it before it is dispatched, so that it is dispatched alone."""
        return self.rechecks or self.checks or self.is_poison or self.has_attachments


@dataclass(frozen=True)
class LockedExecution:
    """A claimed execution and its action, both locked."""

    action: Action
    execution: Execution

    @cached_property
    def now(self) -> datetime:
        """The database's time, asked once."""
        return asked.once("now", db.now)

    @cached_property
    def grants(self) -> list[Decision]:
        """What lets the revision run, by people or otherwise, last first; read once."""
        rows = self.action.decisions.filter(round=self.execution.round, verdict__in=GRANTS)
        rows = rows.filter(digest=self.execution.digest).select_related("evaluation").order_by("-at")
        return self.granted_by(list(rows))

    def granted_by(self, found: list[Decision]) -> list[Decision]:
        """These decisions, which share the action's rows where they name the same."""
        for each in found:
            each.action = self.action
            if each.revision_id == self.action.revision_id:
                each.revision = self.action.revision
            if each.evaluation_id == self.action.evaluation_id:
                self.action.evaluation = each.evaluation
        return found

    @cached_property
    def stages(self) -> list[Stage]:
        """The stages of the round; read once."""
        return list(self.action.stages.filter(round=self.execution.round))

    def is_running_under(self, claim: Lease) -> bool:
        """Whether it was sent, and this claim is still the one that it is carried out under."""
        return self.execution.fence == claim.fence and self.execution.state == ExecutionState.RUNNING

    @property
    def lease(self) -> datetime:
        """Until when a call that starts now may take."""
        return self.now + timedelta(seconds=conf.lease_seconds())


def suspect_alone(rows: list[Execution]) -> list[Execution]:
    """Those to lease together: what workers may have died of is taken alone, so that it takes no other with it."""
    first = next((place for place, row in enumerate(rows) if _is_suspect(row)), len(rows))
    return rows[:first] or rows[:1]


def patience(rows: list[Execution]) -> timedelta:
    """How long a lease on these lasts: longer and longer where it has lapsed, so that a fault can be fixed in time."""
    lapses = max((row.lapses + _is_suspect(row) for row in rows), default=0)
    return timedelta(seconds=conf.lease_seconds() * 2**lapses)


def _is_suspect(row: Execution) -> bool:
    return bool(row.lapses) or row.leased_until is not None


def lock_execution(claim: Lease) -> LockedExecution:
    """Lock what was claimed, the action first: everybody locks in this order.

    What belongs to the two is read when it is asked for: storing an answer needs neither type nor payload.
    """
    action = Action.objects.select_for_update(no_key=True).get(pk=claim.action_id)
    return LockedExecution(action, _EXECUTIONS.all(ids=[claim.execution_id])[0])


def read_execution(claim: Lease) -> LockedExecution:
    """Read what was claimed without a lock, for a question that is asked outside any transaction."""
    action = Action.objects.get(pk=claim.action_id)
    return LockedExecution(action, Execution.objects.get(pk=claim.execution_id))


def lock_executions(claims: Sequence[Lease]) -> list[tuple[Lease, LockedExecution]]:
    """Lock what was claimed and nobody else holds, with all that a dispatch asks; a few statements for all."""
    actions = {action.pk: action for action in locks.actions([claim.action_id for claim in claims])}
    mine = [claim for claim in claims if claim.action_id in actions]
    executions = {row.pk: row for row in _EXECUTIONS.all(ids=[claim.execution_id for claim in mine])}
    held = [(claim, LockedExecution(actions[claim.action_id], executions[claim.execution_id])) for claim in mine]
    grants, stages = _grants_of(actions), _stages_of(actions)
    for _claim, each in held:
        action, execution = each.action, each.execution
        if execution.revision_id == action.revision_id:
            execution.revision = action.revision
        found = [row for row in grants[action.pk] if row.round == execution.round and row.digest == execution.digest]
        vars(each)["grants"] = each.granted_by(found)
        vars(each)["stages"] = [row for row in stages[action.pk] if row.round == execution.round]
    return held


def lock_answered(claims: Sequence[Lease]) -> list[LockedExecution]:
    """Lock what answers came for, in one order for all workers; storing an answer needs no more than the two rows."""
    actions = {row.pk: row for row in _ACTIONS.all(ids={claim.action_id for claim in claims})}
    executions = {row.pk: row for row in _EXECUTIONS.all(ids=[claim.execution_id for claim in claims])}
    return [LockedExecution(actions[claim.action_id], executions[claim.execution_id]) for claim in claims]


def _grants_of(actions: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Decision]]:
    found = defaultdict(list)
    for row in _GRANTS.all(ids=actions):
        found[row.action_id].append(row)
    return found


def _stages_of(actions: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Stage]]:
    found = defaultdict(list)
    for row in _STAGES.all(ids=actions):
        found[row.action_id].append(row)
    return found


def begin(held: LockedExecution, fact: Event, state_from: str = "") -> Attempt:
    """Write down the intent of one more attempt: its row, the lease, and the ledger's entry; nothing was sent yet."""
    execution = held.execution
    attempt = write(execution, AttemptStep.DISPATCHING, fact.at, processes.myself())
    unit.update(execution)
    if state_from:
        entries.record_transition(held.action, fact, state_from=state_from)
    else:
        entries.record_event(held.action, fact)
    return attempt


def write(execution: Execution, step: AttemptStep, at: datetime, detail: str, fence: int | None = None) -> Attempt:
    """Write one step of the current attempt down."""
    attempt = writes.made(
        Attempt,
        execution=execution,
        number=max(execution.attempts, 1),
        step=step,
        fence=execution.fence if fence is None else fence,
        at=at,
        detail=cleaned(detail),
    )
    unit.insert(attempt)
    return attempt


def expire(held: LockedExecution, actor: Actor, at: datetime) -> None:
    """The approval was valid for a time, and nothing ran in it."""
    until, expires = held.execution.revision.until, held.execution.expires_at
    has_ended = until is not None and until <= expires
    why = "Its end came before it was executed" if has_ended else "The approval expired before execution"
    fact = Event(actor, at, "action.expired", why, about(held))
    held.execution.cancel(at, fact.reason)
    unit.update(held.execution)
    before = held.action.state
    held.action.expire()
    entries.record_transition(held.action, fact, state_from=before)


def postpone(held: LockedExecution, actor: Actor, at: datetime, error: str, until: datetime) -> None:
    """Try, or look, again later; the lease says when."""
    held.execution.leased_until, held.execution.lapses = until, 0
    held.execution.error = cleaned(error)
    fact = Event(actor, at, "execution.postponed", "Another attempt scheduled", about(held))
    unit.update(held.execution)
    entries.record_event(held.action, fact)


def refuse(held: LockedExecution, actor: Actor, at: datetime, why: str, tier: Tier | None = None) -> None:
    """Do not carry it out: it goes back to people in a new round, and the record says why."""
    action = held.action
    fact = Event(actor, at, "execution.refused", f"Not executed: {why}", about(held) | {"why": why})
    held.execution.cancel(at, fact.reason)
    unit.update(held.execution)
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
        steps = matching.missing_steps(Evaluation.from_json(action.evaluation.content), plan_stages.unfinished(action))
        plan_stages.extend(action, plan_stages.unfinished(action), steps, fact)
    plan_stages.ensure_stage(action, tier, evaluate.quorum_for(action.action_type, tier), fact)


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


def unanswered(execution: Execution) -> set[int]:
    """The numbers of the attempts that may have had their effect, for all that is written down.

    1. An attempt without a `dispatching` step was not sent.
    2. One with a `failed` step had no effect: nothing left, or the other side said no, or a look-up showed it.
    3. Every other one is unanswered; `uncertain` and `late` steps answer nothing.
    """
    steps = list(Attempt.objects.filter(execution=execution).values_list("number", "step"))
    sent = {number for number, step in steps if step == AttemptStep.DISPATCHING}
    return sent - {number for number, step in steps if step == AttemptStep.FAILED}
