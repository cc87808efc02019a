"""Who may stop what was decided, by canceling it or ending its effect early, and the row that says who asked.

    who                                                          because
 1  anybody who reviews at the action's desk, of whatever tier   taking away asks for less than granting, like an undo
 2  the person for whom the agent asked                          what was given to them, they may give back
 3  the agent, by a key that may withdraw                        what it asked for, it may give back

People who own the agent, edited the action or asked for it may stop it, too: nobody gains by that.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from approvals.actors import Actor, Door
from approvals.authority import break_glass, delegations, permissions, powers
from approvals.authority.limits import Authority
from approvals.authority.visibility import may_see
from approvals.errors import NotAllowed, NotFound, ScopeMissing
from approvals.models import Action, Execution, StopRequest
from approvals.models.texts import TextKind
from approvals.services.ledger import entries, refusals, texts
from approvals.services.ledger.entries import Event
from approvals.states import DecisionType, Tier
from approvals.text import reasons
from policies import unit, writes
from policies.errors import Refused

SCOPE, TOKEN_SCOPE = "withdraw:own", "decide"
MAX_RATIONALE = 5_000


@dataclass(frozen=True, slots=True)
class Stop:
    """Somebody who may stop an action and asks for it: who, when, why, and by which authority if by a person's.

    ``event`` is the name of the ledger entry.
    """

    actor: Actor
    at: datetime
    event: str
    rationale: str = ""
    power: Authority | None = None


def refusal_for(actor: Actor, action: Action) -> Refused | None:
    """Why this actor may not stop an action, whatever its state, or None.

    :raises NotFound: the action is not theirs to see.
    """
    try:
        _power_of(actor, action)
    except NotAllowed as refusal:
        return refusal
    return None


def asked(actor: Actor, at: datetime, action: Action, event: str, rationale: str) -> Stop:
    """The request of somebody who may stop the locked action; what gives them authority is held. A step.

    ``event`` is the prefix of what is recorded.

    :raises NotFound: the action is not theirs to see.
    :raises NotAllowed: the person reviews elsewhere, or the token or key may not; recorded.
    :raises Malformed: the reason is too long.
    """
    try:
        power = _power_of(actor, action)
    except NotAllowed as refusal:
        raise refusals.recorded(refusal, Event(actor, at, f"{event}.refused"), action) from None
    if power is not None and power.lent is not None and (over := delegations.lock(power.lent)):
        raise over
    if power is not None and power.break_glass is not None and (ended := break_glass.lock(power.break_glass)):
        raise ended
    said = reasons.checked(rationale, MAX_RATIONALE, field="rationale")
    return Stop(actor, at, f"{event}.asked", said, power)


def keep(stop: Stop, action: Action, execution: Execution, about: Mapping[str, object]) -> StopRequest:
    """Record who asked to stop an execution: an end that is promised, or what runs. A step.

    The reason can be erased, so the ledger has only its digest.
    """
    power, actor = stop.power, stop.actor
    words = None
    if stop.rationale.strip():
        content = {"rationale": stop.rationale.strip()}
        words = texts.compose(action, TextKind.RATIONALE, content, is_agents=actor.agent is not None)
        unit.insert(words)
    request: StopRequest = writes.made(
        StopRequest,
        execution=execution,
        person=actor.person,
        agent=actor.agent,
        delegator=power.delegator if power else None,
        break_glass=power.break_glass if power else None,
        door=actor.door,
        rationale=words,
        at=stop.at,
    )
    data: dict[str, object] = {"rationale": words.digest if words else None, **about}
    if request.delegator is not None:
        data["for"] = f"person:{request.delegator.pk}"
    fact = Event(actor, stop.at, stop.event, request.said, data)
    request.entry = entries.record_event(action, fact)
    unit.insert(request)
    if request.break_glass is not None:
        used = {"row": str(request.break_glass.pk), "stop": str(request.pk), "event": stop.event}
        said = "Stopped with break-glass access"
        entries.record_event(action, Event(actor, stop.at, "break_glass.used", said, used))
    return request


def _power_of(actor: Actor, action: Action) -> Authority | None:
    """The authority by which a person may stop an action; None for its agent and for its requesters.

    :raises NotFound: the action is not theirs to see.
    :raises NotAllowed: they may not.
    """
    if actor.agent is not None:
        if action.agent_id != actor.agent.pk:
            raise NotFound()
        if SCOPE not in actor.scopes:
            raise _without_scope(SCOPE)
        return None
    person = actor.person
    if person is not None and person.pk in (action.requesters or ()) and may_see(person, action):
        if actor.door is Door.TOKEN and TOKEN_SCOPE not in actor.scopes:
            raise _without_scope(TOKEN_SCOPE)
        return None
    power = powers.authority_of(actor, action, None, DecisionType.UNDO)
    if refusal := permissions.refusal_for(action, power, Tier.JUNIOR, DecisionType.UNDO):
        raise refusal
    return power


def _without_scope(scope: str) -> ScopeMissing:
    return ScopeMissing(
        "This key or token cannot stop actions. Use one with the {scope} scope.", said={"scope": scope}, scope=scope
    )
