"""Whoever proposes is an agent: a program, or one that stands for a person who starts an action herself. Steps."""

from dataclasses import replace
from datetime import datetime

from approvals.actors import Actor
from approvals.models import Agent, Person
from approvals.services.ledger import entries
from approvals.services.ledger.entries import Event


def proposing(actor: Actor, at: datetime) -> Actor:
    """The actor with the agent in whose name it proposes; one that stands for a person is made when first needed."""
    if actor.agent is not None or actor.person is None:
        return actor
    return replace(actor, agent=_standing_for(actor.person, actor, at))


def _standing_for(person: Person, actor: Actor, at: datetime) -> Agent:
    found = Agent.objects.filter(person=person).first()
    if found is not None:
        return found
    agent = Agent(name=f"person-{person.pk}", title=str(person), owner=person, person=person)
    entries.record_row(agent, Event(actor, at, "agent.added", "Represents a person who starts actions."), is_new=True)
    return agent
