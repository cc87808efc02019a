"""Ending an effect before its time, by whoever may stop it: with one click, at once, under the same decision.

    who                                                          because
 1  anybody who reviews at the action's desk, of whatever tier   taking away asks for less than granting, like an undo
 2  the person for whom the agent asked                          what was given to them, they may give back
 3  the agent, by a key that may withdraw                        what it asked for, it may give back

Whoever owns the agent, edited the action or asked for it may end it, too: nobody gains by that.
"""

import uuid
from datetime import datetime

from approvals.actors import Actor, Door
from approvals.authority import permissions, powers
from approvals.authority.visibility import may_see
from approvals.errors import NotAllowed, NotFound, ScopeMissing, WrongState
from approvals.models import Action, Execution
from approvals.models.actions import NOT_REVERSED
from approvals.queries.record import live
from approvals.services import doorbell, locks
from approvals.services.execution import schedule
from approvals.services.execution.results import ends
from approvals.services.ledger import entries, refusals, texts
from approvals.services.ledger.entries import Event
from approvals.services.safety import halt_gate
from approvals.states import DecisionType, ExecutionState, Tier
from approvals.text import reasons
from policies import db, unit
from policies.db import service
from policies.errors import Refused

SCOPE, TOKEN_SCOPE = "withdraw:own", "decide"
MAX_RATIONALE = 5_000
# In these states an end may still have its effect, or has had it.
_UNDER_WAY = frozenset({ExecutionState.RUNNING, ExecutionState.SUCCEEDED})


@service
def end(*, actor: Actor, at: datetime, action_id: uuid.UUID, rationale: str = "") -> Action:
    """End the effect of an executed action now; asking again for what is on its way changes nothing.

    :raises NotFound: the action is not this actor's to see.
    :raises NotAllowed: the person reviews elsewhere, or the token or key may not.
    :raises WrongState: it is not in effect, its end is uncertain, or a reversal is under way.
    :raises Halted: the agent asks, and what the action belongs to is halted.
    :raises Malformed: the reason is too long.
    """
    action = locks.action(action_id, actor)
    if refusal := refusal_for(actor, action):
        raise refusals.recorded(refusal, Event(actor, at, "end.refused"), action)
    if actor.agent is not None and (halted := halt_gate.refusal_for(action)):
        raise halted
    former, forward = schedule.end_of(action), schedule.current(action)
    if former is not None and _is_on_its_way(former, actor):
        return action
    if obstacle := _obstacle(action):
        raise obstacle
    assert forward is not None  # only what was executed is in effect
    said = texts.worded(action, reasons.checked(rationale, MAX_RATIONALE, field="rationale"))
    if said is not None:
        unit.insert(said)
    number = 1 if former is None else former.end_number + 1
    fact = Event(actor, at, "end.asked", "Ended early", {"rationale": said.digest if said else None, "end": number})
    if former is not None and former.state == ExecutionState.READY:
        former.cancel(at, fact.reason)
        unit.update(former)
        unit.write()
    is_early = actor.person is not None
    ends.schedule(action, forward, at, not_before=db.now(), number=number, is_early=is_early)
    entries.record_event(action, fact)
    doorbell.ring(doorbell.END)
    return action


def _is_on_its_way(former: Execution, actor: Actor) -> bool:
    """Whether asking again would change nothing; a person asks for more than an agent, or than the time alone."""
    is_asked = former.is_early or (actor.person is None and former.not_before <= db.now())
    return former.state in _UNDER_WAY or (former.state == ExecutionState.READY and is_asked)


def is_open_to(actor: Actor, action: Action) -> bool:
    """Whether this person may end the effect now; asked for the page, and asked again when they do."""
    return action.is_live and refusal_for(actor, action) is None and _obstacle(action) is None


def instead_of_reversal(original: Action) -> Refused | None:
    """Why nobody reverses what HITL can end itself, or has ended; None where its end has failed."""
    if not original.is_live and original.until is None:
        return None
    end = live.end_of(original)
    if not original.is_live:
        return WrongState("The effect of this action has ended already.", state=original.state) if end else None
    if end is not None and end.state == ExecutionState.FAILED:
        return None
    return WrongState("This action is in effect. End it now instead of reversing it.", state=original.state)


def refusal_for(actor: Actor, action: Action) -> Refused | None:
    """Why this actor may not end the effect of an action, whatever its state, or None.

    :raises NotFound: the action is not theirs to see.
    """
    if actor.agent is not None:
        return _refusal_for_agent(actor, action)
    person = actor.person
    if person is not None and person.pk in (action.requesters or ()) and may_see(person, action):
        is_short = actor.door is Door.TOKEN and TOKEN_SCOPE not in actor.scopes
        return _without_scope(TOKEN_SCOPE) if is_short else None
    try:
        power = powers.authority_of(actor, action, None, DecisionType.UNDO)
    except NotAllowed as refusal:
        return refusal
    return permissions.refusal_for(action, power, Tier.JUNIOR, DecisionType.UNDO)


def _refusal_for_agent(actor: Actor, action: Action) -> Refused | None:
    if actor.agent is None or action.agent_id != actor.agent.pk:
        raise NotFound()
    return None if SCOPE in actor.scopes else _without_scope(SCOPE)


def _without_scope(scope: str) -> ScopeMissing:
    return ScopeMissing(
        "This key or token cannot end actions. Use one with the {scope} scope.", said={"scope": scope}, scope=scope
    )


def _obstacle(action: Action) -> Refused | None:
    if not action.is_live:
        return WrongState("This action is not in effect, so there is nothing to end.", state=action.state)
    if schedule.is_uncertain(action):
        return WrongState(
            "Nobody knows whether the effect has ended. Find out, and resolve the action.", state=action.state
        )
    if Action.objects.filter(reverses=action).exclude(state__in=NOT_REVERSED).exists():
        return WrongState("A reversal is already in progress. Open the reversal to see its status.", state=action.state)
    return None
