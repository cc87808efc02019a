"""Halts: which are in force, whom they affect, and what a person may halt."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import BigIntegerField, CharField, Exists, OuterRef, Q, QuerySet, Subquery

from approvals.authority import memberships
from approvals.authority.visibility import reads_everything
from approvals.models import Action, ActionType, Agent, Client, Desk, Halt, LostDispatch, Membership, Person
from approvals.models.halts import IN_FORCE
from approvals.queries.safety import installation, restores
from approvals.states import HaltScope
from policies.compiled import Compiled, CompiledValues, Slot

_NUMBER = BigIntegerField()
START, LIFT = "approvals.add_halt", "approvals.change_halt"
_WITH = ("desk", "action_type", "action_type__desk", "agent", "started_by", "lifted_by")


@dataclass(frozen=True, slots=True)
class Standing:
    """What the page header shows: what the person may halt, the active halts, and how the installation is.

    ``is_restored`` says that nothing is sent until an operator goes on after a restore, ``has_lost`` that something
    was sent that a restored database did not know, ``has_clients`` that there is any client.
    """

    may_halt: bool
    halts: list[Halt]
    is_live: bool
    is_restored: bool
    has_lost: bool
    has_clients: bool


def in_force() -> QuerySet[Halt]:
    """Return the active halts, newest first."""
    return Halt.objects.filter(IN_FORCE).select_related(*_WITH)


def over(*, desk: Any, action_type: Any, agent: Any, connector: Any) -> QuerySet[Halt]:
    """Return the active halts for these IDs and this connector; accepts outer references."""
    return _reaching(desk=desk, action_type=action_type, agent=agent, connector=connector).filter(IN_FORCE)


def _reaching(*, desk: Any, action_type: Any, agent: Any, connector: Any) -> QuerySet[Halt]:
    reach = Q(scope=HaltScope.EVERYTHING) | Q(desk=desk) | Q(action_type=action_type) | Q(agent=agent)
    return Halt.objects.filter(reach | Q(scope=HaltScope.CONNECTOR, connector=connector))


def of_action() -> Subquery:
    """Return a subquery with the ID of a halt over each action of a query."""
    reach = over(
        desk=OuterRef("desk_id"),
        action_type=OuterRef("action_type_id"),
        agent=OuterRef("agent_id"),
        connector=OuterRef("action_type__connector"),
    )
    return Subquery(reach.order_by("id").values("pk")[:1])


def of_kind(agent: Any) -> Subquery:
    """Return the same for a query of action types, proposed by the agent with this ID."""
    reach = over(
        desk=OuterRef("desk_id"),
        action_type=OuterRef("pk"),
        agent=agent,
        connector=OuterRef("connector"),
    )
    return Subquery(reach.order_by("id").values("pk")[:1])


def on(action: Action) -> Halt | None:
    """Return an active halt over the action, or None."""
    # Mostly there is none, and what it names is read where it is shown.
    return _ON.first(**_ids(action))


_ON: Compiled[Halt] = Compiled(
    lambda: over(
        desk=Slot("desk", _NUMBER),
        action_type=Slot("action_type", _NUMBER),
        agent=Slot("agent", _NUMBER),
        connector=Slot("connector", CharField()),
    ).order_by("id")[:1]
)


def holding(action: Action) -> Halt | None:
    """Return a halt that is active or whose lift HITL did not save, over the action, or None; for before an effect."""
    rows = _reaching(**_ids(action)).order_by("id")
    return next((halt for halt in rows if halt.lifted_at is None or not halt.is_sealed), None)


def holding_end(connector: str, *, is_early: bool) -> Halt | None:
    """Return the same over an end of this connector: a halt of that, or of everything unless a person asked for it."""
    reach = Q(scope=HaltScope.CONNECTOR, connector=connector)
    rows = Halt.objects.filter(reach if is_early else reach | Q(scope=HaltScope.EVERYTHING)).order_by("id")
    return next((halt for halt in rows if halt.lifted_at is None or not halt.is_sealed), None)


def _ids(action: Action) -> dict[str, Any]:
    connector = action.action_type.connector
    return {
        "desk": action.desk_id, "action_type": action.action_type_id, "agent": action.agent_id, "connector": connector
    }  # fmt: skip


def covers(halt: Halt, action: Action) -> bool:
    """Return whether a halt covers this action, without a statement."""
    reach = {
        HaltScope.DESK: halt.desk_id == action.desk_id,
        HaltScope.ACTION_TYPE: halt.action_type_id == action.action_type_id,
        HaltScope.AGENT: halt.agent_id == action.agent_id,
        HaltScope.CONNECTOR: halt.connector == action.action_type.connector,
    }
    return reach.get(HaltScope(halt.scope), True)


def named(ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Halt]:
    """Return these halts by ID; sends no statement without IDs."""
    wanted = set(ids)
    return {halt.pk: halt for halt in Halt.objects.filter(pk__in=wanted).select_related(*_WITH)} if wanted else {}


def executions(halt: Halt) -> Q:
    """Return the executions that a halt blocks."""
    if halt.scope == HaltScope.EVERYTHING:
        return Q(pk__isnull=False)
    if halt.scope == HaltScope.CONNECTOR:
        return Q(connector=halt.connector)
    field = {"desk": halt.desk_id, "action_type": halt.action_type_id, "agent": halt.agent_id}
    return Q(**{f"action__{halt.scope}": field[halt.scope]})


def ends(halt: Halt) -> Q | None:
    """Return the ends that a halt blocks, or None where it blocks none."""
    if halt.scope == HaltScope.EVERYTHING:
        return Q(is_early=False)
    return Q(connector=halt.connector) if halt.scope == HaltScope.CONNECTOR else None


def visible_to(person: Person) -> QuerySet[Halt]:
    """Return the active and lifted halts of a person's desks, and those beyond any desk."""
    rows = Halt.objects.select_related(*_WITH)
    if reads_everything(person) or person.has_perm(START) or person.has_perm(LIFT):
        return rows
    return rows.filter(_concerning(person))


def standing(person: Person) -> Standing:
    """Return what the page header shows, in one statement or two."""
    ((*may, is_touched, is_live, is_restored, has_lost, has_clients),) = _STANDING.all(person=person.pk)
    halts = _TOUCHING.all(person=person.pk) if is_touched else []
    return Standing(any(may), halts, is_live, is_restored, has_lost, has_clients)


def _standing() -> QuerySet[Person, Any]:
    person = Slot("person", _NUMBER)
    app_label, codename = START.split(".")
    given = Permission.objects.filter(content_type__app_label=app_label, codename=codename)
    asked = Person.objects.filter(pk=person).annotate(
        is_member=Exists(Membership.objects.filter(person=person)),
        is_owner=Exists(Agent.objects.filter(person__isnull=True, owner=person)),
        is_given=Exists(given.filter(Q(user=person) | Q(group__user=person))),
        is_touched=Exists(_touching()),
        is_live=installation.live(),
        is_restored=Exists(restores.on()),
        has_lost=Exists(LostDispatch.objects.all()),
        has_clients=Exists(Client.objects.all()),
    )
    about = ("is_member", "is_owner", "is_given", "is_touched", "is_live", "is_restored", "has_lost", "has_clients")
    return asked.values_list(*about)


def _touching() -> QuerySet[Halt]:
    return Halt.objects.filter(IN_FORCE, _concerning(Slot("person", _NUMBER)))


_STANDING = CompiledValues(_standing)
_TOUCHING: Compiled[Halt] = Compiled(lambda: _touching().select_related(*_WITH))


def targets(person: Person) -> list[Halt]:
    """Return what the person may halt, widest first, as unsaved halts.

    Members can halt their desk and its action types, owners their agents. Everything else, including connectors and
    all actions together, requires permission to add halts.
    """
    may_all = person.has_perm(START)
    seats = Membership.objects.filter(person=person)
    desks = Desk.objects.all() if may_all else Desk.objects.filter(pk__in=seats.values("desk"))
    agents = Agent.objects.filter(person__isnull=True, **({} if may_all else {"owner": person}))
    kinds = ActionType.objects.filter(is_active=True)
    of_desks = kinds.filter(Q(desk__in=desks) if may_all else memberships.of_kinds(seats)).order_by("name")
    names = sorted(set(kinds.exclude(connector="").values_list("connector", flat=True))) if may_all else []
    return [
        *([Halt(scope=HaltScope.EVERYTHING)] if may_all else []),
        *(Halt(scope=HaltScope.DESK, desk=desk) for desk in desks),
        *(Halt(scope=HaltScope.CONNECTOR, connector=name) for name in names),
        *(Halt(scope=HaltScope.ACTION_TYPE, action_type=kind) for kind in of_desks),
        *(Halt(scope=HaltScope.AGENT, agent=agent) for agent in agents),
    ]


def targets_in_force() -> set[tuple[object, ...]]:
    """Return what is halted, in one statement."""
    return {target_of(halt) for halt in Halt.objects.filter(IN_FORCE)}


def target_of(halt: Halt) -> tuple[object, ...]:
    """Return what a halt covers; two halts of one target are equal in this."""
    return halt.scope, halt.connector, halt.desk_id, halt.action_type_id, halt.agent_id


def same_as(halt: Halt) -> Halt | None:
    """Return the active halt with the same target, or None."""
    rows = in_force().filter(scope=halt.scope, connector=halt.connector)
    return rows.filter(desk=halt.desk, action_type=halt.action_type, agent=halt.agent).first()


def _concerning(person: Person | Slot) -> Q:
    mine = Membership.objects.filter(person=person)
    beyond = Q(scope__in=[HaltScope.EVERYTHING, HaltScope.CONNECTOR])
    beyond |= Q(memberships.of_clients(person, "agent__client"), scope=HaltScope.AGENT)
    kinds = ActionType.objects.filter(memberships.of_kinds(mine)).values("pk")
    return beyond | Q(desk__in=mine.values("desk")) | Q(action_type__in=kinds)
