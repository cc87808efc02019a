"""Colleagues to whom an action can be handed over.

The list takes a fixed number of statements. The chosen colleague is checked again under the lock.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from approvals.authority import assignees, conflicts, identity, limits, permissions, powers
from approvals.authority.limits import Authority
from approvals.models import Action, Note, Person, Stage
from approvals.queries.directory import duty
from approvals.states import DecisionType, StageState

MAX_COLLEAGUES = 200


@dataclass(frozen=True, slots=True)
class Colleague:
    """A colleague who can take over the action; `away_until` is set while they are out of office."""

    person: Person
    away_until: datetime | None = None


def colleagues(action: Action, besides: Person) -> list[Colleague]:
    """Return the other people who may decide the action now, by name."""
    stage = Stage.objects.filter(action=action, round=action.round, state=StageState.OPEN).first()
    if stage is None or stage.is_check:
        return []
    people = {person.pk: person for person in _able(action, stage) if person.pk != besides.pk}
    by_name = sorted(people.values(), key=lambda person: str(person).casefold())[:MAX_COLLEAGUES]
    away_until = duty.absences_now(person.pk for person in by_name)
    return [Colleague(person, away_until.get(person.pk)) for person in by_name]


def noted(ids: Iterable[uuid.UUID | None]) -> dict[uuid.UUID, Note]:
    """Return the handover notes of claims by ID; sends no statement without IDs."""
    wanted = {each for each in ids if each is not None}
    return Note.objects.select_related("person", "text").in_bulk(wanted) if wanted else {}


def _able(action: Action, stage: Stage) -> list[Person]:
    """Those who could decide it by their own authority or a lent one, each once; asked of all in a few statements."""
    own = [each for each in powers.own_authorities(action, stage) if _reaches(action, each, stage)]
    lent = assignees.delegations_at(stage, [each.person for each in own])
    known = {person.pk: person for each in own for person in each.people}
    known |= {person.pk: person for each in lent for person in (each.delegate, each.granted_by)}
    eligible = {person.pk for person in conflicts.eligible(list(known.values()), action)}
    editors = permissions.editors(action)
    able = eligible - identity.spread(list(known.values()), lambda everybody: {each.pk for each in everybody} & editors)
    # Nobody lends another's authority for what they asked for themselves.
    lent = [each for each in lent if each.granted_by_id in {*eligible, each.person_id}]
    delegates = [each.delegate for each in lent if {each.person_id, each.delegate_id} <= able]
    return [*(each.person for each in own if each.person.pk in able), *delegates]


def _reaches(action: Action, authority: Authority, stage: Stage) -> bool:
    # An amount that nobody knows is for whoever fills it in.
    return limits.limit(action, authority, stage.tier, DecisionType.MODIFY) is None
