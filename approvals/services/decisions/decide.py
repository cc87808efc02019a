"""Deciding: approve, modify, reject, escalate. Every door calls these and nothing else.

A decision names the revision and digest that its reviewer saw. What is asked is asked inside the row's lock; a refusal
rolls everything back, and the record keeps who was refused what.
"""

import uuid
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_noop as _

from approvals.actors import Actor
from approvals.authority import daily, limits
from approvals.errors import SelfApproval
from approvals.models import Decision, Stage
from approvals.services.decisions import grant, preconditions, record, reevaluate, revise
from approvals.services.decisions.context import DecisionContext, DecisionRequest, current_plan
from approvals.services.execution import schedule
from approvals.services.ledger import entries
from approvals.services.ledger.entries import Event
from approvals.services.notifications import queue
from approvals.services.plans import matching, quorum, stage_rows, stages
from approvals.services.policy import evaluate
from approvals.states import ActionState, DecisionType, StageState, Tier
from policies.db import service
from policies.engine.evaluation.result import Evaluation
from policies.engine.values.vocabulary import Route


@service
def approve(
    *,
    actor: Actor,
    at: datetime,
    action_id: uuid.UUID,
    revision: int,
    digest: str,
    target: str,
    rationale: str = "",
    reason_code: str = "",
) -> Decision:
    """Let the action run exactly as seen, once the stage has its quorum.

    ``target`` is the digest of how it would be carried out, as it was seen.

    :raises NotFound: the action is not this person's to see.
    :raises AlreadyDecided: somebody else was first; says who and when.
    :raises NotAllowed: self-approval, tier, ceiling, desk or token forbid it.
    :raises StaleRevision: it has changed since it was seen.
    :raises StaleTarget: how it is carried out has changed since it was seen.
    :raises Halted: somebody has halted what it belongs to.
    :raises RationaleMissing: policy wants a reason.
    """
    request = DecisionRequest(actor, at, DecisionType.APPROVE, revision, digest, rationale, reason_code, target)
    case = preconditions.check(request, action_id)
    if not quorum.is_met(case.action, case.stage, with_one_more=True):
        fact = record.event_of(case, "decision.counted", "Approved")
        entry = entries.record_event(case.action, fact)
        return record.save_for_person(case, fact, entry.pk, is_final=False)
    return _go_on(case)


@service
def reject(
    *,
    actor: Actor,
    at: datetime,
    action_id: uuid.UUID,
    revision: int,
    digest: str,
    rationale: str = "",
    reason_code: str = "",
    target: str | None = None,
) -> Decision:
    """Refuse the action; it is rejected immediately, and final once the undo window is over.

    ``target`` may be left out, because nothing runs by this; one that was seen must still be so.

    :raises NotFound: the action is not this person's to see.
    :raises AlreadyDecided: somebody else was first; says who and when.
    :raises NotAllowed: self-approval, tier, ceiling, desk or token forbid it.
    :raises StaleRevision: it has changed since it was seen.
    :raises StaleTarget: how it is carried out has changed since it was seen.
    :raises RationaleMissing: policy wants a reason.
    """
    request = DecisionRequest(actor, at, DecisionType.REJECT, revision, digest, rationale, reason_code, target)
    case = preconditions.check(request, action_id)
    fact = record.event_of(case, "decision.rejected", "Rejected")
    stages.close(case.action, fact, StageState.REFUSED, [case.stage, *case.waiting])
    case.action.decided_at = fact.at
    case.action.reject()
    entry = entries.record_transition(case.action, fact, state_from=ActionState.PENDING)
    final_at = schedule.undo_ends_at(case.action, fact, is_person=True)
    decision = record.save_for_person(case, fact, entry.pk, final_at=final_at)
    if not case.waiting:
        record.attach_first(decision)
    return decision


@service
def escalate(
    *,
    actor: Actor,
    at: datetime,
    action_id: uuid.UUID,
    revision: int,
    digest: str,
    rationale: str = "",
    reason_code: str = "",
    target: str | None = None,
) -> Decision:
    """Ask a senior; the seniors are notified once the undo window is over.

    ``target`` may be left out, because nothing runs by this; one that was seen must still be so.

    :raises NotFound: the action is not this person's to see.
    :raises AlreadyDecided: somebody else was first; says who and when.
    :raises WrongState: seniors have it already.
    :raises NotAllowed: self-approval, desk or token forbid it.
    :raises StaleRevision: it has changed since it was seen.
    :raises StaleTarget: how it is carried out has changed since it was seen.
    """
    request = DecisionRequest(actor, at, DecisionType.ESCALATE, revision, digest, rationale, reason_code, target)
    case = preconditions.check(request, action_id)
    if refusal := preconditions.objection_to_escalate(case.action, case.stage, case.power.person):
        raise record.refused(request, case.action, refusal) if isinstance(refusal, SelfApproval) else refusal
    fact = record.event_of(case, "decision.escalated", "Escalated")
    quorum_then = evaluate.quorum_for(case.action.action_type, Tier.SENIOR)
    stages.raise_bar(case.action, case.stage, Tier.SENIOR, quorum_then, fact)
    entry = entries.record_event(case.action, fact, is_changed=True)
    final_at = schedule.undo_ends_at(case.action, fact, is_person=True)
    queue.notify(case.action, case.stage, fact, after=final_at)
    return record.save_for_person(case, fact, entry.pk, is_final=False, final_at=final_at)


@service
def modify(
    *,
    actor: Actor,
    at: datetime,
    action_id: uuid.UUID,
    revision: int,
    digest: str,
    target: str,
    payload: dict[str, Any],
    until: datetime | None = None,
    rationale: str = "",
    reason_code: str = "",
) -> Decision:
    """Correct the payload and let it run so, if policy leaves the corrected one to this reviewer's tier.

    ``until`` changes when its effect ends. A stricter evaluation leaves it pending there; a block refuses the edit.

    :raises NotFound: the action is not this person's to see.
    :raises AlreadyDecided: somebody else was first; says who and when.
    :raises NotAllowed: self-approval, tier, ceiling, desk or token forbid it.
    :raises StaleRevision: it has changed since it was seen.
    :raises StaleTarget: how it is carried out has changed since it was seen.
    :raises Halted: somebody has halted what it belongs to.
    :raises RationaleMissing: policy wants a reason.
    :raises SchemaFault: the corrected payload does not have the type's form.
    :raises Malformed: it may not end then.
    :raises NothingChanged: it equals the one seen.
    :raises BlockedByPolicy: policy blocks what it was changed to.
    """
    request = DecisionRequest(actor, at, DecisionType.MODIFY, revision, digest, rationale, reason_code, target)
    case = preconditions.check(request, action_id)
    former = case.action.subject
    evaluation = _revise(case, payload, until)
    if evaluation.outcome is Route.BLOCK:
        sentence = _("Policy blocks the edited action: {reasons} Change the action, or reject it.")
        raise reevaluate.blocked(sentence, revise.blocks_of(evaluation))
    if silent := preconditions.rationale_error(case):
        raise silent
    return _take_edit(case, evaluation, former)


def _go_on(case: DecisionContext) -> Decision:
    """The stage is satisfied: the next one opens, or the action is granted.

    Whoever approved before that it is carried out otherwise is asked again.
    """
    if case.stage.number > 1 and grant.is_otherwise(case.action):
        fact = record.event_of(case, "decision.counted", "Approved with changed execution settings:")
        return _ask_again(case, fact, satisfied=case.stage)
    if not case.waiting:
        return _grant(case)
    is_edit = case.request.verdict == DecisionType.MODIFY
    fact = _edited(case) if is_edit else record.event_of(case, "decision.counted", "Approved")
    following = stages.advance(case.action, case.stage, case.waiting, fact)
    return _note(case, following, fact)


def _ask_again(case: DecisionContext, fact: Event, satisfied: Stage | None) -> Decision:
    """Ask everybody again; the decision is kept with the copy of the stage that its editor satisfied by it."""
    restarted = stages.restart_round_after_edit(case.action, fact, satisfied=satisfied)
    return _note(replace(case, stage=restarted.editors_stage or case.stage), restarted.open_stage, fact)


def _grant(case: DecisionContext) -> Decision:
    is_edit = case.request.verdict == DecisionType.MODIFY
    said = "Modified and approved" if is_edit else "Approved"
    fact = record.event_of(case, "decision.modified" if is_edit else "decision.approved", said)
    stages.advance(case.action, case.stage, [], fact)
    # The target that the request named was just found to be so still.
    decision = grant.grant(case.action, record.compose_for_person(case, fact), fact, str(case.request.target))
    record.keep_use(case, decision)
    return decision


def _note(case: DecisionContext, asked: Stage | None, fact: Event) -> Decision:
    """Keep a decision after which the action goes on waiting, now for whom ``asked`` asks."""
    entry = entries.record_event(case.action, fact, is_changed=True)
    if asked is not None and not asked.is_check:
        queue.notify(case.action, asked, fact)
    return record.save_for_person(case, fact, entry.pk, is_final=False)


def _edited(case: DecisionContext) -> Event:
    return record.event_of(case, "revision.written", "Edited and passed on for another decision:")


def _revise(case: DecisionContext, payload: dict[str, Any], until: datetime | None) -> Evaluation:
    """Write the next revision and evaluate it, inside the decision's transaction."""
    action, kind = case.action, case.action.action_type
    if refusal := preconditions.objection_to_modify(kind):
        raise refusal
    return revise.write_revision(action, payload, case.power.person, case.request.at, until)


def _may_decide(case: DecisionContext) -> bool:
    """Whether what was edited is within the editor's ceilings, those of the day too."""
    beyond = limits.limit(case.action, case.power, case.stage.tier)
    return beyond is None and daily.refusal_for(case.action, case.power) is None


def _take_edit(case: DecisionContext, evaluation: Evaluation, former: str) -> Decision:
    """Let the edit stand as a new revision, with what its evaluation asks for beyond the plan added.

    The first case that applies decides who is asked now:

    1. it is about another subject, and the plan asks the subject's owner: everybody, the new owner in place of the old;
    2. somebody approved the revision before: everybody again, but for the editor's own stage where the edit is enough;
    3. the edit is enough for its stage: whoever comes next, or nobody, and then it runs;
    4. else the same stage, where the edit counts for nothing: another person decides on it.

    An edit is enough where its stage asks for one person, and the editor may decide what was edited.
    """
    action, stage = case.action, case.stage
    fact = _edited(case)
    rows = current_plan(action, [stage, *case.waiting])
    added = stages.extend(action, [stage, *case.waiting], matching.missing_steps(evaluation, rows), fact)
    has_another_owner = stage_rows.has_another_owner(action, former, rows)
    is_enough = stage.quorum == 1 and _may_decide(case)
    if has_another_owner or any(row.state == StageState.SATISFIED for row in rows):
        is_own = is_enough and not has_another_owner
        return _ask_again(case, fact, satisfied=stage if is_own else None)
    if is_enough:
        return _go_on(replace(case, waiting=[*case.waiting, *added]))
    return _note(case, stage, fact)
