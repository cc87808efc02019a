"""The desks where somebody may decide: by memberships of their own, and by those that others lend them right now.

A membership gives authority only while its person is active, by their account and by the directory.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_noop as _

from approvals.errors import NotAllowed
from approvals.models import Agent, ApiKey, Delegation, Employee, Membership, Person
from approvals.models.delegations import IN_FORCE, RUNNING
from approvals.models.people import active_person
from policies.compiled import Compiled, Slot

LEFT = _("The directory lists you as inactive, so you cannot decide. Ask an administrator to correct the directory.")


class Seats(NamedTuple):
    """Memberships with their desks, by desk; who lends theirs for all desks; whether the person may have agents."""

    rows: Sequence[Membership]
    lenders_everywhere: frozenset[int]
    may_have_agents: bool

    @property
    def desks(self) -> set[int]:
        """The ids of the desks."""
        return {row.desk_id for row in self.rows}


def in_force() -> QuerySet[Membership]:
    """The memberships that give authority: those of people who are active, here and in the directory."""
    return Membership.objects.filter(active_person())


def at(person: Person, desk_id: int) -> Membership | None:
    """The membership at a desk that gives a person authority there, or None."""
    return _AT_DESK.first(person=person.pk, desk=desk_id)


_AT_DESK: Compiled[Membership] = Compiled(
    lambda: in_force().filter(person=Slot("person", BigIntegerField()), desk=Slot("desk", BigIntegerField()))
)


def seats(person: Person | Slot) -> QuerySet[Membership]:
    """The memberships by which this person may decide, their own and those lent to them, in one statement."""
    # That the lender is active is asked of the membership itself.
    lent = Delegation.objects.filter(RUNNING, _covered(), active_person("delegate"), delegate=person)
    return in_force().filter(Q(person=person) | Exists(lent.filter(person=OuterRef("person"))))


def seats_now(person: Person) -> Seats:
    """What `seats` finds, read for a page with all that its lists ask of them; one statement."""
    rows: list[Any] = _SEATS_NOW.all(person=person.pk)
    lenders = frozenset(row.person_id for row in rows if row.is_lent_everywhere and row.person_id != person.pk)
    return Seats(rows, lenders, all(row.has_agents for row in rows))


def _seats_now() -> QuerySet[Membership]:
    person = Slot("person", BigIntegerField())
    everywhere = Delegation.objects.filter(RUNNING, delegate=person, person=OuterRef("person"), desk__isnull=True)
    found = seats(person).annotate(is_lent_everywhere=Exists(everywhere), has_agents=Exists(own_agents(person)))
    return found.select_related("desk").order_by("desk_id")


_SEATS_NOW: Compiled[Membership] = Compiled(_seats_now)


def own_agents(person: Person | Slot) -> QuerySet[Agent]:
    """The agents that a person owns or holds a key of, whatever became of the key."""
    held = ApiKey.objects.filter(holder=person, agent__isnull=False).values("agent")
    return Agent.objects.filter(Q(owner=person) | Q(pk__in=held))


def visible_seats(person: Person | Slot) -> QuerySet[Membership]:
    """The memberships by which this person sees desks: also their own that give no authority now."""
    return Membership.objects.filter(Q(person=person) | Exists(lent_to(person)))


def lent_to(person: Person | Slot) -> QuerySet[Delegation]:
    """The delegations to this person in force that cover the outer row, which has a person and a desk."""
    return Delegation.objects.filter(IN_FORCE, _covered(), delegate=person, person=OuterRef("person"))


def _covered() -> Q:
    return Q(desk=OuterRef("desk")) | Q(desk__isnull=True)


def has_left(person: Person) -> bool:
    """Whether the directory lists this person as no longer active; whom it does not know has not left."""
    return Employee.objects.filter(person=person, is_active=False).exists()


def is_active(person: Person) -> bool:
    """Whether this person may act right now, by their account and by the directory."""
    return Person.objects.filter(active_person(""), pk=person.pk).exists()


def was_seen_to_have_left(person: Person) -> bool:
    """The same for a page, as the directory was read with the signed-in person; else it is read now."""
    if not Person.employee.is_cached(person):
        return has_left(person)
    employee = getattr(person, "employee", None)
    return employee is not None and not employee.is_active


def left(person: Person) -> NotAllowed | None:
    """The refusal for somebody whom the directory lists as no longer active, or None."""
    return NotAllowed(LEFT) if has_left(person) else None
