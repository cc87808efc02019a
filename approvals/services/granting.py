"""What lets an action run once its plan is gone through, and how a check takes it on. Steps, on a locked action."""

import uuid
from collections.abc import Callable

from approvals.models import Action, Decision, Stage
from approvals.services import ledger, notices, plans, readiness
from approvals.services.ledger import Fact
from approvals.states import ActionState, DecisionSource, StageState, Verdict
from policies.engine.vocabulary import OnFail


def grant(action: Action, fact: Fact, write: Callable[[uuid.UUID], Decision]) -> Decision:
    """Let the action run as people decided; ``write`` writes the final decision for an entry, given its id."""
    action.decided_at = fact.at
    if action.revision.number > 1:
        action.modify()
    else:
        action.approve()
    entry = ledger.moved(action, fact, state_from=ActionState.PENDING)
    decision = write(entry.pk)
    readiness.make_ready(action, action.revision, action.revision.digest, fact, is_person=True)
    return decision


def check_passed(action: Action, stage: Stage, fact: Fact) -> Stage | Decision:
    """Close the open check as satisfied: the next stage opens, or what the people before decided is granted."""
    following = plans.advance(action, stage, plans.unfinished(action)[1:], fact)
    if following is None:
        return grant(action, fact, lambda entry_id: _decided(action, stage, fact, entry_id, Verdict.APPROVE))
    ledger.noted(action, fact, is_changed=True)
    if not following.is_check:
        notices.tell(action, following, fact)
    return following


def check_failed(action: Action, stage: Stage, fact: Fact) -> Stage | Decision:
    """Close the open check, which did not pass: seniors look in its place, or it is rejected, as the plan says."""
    if stage.written.get("on_fail") == OnFail.REJECT:
        plans.close(action, fact, StageState.REFUSED)
        action.decided_at = fact.at
        action.reject()
        entry = ledger.moved(action, fact, state_from=ActionState.PENDING)
        return _decided(action, stage, fact, entry.pk, Verdict.REJECT)
    following = plans.stand_in(action, stage, fact)
    ledger.noted(action, fact, is_changed=True)
    notices.tell(action, following, fact)
    return following


def _decided(action: Action, stage: Stage, fact: Fact, entry_id: uuid.UUID, verdict: Verdict) -> Decision:
    return Decision.objects.create(
        action=action,
        round=action.round,
        stage=stage,
        revision=action.revision,
        digest=action.revision.digest,
        ruling=action.ruling,
        verdict=verdict,
        source=DecisionSource.CHECK,
        door=fact.actor.door,
        is_final=True,
        at=fact.at,
        entry_id=entry_id,
    )
