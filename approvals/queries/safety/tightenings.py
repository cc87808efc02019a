"""Tightenings that no second person has reviewed, and who may review them."""

from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from approvals.authority import delegations, identity, memberships
from approvals.authority.memberships import Seats
from approvals.models import Delegation, Desk, Membership, Person, Tightening
from approvals.models.action_types import CONTROL_DESK
from approvals.models.delegations import at_desk
from approvals.models.tightenings import UNREVIEWED

MAX_COUNTED = 100


def seat_of(person: Person) -> Membership | None:
    """The person's own membership at the desk that decides on configuration changes, while it is in force."""
    own = memberships.in_force().filter(memberships.for_client(None), person=person, desk__slug=CONTROL_DESK)
    return own.select_related("person", "desk").first()


def unreviewed() -> QuerySet[Tightening]:
    """What nobody has reviewed yet, oldest first."""
    return Tightening.objects.filter(UNREVIEWED).order_by("id")


def count(person: Person, seats: Seats) -> int:
    """Count, up to a bound, what this person can review; no statement for people without this membership."""
    if not any(seat.person_id == person.pk and seat.desk.slug == CONTROL_DESK for seat in seats.rows):
        return 0
    rows = unreviewed().filter(Q(made_by__isnull=True) | ~Q(made_by__in=identity.ids(person)))
    return rows[:MAX_COUNTED].count()


def own_among(person: Person, desk: Desk, rows: Sequence[Tightening]) -> set[object]:
    """The ids of those that this person made, or somebody who counts as them or is tied to them by a delegation."""
    mine = identity.ids(person)
    found: set[object] = {row.pk for row in rows if row.made_by_id in mine}
    pair = Q(person__in=mine) | Q(delegate__in=mine)
    if Delegation.objects.filter(at_desk(desk.pk), pair, starts_at__lte=Now()).exists():
        found |= {row.pk for row in rows if is_own(person, desk, row)}
    return found


def is_own(person: Person, desk: Desk, row: Tightening) -> bool:
    """Whether this person made it, or somebody who counts as them or is tied to them by a delegation since."""
    if row.made_by is None:
        return False
    is_one = identity.are_one(person, row.made_by)
    return is_one or delegations.tie([person], {row.made_by.pk: row.made_at}, desk.pk) is not None
