"""Who is mailed, found before anything is queued.

    what happened                                                   who is mailed
 1  a stage opens, or is asked again after an edit                  `of_stage`
 2  a stage is escalated, by a person or because it is overdue      `of_stage`: its desk's seniors by then
 3  time is short for a stage                                       `of_stage`, but for those who have approved
 4  an action is handed over or back, or a question is answered     the colleague, by name
 5  an agent is not sure, or something is missing or looks wrong    `owners`
 6  somebody started break-glass access                             `authority.emergency.alarmed`
 7  an action type changed                                          `queries.insight.owners`
 8  a configuration change was requested                            `catalog.proposed_changes.concerned`
 9  nothing more is tried to execute an action                      `of_end`
10  a circuit breaker opens                                         `queries.safety.breakers.told`

Whom a stage asks is said in `authority.assignees`. When a notice goes out, and with which others, is said in
`batching`.
"""

from collections.abc import Iterable

import structlog
from django.db.models import QuerySet

from approvals.authority import assignees, conflicts, memberships
from approvals.authority.visibility import may_see
from approvals.models import Action, Membership, Person, Stage
from approvals.queries.directory import duty
from approvals.states import Tier

log = structlog.get_logger()


def of_stage(action: Action, stage: Stage) -> list[Person]:
    """The people who are told that an open stage waits for them; only those who may decide on the action.

    1. Those whom the stage asks, or of them only the one whom the action type names as responsible.
    2. Where some of these are out of office: the others, and whoever decides for those who are away.
    3. Where nobody is left: everybody else whom the stage asks and who is there.
    4. Where nobody is there at all: the seniors of the stage's desk, although they are away.
    """
    able = _able(assignees.people(stage, action.client_id), action)
    told = able
    if not stage.assigned_person:
        told = [person for person in able if person.pk == action.action_type.responsible_id] or able
    absent = duty.absent_now(person.pk for person in able)
    if absent.isdisjoint(person.pk for person in told):
        return told
    away = [person for person in told if person.pk in absent]
    delegates = _able([each.delegate for each in assignees.delegations_at(stage, away)], action)
    absent |= duty.absent_now(person.pk for person in delegates)
    for people in ([*told, *delegates], able):
        if present := [person for person in dict.fromkeys(people) if person.pk not in absent]:
            return present
    log.warning("notice.all_away", action=str(action.pk), desk=stage.desk.slug, tier=stage.tier)
    return _seniors(action, stage)


def of_end(action: Action) -> list[Person]:
    """The people who are told that HITL stopped executing an action: the owner of its outcome, or the desk's seniors.

    The notice leads to the action's page, so only those who may see it are told.
    """
    owner = action.action_type.owner
    if owner is not None and owner.is_active and owner.email and may_see(owner, action):
        return [owner]
    rows = _senior_seats(action, action.desk_id)
    return list(dict.fromkeys(row.person for row in rows if row.person.is_active and row.person.email))


def _seniors(action: Action, stage: Stage) -> list[Person]:
    return _able([row.person for row in _senior_seats(action, stage.desk_id)], action)


def _senior_seats(action: Action, desk_id: int) -> QuerySet[Membership]:
    rows = memberships.in_force().filter(memberships.for_client(action.client_id), desk_id=desk_id, tier=Tier.SENIOR)
    return rows.select_related("person").order_by("pk")


def _able(people: Iterable[Person], action: Action) -> list[Person]:
    """Those who may decide on it and can be written to, each once."""
    return conflicts.eligible([person for person in dict.fromkeys(people) if person.email], action)
