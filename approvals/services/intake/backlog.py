"""The limit of what waits for each agent and desk, and telling those who answer for it once. Steps, and the end of it.

What waits is proposed or pending. Proposals that arrive at the same moment may exceed a limit by what is in flight:
a strict limit would make all proposals of a desk wait for each other.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import structlog
from django.db import connection
from django.db.models import QuerySet

from approvals import conf
from approvals.actors import Actor
from approvals.authority import memberships
from approvals.errors import Backlogged
from approvals.models import Action, Agent, Backlog, Desk, Person
from approvals.services.notifications import queue
from approvals.states import OPEN, Tier
from policies.db import service

RETRY_SECONDS = 60
# A backlog ends below this share of the limit, so that one around the limit is told once.
ENDED_PERCENT = 80
# Each count stops at its limit and reads only an index.
_COUNT = """
    (SELECT count(*) FROM (SELECT 1 FROM approvals_action
     WHERE {owner} = %s AND state IN ('proposed', 'pending') LIMIT %s) AS counted)
"""

Whose = tuple[str, int]

log = structlog.get_logger()


def refusals(actor: Actor, actions: Sequence[Action], at: datetime) -> dict[str, Backlogged]:
    """Return why some of an agent's new actions are over a limit, by their idempotency keys.

    An action that exists already takes no room. What people start themselves is not limited.
    """
    agent = actor.agent
    if agent is None or agent.person_id is not None or not actions:
        return {}
    rooms = _rooms(agent, {action.desk_id for action in actions})
    if all(room >= len(actions) for room in rooms.values()):
        return {}
    keys = [action.idempotency_key for action in actions]
    known = set(Action.objects.filter(agent=agent, idempotency_key__in=keys).values_list("idempotency_key", flat=True))
    over = _over(agent, {each.idempotency_key: each for each in actions if each.idempotency_key not in known}, rooms)
    why = {full: _refusal(*full, agent, at) for full in sorted(set(over.values()))}
    return {key: why[full] for key, full in over.items()}


@service
def end(*, actor: Actor, at: datetime) -> int:
    """End the backlogs that are below their limit again; nobody is told. Returns 0, so that a loop rests after it."""
    for backlog in Backlog.objects.filter(ended_at=None).order_by("pk"):
        limit = conf.max_waiting_per_agent() if backlog.agent_id else conf.max_waiting_per_desk()
        if not limit or waiting(backlog)[: limit + 1].count() * 100 <= limit * ENDED_PERCENT:
            Backlog.objects.filter(pk=backlog.pk, ended_at=None).update(ended_at=at)
            log.info("backlog.ended", agent=backlog.agent_id, desk=backlog.desk_id)
    return 0


def waiting(backlog: Backlog) -> QuerySet[Action]:
    """Return the actions that wait for the agent or desk of a backlog."""
    whose = {"agent": backlog.agent_id} if backlog.agent_id else {"desk": backlog.desk_id}
    return Action.objects.filter(state__in=OPEN, **whose).order_by()


def _over(agent: Agent, fresh: Mapping[str, Action], rooms: dict[Whose, int]) -> dict[str, Whose]:
    """Return which of these new actions find no room, and whose limit leaves none."""
    over: dict[str, Whose] = {}
    for key, action in fresh.items():
        mine = [each for each in (("agent", agent.pk), ("desk", action.desk_id)) if each in rooms]
        if full := next((each for each in mine if rooms[each] <= 0), None):
            over[key] = full
            continue
        for each in mine:
            rooms[each] -= 1
    return over


def _rooms(agent: Agent, desks: set[int]) -> dict[Whose, int]:
    """Return how many more actions may wait, for the agent and each desk that has a limit; one statement."""
    limits = {("agent", agent.pk): conf.max_waiting_per_agent()}
    limits |= {("desk", desk): conf.max_waiting_per_desk() for desk in sorted(desks)}
    limits = {each: limit for each, limit in limits.items() if limit}
    if not limits:
        return {}
    counts = ", ".join(_COUNT.format(owner=f"{scope}_id") for scope, _pk in limits)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counts}", [each for (_, pk), limit in limits.items() for each in (pk, limit)])
        counted = cursor.fetchone()
    return {each: limit - number for (each, limit), number in zip(limits.items(), counted, strict=True)}


def _refusal(scope: str, pk: int, agent: Agent, at: datetime) -> Backlogged:
    """Return the refusal that a full agent or desk gives, and tell people at the first."""
    desk = Desk.objects.get(pk=pk) if scope == "desk" else None
    limit = conf.max_waiting_per_agent() if desk is None else conf.max_waiting_per_desk()
    whose = {"agent": agent, "desk": None} if desk is None else {"agent": None, "desk": desk}
    if not Backlog.objects.filter(ended_at=None, **whose).exists():
        _begin(Backlog(limit=limit, began_at=at, **whose), at)
    details: dict[str, Any] = {"scope": scope, "limit": limit, "retry_after": RETRY_SECONDS}
    if desk is None:
        return Backlogged(said={"limit": limit}, **details)
    return Backlogged(
        "The desk “{name}” has reached its limit of {limit} waiting actions. Try again later.",
        said={"name": desk.name, "limit": limit},
        **details,
    )


def _begin(backlog: Backlog, at: datetime) -> None:
    Backlog.objects.bulk_create([backlog], ignore_conflicts=True)
    if not Backlog.objects.filter(pk=backlog.pk).exists():
        # Another process was faster, and tells people.
        return
    log.warning("backlog.began", agent=backlog.agent_id, desk=backlog.desk_id, limit=backlog.limit)
    people = [person for person in _answerable(backlog) if person.is_active and person.email]
    queue.notify_of_backlog(backlog, people, at)


def _answerable(backlog: Backlog) -> list[Person]:
    """Return an agent's owner, or a desk's senior reviewers."""
    if backlog.desk is None:
        return [backlog.agent.owner] if backlog.agent else []
    seniors = memberships.in_force().filter(desk=backlog.desk, tier=Tier.SENIOR)
    return list(dict.fromkeys(member.person for member in seniors.select_related("person").order_by("pk")))
