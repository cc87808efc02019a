"""Telling those who answer for a kind of action: of low confidence, of oddities, and of ends that failed. Steps."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from approvals import asked
from approvals.authority import memberships
from approvals.authority.visibility import may_see
from approvals.models import Action, ActionType, Delivery, Execution, Membership, Person
from approvals.models.deliveries import EDGE_CASE, LOW_CONFIDENCE
from approvals.services import doorbell
from approvals.services.ledger.entries import Event
from approvals.services.notifications import queue
from approvals.states import GRANTS
from policies import db, unit


def is_low(action: Action) -> bool:
    """Whether the agent was less sure than the bound that its kind of action sets, or did not say how sure it is."""
    bound = action.action_type.low_confidence
    return action.confidence is None or (bound is not None and action.confidence < bound)


def is_edge_case(action: Action) -> bool:
    """Whether something is missing in it or looks wrong."""
    return bool(action.missing or action.flags)


def notify(action: Action, at: datetime) -> list[Delivery]:
    """Queue a notice for everybody whom the kind of action names, unless a notice of this action goes there already."""
    kind = action.action_type
    wanted = {LOW_CONFIDENCE: _told_of_doubt(kind) if is_low(action) else ()}
    wanted[EDGE_CASE] = _told_of_edge_cases(action) if is_edge_case(action) else ()
    told = {pair[1].pk: pair for pair in ((why, person) for why, people in wanted.items() for person in people)}
    if not told:
        return []
    known = set(Delivery.objects.filter(action=action, round=action.round).values_list("person", flat=True))
    now = asked.once("now", db.now)
    rows = [
        Delivery(action=action, person=person, kind=why, round=action.round, not_before=now, created_at=at)
        for key, (why, person) in told.items()
        # It leads to the action's page, which only shows to whom it may.
        if key not in known and person.email and may_see(person, action)
    ]
    if rows:
        for row in rows:
            unit.insert(row, pass_over=True)
        doorbell.ring(doorbell.DELIVER)
    return rows


def notify_of_end(action: Action, end: Execution, fact: Event) -> list[Delivery]:
    """Queue a notice that an effect may have outlived its end: for its type's owner and those who approved it.

    Where nobody of these may see it, everybody at its desk is told.
    """
    kind = action.action_type
    given = action.decisions.filter(round=end.round, digest=end.digest, verdict__in=GRANTS, person__isnull=False)
    named = [kind.owner, kind.responsible, *(each.person for each in given.select_related("person").order_by("at"))]
    told = {each.pk: each for each in named if each is not None and _is_reached(each, action)}
    if not told:
        members = _seats(action).select_related("person").order_by("pk")
        told = {each.person_id: each.person for each in members if each.person.is_active and each.person.email}
    return queue.notify_people(action, told.values(), fact, end.end_number)


def _seats(action: Action) -> QuerySet[Membership]:
    return memberships.in_force().filter(memberships.for_client(action.client_id), desk_id=action.desk_id)


def _is_reached(person: Person, action: Action) -> bool:
    return person.is_active and bool(person.email) and may_see(person, action)


def _told_of_doubt(kind: ActionType) -> Iterable[Person]:
    if kind.confidence_person is not None and kind.confidence_person.is_active:
        yield kind.confidence_person
    if kind.confidence_group_id is not None:
        yield from Person.objects.filter(groups=kind.confidence_group_id, is_active=True).order_by("pk")


def _told_of_edge_cases(action: Action) -> Iterable[Person]:
    kind = action.action_type
    if kind.edge_case_owner is not None and kind.edge_case_owner.is_active:
        yield kind.edge_case_owner
    elif kind.edge_case_owner is None and kind.edge_case_tier is not None:
        members = _seats(action).filter(tier__gte=kind.edge_case_tier)
        yield from (member.person for member in members.select_related("person").order_by("pk"))
