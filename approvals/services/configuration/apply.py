"""Applying a configuration change that a second person approved: whole, and only if its base has not moved."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext_noop as _

from approvals.actors import Actor
from approvals.errors import Malformed
from approvals.models import ActionType, Person
from approvals.services.catalog import gathering, proposed_changes, row_changes, rows
from approvals.services.catalog.row_changes import ADD, REMOVE, Missing, RowChange
from approvals.services.directory import import_sheet
from policies.db import service

INVALID = _("The change is no longer valid for the current configuration: {faults}")


@service
def apply(*, actor: Actor, at: datetime, changes: Sequence[RowChange], author: Person | None, why: str) -> int:
    """Make every change of a request, in its order; return how many rows changed.

    :raises WrongState: a row has changed since the request, so nothing of it is applied.
    :raises NotAllowed: the approver may not make this change.
    :raises Malformed: a value is no longer valid, such as one that names a policy that is gone.
    """
    _lock(changes)
    if (refusal := proposed_changes.moved(changes)) is not None:
        raise refusal
    with gathering.approved(author):
        for change in changes:
            try:
                _make(change, actor, why)
            except (Missing, ValidationError) as fault:
                raise Malformed(INVALID, said={"faults": _sentences(fault)}) from fault
    return len(changes)


def is_applied(changes: Sequence[RowChange]) -> bool:
    """Whether the configuration is already as a request wants it."""
    return all(_is_made(change) for change in changes)


def _lock(changes: Sequence[RowChange]) -> None:
    """Lock the rows that change, so that a form saved at the same moment comes before or after, whole."""
    for change in sorted(changes, key=lambda each: (each.model, str(each.key))):
        model: Any = row_changes.model_of(change.model)
        try:
            found = row_changes.named(model, change.key)
        except Missing:
            continue
        model._base_manager.select_for_update(of=("self",), no_key=True).filter(pk=found.pk).first()


def _make(change: RowChange, actor: Actor, why: str) -> None:
    model: Any = row_changes.model_of(change.model)
    row = model() if change.operation == ADD else row_changes.named(model, change.key)
    if change.operation == REMOVE:
        rows.delete(row, actor, why=why)
        return
    related = {}
    for name, (_before, after) in change.fields.items():
        field = model._meta.get_field(name)
        if field.many_to_many:
            related[name] = [row_changes.named(field.related_model, key) for key in after or ()]
        else:
            setattr(row, field.attname, row_changes.typed(field, after))
    own = [name for name in change.fields if name not in related]
    if own:
        _complete(row, change)
        row.full_clean(exclude={field.name for field in model._meta.fields} - set(own))
        rows.save(row, actor, own, is_new=change.operation == ADD, why=why)
    if related:
        rows.relate(row, actor, related, why=why)


def _complete(row: Model, change: RowChange) -> None:
    """Set what follows from the changed fields, as the forms do."""
    import_sheet.spell(row)
    if isinstance(row, ActionType) and "schema" in change.fields:
        row.write_schema(row.schema)
        if change.operation != ADD:
            row.version = rows.next_version(row)


def _is_made(change: RowChange) -> bool:
    model: Any = row_changes.model_of(change.model)
    try:
        row = row_changes.named(model, _key_after(change))
    except Missing:
        return change.operation == REMOVE
    if change.operation == REMOVE:
        return False
    now = row_changes.values_of(row)
    return all(now[name] == after for name, (_before, after) in change.fields.items())


def _key_after(change: RowChange) -> Any:
    """The natural key of a row once the change is made; a name may be what changes."""
    keys = change.table.key
    parts = list(change.key) if len(keys) > 1 else [change.key]
    found = [change.fields.get(name, (None, part))[1] for name, part in zip(keys, parts, strict=True)]
    if change.operation == REMOVE:
        return change.key
    return found[0] if len(found) == 1 else found


def _sentences(fault: Exception) -> str:
    return " ".join(fault.messages) if isinstance(fault, ValidationError) else f"{fault} is gone"
