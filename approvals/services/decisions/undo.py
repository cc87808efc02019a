"""Undo: a decision is taken back before anything follows from it.

    what is undone      by whom                                 until when
 1  an approval         any reviewer of the desk                it is sent
 2  a rejection         the person who rejected                 the undo window is over
 3  an escalation       the person who escalated                the undo window is over, or somebody decides

An undone approval or rejection is pending again in a new round. An undone escalation asks whom it asked before.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from approvals.actors import Actor
from approvals.authority import permissions, powers
from approvals.authority.limits import Authority
from approvals.db import moment_for
from approvals.errors import DecisionFinal, NotAllowed, WrongState
from approvals.models import Action, Decision, Execution, Text
from approvals.models.actions import NOT_REVERSED
from approvals.queries.record import undoable
from approvals.services import locks
from approvals.services.decisions import preconditions, record
from approvals.services.decisions.context import DecisionContext, DecisionRequest
from approvals.services.ends import cancel, early
from approvals.services.execution import schedule
from approvals.services.ledger import entries, texts
from approvals.services.ledger.entries import Event
from approvals.services.notifications import queue
from approvals.services.plans import stages
from approvals.states import GRANTED, ActionState, DecisionType, ExecutionState, Tier
from policies.db import service
from policies.errors import Refused


@service
def undo(*, actor: Actor, at: datetime, action_id: uuid.UUID, rationale: str = "") -> Decision:
    """Take back the last decision on an action before anything follows from it.

    :raises NotFound: the action is not this person's to see.
    :raises WrongState: there is nothing to undo.
    :raises TooLate: it was already dispatched.
    :raises DecisionFinal: the undo window of the rejection or escalation is over.
    :raises NotAllowed: desk or token forbid it, or somebody else rejected or escalated it.
    :raises RationaleMissing: a colleague approved it, and no reason is given.
    """
    action = locks.action(action_id, actor)
    power = powers.authority_of(actor, action, None, DecisionType.UNDO)
    seen = action.revision
    request = DecisionRequest(actor, at, DecisionType.UNDO, seen.number, seen.digest, rationale, "")
    # Stopping asks for less than starting: any reviewer of the desk may, but for what its agent could do by itself.
    if refusal := permissions.refusal_for(action, power, Tier.JUNIOR, DecisionType.UNDO):
        raise record.refused(request, action, refusal)
    if action.state in GRANTED:
        return _undo_approval(request, action, power)
    last = undoable.last_decision(action)
    if last is None:
        raise cancel.instead(action) or WrongState(
            "You cannot undo a decision on this action. The action’s state is “{state}”.",
            said={"state": ActionState(action.state)},
            state=action.state,
        )
    if refusal := _not_theirs(last, request):
        raise refusal
    if last.verdict == DecisionType.REJECT:
        return _undo_rejection(request, action, power)
    return _undo_escalation(request, action, power)


@dataclass(frozen=True, slots=True)
class UndoOffer:
    """What a person can undo now, and whether they must say why."""

    wants_reason: bool = False


def offer(actor: Actor, action: Action, at: datetime, decisions: Sequence[Decision] | None = None) -> UndoOffer | None:
    """Whether this person could undo the last decision now; asked for the page, and asked again when they do.

    ``decisions`` are the action's, newest first, where they are read already.
    """
    # Mostly there is nothing to undo, and then nobody's authority is asked.
    if action.state not in GRANTED:
        last = undoable.last_decision(action, decisions)
        request = DecisionRequest(actor, at, DecisionType.UNDO, action.revision.number, action.revision.digest, "", "")
        is_theirs = last is not None and _not_theirs(last, request) is None
        return UndoOffer() if is_theirs and _right_to_undo(actor, action) else None
    if not Execution.objects.filter(action=action, round=action.round, state=ExecutionState.READY).exists():
        return None
    power = _right_to_undo(actor, action)
    return UndoOffer(preconditions.undo_wants_reason(action, power.people)) if power else None


def _right_to_undo(actor: Actor, action: Action) -> Authority | None:
    """The authority by which this person may undo a decision on the action, or None."""
    try:
        power = powers.authority_of(actor, action, None, DecisionType.UNDO)
    except Refused:
        return None
    return power if permissions.refusal_for(action, power, Tier.JUNIOR, DecisionType.UNDO) is None else None


def _not_theirs(last: Decision, request: DecisionRequest) -> Refused | None:
    """Why this person cannot undo that rejection or escalation, or None."""
    if request.actor.person is None or last.person_id != request.actor.person.pk:
        return NotAllowed("Only {person}, who made this decision, can undo it.", said={"person": last.person})
    if last.final_at is None or last.final_at <= moment_for(request.actor, request.at):
        return DecisionFinal()
    return None


def _undo_approval(request: DecisionRequest, action: Action, power: Authority) -> Decision:
    if silent := preconditions.undo_error(action, power.people, request.rationale):
        raise silent
    fact, words = _event(request, action, "Approval undone before execution")
    schedule.cancel(action, fact)
    return _ask_again(request, action, power, fact, words)


def _undo_rejection(request: DecisionRequest, action: Action, power: Authority) -> Decision:
    if action.reverses_id is not None and (refusal := early.instead_of_reversal(locks.action(action.reverses_id))):
        raise refusal
    other = Action.objects.filter(reverses=action.reverses_id).exclude(state__in=NOT_REVERSED).exclude(pk=action.pk)
    if action.reverses_id is not None and other.exists():
        raise WrongState(
            "Another reversal has since been requested, so this reversal stays rejected. Review the other reversal "
            "instead.",
            state=action.state,
        )
    fact, words = _event(request, action, "Rejection undone")
    return _ask_again(request, action, power, fact, words)


def _undo_escalation(request: DecisionRequest, action: Action, power: Authority) -> Decision:
    fact, words = _event(request, action, "Escalation undone")
    stage = stages.ask_as_before(action, fact)
    entry = entries.record_event(action, fact, is_changed=True)
    case = DecisionContext(request, action, stage, power, words)
    return record.save_for_person(case, fact, entry.pk, is_final=False)


def _event(request: DecisionRequest, action: Action, said: str) -> tuple[Event, Text | None]:
    words = texts.worded(action, request.rationale)
    data = {"digest": action.revision.digest, "rationale": words.digest if words else None}
    fact = Event(request.actor, request.at, "decision.undone", said, data)
    return fact, words


def _ask_again(request: DecisionRequest, action: Action, power: Authority, fact: Event, words: Text | None) -> Decision:
    """Open the plan again from its first stage, in a new round."""
    former, before, round_number = stages.latest(action), action.state, action.round
    action.return_to_review()
    action.decided_at = None
    stage = stages.open_again(action, former, fact)
    entry = entries.record_transition(action, fact, state_from=before)
    queue.notify(action, stage, fact)
    case = DecisionContext(request, action, stage, power, words)
    return record.save_for_person(case, fact, entry.pk, is_final=False, round=round_number)
