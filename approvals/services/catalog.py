"""Writing the catalog: people, desks, memberships, kinds of action and agents, each change with its entry. Steps.

An admin form saves inside a transaction of its own, so these are steps of that one and not services.
"""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Model

from approvals.actors import Actor
from approvals.models import ActionType, Entry
from approvals.queries import accountability
from approvals.services import conflicts, ledger, notices
from approvals.services.contract import database_now
from approvals.services.ledger import Fact

# As entries name them; any other model by its own name.
NAMES = {"actiontype": "action_type", "exchangerate": "exchange_rate", "subjectowner": "subject_owner"}
_ALONE = "By somebody who has an agent that this concerns; the desk runs solo."


def keep(row: Model, actor: Actor, fields: Iterable[str], *, is_new: bool = False) -> None:
    """Save a row with its one history row, and append the entry that says which fields changed, not to what.

    Who answers for an action type is told of each change of it.

    :raises NotAllowed: the change gives power over an agent to the person who makes it.
    """
    data: dict[str, Any] = {"fields": sorted(fields)}
    said = "Added." if is_new else f"Changed: {', '.join(data['fields'])}."
    event = f"{_name(row)}.{'added' if is_new else 'changed'}"
    with transaction.atomic(savepoint=False):
        if conflicts.ask(row, actor):
            data, said = data | {"exception": "solo"}, f"{said} {_ALONE}"
        before = _before(row)
        entry = ledger.stated(row, Fact(actor, database_now(), event, said, data), is_new=is_new)
        if isinstance(row, ActionType):
            _tell(row, before, entry)


def remove(row: Model, actor: Actor) -> None:
    """Delete a row, of which its history and an entry stay.

    :raises NotAllowed: the row is an action type that an agent of this person may propose.
    """
    with transaction.atomic(savepoint=False):
        said = f"Removed. {_ALONE}" if conflicts.ask(row, actor) else "Removed."
        ledger.ended(row, Fact(actor, database_now(), f"{_name(row)}.removed", said))


def noted(row: Model, actor: Actor, event: str, said: str) -> None:
    """Append the entry of a change that Django itself has saved, such as that of a password."""
    ledger.stated(row, Fact(actor, database_now(), f"{_name(row)}.{event}", said))


def next_version(kind: ActionType) -> int:
    """The version that a changed schema brings; the row is locked, so that two who save at once do not share one."""
    return ActionType.objects.select_for_update().get(pk=kind.pk).version + 1


def _before(row: Model) -> ActionType | None:
    """An action type as it is before it is saved, locked so that each change is told from the one before it."""
    if not isinstance(row, ActionType):
        return None
    return ActionType.objects.select_for_update(of=("self",)).filter(pk=row.pk).first()


def _tell(kind: ActionType, before: ActionType | None, entry: Entry) -> None:
    """Tell the owners of before and of now: who takes an action type over must not silence whom it was taken from."""
    if before is not None and not _differ(kind, before):
        return
    owners = {kind.owner_id, before.owner_id if before else None}
    people = accountability.told_of_changes(owner for owner in owners if owner is not None)
    assert entry.history_id is not None  # a row's entry names its history row
    notices.tell_of_change(kind, entry.history_id, people, entry.at)


def _differ(kind: ActionType, before: ActionType) -> bool:
    return any(getattr(kind, field.attname) != getattr(before, field.attname) for field in kind._meta.concrete_fields)


def _name(row: Model) -> str:
    name = str(row._meta.model_name)
    return NAMES.get(name, name)
