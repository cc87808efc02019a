"""Colleagues to whom an action can be handed over.

The list takes a fixed number of statements. The chosen colleague is checked again under the lock.
"""

import uuid
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from approvals.authority import conflicts, delegations
from approvals.models import Action, Membership, Note, Person, Stage
from approvals.queries.directory import duty
from approvals.states import StageState

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
    people = {person.pk: person for person in _able(action, stage) if person.is_active and person.pk != besides.pk}
    barred = _barred(action, people.values())
    found = sorted((each for each in people.values() if each.pk not in barred), key=lambda each: str(each).casefold())
    gone = duty.absences_now(each.pk for each in found)
    return [Colleague(each, gone.get(each.pk)) for each in found[:MAX_COLLEAGUES]]


def noted(ids: Iterable[uuid.UUID | None]) -> dict[uuid.UUID, Note]:
    """Return the handover notes of claims by ID; sends no statement without IDs."""
    wanted = {each for each in ids if each is not None}
    return Note.objects.select_related("person", "text").in_bulk(wanted) if wanted else {}


def _able(action: Action, stage: Stage) -> Iterator[Person]:
    """Return the people with authority at the stage, and their delegates."""
    own = [stage.person] if stage.asks_somebody and stage.person is not None else _members(action, stage)
    yield from own
    if stage.asks_somebody and stage.person is None:
        # What a group is asked is asked of its own people, and is not lent.
        return
    yield from (given.delegate for given in delegations.delegates_of([each.pk for each in own], stage.desk_id))


def _members(action: Action, stage: Stage) -> list[Person]:
    at = {"person__groups": stage.group_id} if stage.asks_somebody else {"desk": stage.desk_id}
    found = Membership.objects.filter(**at, tier__gte=stage.tier).select_related("person")
    return [member.person for member in found if _reaches(member, action)]


def _reaches(member: Membership, action: Action) -> bool:
    if not member.is_within_stakes(action.action_type.stakes):
        return False
    # With an unknown amount, anybody who can enter it may decide.
    is_bounded = bool(action.action_type.amount_pointer) and action.amount is not None
    return not is_bounded or member.is_within_ceiling(action.amount, action.currency)


def _barred(action: Action, people: Collection[Person]) -> set[int | None]:
    """Return the people who must not decide: requester, editor, agent owner and key holders."""
    asking: set[int | None] = {*conflicts.requesters(action, people)}
    if action.desk.is_solo:
        return asking
    return {action.revision.person_id, *conflicts.owners(action, people), *asking}
