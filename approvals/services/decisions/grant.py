"""What lets an action run once its plan is gone through, and how a check takes it on. Steps, on a locked action."""

from approvals.models import Action, Decision, Stage
from approvals.queries.record.plans import plan_of
from approvals.services.decisions import record
from approvals.services.execution import schedule
from approvals.services.ledger import entries
from approvals.services.ledger.entries import Event
from approvals.services.notifications import queue
from approvals.services.payloads import targets
from approvals.services.plans import stages as plan_stages
from approvals.states import GRANTS, ActionState, DecisionSource, DecisionType, StageState
from policies.engine.values.vocabulary import OnFail


def grant(action: Action, decision: Decision, fact: Event, target: str) -> Decision:
    """Let the action run as people decided: its state, the final decision (composed, not saved), and its execution.

    1. state and entry come first: the decision names the entry that records it;
    2. then the decision: the database lets nothing run that no final decision grants;
    3. then what carries it out, bound to the revision as it is now and to ``target``, the digest that people named.
    """
    action.decided_at = fact.at
    if action.revision.number > 1:
        action.modify()
    else:
        action.approve()
    entry = entries.record_transition(action, fact, state_from=ActionState.PENDING)
    decision.target_digest = target
    record.save(decision, entry.pk)
    digest = action.revision.digest
    execution = schedule.make_ready(action, action.revision, digest, fact, is_person=True, target=target)
    record.attach_first(decision, execution)
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
        decision = record.compose(action, fact, DecisionType.APPROVE, DecisionSource.CHECK, stage=stage)
        return grant(action, decision, fact, targets.digest(action.action_type))
    return _noted(action, following, fact)


def check_failed(action: Action, stage: Stage, fact: Event) -> Stage | Decision:
    """Close the open check, which did not pass: seniors look in its place, or it is rejected, as the plan says."""
    if stage.written.get("on_fail") == OnFail.REJECT:
        plan_stages.close(action, fact, StageState.REFUSED)
        action.decided_at = fact.at
        action.reject()
        entry = entries.record_transition(action, fact, state_from=ActionState.PENDING)
        decision = record.compose(action, fact, DecisionType.REJECT, DecisionSource.CHECK, stage=stage)
        return record.save(decision, entry.pk)
    following = plan_stages.manual_fallback(action, stage, fact)
    entries.record_event(action, fact, is_changed=True)
    queue.notify(action, following, fact)
    return following


def _noted(action: Action, asked: Stage, fact: Event) -> Stage:
    entries.record_event(action, fact, is_changed=True)
    if not asked.is_check:
        queue.notify(action, asked, fact)
    return asked
