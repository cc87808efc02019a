"""Actions side by side in a table: which fit in one, their shared values, and the columns of those that differ."""

import json
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from approvals.admin.payload_form.fields import Field
from approvals.admin.payload_form.layout import Reading
from approvals.admin.review import page
from approvals.admin.review.page import Draft
from approvals.errors import NotAlike
from approvals.models import Action, ActionType, Person
from approvals.queries.inbox import order
from approvals.queries.insight import anomalies, precedents
from approvals.services.decisions import bulk
from approvals.services.execution import schedule
from approvals.services.payloads import expectations
from approvals.text import json_diff

MIN = 3
MAX_FIELDS = 12
MAX_VALUE_LENGTH = 120
# A table in a payload fits in a cell up to this size; from two lines on it is folded, and opened before approval.
MAX_LINES, MAX_CELLS = 20, 8

Shape = tuple[tuple[str, ...], bool]


@dataclass(frozen=True, slots=True)
class Group:
    """A group of similar actions in the inbox: the first action and their count."""

    first: Action
    count: int


@dataclass(frozen=True, slots=True)
class Row:
    """One action of a bulk decision: its differing values and its execution target."""

    action: Action
    cells: list[Field]
    target: str
    is_folded: bool


@dataclass(frozen=True, slots=True)
class Table:
    """The bulk table: shared values, differing columns, and one row per action."""

    same: list[Field]
    columns: list[str]
    rows: list[Row]

    @property
    def first(self) -> Action:
        """The action that stands for all: they have its type, agent and desk."""
        return self.rows[0].action


def groups(person: Person, actions: Sequence[Action]) -> list[Group]:
    """The groups that can be decided in bulk, largest first: counted as the page shows them."""
    found: dict[Any, list[Action]] = {}
    for action in order.free(person, actions, timezone.now()):
        # Whoever is asked by name may not see what else the desk holds.
        if action.assigned_desk_id == action.desk_id and not bulk.alone(action):
            found.setdefault(bulk.duplicate_fingerprint(action), []).append(action)
    current = bulk.as_evaluated([row for rows in found.values() if len(rows) >= MIN for row in rows])
    kept = {row.pk for row in current}
    large = [fitting(rows[0], [row for row in rows if row.pk in kept]) for rows in found.values()]
    offered = [Group(rows[0], len(rows)) for rows in large if len(rows) >= MIN]
    return sorted(offered, key=lambda group: -group.count)


def fitting(first: Action, alike: Sequence[Action]) -> list[Action]:
    """Those of similar actions whose whole payload fits in a table row of the same columns, and is not unusual."""
    if not alike:
        return []
    shape_of = _shapes(first.action_type)
    # All rows share the same columns; actions with other fields are reviewed separately.
    columns, _is_small = shape_of(next((row for row in alike if row.pk == first.pk), alike[0]))
    rows = [row for row in alike if shape_of(row) == (columns, True)]
    odd = _unusual(rows) if len(rows) > 1 else set()
    # No more are read than the page shows.
    return list(islice((row for row in rows if row.pk not in odd), bulk.MAX))


def parted(rows: Sequence[Action]) -> tuple[list[Table], dict[uuid.UUID, str]]:
    """Any actions as tables, one for each group of similar ones, and why the others are decided separately, by ID."""
    why = {row.pk: NotAlike(text).in_words for row in rows if (text := bulk.alone(row))}
    current = {row.pk for row in bulk.as_evaluated([row for row in rows if row.pk not in why])}
    for row in rows:
        if row.pk not in why and row.pk not in current:
            why[row.pk] = _("The policies changed since this action was evaluated.")
    shapes = {row.pk: _shapes(row.action_type)(row) for row in rows if row.pk not in why}
    why |= {key: _("The values do not fit in a table row.") for key, (_columns, fits) in shapes.items() if not fits}
    found: dict[Any, list[Action]] = {}
    for row in rows:
        if row.pk not in why:
            found.setdefault((bulk.duplicate_fingerprint(row), shapes[row.pk]), []).append(row)
    for alike in found.values():
        why |= dict.fromkeys(_unusual(alike), _("A value differs from the past of this subject."))
    usual = ([row for row in alike if row.pk not in why] for alike in found.values())
    return [table(alike) for alike in usual if alike], why


def table(rows: Sequence[Action]) -> Table:
    """Similar actions as one table."""
    read = [list(page.fields_of(row, Draft())) for row in rows]
    columns = list(zip(*read, strict=True))
    # What is folded stands in each row, where opening it counts for that row.
    is_same = [not is_folded(column[0]) and _is_same(column) for column in columns]
    same = [column[0] for column, alike in zip(columns, is_same, strict=True) if alike and not column[0].is_absent]
    labels = [column[0].label for column, alike in zip(columns, is_same, strict=True) if not alike]
    lines = []
    for action, fields in zip(rows, read, strict=True):
        cells = [field for field, alike in zip(fields, is_same, strict=True) if not alike]
        lines.append(Row(action, cells, schedule.target_digest(action.action_type), any(map(is_folded, fields))))
    return Table(same, labels, lines)


def _is_same(column: Sequence[Field]) -> bool:
    return all(json_diff.is_same(field.value, column[0].value) for field in column)


def is_folded(field: Field) -> bool:
    """Whether a cell holds a table of several lines, which is opened before approval."""
    return field.kind == "table" and len(field.fields) > 1


def folded(actions: Iterable[Action]) -> set[uuid.UUID]:
    """Those of the actions that have such a cell."""
    return {row.pk for row in actions if any(map(is_folded, page.fields_of(row, Draft())))}


def _unusual(alike: Sequence[Action]) -> set[uuid.UUID]:
    """Those of similar actions that are unlike the past of their subjects."""
    past, schema = precedents.of_subjects(alike), expectations.schema_of(alike[0].action_type)
    return {row.pk for row in alike if _is_unusual(row, schema, past.get(row.normalized_subject, ()))}


def _is_unusual(row: Action, schema: Mapping[str, Any], past: Sequence[Action]) -> bool:
    return any(True for _sentence in anomalies.sentences(row, schema, past))


def _shapes(kind: ActionType) -> Callable[[Action], Shape]:
    schema = json.dumps(kind.written_schema)
    return lambda row: _shape(row.revision.body, schema, kind.amount_pointer, kind.currency_pointer)


@lru_cache(maxsize=4096)
def _shape(body: str, schema: str, amount: str, currency: str) -> Shape:
    """The fields of a payload without flags, and whether they fit in a table row; a revision never changes."""
    fields = Reading(json.loads(schema), {}, amount, currency=currency).fields(json.loads(body))
    return tuple(field.pointer for field in fields), _fits(fields)


def _fits(fields: Sequence[Field]) -> bool:
    """Whether a table row can show the whole payload: few, short values without anomalies."""
    given = [field for field in fields if not field.is_absent]
    return len(given) <= MAX_FIELDS and all(map(_is_told, given))


def _is_told(field: Field) -> bool:
    """Whether a cell shows the whole value; long text fields with short values count too, and so do short tables."""
    if field.kind == "table":
        return _is_short_table(field)
    is_plain = field.is_simple or (field.kind == "long" and not field.marks and "\n" not in field.text)
    return field.is_leaf and is_plain and not field.is_beyond_schema and len(field.text) <= MAX_VALUE_LENGTH


def _is_short_table(field: Field) -> bool:
    if field.marks or field.is_beyond_schema or len(field.fields) > MAX_LINES or len(field.columns) > MAX_CELLS:
        return False
    cells = (cell for row in field.fields for cell in row.fields if not cell.is_absent)
    return not any(row.marks for row in field.fields) and all(map(_is_told, cells))
