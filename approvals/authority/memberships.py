"""The desks where somebody may decide: by memberships of their own, and by those that others lend them right now.

A membership gives authority only while its person is active, by their account and by the directory. It is for actions
of no client, of one, or of all of them: `for_client` and `of_seats` are the two places that know it.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, QuerySet
from django.db.models.lookups import IsNull
from django.utils.translation import gettext_noop as _

from approvals.errors import NotAllowed
from approvals.models import Action, ActionType, Agent, ApiKey, Client, Delegation, Employee, Membership, Person
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

    def cover(self, action: Action) -> bool:
        """Whether one of them is for the action's desk and client."""
        return any(row.desk_id == action.desk_id and row.covers(action.client_id) for row in self.rows)

    def cover_type(self, kind: ActionType) -> bool:
        """Whether one of them is for the desk and client of an action type that belongs to a client."""
        return any(row.desk_id == kind.desk_id and row.covers(kind.client_id) for row in self.rows)


def in_force() -> QuerySet[Membership]:
    """The memberships that give authority: those of people who are active, here and in the directory."""
    return Membership.objects.filter(active_person())


def for_client(client: int | Slot | None) -> Q:
    """The condition that a membership is for actions of this client, or of none."""
    if client is None:
        return Q(client__isnull=True)
    return Q(client=client) | Q(covers_clients=True)


def of_seats(seats: QuerySet[Membership], desk: str = "desk", client: str = "client") -> Q:
    """The condition that a row is of the desk and the client of one of these memberships.

    ``desk`` and ``client`` lead from the row to them. What is of no client is told by its desk alone, which the
    database asks once for all rows.
    """
    of_none = seats.filter(client__isnull=True).values("desk")
    clients, whole = seats.filter(client__isnull=False).values("client"), seats.filter(covers_clients=True)
    # What most rows fail by comes first, and is asked once for all rows, too: a list may pass over many.
    of_any = Q(**{f"{client}__isnull": False}) & (
        Q(**{f"{client}__in": clients}) | Q(**{f"{desk}__in": whole.values("desk")})
    )
    of_any &= Q(Exists(seats.filter(for_client_of(client), desk=OuterRef(desk))))
    return Q(**{f"{client}__isnull": True, f"{desk}__in": of_none}) | of_any


def of_clients(person: Person | Slot, client: str = "client") -> Q:
    """The condition that a row is of no client, or of one that the person has a membership for or is responsible for.

    Whatever else shows somebody an action, such as a stage that names them, shows none of other clients.
    """
    held = visible_seats(person).filter(for_client_of(client))
    # Asked once for all rows; a join would be one with every row.
    theirs = Client.objects.filter(responsible=person).values("pk")
    return Q(**{f"{client}__isnull": True}) | Q(Exists(held)) | Q(**{f"{client}__in": theirs})


def of_kinds(seats: QuerySet[Membership]) -> Q:
    """The condition that an action type is of the desk of one of these memberships, and of its client if it has one."""
    of_any = seats.filter(for_client_of("client"), desk=OuterRef("desk"))
    return Q(client__isnull=True, desk__in=seats.values("desk")) | Q(client__isnull=False) & Q(Exists(of_any))


def is_of_client(person: Person, client_id: int | None) -> bool:
    """Whether a person can be asked about this client at all: by a membership at any desk, or as who is responsible."""
    if client_id is None or in_force().filter(for_client(client_id), person=person).exists():
        return True
    found = Client.objects.filter(pk=client_id, responsible=person).first()
    # Whoever can write to the database makes nobody responsible.
    return found is not None and found.is_sealed


def for_client_of(client: str) -> Q:
    """The same within another statement, whose row names the client or none; ``client`` leads to it."""
    return (
        Q(covers_clients=True) | Q(client=OuterRef(client)) | Q(client__isnull=True) & Q(IsNull(OuterRef(client), True))
    )


def at(person: Person, desk_id: int, client_id: int | None) -> Membership | None:
    """The membership that gives a person authority at a desk for a client, or None; of several, `best_first`."""
    if client_id is None:
        return _AT_DESK.first(person=person.pk, desk=desk_id)
    return _AT_DESK_FOR.first(person=person.pk, desk=desk_id, client=client_id)


def best_first(rows: QuerySet[Membership]) -> QuerySet[Membership]:
    """Memberships for one client in the order in which they count: the highest tier, then the one for it alone."""
    return rows.order_by("-tier", F("client").asc(nulls_last=True), "pk")


def _at_desk(client: Slot | None) -> QuerySet[Membership]:
    rows = in_force().filter(person=Slot("person", BigIntegerField()), desk=Slot("desk", BigIntegerField()))
    return rows.filter(for_client(client))


_AT_DESK: Compiled[Membership] = Compiled(lambda: _at_desk(None))
_AT_DESK_FOR: Compiled[Membership] = Compiled(lambda: best_first(_at_desk(Slot("client", BigIntegerField()))))


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


def shared_with(person: Person) -> QuerySet[Membership]:
    """Everybody's memberships at a desk and for a client that one of those by which this person sees is for, too."""
    mine = visible_seats(person)
    beside = Exists(mine.filter(for_client_of("client"), desk=OuterRef("desk")))
    return Membership.objects.filter(beside | Q(covers_clients=True, desk__in=mine.values("desk")))


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
