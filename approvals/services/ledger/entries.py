"""Appending to the ledger: steps that services call inside their transaction.

Every change of an action's state is one history row and one entry; the entry names the history row and its digest, so
that a doctored history row is found.
"""

import hashlib
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache
from typing import Any

from django.db.models import CASCADE, Model

from approvals.actors import Actor
from approvals.ids import uuid7
from approvals.models import Action, LedgerEntry
from approvals.models.history import HistoryRow
from approvals.models.recorded import Recorded
from policies import unit, writes
from policies.engine.values.canonical import canonical_bytes, digest

# Values of these very types are in canonical JSON as they are.
_PLAIN = frozenset({str, int, bool, list, dict})


@dataclass(frozen=True, slots=True)
class Event:
    """What is to be recorded: who, when, which event, why in words, and data free of personal details."""

    actor: Actor
    at: datetime
    event: str
    reason: str = ""
    data: dict[str, Any] = field(default_factory=dict)


def record_created(
    actions: Iterable[Action], fact: Event, about: Mapping[uuid.UUID, dict[str, Any]]
) -> list[LedgerEntry]:
    """Record new actions, already given their entries' ids by ``reserve_id`` and saved; two statements for any number.

    ``about`` says of each, by its id, what its entry commits to.
    """
    rows = [(action, _history(action, fact, "+")) for action in actions]
    for _, history in rows:
        unit.insert(history)
    entries = [
        _entry(replace(fact, data=about[action.pk]), action, history, "", action.entry_id) for action, history in rows
    ]
    for entry in entries:
        unit.insert(entry)
    return entries


def record_transition(action: Action, fact: Event, *, state_from: str) -> LedgerEntry:
    """Save a changed action with its history row, and append the entry of its change of state.

    The row goes first and points at an entry that does not exist yet; the triggers accept no other order.
    """
    action.attach(uuid7())
    history = _save(action, fact)
    entry = _entry(fact, action, history, state_from, action.entry_id)
    unit.insert(entry)
    return entry


def record_event(action: Action, fact: Event, *, is_changed: bool = False) -> LedgerEntry:
    """Append an entry that changes no state; ``is_changed`` saves the action's other fields and their history too."""
    history = _save(action, fact) if is_changed else None
    entry = _entry(fact, action, history, "", uuid7(), is_move=False)
    unit.insert(entry)
    return entry


def record_row(instance: Recorded, fact: Event, *, is_new: bool = False) -> LedgerEntry:
    """Save a row that belongs to no action, such as a key, with its history row, and append the entry of it.

    The row goes first and points at an entry that does not exist yet; the triggers accept no other order.
    """
    # The triggers ask whether the entry of the row's former change is there.
    unit.write()
    entry_id = uuid7()
    instance.attach(entry_id)
    instance.skip_history_when_saving = True  # type: ignore[attr-defined]
    instance.save(force_insert=is_new, is_recorded=True)
    return _of_row(instance, fact, keep_history(instance, fact, "+" if is_new else "~"), entry_id)


def record_deletion(instance: Recorded, fact: Event) -> LedgerEntry:
    """Delete a row that belongs to no action; its history, one last row of it and the entry stay.

    Rows that go with it, such as the memberships of a desk, are recorded, too.
    """
    for row in _going_with(instance):
        record_deletion(row, fact)
    entry_id = uuid7()
    instance.attach(entry_id)
    entry = _of_row(instance, fact, keep_history(instance, fact, "-"), entry_id)
    unit.write()
    instance.skip_history_when_saving = True  # type: ignore[attr-defined]
    instance.delete(is_recorded=True)
    return entry


def record_unchanged(instance: Model, fact: Event) -> LedgerEntry:
    """Append an entry about a row of no action that stays as it is, with a history row of how it is now."""
    rows = type(instance)._base_manager.select_for_update(no_key=True)
    return _of_row(instance, fact, keep_history(rows.get(pk=instance.pk), fact), uuid7())


def record_refusal(fact: Event) -> LedgerEntry:
    """Append the entry of what changed no row with a history, such as an attempt that was refused."""
    entry = _entry(fact, None, None, "", uuid7(), is_move=False)
    unit.insert(entry)
    return entry


def _going_with(instance: Recorded) -> Iterator[Recorded]:
    """Yield the recorded rows that the database deletes with a row."""
    for relation in instance._meta.related_objects:
        if relation.on_delete is CASCADE and issubclass(relation.related_model, Recorded):
            yield from relation.related_model._base_manager.filter(**{relation.field.name: instance})


def _of_row(instance: Model, fact: Event, history: HistoryRow, entry_id: uuid.UUID) -> LedgerEntry:
    told = replace(fact, data={"row": _plain(instance.pk)} | fact.data)
    entry = _entry(told, None, history, "", entry_id, is_move=False)
    unit.insert(entry)
    return entry


def reserve_id() -> uuid.UUID:
    """An entry's id, made before the row that points at it is saved."""
    return uuid7()


def keep_history(instance: Model, fact: Event, kind: str = "~") -> HistoryRow:
    """Save a row's history explicitly, with who, door and reason; call it instead of the automatic one."""
    history = _history(instance, fact, kind)
    unit.insert(history)
    return history


def save_with_history(instance: Model, fact: Event, *, is_new: bool = False) -> None:
    """Save a row and its one history row, with who, door and reason."""
    (unit.insert if is_new else unit.update)(instance)
    keep_history(instance, fact, "+" if is_new else "~")


def history_digest(history: Model) -> str:
    """SHA-256 over a history row's fields in canonical form, those that hold anything.

    What is null is left out: a column that a later release adds, as null for the rows before it, changes no digest.
    """
    held, fields = vars(history), {}
    for name in _columns(type(history)):
        value = held[name] if name in held else getattr(history, name)
        if value is not None:
            fields[name] = value if type(value) in _PLAIN else _plain(value)
    return digest(fields)


def _save(action: Action, fact: Event) -> HistoryRow:
    unit.update(action)
    return keep_history(action, fact)


def _history(instance: Model, fact: Event, kind: str) -> HistoryRow:
    model, held = _history_model(type(instance)), vars(instance)
    own = {
        "history_id": uuid7(),
        "history_date": fact.at,
        "history_type": kind,
        "history_user_id": fact.actor.person and fact.actor.person.pk,
        "history_change_reason": fact.reason or fact.event,
        "door": fact.actor.door,
        "actor": fact.actor.label,
    }
    copied = {
        name: held[name] if name in held else getattr(instance, name) for name in _columns(model) if name not in own
    }
    return writes.made(model, **copied, **own)


@cache
def _history_model(model: type[Model]) -> type[HistoryRow]:
    """The model of a model's history rows; the manager that knows it is a class made anew at each access."""
    history: type[HistoryRow] = model.history.model  # type: ignore[attr-defined]
    return history


@cache
def _columns(model: type[Model]) -> Sequence[str]:
    return [column.attname for column in model._meta.concrete_fields]


def _entry(
    fact: Event, action: Action | None, history: Any, state_from: str, entry_id: uuid.UUID, *, is_move: bool = True
) -> LedgerEntry:
    entry = writes.made(
        LedgerEntry,
        id=entry_id,
        event=fact.event,
        action_id=action.pk if action else None,
        state_from=state_from,
        state_to=action.state if action and is_move else "",
        actor=fact.actor.pseudonym,
        door=fact.actor.door,
        at=fact.at,
        history_id=history.history_id if history else None,
        history_digest=history_digest(history) if history else "",
    )
    entry.data = canonical_bytes(fact.data).decode()
    entry.digest = hashlib.sha256(entry.body.encode()).hexdigest()
    return entry


def _plain(value: Any) -> Any:
    """A value as canonical JSON holds it: times in UTC with microseconds, decimals normalized as text."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, uuid.UUID | date | time):
        return str(value)
    return str(value) if isinstance(value, str) else value
