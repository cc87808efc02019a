"""The desks where somebody may decide: by memberships of their own, and by those that others lend them right now.

A membership gives authority only while its person is active, by their account and by the directory.
"""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_noop as _

from approvals.errors import NotAllowed
from approvals.models import Delegation, Employee, Membership, Person
from approvals.models.delegations import IN_FORCE
from approvals.models.people import active_person

LEFT = _(
    "The directory lists you as no longer active, so you cannot decide. Ask an administrator to correct the directory."
)


def in_force() -> QuerySet[Membership]:
    """The memberships that give authority: those of people who are active, here and in the directory."""
    return Membership.objects.filter(active_person())


def seats(person: Person) -> QuerySet[Membership]:
    """The memberships by which this person may decide, their own and those lent to them, in one statement."""
    return in_force().filter(Q(person=person) | Exists(lent_to(person)))


def visible_seats(person: Person) -> QuerySet[Membership]:
    """The memberships by which this person sees desks: also their own that give no authority now."""
    return Membership.objects.filter(Q(person=person) | Exists(lent_to(person)))


def lent_to(person: Person) -> QuerySet[Delegation]:
    """The delegations to this person in force that cover the outer row, which has a person and a desk."""
    is_covered = Q(desk=OuterRef("desk")) | Q(desk__isnull=True)
    return Delegation.objects.filter(IN_FORCE, is_covered, delegate=person, person=OuterRef("person"))


def has_left(person: Person) -> bool:
    """Whether the directory lists this person as no longer active; whom it does not know has not left."""
    return Employee.objects.filter(person=person, is_active=False).exists()


def left(person: Person) -> NotAllowed | None:
    """The refusal for somebody whom the directory lists as no longer active, or None."""
    return NotAllowed(LEFT) if has_left(person) else None
