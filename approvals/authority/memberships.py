"""Where somebody may decide: by memberships of her own, and by those that others lend her right now."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from approvals.models import Delegation, Membership, Person, Stage
from approvals.models.delegations import IN_FORCE


def seats(person: Person) -> QuerySet[Membership]:
    """The memberships by which this person may decide, her own and those lent to her, in one statement."""
    return Membership.objects.filter(Q(person=person) | Exists(_lent(person)))


def asked_by_name(person: Person) -> tuple[QuerySet[Stage], ...]:
    """The stages that ask this person by name, and those that ask somebody who lends her power where they are.

    Two look-ups of small indexes. What is asked of a group is asked of its people, and is not lent.
    """
    lenders = Delegation.objects.filter(IN_FORCE, delegate=person).values("person")
    lent = Stage.objects.filter(Exists(_lent(person)), person__in=lenders)
    return Stage.objects.filter(person=person), lent


def _lent(person: Person) -> QuerySet[Delegation]:
    """The delegations to this person that are in force and cover a row with a person and a desk."""
    here = Q(desk=OuterRef("desk")) | Q(desk__isnull=True)
    return Delegation.objects.filter(IN_FORCE, here, delegate=person, person=OuterRef("person"))
