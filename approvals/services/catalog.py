"""Writing the catalog: people, desks, memberships, kinds of action and agents, each change with its entry. Steps.

An admin form saves inside a transaction of its own, so these are steps of that one and not services.
"""

from collections.abc import Iterable

from django.db.models import Model
from django.utils.translation import gettext_noop as _

from approvals.actors import Actor
from approvals.errors import NotAllowed
from approvals.models import ActionType, Employee, Person
from approvals.models.people import NAMES
from approvals.services import ledger
from approvals.services.contract import database_now
from approvals.services.ledger import Fact

# As entries name them; any other model by its own name.
MODELS = {"actiontype": "action_type", "exchangerate": "exchange_rate", "subjectowner": "subject_owner"}
# By these an employee is found, and becomes a person.
IDENTIFYING = frozenset({"key", "name", "person"})
OWN_NAME = _("Nobody changes their own name, address or login; ask another administrator.")


def keep(row: Model, actor: Actor, fields: Iterable[str], *, is_new: bool = False) -> None:
    """Save a row with its one history row, and append the entry that says which fields changed, not to what.

    :raises NotAllowed: it would change what the acting person is called.
    """
    changed = sorted(fields)
    if actor.person is not None and is_renamed(row, actor.person, changed):
        raise NotAllowed(OWN_NAME)
    said = "Added." if is_new else f"Changed: {', '.join(changed)}."
    event = f"{_name(row)}.{'added' if is_new else 'changed'}"
    ledger.stated(row, Fact(actor, database_now(), event, said, {"fields": changed}), is_new=is_new)


def remove(row: Model, actor: Actor) -> None:
    """Delete a row, of which its history and an entry stay.

    :raises NotAllowed: it says what the acting person is called.
    """
    if actor.person is not None and isinstance(row, Employee) and _is_of(row, actor.person):
        raise NotAllowed(OWN_NAME)
    ledger.ended(row, Fact(actor, database_now(), f"{_name(row)}.removed", "Removed."))


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


def noted(row: Model, actor: Actor, event: str, said: str) -> None:
    """Append the entry of a change that Django itself has saved, such as that of a password."""
    ledger.stated(row, Fact(actor, database_now(), f"{_name(row)}.{event}", said))


def next_version(kind: ActionType) -> int:
    """The version that a changed schema brings; the row is locked, so that two who save at once do not share one."""
    return ActionType.objects.select_for_update().get(pk=kind.pk).version + 1


def _name(row: Model) -> str:
    name = str(row._meta.model_name)
    return MODELS.get(name, name)
