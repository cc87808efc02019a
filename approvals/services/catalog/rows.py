"""Writing the catalog: people, desks, memberships, kinds of action and agents, each change with its entry. Steps.

An admin form saves inside a transaction of its own, so these are steps of that one and not services. Whether a change
must wait for a second person is asked here, so that no door can leave it out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext_noop as _

from approvals.actors import Actor
from approvals.errors import NotAllowed
from approvals.models import ActionType, Employee, LedgerEntry, Membership, Person
from approvals.models.action_types import BUILT_IN
from approvals.models.people import NAMES
from approvals.models.recorded import BOOKKEEPING, Recorded
from approvals.queries.insight import owners as insight_owners
from approvals.queries.safety import installation
from approvals.services.catalog import credentials, gathering, own_agents, own_webhooks
from approvals.services.ledger import entries
from approvals.services.ledger.entries import Event
from approvals.services.notifications import queue
from policies import db

# As entries name them; any other model by its own name.
MODELS = {
    "actiontype": "action_type",
    "exchangerate": "exchange_rate",
    "flowlimit": "flow_limit",
    "subjectowner": "subject_owner",
}
# By these an employee is found, and becomes a person.
IDENTIFYING = frozenset({"key", "name", "person"})
OWN_NAME = _("You cannot change your own name, email address, or login. Ask another administrator to change them.")
FIXED = _(
    "“{kind}” is part of HITL. Its name, connector, and status cannot be changed because no other action type could "
    "undo the change."
)
_ALONE = "Changed by a person with an affected agent; allowed because this is a single-reviewer desk."


def save(row: Recorded | Group, actor: Actor, fields: Iterable[str], *, is_new: bool = False, why: str = "") -> None:
    """Save a row with its one history row, and append the entry that says which fields changed, not to what.

    Who answers for an action type is told of each change of it.

    :raises NotAllowed: it gives the acting person power over an agent, changes what they are called, sends what
        somebody else may see to another address, or loosens the gate outside `gathering.one_change`.
    """
    data: dict[str, Any] = {"fields": sorted(fields)}
    if actor.person is not None and is_renamed(row, actor.person, data["fields"]):
        raise NotAllowed(OWN_NAME)
    changed = "Added." if is_new else f"Changed: {', '.join(data['fields'])}."
    said, is_live = f"{changed} {why}".strip(), installation.is_live()
    with transaction.atomic(savepoint=False):
        if own_agents.check_change(row, actor):
            data, said = data | {"exception": "solo"}, f"{said} {_ALONE}"
        own_webhooks.check_change(row, gathering.author_of(actor), is_new=is_new)
        before = _before(row)
        _check_built_in(row, before)
        if isinstance(row, Person) and not is_new:
            # Whoever wanted another address may be who reads what goes there.
            _note_address(row, gathering.author_of(actor))
        is_watched = is_live and gathering.is_watched(row)
        was = gathering.before(row) if is_watched and not is_new else None
        event = _event(row, "added" if is_new else "changed", is_live)
        entry = _write(row, Event(actor, db.now(), event, said, data), is_new=is_new)
        _tell_of(row, before, entry, data["fields"])
        if was is not None:
            gathering.note_changed(row, was, actor)
        elif is_watched:
            gathering.note_added(row, actor)


def _tell_of(row: Model, before: ActionType | None, entry: LedgerEntry, fields: Iterable[str]) -> None:
    if isinstance(row, ActionType):
        _tell(row, before, entry)
    elif isinstance(row, Membership) or (isinstance(row, Person) and "is_superuser" in fields):
        credentials.tell_of_power(row, entry)


def relate(row: Person | Group, actor: Actor, wanted: Mapping[str, Iterable[Model]], *, why: str = "") -> None:
    """Set what a row is related to many times, such as a person's groups, with an entry that names the fields.

    :raises NotAllowed: it loosens the gate outside `gathering.one_change`.
    """
    now = {name: {each.pk for each in rows} for name, rows in wanted.items()}
    fields = sorted(name for name, keys in now.items() if keys != _related(row, name))
    if not fields:
        return
    is_live = installation.is_live()
    with transaction.atomic(savepoint=False):
        was = gathering.before(row) if is_live and gathering.is_watched(row) else None
        for name in fields:
            getattr(row, name).set(now[name])
        said = f"Changed: {', '.join(fields)}. {why}".strip()
        _record_related(row, Event(actor, db.now(), _event(row, "changed", is_live), said, {"fields": fields}))
        if was is not None:
            gathering.note_changed(row, was, actor)


def _record_related(row: Person | Group, fact: Event) -> None:
    """Append the entry of what a person or group is related to, which has no history; the person is told."""
    if isinstance(row, Person):
        credentials.tell_of_power(row, entries.record_unchanged(row, fact))
    else:
        entries.record_refusal(replace(fact, data={"row": row.pk} | fact.data))


def _related(row: Model, name: str) -> set[Any]:
    return set(getattr(row, name).values_list("pk", flat=True))


def delete(row: Recorded | Group, actor: Actor, *, why: str = "") -> None:
    """Delete a row, of which its history and an entry stay.

    :raises NotAllowed: an agent of this person may propose it, it says what the acting person is called, or it loosens
        the gate outside `gathering.one_change`.
    """
    if actor.person is not None and isinstance(row, Employee) and _is_of(row, actor.person):
        raise NotAllowed(OWN_NAME)
    with transaction.atomic(savepoint=False):
        said = f"Removed. {_ALONE}" if own_agents.check_change(row, actor) else "Removed."
        is_live = installation.is_live()
        if is_live and gathering.is_watched(row):
            gathering.note_removed(row, actor)
        entry = _remove(row, Event(actor, db.now(), _event(row, "removed", is_live), f"{said} {why}".strip()))
        if isinstance(row, Membership):
            credentials.tell_of_power(row, entry)


def is_renamed(row: Model, person: Person, fields: Iterable[str]) -> bool:
    """Whether saving a row changes what this person is called, here or in the directory; nobody does that alone.

    Who asked for an action is told by name, and a new name would hide it.
    """
    if isinstance(row, Person):
        return row.pk == person.pk and _names(row) != _names(Person.objects.get(pk=row.pk))
    if isinstance(row, Employee) and not IDENTIFYING.isdisjoint(fields):
        return _is_of(row, person)
    return False


def _names(person: Person) -> set[tuple[str, str]]:
    return {(field, getattr(person, field)) for field in NAMES}


def _is_of(row: Employee, person: Person) -> bool:
    """Whether this person signs in as an employee, before or after a change of the row."""
    return row.person_id == person.pk or Employee.objects.filter(pk=row.pk, person=person).exists()


def record(row: Recorded, actor: Actor, event: str, said: str) -> None:
    """Append the entry of a change that Django itself has saved, such as that of a password."""
    with transaction.atomic(savepoint=False):
        entries.record_row(row, Event(actor, db.now(), f"{_name(row)}.{event}", said))


def _event(row: Model, what: str, is_live: bool) -> str:
    """The event of a change; one of the set-up, which nobody else approved, says so."""
    event = f"{_name(row)}.{what}"
    return event if is_live else f"setup.{event}"


def _write(row: Recorded | Group, fact: Event, *, is_new: bool) -> LedgerEntry:
    """Save a row with its entry; Django's groups have no history, so the entry alone tells of them."""
    if isinstance(row, Group):
        row.save(force_insert=is_new)
        return entries.record_refusal(replace(fact, data={"row": row.pk} | fact.data))
    return entries.record_row(row, fact, is_new=is_new)


def _remove(row: Recorded | Group, fact: Event) -> LedgerEntry:
    if not isinstance(row, Group):
        return entries.record_deletion(row, fact)
    entry = entries.record_refusal(replace(fact, data={"row": row.pk}))
    row.delete()
    return entry


def _check_built_in(row: Model, before: ActionType | None) -> None:
    """Keep a built-in type working: only by it could a mistake in it be corrected."""
    if before is None or not isinstance(row, ActionType) or before.name not in BUILT_IN:
        return
    if (row.name, row.connector, row.execution, row.is_active) != (
        before.name, before.connector, before.execution, True
    ):  # fmt: skip
        raise NotAllowed(FIXED, said={"kind": before.title})


def next_version(kind: ActionType) -> int:
    """The version that a changed schema brings; the row is locked, so that two who save at once do not share one."""
    return ActionType.objects.select_for_update(no_key=True).get(pk=kind.pk).version + 1


def _note_address(row: Person, actor: Actor) -> None:
    held = Person.objects.select_for_update(no_key=True).filter(pk=row.pk)
    former = held.values_list("email", flat=True).get()
    if former != row.email:
        credentials.note_address(row, former, actor)


def _before(row: Model) -> ActionType | None:
    """An action type as it is before it is saved, locked so that each change is told from the one before it."""
    if not isinstance(row, ActionType):
        return None
    return ActionType.objects.select_for_update(of=("self",), no_key=True).filter(pk=row.pk).first()


def _tell(kind: ActionType, before: ActionType | None, entry: LedgerEntry) -> None:
    """Tell the owners of before and of now: who takes an action type over must not silence whom it was taken from."""
    if before is not None and not _differ(kind, before):
        return
    owners = {kind.owner_id, before.owner_id if before else None}
    people = insight_owners.told_of_changes(owner for owner in owners if owner is not None)
    assert entry.history_id is not None  # a row's entry names its history row
    queue.notify_of_change(kind, entry.history_id, people, entry.at)


def _differ(kind: ActionType, before: ActionType) -> bool:
    fields = (field.attname for field in kind._meta.concrete_fields if field.name not in BOOKKEEPING)
    return any(getattr(kind, name) != getattr(before, name) for name in fields)


def _name(row: Model) -> str:
    name = str(row._meta.model_name)
    return MODELS.get(name, name)
