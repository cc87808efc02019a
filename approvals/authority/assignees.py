"""Whom a stage asks: the one answer for deciding, counting, notifying, handing over, listing and seeing.

    the stage           asks                          with the authority of                          is delegated
 1  checks a condition  nobody
 2  was escalated       the members of its desk       their membership there                         yes
 3  names a person      that person                   the stage, within the limits of line 4         yes
 4  names a group       the reviewers in the group    their membership at its desk, or else          no
                                                      their highest one anywhere
 5  names neither       the members of its desk       their membership there                         yes

The first line that applies counts. Only people of at least the stage's tier who are active, here and in the directory,
are asked, and about an action of a client only by memberships for that client. Whether one of them may decide on an
action (their own proposal, an amount above their ceiling) is asked in `powers` and `permissions`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.contrib.auth.models import Group
from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet

from approvals import asked
from approvals.authority import memberships
from approvals.authority.memberships import Seats
from approvals.models import Delegation, Membership, Person, Stage
from approvals.models.delegations import IN_FORCE, at_desk
from approvals.models.people import active_person
from approvals.states import Tier
from policies.compiled import CompiledValues, Slot

# Columns with their values; whether there is a client is told by the look-up itself.
Reach = tuple[dict[str, int], ...]


def members(stage: Stage, client: int | None) -> QuerySet[Membership]:
    """The memberships by which people decide at a stage, of any tier, the best first; none where it names one.

    ``client`` is whose books the action belongs to, here and below.
    """
    if stage.is_check or stage.assigned_person:
        return Membership.objects.none()
    rows = memberships.best_first(memberships.in_force().filter(memberships.for_client(client)))
    if not stage.assigned_group:
        return rows.filter(desk_id=stage.desk_id)
    # Where somebody has a membership at the stage's desk, that one counts, even if another is higher.
    here = Membership.objects.filter(memberships.for_client(client), desk_id=stage.desk_id)
    is_at_desk = Exists(here.filter(person=OuterRef("person")))
    return rows.filter(Q(desk_id=stage.desk_id) | ~is_at_desk, person__groups=stage.group_id)


def asked_members(stage: Stage, client: int | None) -> QuerySet[Membership]:
    """The same, as far as they are enough: of the stage's tier or above."""
    return members(stage, client).filter(tier__gte=stage.tier)


def people(stage: Stage, client: int | None) -> list[Person]:
    """The people whom a stage asks, each once."""
    if stage.person_id is not None and stage.assigned_person:
        return list(_named(stage.person_id))
    about = ("people", stage.is_check, stage.desk_id, stage.tier, stage.assigned_group, stage.group_id, client)
    return asked.once(about, lambda: _asked_people(stage, client))


def _asked_people(stage: Stage, client: int | None) -> list[Person]:
    return list(dict.fromkeys(member.person for member in asked_members(stage, client).select_related("person")))


def people_ids(stage: Stage, client: int | None) -> QuerySet[Any, Any]:
    """The ids of the people whom a stage asks, to be used within another statement."""
    if stage.person_id is not None and stage.assigned_person:
        return _named(stage.person_id).values("pk")
    return asked_members(stage, client).order_by().values("person")


def _named(person_id: int) -> QuerySet[Person]:
    return Person.objects.filter(active_person(""), pk=person_id)


def delegations_at(stage: Stage, people: Iterable[Person]) -> list[Delegation]:
    """The delegations in force by which others decide a stage for these people, the oldest first."""
    if stage.assigned_group:
        # The people of a group are asked as such, so nobody else decides for them.
        return []
    rows = Delegation.objects.filter(IN_FORCE, at_desk(stage.desk_id), person__in=[person.pk for person in people])
    return list(rows.select_related("person", "delegate", "granted_by").order_by("starts_at", "id"))


def stages_asking(person: Person | Slot) -> tuple[QuerySet[Stage], ...]:
    """The stages of any state that ask a person outside the desks of their actions, as look-ups of small indexes."""
    seats = memberships.visible_seats(person)
    lenders = Delegation.objects.filter(IN_FORCE, delegate=person).values("person")
    return (
        Stage.objects.filter(person=person),
        Stage.objects.filter(Exists(memberships.lent_to(person)), person__in=lenders),
        Stage.objects.filter(group__in=Group.objects.filter(user=person).values("pk")),
        Stage.objects.filter(memberships.of_seats(seats, client="action__client"), is_other_desk=True),
    )


def inbox_columns(stage: Stage) -> dict[str, int | None]:
    """What an action's columns say of the stage that is open, so that `reach` finds the action."""
    assigned_desk = not (stage.is_check or stage.assigned_person or stage.assigned_group)
    return {
        "assigned_person_id": stage.person_id if stage.assigned_person else None,
        "assigned_group_id": stage.group_id if stage.assigned_group else None,
        "assigned_desk_id": stage.desk_id if assigned_desk else None,
    }


def reach(person: Person, seats: Seats | None = None) -> Reach:
    """The look-ups that find the actions whose open stage asks a person, or somebody for whom they decide.

    ``seats`` are those of `memberships.seats_now`, where they are read already.

    Each is one run of an index. They are told apart by columns of the action alone, so they may also find what asks a
    group for a tier that this person has only at another desk than the stage's.
    """
    return tuple(_look_ups(person, memberships.seats_now(person) if seats is None else seats))


def _look_ups(person: Person, seats: Seats) -> Iterator[dict[str, int]]:
    rows = seats.rows
    own = [row for row in rows if row.person_id == person.pk]
    at_desk: dict[int, list[Membership]] = defaultdict(list)
    for row in rows:
        at_desk[row.desk_id].append(row)
    for desk, seated in at_desk.items():
        yield from ({"assigned_desk": desk, **each} for each in _tiers(seated))
    # A seat of their own shows that they are active, so the directory is only asked without one. Nobody has the id 0.
    yield {"assigned_person": 0 if not own and memberships.was_seen_to_have_left(person) else person.pk}
    # Whoever lends their authority may be asked by name, too: at the desk that they lend it for, or at any.
    lent = [row for row in rows if row.person_id != person.pk]
    yield from ({"assigned_person": lender} for lender in seats.lenders_everywhere)
    rest = {(row.person_id, row.desk_id): None for row in lent if row.person_id not in seats.lenders_everywhere}
    yield from ({"assigned_person": lender, "desk": desk} for lender, desk in rest)
    # A group decides nothing by itself: only who is a reviewer somewhere is asked as one of it.
    for (group,) in _ASKED_GROUPS.all(person=person.pk) if own else ():
        yield from ({"assigned_group": group, **each} for each in _tiers(own))


def _tiers(seated: Sequence[Membership]) -> Iterator[dict[str, int]]:
    """The tiers up to which these memberships reach, of no client, of all clients, and of each beyond that.

    No two of them hold one action, which would be listed and counted twice.
    """
    of_none = max((row.tier for row in seated if row.client_id is None), default=0)
    of_all = max((row.tier for row in seated if row.covers_clients), default=0)
    highest: dict[int, int] = {}
    for row in seated:
        if row.client_id is not None:
            highest[row.client_id] = max(row.tier, highest.get(row.client_id, 0))
    yield from ({"required_tier": tier, "client__isnull": True} for tier in range(Tier.JUNIOR, of_none + 1))
    yield from ({"required_tier": tier, "client__isnull": False} for tier in range(Tier.JUNIOR, of_all + 1))
    for client, own in highest.items():
        yield from ({"required_tier": tier, "client": client} for tier in range(of_all + 1, own + 1))


# The groups of a person that any stage names.
_ASKED_GROUPS = CompiledValues(
    lambda: (
        Group.objects.filter(Exists(Stage.objects.filter(group=OuterRef("pk"))), user=Slot("person", BigIntegerField()))
        .order_by()
        .values_list("pk")
    )
)
