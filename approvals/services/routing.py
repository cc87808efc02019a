"""Routing: a proposed action is judged and goes its way; run by Celery, or by the clock when no bell rang.

A backlog is routed in batches: what the actions of one ask alike is asked once, and all is written at its end.
"""

import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from django.db.models import QuerySet

from approvals import asked
from approvals.actors import Actor
from approvals.errors import Expired, WrongState
from approvals.models import Action
from approvals.models.deliveries import CHANGE_REQUESTED
from approvals.services import locks, sweeps, turns
from approvals.services.automation import apply, match, sampling
from approvals.services.automation.match import RuleMatch
from approvals.services.catalog import proposed_changes
from approvals.services.decisions import record
from approvals.services.execution import schedule
from approvals.services.ledger import entries
from approvals.services.ledger.entries import Event
from approvals.services.notifications import owners, queue
from approvals.services.plans import stages
from approvals.services.policy import budgets, evaluate
from approvals.states import ActionState, DecisionSource, DecisionType
from policies.db import errand, service
from policies.engine.evaluation.result import Evaluation
from policies.engine.values.vocabulary import Route

# Who comes meanwhile waits behind so many at most.
AT_ONCE = 50
TURNS: turns.Turns[Action] = turns.Turns("id")
HALTED = "Sent to review because of a halt; would have run automatically under policy"
FORGED = "Sent to review because its settings were changed outside HITL; would have run automatically under policy"


@service
def route(*, actor: Actor, at: datetime, action_id: uuid.UUID) -> Action:
    """Judge a proposed action and send it on: to execution, to a person, or back to its agent as blocked.

    :raises NotFound: there is no such action, or another worker has it in hand.
    :raises WrongState: it was routed before, or its facts are still being looked up.
    :raises Expired: its time is over; the sweep ends it.
    """
    action = locks.action(action_id, skip=True)
    if action.state != ActionState.PROPOSED:
        raise WrongState(state=action.state)
    if action.next_lookup_at is not None:
        raise WrongState("Lookups for this action are still running. Try again shortly.", state=action.state)
    if stages.is_over(action, actor, at):
        raise Expired()
    with asked.together():
        _hold([action])
        _route(action, actor, at)
    return action


@service
def route_together(*, actor: Actor, at: datetime, action_ids: Sequence[uuid.UUID]) -> int:
    """Route those of these actions that wait, in one transaction; return how many.

    What another worker has in hand is passed over, and what has expired is left to the sweep. Each is judged after
    those before it were sent on, so that it sees what they spent.
    """
    with asked.together():
        waiting = [action for action in locks.actions(action_ids) if _is_waiting(action, actor, at)]
        _hold(waiting)
        evaluate.read_ahead(waiting)
        for action in waiting:
            _route(action, actor, at)
    return len(waiting)


def _hold(waiting: Sequence[Action]) -> None:
    """Take the locks that judging these would wait for, totals first, and only then read what it goes by."""
    has_totals = evaluate.hold_ahead(waiting)
    if match.lock_ahead(waiting) or has_totals:
        evaluate.forget_documents()
        locks.read_again(waiting)


def _is_waiting(action: Action, actor: Actor, at: datetime) -> bool:
    is_ready = action.state == ActionState.PROPOSED and action.next_lookup_at is None
    return is_ready and not stages.is_over(action, actor, at)


def _route(action: Action, actor: Actor, at: datetime) -> None:
    evaluate.update_worth(action, at)
    evaluation = _judge(action, at)
    action.routed_at = at
    _send(action, evaluation, actor, at)
    owners.notify(action, at)
    if action.action_type.is_configuration:
        told = proposed_changes.concerned(proposed_changes.of(action))
        queue.notify_people(action, told, _fact(action, actor, at, CHANGE_REQUESTED, "Change requested"))


@errand
def route_ready(
    *, actor: Actor, clock: Callable[[], datetime], limit: int = 500, is_stopping: Callable[[], bool] = lambda: False
) -> int:
    """Route up to ``limit`` waiting actions, a batch in one transaction; return how many.

    Agents take turns, each with its oldest. One that fails is logged and left for the next round, where it shows as
    unrouted; it never holds up the others.
    """

    def take_together(action_ids: Sequence[uuid.UUID]) -> int:
        return route_together(actor=actor, at=clock(), action_ids=action_ids)

    def take(action_id: uuid.UUID) -> Action:
        return route(actor=actor, at=clock(), action_id=action_id)

    return sweeps.in_batches("route", _in_turn(limit, is_stopping), take_together, take).done


def is_due() -> bool:
    """Whether any action waits to be routed; in one statement."""
    return TURNS.has_any(_waiting())


def _waiting() -> QuerySet[Action]:
    return Action.objects.filter(state=ActionState.PROPOSED, next_lookup_at=None)


def _in_turn(limit: int, is_stopping: Callable[[], bool]) -> Iterator[list[uuid.UUID]]:
    """Yield what waits, each once, a few at a time, so that nobody waits behind a long list."""
    tried: set[uuid.UUID] = set()
    left_over: set[uuid.UUID] = set()
    while len(tried) < limit and not is_stopping():
        found = TURNS.first(_waiting().exclude(pk__in=left_over), min(AT_ONCE, limit - len(tried)))
        if not found:
            return
        left_over |= tried.intersection(found)
        if fresh := [action_id for action_id in found if action_id not in tried]:
            tried.update(fresh)
            yield fresh


def _judge(action: Action, at: datetime) -> Evaluation:
    """Rule on a proposal and keep the evaluation."""
    # Held until the end of the transaction: of many proposals at once no two see the same room.
    documents = evaluate.documents_for(action.action_type)
    counted = budgets.hold(action, documents, at)
    evaluation, flags = evaluate.evaluate_revision(
        action, action.revision.payload, at, documents=documents, counted=counted
    )
    evaluate.record(action, evaluation, flags, action.revision.number, at)
    return evaluation


def _send(action: Action, evaluation: Evaluation, actor: Actor, at: datetime) -> None:
    if action.overrides_id:
        _reconsider(action, evaluation, actor, at)
        return
    found = match.match_rules(action, evaluation, actor, at)
    apply.end_all(found.ended, actor, at)
    if found.match is not None:
        _stand(action, found.match, actor, at)
    elif evaluation.outcome is Route.AUTO and locks.halt_of(action):
        _stop(action, HALTED, actor, at)
    elif evaluation.outcome is Route.AUTO and not _is_as_saved(action):
        _stop(action, FORGED, actor, at)
    elif evaluation.outcome is Route.AUTO:
        _run(action, actor, at)
    elif evaluation.outcome is Route.BLOCK:
        _block(action, actor, at)
    else:
        _queue(action, evaluation, actor, at)


def _stand(action: Action, word: RuleMatch, actor: Actor, at: datetime) -> None:
    apply.carry_out(action, word, actor, at)
    if word.verdict is DecisionType.APPROVE:
        sampling.draw(action, word.rule, actor, at)


def _run(action: Action, actor: Actor, at: datetime) -> None:
    fact = _fact(action, actor, at, "decision.approved", "Approved by policy")
    action.approve()
    action.decided_at = at
    entry = entries.record_transition(action, fact, state_from=ActionState.PROPOSED)
    target = schedule.target_digest(action.action_type)
    decision = record.compose(action, fact, DecisionType.APPROVE, DecisionSource.POLICY, target_digest=target)
    record.save(decision, entry.pk)
    schedule.make_ready(action, action.revision, action.revision.digest, fact, is_person=False, target=target)
    sampling.draw(action, None, actor, at)


def _block(action: Action, actor: Actor, at: datetime) -> None:
    fact = _fact(action, actor, at, "decision.rejected", "Blocked by policy")
    action.reject()
    action.decided_at = at
    entry = entries.record_transition(action, fact, state_from=ActionState.PROPOSED)
    record.save(record.compose(action, fact, DecisionType.REJECT, DecisionSource.POLICY), entry.pk)


def _queue(action: Action, evaluation: Evaluation, actor: Actor, at: datetime) -> None:
    fact = _fact(action, actor, at, "action.routed", "Sent to review by policy")
    _open(action, evaluation, fact)


def _is_as_saved(action: Action) -> bool:
    """Whether what policy went by is as HITL saved it."""
    rows = (action.action_type, action.agent, action.desk)
    return asked.once(("as saved", *(row.pk for row in rows)), lambda: all(row.is_sealed for row in rows))


def _stop(action: Action, why: str, actor: Actor, at: datetime) -> None:
    """Nothing is approved by itself under a halt, once it is lifted, or by forged settings: a senior looks."""
    fact = _fact(action, actor, at, "action.routed", why)
    stage = stages.open_again(action, None, fact)
    action.queue()
    entries.record_transition(action, fact, state_from=ActionState.PROPOSED)
    queue.notify(action, stage, fact)


def _reconsider(action: Action, evaluation: Evaluation, actor: Actor, at: datetime) -> None:
    """Whatever policy says by now of what was reopened, seniors look; it never runs by itself."""
    fact = _fact(action, actor, at, "action.routed", "Sent to a senior reviewer because it overrides policy")
    _open(action, evaluate.with_seniors(action.action_type, evaluation), fact)


def _open(action: Action, evaluation: Evaluation, fact: Event) -> None:
    stage = stages.open_first(action, evaluation, fact)
    action.queue()
    entries.record_transition(action, fact, state_from=ActionState.PROPOSED)
    queue.notify(action, stage, fact)


def _fact(action: Action, actor: Actor, at: datetime, event: str, said: str) -> Event:
    policy_evaluation = action.evaluation
    if policy_evaluation is None:
        raise WrongState("The action has not been evaluated yet. Try again shortly.")
    rules = ", ".join(policy_evaluation.rules[:5])
    data = {
        "revision": action.revision.number,
        "digest": action.revision.digest,
        "evaluation": policy_evaluation.digest,
    }
    return Event(
        actor, at, event, f"{said} {policy_evaluation.policy}: {rules}", data | {"rules": policy_evaluation.rules}
    )
