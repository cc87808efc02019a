"""The desks where somebody may decide: by memberships of their own, and by those that others lend them right now."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from approvals.models import Delegation, Membership, Person
from approvals.models.delegations import IN_FORCE
from approvals.models.people import active


def is_active(person: Person) -> bool:
    """Whether the person can act right now, by their login and by the directory; one statement."""
    return person.is_active and Person.objects.filter(active(), pk=person.pk).exists()


def seats(person: Person) -> QuerySet[Membership]:
    """The memberships by which this person may decide, their own and those lent to them, in one statement."""
    return Membership.objects.filter(Q(person=person) | Exists(lent_to(person)))


def lent_to(person: Person) -> QuerySet[Delegation]:
    """The delegations to this person in force that cover the outer row, which has a person and a desk."""
    is_covered = Q(desk=OuterRef("desk")) | Q(desk__isnull=True)
    return Delegation.objects.filter(IN_FORCE, is_covered, delegate=person, person=OuterRef("person"))
