"""What lets an action run once its plan is gone through, and how a check takes it on. Steps, on a locked action."""

import uuid
from collections.abc import Callable
from functools import partial

from approvals.models import Action, Decision, Stage
from approvals.queries.record.plans import plan_of
from approvals.services.execution import schedule
from approvals.services.ledger import entries
from approvals.services.ledger.entries import Event
from approvals.services.notifications import queue
from approvals.services.payloads import targets
from approvals.services.plans import stages as plan_stages
from approvals.states import GRANTS, ActionState, DecisionSource, DecisionType, StageState
from policies.engine.values.vocabulary import OnFail


def grant(action: Action, fact: Event, target: str, write: Callable[[uuid.UUID], Decision]) -> Decision:
    """Let the action run as people decided; ``write`` writes the final decision for an entry, given its id.

    ``target`` is the digest of how it is carried out that the people named.
    """
    action.decided_at = fact.at
    if action.revision.number > 1:
        action.modify()
    else:
        action.approve()
    entry = entries.record_transition(action, fact, state_from=ActionState.PENDING)
    decision = write(entry.pk)
    schedule.make_ready(action, action.revision, action.revision.digest, fact, is_person=True, target=target)
    return decision


def is_otherwise(action: Action) -> bool:
    """Whether people of a stage that is satisfied approved that it is carried out otherwise than it would be now."""
    rows = plan_of(action)
    satisfied = [row.pk for row in rows if row.state == StageState.SATISFIED and not row.is_check]
    given = Decision.objects.filter(stage__in=satisfied, verdict__in=GRANTS).order_by("at", "id")
    # The last approval of a stage is the one that met its quorum.
    named = dict(given.values_list("stage", "target_digest"))
    now = targets.digest(action.action_type)
    return any(named.get(stage) != now for stage in satisfied)


def check_passed(action: Action, stage: Stage, fact: Event) -> Stage | Decision:
    """Close the open check as satisfied: the next stage opens, or what the people before decided is granted.

    Where it would be carried out otherwise than those people approved, all are asked again.
    """
    if is_otherwise(action):
        restarted = plan_stages.restart_round_after_edit(action, fact)
        return _noted(action, restarted.open_stage or stage, fact)
    following = plan_stages.advance(action, stage, plan_stages.unfinished(action)[1:], fact)
    if following is None:
        decided = partial(_decided, action, stage, fact, verdict=DecisionType.APPROVE)
        return grant(action, fact, targets.digest(action.action_type), decided)
    return _noted(action, following, fact)


def check_failed(action: Action, stage: Stage, fact: Event) -> Stage | Decision:
    """Close the open check, which did not pass: seniors look in its place, or it is rejected, as the plan says."""
    if stage.written.get("on_fail") == OnFail.REJECT:
        plan_stages.close(action, fact, StageState.REFUSED)
        action.decided_at = fact.at
        action.reject()
        entry = entries.record_transition(action, fact, state_from=ActionState.PENDING)
        return _decided(action, stage, fact, entry.pk, verdict=DecisionType.REJECT)
    following = plan_stages.manual_fallback(action, stage, fact)
    entries.record_event(action, fact, is_changed=True)
    queue.notify(action, following, fact)
    return following


def _noted(action: Action, asked: Stage, fact: Event) -> Stage:
    entries.record_event(action, fact, is_changed=True)
    if not asked.is_check:
        queue.notify(action, asked, fact)
    return asked


def _decided(action: Action, stage: Stage, fact: Event, entry_id: uuid.UUID, *, verdict: DecisionType) -> Decision:
    return Decision.objects.create(
        action=action,
        round=action.round,
        stage=stage,
        revision=action.revision,
        digest=action.revision.digest,
        evaluation=action.evaluation,
        verdict=verdict,
        source=DecisionSource.CHECK,
        door=fact.actor.door,
        is_final=True,
        at=fact.at,
        entry_id=entry_id,
    )
