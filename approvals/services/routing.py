"""Routing: a proposed action is judged and goes its way; run by Celery, or by the clock when no bell rang."""

import uuid
from collections.abc import Callable
from datetime import datetime

import structlog
from django.db import DatabaseError, InterfaceError, OperationalError

from approvals.actors import Actor
from approvals.db import errand, service
from approvals.errors import Expired, Refused, WrongState
from approvals.models import Action, Decision
from approvals.services import locks
from approvals.services.automation import apply, sampling
from approvals.services.execution import schedule
from approvals.services.ledger import entries
from approvals.services.ledger.entries import Event
from approvals.services.notifications import owners, queue
from approvals.services.plans import stages
from approvals.services.policy import counters, evaluate
from approvals.states import ActionState, DecisionSource, DecisionType
from policies.engine.evaluation.result import Evaluation
from policies.engine.values.vocabulary import Route

log = structlog.get_logger()


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
    action.amount_base = evaluate.in_base(action.amount, action.currency, at)
    evaluation, flags = evaluate.evaluate_revision(action, action.revision.payload, at, count=counters.hold)
    evaluate.record(action, evaluation, flags, action.revision.number, at)
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
    routed = 0
    for action_id in waiting[:limit]:
        try:
            route(actor=actor, at=clock(), action_id=action_id)
            routed += 1
        except Refused as refusal:
            log.debug("route.passed_over", action=str(action_id), code=refusal.code)
        except (OperationalError, InterfaceError):
            raise
        except (DatabaseError, ValueError, TypeError, ArithmeticError, LookupError, RuntimeError) as error:
            log.error("route.failed", action=str(action_id), error=repr(error), exc_info=True)
    return routed


def _send(action: Action, evaluation: Evaluation, actor: Actor, at: datetime) -> None:
    if action.overrides_id:
        _reconsider(action, evaluation, actor, at)
    elif word := apply.match_rules(action, evaluation, actor, at):
        _stand(action, word, actor, at)
    elif evaluation.outcome is Route.AUTO and action.halt_id:
        _stop(action, actor, at)
    elif evaluation.outcome is Route.AUTO:
        _run(action, actor, at)
    elif evaluation.outcome is Route.BLOCK:
        _block(action, actor, at)
    else:
        _queue(action, evaluation, actor, at)


def _stand(action: Action, word: apply.RuleMatch, actor: Actor, at: datetime) -> None:
    apply.carry_out(action, word, actor, at)
    if word.verdict is DecisionType.APPROVE:
        sampling.draw(action, word.rule, actor, at)


def _run(action: Action, actor: Actor, at: datetime) -> None:
    fact = _fact(action, actor, at, "decision.approved", "Approved by policy")
    action.approve()
    action.decided_at = at
    entry = entries.record_transition(action, fact, state_from=ActionState.PROPOSED)
    _decide(action, DecisionType.APPROVE, fact, entry.pk)
    target = schedule.target_digest(action.action_type)
    schedule.make_ready(action, action.revision, action.revision.digest, fact, is_person=False, target=target)
    sampling.draw(action, None, actor, at)


def _block(action: Action, actor: Actor, at: datetime) -> None:
    fact = _fact(action, actor, at, "decision.rejected", "Blocked by policy")
    action.reject()
    action.decided_at = at
    entry = entries.record_transition(action, fact, state_from=ActionState.PROPOSED)
    _decide(action, DecisionType.REJECT, fact, entry.pk)


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


def _decide(action: Action, verdict: DecisionType, fact: Event, entry_id: uuid.UUID) -> None:
    Decision.objects.create(
        action=action,
        round=action.round,
        revision=action.revision,
        digest=action.revision.digest,
        evaluation=action.evaluation,
        verdict=verdict,
        source=DecisionSource.POLICY,
        door=fact.actor.door,
        is_final=True,
        at=fact.at,
        entry_id=entry_id,
    )


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
