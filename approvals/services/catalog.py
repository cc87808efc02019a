"""Writing the catalog: people, desks, memberships, kinds of action and agents, each change with its entry. Steps.

An admin form saves inside a transaction of its own, so these are steps of that one and not services.
"""

from collections.abc import Iterable

from django.db.models import Model

from approvals.actors import Actor
from approvals.models import ActionType
from approvals.services import ledger
from approvals.services.contract import database_now
from approvals.services.ledger import Fact

# As entries name them; any other model by its own name.
NAMES = {"actiontype": "action_type", "exchangerate": "exchange_rate", "subjectowner": "subject_owner"}


def keep(row: Model, actor: Actor, fields: Iterable[str], *, is_new: bool = False) -> None:
    """Save a row with its one history row, and append the entry that says which fields changed, not to what."""
    changed = sorted(fields)
    said = "Added." if is_new else f"Changed: {', '.join(changed)}."
    event = f"{_name(row)}.{'added' if is_new else 'changed'}"
    ledger.stated(row, Fact(actor, database_now(), event, said, {"fields": changed}), is_new=is_new)


def remove(row: Model, actor: Actor) -> None:
    """Delete a row, of which its history and an entry stay."""
    ledger.ended(row, Fact(actor, database_now(), f"{_name(row)}.removed", "Removed."))


def noted(row: Model, actor: Actor, event: str, said: str) -> None:
    """Append the entry of a change that Django itself has saved, such as that of a password."""
    ledger.stated(row, Fact(actor, database_now(), f"{_name(row)}.{event}", said))


def next_version(kind: ActionType) -> int:
    """The version that a changed schema brings; the row is locked, so that two who save at once do not share one."""
    return ActionType.objects.select_for_update().get(pk=kind.pk).version + 1


def _name(row: Model) -> str:
    name = str(row._meta.model_name)
    return NAMES.get(name, name)
