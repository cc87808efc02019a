"""Routing: a proposed action is judged and goes its way; run by Celery, or by the clock when no bell rang."""

import uuid
from collections.abc import Callable
from datetime import datetime

from approvals.actors import Actor
from approvals.errors import Expired, WrongState
from approvals.models import Action
from approvals.services import locks, sweeps
from approvals.services.automation import apply, match, sampling
from approvals.services.automation.match import RuleMatch
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
    evaluate.update_worth(action, at)
    evaluation = _judge(action, at)
    action.routed_at = at
    _send(action, evaluation, actor, at)
    owners.notify(action, at)
    return action


@errand
def route_ready(*, actor: Actor, clock: Callable[[], datetime], limit: int = 500) -> int:
    """Route up to ``limit`` waiting actions, oldest first, each in a transaction of its own; return how many.

    One that fails is logged and left for the next round, where it shows as unrouted; it never holds up the others.
    """
    waiting = (
        Action.objects.filter(state=ActionState.PROPOSED, next_lookup_at=None)
        .order_by("id")
        .values_list("pk", flat=True)
    )

    def take(action_id: uuid.UUID) -> Action:
        return route(actor=actor, at=clock(), action_id=action_id)

    return sweeps.for_each("route", waiting[:limit], take).done


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
        _stop(action, actor, at)
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


def _stop(action: Action, actor: Actor, at: datetime) -> None:
    """Nothing is approved by itself under a halt: a senior looks, once it is lifted."""
    fact = _fact(
        action,
        actor,
        at,
        "action.routed",
        "Sent to review because of a halt; would have run automatically under policy",
    )
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
