"""Whoever has an agent does not change what it may do: its action types, its own mode and owner. Steps.

1. A change of an action type: refused to whom an agent is that may propose it, by its old name or its new one.
2. A change of an agent's mode or owner, or that it is active again: refused to whom it is, and to whom it would be.
3. A key, or an owner: refused where that person changed lately what the agent may then propose.
4. An exchange rate, by which amounts are judged, is asked of like an action type that has one, in either order.

In a firm of one each is allowed, and recorded as an exception. The product itself, where no person acts, is not asked.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import Model

from approvals.actors import Actor
from approvals.authority import own_agents
from approvals.authority.own_agents import RECENT_DAYS
from approvals.errors import NotAllowed
from approvals.models import ActionType, Agent, Desk, ExchangeRate, Person
from policies import db


def check_change(row: Model, actor: Actor) -> bool:
    """Whether only a firm of one allows this change of a row; the people concerned are locked first.

    :raises NotAllowed: it would give power over an agent to whoever makes it; says why and who may.
    """
    if actor.person is None or not isinstance(row, ActionType | Agent | ExchangeRate):
        return False
    _hold([actor.person, *([row.owner] if isinstance(row, Agent) else [])])
    refusal, is_exception = _asked(row, actor.person)
    if refusal is not None:
        raise refusal
    return is_exception


def refusal_for(row: Model, person: Person) -> NotAllowed | None:
    """Why this person may not save this row as it is now, or None; asked before anything is locked."""
    return _asked(row, person)[0]


def withheld(agent: Agent, person: Person) -> tuple[str, ...]:
    """The fields of an agent that this person does not change, because it is their own; as its page shows them."""
    now, before = db.now(), Agent.objects.filter(pk=agent.pk).first()
    if before is None or not _is_own(before, person, now) or _runs_alone(person, before, now):
        return ()
    return ("owner", "mode") if before.is_active else ("owner", "mode", "is_active")


def of_own_agent(agent: Agent) -> NotAllowed:
    """The sentence that says why nobody gives an agent of their own more power."""
    return NotAllowed(
        "You cannot activate “{agent}” or change its mode or owner. You own the agent or hold its key, did so "
        "within the last {days} days, or would do so afterward. Ask someone with permission who does not own the "
        "agent or hold its keys.",
        said={"agent": agent, "days": RECENT_DAYS},
    )


def check_key(agent: Agent, people: Collection[Person], scopes: Collection[str]) -> bool:
    """Whether only a firm of one allows these people a key of this agent with these scopes; they are locked first.

    :raises NotAllowed: one of them changed lately what the agent may then propose.
    """
    _hold(people)
    refusal, is_exception = _of_editors(agent, people, scopes, db.now())
    if refusal is not None:
        raise refusal
    return is_exception


def refusal_for_key(agent: Agent, people: Collection[Person], scopes: Collection[str]) -> NotAllowed | None:
    """Why these people may not have a key of this agent with these scopes, or None; asked before anything is locked."""
    return _of_editors(agent, people, scopes, db.now())[0]


def _hold(people: Iterable[Person]) -> None:
    # Who changes a type and takes a key at the same moment does one after the other; a notice may be queued meanwhile.
    held = Person.objects.select_for_update(no_key=True).filter(pk__in={person.pk for person in people})
    list(held.order_by("pk").values_list("pk", flat=True))


def _asked(row: Model, person: Person) -> tuple[NotAllowed | None, bool]:
    if isinstance(row, ActionType):
        return _of_type(row, person, db.now())
    if isinstance(row, Agent) and row.pk is not None:
        return _of_agent(row, Agent.objects.get(pk=row.pk), person, db.now())
    return _of_rate(person, db.now()) if isinstance(row, ExchangeRate) else (None, False)


def _of_type(kind: ActionType, person: Person, now: datetime) -> tuple[NotAllowed | None, bool]:
    before = ActionType.objects.select_related("desk").filter(pk=kind.pk).first()
    names = {kind.name} | ({before.name} if before else set())
    agent = own_agents.proposing(person, names, now)
    if agent is None:
        return None, False
    desks = [kind.desk, *([before.desk] if before and before.desk_id != kind.desk_id else [])]
    if all(own_agents.runs_alone(person, desk, now) for desk in desks):
        return None, True
    refusal = NotAllowed(
        "You cannot change this action type because “{agent}” can propose it. You own this agent or hold one of its "
        "keys, or did so within the last {days} days. Ask someone with permission who does not own such an agent or "
        "hold its keys.",
        said={"agent": agent, "days": RECENT_DAYS},
    )
    return refusal, False


def _of_agent(agent: Agent, before: Agent, person: Person, now: datetime) -> tuple[NotAllowed | None, bool]:
    is_given = agent.owner_id != before.owner_id
    if not (is_given or agent.mode != before.mode or (agent.is_active and not before.is_active)):
        return None, False
    is_own = agent.owner_id == person.pk or _is_own(before, person, now)
    if is_own and not _runs_alone(person, agent, now):
        return of_own_agent(before), False
    if not is_given:
        return None, is_own
    refused, is_exception = _of_editors(agent, [agent.owner], own_agents.scopes_of(agent, now), now)
    return refused, is_own or is_exception


def _of_rate(person: Person, now: datetime) -> tuple[NotAllowed | None, bool]:
    is_exception = False
    for agent in own_agents.of(person, now).order_by("pk"):
        desks = list(own_agents.judged_by_rates(own_agents.scopes_of(agent, now)))
        if not all(own_agents.runs_alone(person, desk, now) for desk in desks):
            refusal = NotAllowed(
                "You cannot change exchange rates because “{agent}” can propose amounts. You own this agent or hold "
                "one of its keys, or did so within the last {days} days. Ask someone with permission who does not "
                "own such an agent or hold its keys.",
                said={"agent": agent, "days": RECENT_DAYS},
            )
            return refusal, False
        is_exception = is_exception or bool(desks)
    return None, is_exception


def _is_own(agent: Agent, person: Person, now: datetime) -> bool:
    return own_agents.of(person, now).filter(pk=agent.pk).exists()


def _of_editors(
    agent: Agent, people: Iterable[Person], scopes: Collection[str], now: datetime
) -> tuple[NotAllowed | None, bool]:
    """Who changed what an agent may propose gets no hand in the agent: the same two steps in the other order."""
    is_exception = False
    for person in people:
        for kind in own_agents.changed_by(person, scopes, now):
            if not own_agents.runs_alone(person, kind.desk, now):
                refusal = NotAllowed(
                    "{person} changed the action type “{kind}” within the last {days} days. Until this period ends, "
                    "they cannot own “{agent}” or hold a key that can propose this type. Choose another person, or "
                    "remove the action type from the agent’s keys.",
                    said={"person": person, "kind": kind, "agent": agent, "days": RECENT_DAYS},
                )
                return refusal, False
            is_exception = True
        desks = list(own_agents.judged_by_rates(scopes)) if own_agents.has_set_rates(person, now) else []
        if not all(own_agents.runs_alone(person, desk, now) for desk in desks):
            return _of_rate_setter(person, agent), False
        is_exception = is_exception or bool(desks)
    return None, is_exception


def _of_rate_setter(person: Person, agent: Agent) -> NotAllowed:
    return NotAllowed(
        "{person} changed an exchange rate within the last {days} days. Until this period ends, they cannot own "
        "“{agent}” or hold a key that can propose amounts. Choose another person, or remove action types with "
        "amounts from the agent’s keys.",
        said={"person": person, "agent": agent, "days": RECENT_DAYS},
    )


def _runs_alone(person: Person, agent: Agent, now: datetime) -> bool:
    """Whether every desk that the agent could propose to is that of a firm of one."""
    scopes = own_agents.scopes_of(agent, now) or {own_agents.EVERYTHING}
    desks = Desk.objects.filter(action_types__in=own_agents.proposable(scopes)).distinct()
    found = [own_agents.runs_alone(person, desk, now) for desk in desks]
    return all(found) if found else own_agents.is_alone(person)
