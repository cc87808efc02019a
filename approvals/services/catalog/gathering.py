"""Configuration changes of one form, import or folder, gathered as they are saved: all take effect or all wait.

Once the installation is live, a change that loosens the gate is rolled back and waits for a second person. One that
tightens takes effect immediately, and is kept for a second person's review.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext_noop as _

from approvals.actors import Actor
from approvals.errors import NotAllowed
from approvals.models import Person
from approvals.services.catalog import control, row_changes, tightenings
from approvals.services.catalog.row_changes import ADD, CHANGE, REMOVE, RowChange

ALONE = _(
    "This change loosens the configuration, so a second person must decide on it. Make the change in the admin to "
    "request approval."
)


@dataclass(slots=True)
class ConfigurationChange:
    """What one person changes at once, in the order in which it was saved; ``waits`` if any part loosens.

    ``loosening`` are the rows that make it wait.
    """

    rows: list[RowChange] = field(default_factory=list)
    waits: bool = False
    loosening: list[RowChange] = field(default_factory=list)
    actor: Actor | None = None


@dataclass(frozen=True, slots=True)
class Approval:
    """Why what is saved needs nobody else: what its author asked for was approved, or a declared source says so."""

    author: Person | None = None


class WaitsForApproval(Exception):
    """The change was rolled back, because a second person must decide on it first."""

    def __init__(self, change: ConfigurationChange) -> None:
        super().__init__(ALONE)
        self.change = change


_gathered: ContextVar[ConfigurationChange | None] = ContextVar("gathered", default=None)
_approved: ContextVar["Approval | None"] = ContextVar("approved", default=None)


@contextmanager
def one_change() -> Iterator[ConfigurationChange]:
    """Save what follows as one change.

    :raises WaitsForApproval: a part of it loosens the gate; all of it was rolled back.
    """
    change = ConfigurationChange()
    token = _gathered.set(change)
    try:
        with transaction.atomic():
            yield change
            if change.waits:
                raise WaitsForApproval(change)
            if change.actor is not None:
                tightenings.keep(change.rows, change.actor)
    finally:
        _gathered.reset(token)


@contextmanager
def approved(author: Person | None = None) -> Iterator[None]:
    """Save what follows as a second person approved it, or as a source that an operator declared says."""
    token = _approved.set(Approval(author))
    try:
        yield
    finally:
        _approved.reset(token)


def author_of(actor: Actor) -> Actor:
    """Who wanted what is saved now: whoever asked for an approved change, and else whoever acts."""
    approval = _approved.get()
    return actor if approval is None or approval.author is None else replace(actor, person=approval.author)


def is_watched(row: Model) -> bool:
    """Whether a change of this row may have to wait, once the installation is live."""
    return not (control.table_of(row) is None or control.is_agent_of_a_person(row) or _approved.get() is not None)


@dataclass(frozen=True, slots=True)
class Former:
    """A row as it was: what it was called, and its plain values."""

    label: str
    values: Mapping[str, Any]


def before(row: Model) -> Former:
    """A watched row as the database has it."""
    found = type(row)._base_manager.get(pk=row.pk)
    return Former(str(found), row_changes.values_of(found))


def note_added(row: Model, actor: Actor) -> None:
    """Take a new row into the change."""
    values = {name: (None, value) for name, value in row_changes.values_of(row).items()}
    table = control.TABLES[_name(row)]
    is_harmless = table.is_harmless or table.is_harmless_when_new(row)
    _take(RowChange(_name(row), row_changes.key_of(row), ADD, values, str(row)), actor, waits=not is_harmless)


def note_changed(row: Model, was: Former, actor: Actor) -> None:
    """Take a changed row into the change, under the name that it had."""
    now, then = row_changes.values_of(row), was.values
    fields = {name: (then[name], now[name]) for name in then if then[name] != now[name]}
    if not fields:
        return
    keys = [then[name] for name in control.TABLES[_name(row)].key]
    change = RowChange(_name(row), keys[0] if len(keys) == 1 else keys, CHANGE, fields, was.label)
    _take(change, actor, waits=not change.is_tightening)


def note_removed(row: Model, actor: Actor) -> None:
    """Take a row that goes into the change."""
    table = control.TABLES[_name(row)]
    is_tighter = table.is_harmless or table.is_tighter_without(row)
    values = {name: (value, None) for name, value in row_changes.values_of(row).items()}
    _take(RowChange(_name(row), row_changes.key_of(row), REMOVE, values, str(row)), actor, waits=not is_tighter)


def _take(change: RowChange, actor: Actor, *, waits: bool) -> None:
    gathered = _gathered.get()
    if gathered is not None:
        gathered.rows.append(change)
        gathered.waits, gathered.actor = gathered.waits or waits, actor
        gathered.loosening += [change] if waits else []
    elif waits:
        raise NotAllowed(ALONE)
    else:
        tightenings.keep([change], actor)


def _name(row: Model) -> str:
    return str(row._meta.model_name)
