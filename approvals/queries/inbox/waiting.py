"""A person's pending actions, most urgent first, at a constant cost per page.

Each desk and tier is a range of one index, sorted by risk, due time and ID; so is each group and tier, and each person
who is assigned by name. One statement reads a page of each range that a person may decide and merges them. Nothing else
is sorted or counted, so membership in many desks costs little.
"""

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS
from django.db.models import BigIntegerField, DateTimeField, Model, Q, QuerySet
from django.db.models.expressions import RawSQL

from approvals.authority import assignees
from approvals.authority.assignees import Reach
from approvals.models import Action, ActionType, Agent, Client, Desk, Person, PolicyEvaluation
from approvals.queries.inbox import conditions, order
from approvals.queries.inbox.conditions import Shape
from approvals.queries.inbox.order import Mark
from approvals.states import ActionState
from policies.compiled import Compiled, CompiledSql, CompiledValues, Slot

MAX_COUNTED = 1_000
MAX_ALIKE = 100


M = TypeVar("M", bound=Model)
# What is read of each range.
Part = Callable[[QuerySet[Action]], QuerySet[Action, Any]]
# The columns of each range of a reach, without their values.
Columns = tuple[tuple[str, ...], ...]
_NUMBER = BigIntegerField()
_WITH_ALL = ("action_type", "agent", "desk", "client", "revision", "claim__person")
_WITH_EVALUATION = ("revision", "claim__person", "evaluation")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the value of a column stands among the parameters of a range."""

    name: str


@dataclass(frozen=True, slots=True)
class InboxPage:
    """One page: the rows in order, and the mark to continue from, or None at the end."""

    rows: list[Action]
    next: Mark | None


@dataclass(frozen=True, slots=True)
class Known:
    """Action types, agents, desks and clients that a page has read already, by ID; its rows share them."""

    kinds: Mapping[int, ActionType]
    agents: Mapping[int, Agent]
    desks: Mapping[int, Desk]
    clients: Mapping[int, Client] = field(default_factory=dict)


def page(
    whose: Person | Reach,
    *narrow: Q,
    after: Mark | None = None,
    size: int = 50,
    known: Known | None = None,
    **filters: Any,
) -> InboxPage:
    """Return the next `size` actions that a person may decide, filtered by ORM lookups.

    Whoever asks more than once gives what `assignees.reach` finds for the person, which is found once. With what is
    known already, the rows come with their evaluations, too.
    """
    columns, values = opened(_reached(whose))
    asked, related = Q(*narrow, **filters), _WITH_ALL if known is None else _WITH_EVALUATION
    # What somebody typed may lie beyond a column, which the ORM sees to.
    shape = conditions.shape_of(asked, values) if after is None and not filters else None
    if shape is None:
        parts = [asked & part for part in order.after(after)]
        found = Compiled(lambda: _first(columns, parts, size + 1).select_related(*related), is_planned_anew=True)
    else:
        found = _page(columns, shape, size + 1, related)
    rows = found.all(**values) if known is None else share(found.all(**values), known)
    more, rows = len(rows) > size, rows[:size]
    return InboxPage(rows, order.mark_of(rows[-1]) if more and rows else None)


@lru_cache(maxsize=256)
def _page(columns: Columns, shape: Shape, size: int, related: tuple[str, ...]) -> Compiled[Action]:
    return Compiled(lambda: _first(columns, [conditions.of_shape(shape)], size).select_related(*related))


def share(found: Iterable[Action], known: Known) -> list[Action]:
    """Return the rows with their types, agents and desks; what is not known is read, each kind in one statement."""
    rows = list(found)
    kinds = _complete(ActionType, known.kinds, {row.action_type_id for row in rows})
    agents = _complete(Agent, known.agents, {row.agent_id for row in rows})
    desks = _complete(Desk, known.desks, {row.desk_id for row in rows})
    clients = _complete(Client, known.clients, {row.client_id for row in rows if row.client_id is not None})
    for row in rows:
        row.action_type, row.agent, row.desk = kinds[row.action_type_id], agents[row.agent_id], desks[row.desk_id]
        row.client = clients[row.client_id] if row.client_id is not None else None
    return rows


def _complete(model: type[M], known: Mapping[int, M], wanted: set[int]) -> Mapping[int, M]:
    missing = wanted - known.keys()
    return {**known, **model._default_manager.in_bulk(missing)} if missing else known


def keys(whose: Person | Reach, *narrow: Q, size: int) -> list[uuid.UUID]:
    """Return the ids of the first of the same actions, in order."""
    columns, values = opened(_reached(whose))
    found = CompiledValues(lambda: _first(columns, [Q(*narrow)], size).values_list("pk"), is_planned_anew=True)
    return [key for (key,) in found.all(**values)]


def count(whose: Person | Reach, *narrow: Q, **filters: Any) -> int:
    """Count the actions waiting for a person, up to 1,000."""
    columns, values = opened(_reached(whose))
    asked = Q(*narrow, **filters)
    shape = None if filters else conditions.shape_of(asked, values)
    counted = _count(columns, shape) if shape else _counted(columns, asked, is_planned_anew=True)
    return int(counted.all(**values)[0][0])


@lru_cache(maxsize=256)
def _count(columns: Columns, shape: Shape) -> CompiledSql:
    return _counted(columns, conditions.of_shape(shape))


def _counted(columns: Columns, narrow: Q, *, is_planned_anew: bool = False) -> CompiledSql:
    sql, params = _merged(columns, lambda run: run.filter(narrow).order_by().values("id")[:MAX_COUNTED])
    whole = f"SELECT count(*) FROM ({sql} LIMIT %s) AS counted"
    return CompiledSql(whole, [*params, MAX_COUNTED], is_planned_anew=is_planned_anew)


def oldest(whose: Person | Reach) -> datetime | None:
    """Return since when the oldest action has waited for a person, or None; ids sort by when they were made."""
    columns, values = opened(_reached(whose))
    return next((at for (at,) in _oldest(columns).all(**values)), None)


@lru_cache(maxsize=64)
def _oldest(columns: Columns) -> CompiledValues:
    sql, params = _merged(columns, lambda run: run.order_by("id").values("id")[:1])
    first = Action.objects.filter(pk__in=RawSQL(f"{sql} ORDER BY id LIMIT 1", params))
    # Where nothing waits, the oldest of all would be looked through for it.
    return CompiledValues(lambda: first.values_list("created_at"), is_planned_anew=True)


def with_evaluations(rows: list[Action]) -> list[Action]:
    """Return the same rows with their evaluations, fetched in one statement."""
    evaluations = PolicyEvaluation.objects.in_bulk([row.evaluation_id for row in rows if row.evaluation_id])
    for row in rows:
        row.evaluation = evaluations.get(row.evaluation_id) if row.evaluation_id else None
    return rows


def unrouted(at: datetime) -> QuerySet[Action]:
    """Return proposals not routed by a given time, so that the inbox can show them."""
    return _unrouted(at).order_by("id")


def is_any_unrouted(at: datetime) -> bool:
    """Return whether there are any; mostly there are none."""
    return bool(_ANY_UNROUTED.all(at=at))


def _unrouted(at: datetime | Slot) -> QuerySet[Action]:
    return Action.objects.filter(state=ActionState.PROPOSED, created_at__lt=at)


_ANY_UNROUTED = CompiledValues(lambda: _unrouted(Slot("at", DateTimeField())).order_by().values_list("pk")[:1])


def _first(columns: Columns, parts: Iterable[Q], size: int) -> QuerySet[Action]:
    sql, params = _merged(columns, *(_sorted(part, size) for part in parts))
    first = RawSQL(f"{sql} ORDER BY {order.IN_SQL} LIMIT %s", (*params, size))
    return Action.objects.filter(pk__in=first).order_by(*order.BY)


def _reached(whose: Person | Reach) -> Reach:
    return assignees.reach(whose) if isinstance(whose, Person) else whose


def opened(reach: Reach) -> tuple[Columns, dict[str, Any]]:
    """Return the columns of the ranges, and what each takes as values of slots."""
    values = {f"{name}_{place}": value for place, asked in enumerate(reach) for name, value in asked.items()}
    return tuple(tuple(map(_column, asked.items())) for asked in reach), values


def _column(asked: tuple[str, Any]) -> str:
    """Return the column of a range; whether there is a client at all is a part of its shape, and no value."""
    name, value = asked
    return name if not name.endswith("__isnull") else f"{name}={int(value)}"


def _sorted(narrow: Q, size: int) -> Part:
    return lambda run: run.filter(narrow).order_by(*order.BY).values(*order.COLUMNS)[:size]


def _merged(columns: Columns, *parts: Part) -> tuple[str, tuple[Any, ...]]:
    """Return one statement that merges all ranges; the ORM's union allows no inner limits on SQLite."""
    sql, params = united(columns, *parts)
    return f"SELECT id FROM ({sql}) AS merged", params


def united(columns: Columns, *parts: Part) -> tuple[str, tuple[Any, ...]]:
    """Return the rows of all ranges below one another, with the columns of the parts."""
    shapes: dict[tuple[str, ...], list[tuple[str, tuple[Any, ...]]]] = {}
    written = []
    for place, shape in enumerate(columns):
        # Ranges of the same columns differ in their values alone, so each shape is written once.
        if shape not in shapes:
            shapes[shape] = [_written(part(_pending(shape))) for part in parts]
        written += [(sql, tuple(_placed(each, place) for each in params)) for sql, params in shapes[shape]]
    sql = " UNION ALL ".join(f"SELECT * FROM ({sql}) AS run" for sql, _params in written)
    return sql, tuple(each for _sql, params in written for each in params)


def _pending(shape: Iterable[str]) -> QuerySet[Action]:
    asked = {}
    for name in shape:
        column, _, literal = name.partition("=")
        asked[column] = bool(int(literal)) if literal else RawSQL("%s", (_Place(name),))
    return Action.objects.filter(state=ActionState.PENDING, **asked)


def _written(run: QuerySet[Action, Any]) -> tuple[str, tuple[Any, ...]]:
    # A mark may lie beyond what its column can hold; a run that is known to be empty stays a statement all the same.
    sql, params = run.query.get_compiler(DEFAULT_DB_ALIAS, elide_empty=False).as_sql()
    return sql, tuple(params)


def _placed(param: Any, place: int) -> Any:
    return Slot(f"{param.name}_{place}", _NUMBER) if isinstance(param, _Place) else param
