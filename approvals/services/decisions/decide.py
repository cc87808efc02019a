"""Deciding: approve, modify, reject, escalate, undo. Every door calls these and nothing else.

A decision names the revision and digest that its reviewer saw. What is asked is asked inside the row's lock; a refusal
that matters is recorded before it is raised.
"""

import uuid
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from approvals.actors import Actor
from approvals.authority import powers
from approvals.db import service
from approvals.errors import BlockedByPolicy, NotAllowed, Refused, SelfApproval, WrongState
from approvals.models import Decision, Stage
from approvals.services import locks
from approvals.services.decisions import grant, preconditions, revise
from approvals.services.decisions.preconditions import DecisionContext, DecisionRequest
from approvals.services.execution import schedule
from approvals.services.ledger import entries, texts
from approvals.services.ledger.entries import Event
from approvals.services.notifications import queue
from approvals.services.plans import quorum, stages
from approvals.services.policy import evaluate
from approvals.states import GRANTED, ActionState, DecisionType, StageState, Tier
from approvals.text import normalize
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
) -> Decision | Refused:
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
    click = DecisionRequest(actor, at, DecisionType.APPROVE, revision, digest, rationale, reason_code, target)
    case = preconditions.check(click, action_id)
    if isinstance(case, Refused):
        return case
    if not quorum.is_met(case.action, case.stage, with_one_more=True):
        entry = entries.record_event(case.action, preconditions.event_of(click, case, "decision.counted", "Approved"))
        return preconditions.record_decision(click, case, entry.pk, is_final=False)
    return _go_on(click, case)


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
) -> Decision | Refused:
    """Refuse the action for good.

    ``target`` may be left out, because nothing runs by this; one that was seen must still be so.

    :raises NotFound: the action is not this person's to see.
    :raises AlreadyDecided: somebody else was first; says who and when.
    :raises NotAllowed: self-approval, tier, ceiling, desk or token forbid it.
    :raises StaleRevision: it has changed since it was seen.
    :raises StaleTarget: how it is carried out has changed since it was seen.
    :raises RationaleMissing: policy wants a reason.
    """
    click = DecisionRequest(actor, at, DecisionType.REJECT, revision, digest, rationale, reason_code, target)
    case = preconditions.check(click, action_id)
    if isinstance(case, Refused):
        return case
    fact = preconditions.event_of(click, case, "decision.rejected", "Rejected")
    stages.close(case.action, fact, StageState.REFUSED, [case.stage, *case.waiting])
    case.action.decided_at = fact.at
    case.action.reject()
    entry = entries.record_transition(case.action, fact, state_from=ActionState.PENDING)
    return preconditions.record_decision(click, case, entry.pk, is_final=True)


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
) -> Decision | Refused:
    """Ask a senior; the bar is only ever raised.

    ``target`` may be left out, because nothing runs by this; one that was seen must still be so.

    :raises NotFound: the action is not this person's to see.
    :raises AlreadyDecided: somebody else was first; says who and when.
    :raises WrongState: seniors have it already.
    :raises NotAllowed: self-approval, desk or token forbid it.
    :raises StaleRevision: it has changed since it was seen.
    :raises StaleTarget: how it is carried out has changed since it was seen.
    """
    click = DecisionRequest(actor, at, DecisionType.ESCALATE, revision, digest, rationale, reason_code, target)
    case = preconditions.check(click, action_id)
    if isinstance(case, Refused):
        return case
    if case.stage.tier >= Tier.SENIOR and not case.stage.asks_somebody:
        raise WrongState(
            "Senior reviewers already have this action. Approve, modify or reject it.", state=case.action.state
        )
    if case.stage.asks_somebody and not powers.is_eligible(case.power.person, case.action):
        refusal = SelfApproval("You requested this action or own its agent, so you cannot choose who decides it.")
        return preconditions.refuse(click, case.action, refusal)
    fact = preconditions.event_of(click, case, "decision.escalated", "Escalated")
    quorum_then = evaluate.quorum_for(case.action.action_type, Tier.SENIOR)
    stages.raise_bar(case.action, case.stage, Tier.SENIOR, quorum_then, fact)
    entry = entries.record_event(case.action, fact, is_changed=True)
    queue.notify(case.action, case.stage, fact)
    return preconditions.record_decision(click, case, entry.pk, is_final=False)


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
    rationale: str = "",
    reason_code: str = "",
) -> Decision | Refused:
    """Correct the payload and let it run so, if policy leaves the corrected one to this reviewer's tier.

    A stricter evaluation leaves it pending there; a block refuses the edit.

    :raises NotFound: the action is not this person's to see.
    :raises AlreadyDecided: somebody else was first; says who and when.
    :raises NotAllowed: self-approval, tier, ceiling, desk or token forbid it.
    :raises StaleRevision: it has changed since it was seen.
    :raises StaleTarget: how it is carried out has changed since it was seen.
    :raises Halted: somebody has halted what it belongs to.
    :raises RationaleMissing: policy wants a reason.
    :raises SchemaFault: the corrected payload does not have the type's form.
    :raises NothingChanged: it equals the one seen.
    :raises BlockedByPolicy: policy blocks what it was changed to.
    """
    click = DecisionRequest(actor, at, DecisionType.MODIFY, revision, digest, rationale, reason_code, target)
    case = preconditions.check(click, action_id)
    if isinstance(case, Refused):
        return case
    former = case.action.subject
    evaluation = _revise(click, case, payload)
    if evaluation.outcome is Route.BLOCK:
        raise BlockedByPolicy(rules=[reason.rule for reason in evaluation.reasons if reason.outcome is Route.BLOCK])
    if silent := preconditions.rationale_error(click, case):
        raise silent
    return _take_edit(click, case, evaluation, former)


@service
def undo(*, actor: Actor, at: datetime, action_id: uuid.UUID, rationale: str = "") -> Decision | Refused:
    """Call a granted action back before anything was sent; it is pending again, in a new round.

    :raises NotFound: the action is not this person's to see.
    :raises WrongState: it is not waiting to be carried out.
    :raises TooLate: it was already dispatched.
    :raises NotAllowed: desk or token forbid it.
    """
    action = locks.action(action_id)
    power = powers.authority_of(actor, action, None, DecisionType.UNDO)
    former = stages.latest(action)
    if action.state not in GRANTED:
        raise WrongState(
            "The action is {state}, so it cannot be undone.",
            said={"state": ActionState(action.state)},
            state=action.state,
        )
    click = DecisionRequest(actor, at, DecisionType.UNDO, action.revision.number, action.revision.digest, rationale, "")
    # Stopping asks for less than starting: any reviewer of the desk may, but for what its agent could do by itself.
    if refusal := powers.refusal_for(actor, action, power, Tier.JUNIOR, DecisionType.UNDO):
        return preconditions.refuse(click, action, refusal)
    words = texts.worded(action, rationale)
    said = {"digest": action.revision.digest, "rationale": words.digest if words else None}
    fact = Event(actor, at, "decision.undone", "Undone before execution", said)
    schedule.cancel(action, fact)
    before, round_number = action.state, action.round
    action.return_to_review()
    action.decided_at = None
    stage = stages.open_again(action, former, fact)
    entry = entries.record_transition(action, fact, state_from=before)
    queue.notify(action, stage, fact)
    return preconditions.record_decision(
        click, DecisionContext(action, stage, power, words), entry.pk, is_final=False, round_number=round_number
    )


def _go_on(click: DecisionRequest, case: DecisionContext) -> Decision:
    """The stage is satisfied: the next one opens, or the action is granted.

    Whoever approved before that it is carried out otherwise is asked again.
    """
    if case.stage.number > 1 and grant.is_otherwise(case.action):
        fact = preconditions.event_of(click, case, "decision.counted", "Approved with changed execution settings:")
        opened, own = stages.restart_round_after_edit(case.action, case.stage, fact)
        return _note(click, replace(case, stage=own or case.stage), opened, fact)
    if not case.waiting:
        return _grant(click, case)
    event = "revision.written" if click.verdict == DecisionType.MODIFY else "decision.counted"
    said = "Edited and passed on for another decision:" if click.verdict == DecisionType.MODIFY else "Approved"
    fact = preconditions.event_of(click, case, event, said)
    following = stages.advance(case.action, case.stage, case.waiting, fact)
    return _note(click, case, following, fact)


def _grant(click: DecisionRequest, case: DecisionContext) -> Decision:
    said = "Modified and approved" if click.verdict == DecisionType.MODIFY else "Approved"
    event = "decision.modified" if click.verdict == DecisionType.MODIFY else "decision.approved"
    fact = preconditions.event_of(click, case, event, said)
    stages.advance(case.action, case.stage, [], fact)
    # What the click named was just found to be so still.
    write = partial(preconditions.record_decision, click, case, is_final=True)
    return grant.grant(case.action, fact, str(click.target), write)


def _note(click: DecisionRequest, case: DecisionContext, asked: Stage | None, fact: Event) -> Decision:
    """Keep a decision after which the action goes on waiting, now for whom ``asked`` asks."""
    entry = entries.record_event(case.action, fact, is_changed=True)
    if asked is not None and not asked.is_check:
        queue.notify(case.action, asked, fact)
    return preconditions.record_decision(click, case, entry.pk, is_final=False)


def _revise(click: DecisionRequest, case: DecisionContext, payload: dict[str, Any]) -> Evaluation:
    """Write the next revision and rule on it, inside the decision's transaction."""
    action, kind, person = case.action, case.action.action_type, case.power.person
    if kind.schema.get("readOnly"):
        raise NotAllowed(
            "{title} cannot be edited. Approve it as requested, or reject it and explain what should change.",
            said={"title": kind.title},
        )
    return revise.write_revision(action, payload, person, click.at)


def _take_edit(click: DecisionRequest, case: DecisionContext, evaluation: Evaluation, former: str) -> Decision:
    """The edit stands as a new revision: its stage is satisfied by it, if one person's word is enough there.

    Whatever its evaluation asks for beyond the plan is added. Whoever approved what was there before is asked again.
    """
    action, stage = case.action, case.stage
    fact = preconditions.event_of(click, case, "revision.written", "Edited and passed on for another decision:")
    rows = preconditions.current_plan(case)
    added = stages.extend(action, [stage, *case.waiting], stages.missing_steps(evaluation, rows), fact)
    is_moved = normalize.subject(action.subject) != normalize.subject(former)
    if is_moved and any(row.written.get("who") == stages.OWNER for row in rows):
        # It is about another subject now: whoever owns that one is asked, whatever the editor was.
        opened, own = stages.restart_round_after_edit(action, None, fact)
        return _note(click, replace(case, stage=own or stage), opened, fact)
    is_enough = stage.quorum == 1 and powers.limit(click.actor, action, case.power, stage.tier) is None
    if any(row.state == StageState.SATISFIED for row in rows):
        opened, own = stages.restart_round_after_edit(action, stage if is_enough else None, fact)
        return _note(click, replace(case, stage=own or stage), opened, fact)
    if is_enough:
        return _go_on(click, replace(case, waiting=[*case.waiting, *added]))
    return _note(click, case, stage, fact)
