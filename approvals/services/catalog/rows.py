"""Writing the catalog: people, desks, memberships, kinds of action and agents, each change with its entry. Steps.

An admin form saves inside a transaction of its own, so these are steps of that one and not services.
"""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext_noop as _

from approvals.actors import Actor
from approvals.errors import NotAllowed
from approvals.models import ActionType, Employee, LedgerEntry, Person
from approvals.models.people import NAMES
from approvals.queries.insight import owners as insight_owners
from approvals.services.catalog import own_agents
from approvals.services.ledger import entries
from approvals.services.ledger.entries import Event
from approvals.services.notifications import queue
from policies import db

# As entries name them; any other model by its own name.
MODELS = {"actiontype": "action_type", "exchangerate": "exchange_rate", "subjectowner": "subject_owner"}
# By these an employee is found, and becomes a person.
IDENTIFYING = frozenset({"key", "name", "person"})
OWN_NAME = _("You cannot change your own name, email address, or login. Ask another administrator.")
_ALONE = "Changed by a person with an affected agent; allowed because this is a single-reviewer desk."


def save(row: Model, actor: Actor, fields: Iterable[str], *, is_new: bool = False) -> None:
    """Save a row with its one history row, and append the entry that says which fields changed, not to what.

    Who answers for an action type is told of each change of it.

    :raises NotAllowed: it gives the acting person power over an agent, or changes what they are called.
    """
    data: dict[str, Any] = {"fields": sorted(fields)}
    if actor.person is not None and is_renamed(row, actor.person, data["fields"]):
        raise NotAllowed(OWN_NAME)
    said = "Added." if is_new else f"Changed: {', '.join(data['fields'])}."
    event = f"{_name(row)}.{'added' if is_new else 'changed'}"
    with transaction.atomic(savepoint=False):
        if own_agents.check_change(row, actor):
            data, said = data | {"exception": "solo"}, f"{said} {_ALONE}"
        before = _before(row)
        entry = entries.record_row(row, Event(actor, db.now(), event, said, data), is_new=is_new)
        if isinstance(row, ActionType):
            _tell(row, before, entry)


def delete(row: Model, actor: Actor) -> None:
    """Delete a row, of which its history and an entry stay.

    :raises NotAllowed: an agent of this person may propose it, or it says what the acting person is called.
    """
    if actor.person is not None and isinstance(row, Employee) and _is_of(row, actor.person):
        raise NotAllowed(OWN_NAME)
    with transaction.atomic(savepoint=False):
        said = f"Removed. {_ALONE}" if own_agents.check_change(row, actor) else "Removed."
        entries.record_deletion(row, Event(actor, db.now(), f"{_name(row)}.removed", said))


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


def record(row: Model, actor: Actor, event: str, said: str) -> None:
    """Append the entry of a change that Django itself has saved, such as that of a password."""
    entries.record_row(row, Event(actor, db.now(), f"{_name(row)}.{event}", said))


def next_version(kind: ActionType) -> int:
    """The version that a changed schema brings; the row is locked, so that two who save at once do not share one."""
    return ActionType.objects.select_for_update().get(pk=kind.pk).version + 1


def _before(row: Model) -> ActionType | None:
    """An action type as it is before it is saved, locked so that each change is told from the one before it."""
    if not isinstance(row, ActionType):
        return None
    return ActionType.objects.select_for_update(of=("self",)).filter(pk=row.pk).first()


def _tell(kind: ActionType, before: ActionType | None, entry: LedgerEntry) -> None:
    """Tell the owners of before and of now: who takes an action type over must not silence whom it was taken from."""
    if before is not None and not _differ(kind, before):
        return
    owners = {kind.owner_id, before.owner_id if before else None}
    people = insight_owners.told_of_changes(owner for owner in owners if owner is not None)
    assert entry.history_id is not None  # a row's entry names its history row
    queue.notify_of_change(kind, entry.history_id, people, entry.at)


def _differ(kind: ActionType, before: ActionType) -> bool:
    return any(getattr(kind, field.attname) != getattr(before, field.attname) for field in kind._meta.concrete_fields)


def _name(row: Model) -> str:
    name = str(row._meta.model_name)
    return MODELS.get(name, name)
