"""How many items each view of the inbox holds: one statement that looks at no more rows than the inbox counts."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import BigIntegerField, BooleanField, DateTimeField, Exists, ExpressionWrapper, OuterRef, Q
from django.db.models.query import QuerySet

from approvals.authority.assignees import Reach
from approvals.models import Action, Note, Person
from approvals.queries.inbox import conditions, views, waiting
from approvals.queries.inbox.conditions import Shape
from approvals.queries.inbox.waiting import MAX_COUNTED, Columns
from policies.compiled import CompiledSql, Slot

_COUNTED = (views.MINE, views.FREE, views.OVERDUE, views.ASKED, views.BEYOND)
_NOW, _READER = Slot("reader_now", DateTimeField()), Slot("reader", BigIntegerField())


def of_views(reach: Reach, person: Person, now: datetime, beyond: Q, **filters: Any) -> Mapping[str, int]:
    """Return the number of items of each narrow view, and under the empty name that of all.

    Once there are more than 1,000, the numbers are those of some 1,000: at least so many, except for what the person
    has claimed, which is counted exactly.
    """
    columns, values = waiting.opened(reach)
    shape = None if filters else conditions.shape_of(beyond, values)
    most = MAX_COUNTED
    counted = _of_shape(columns, shape, most) if shape else _statement(columns, beyond, Q(**filters), most)
    found = counted.all(**values, reader=person.pk, reader_now=now)[0]
    tallies = dict(zip(("", *_COUNTED), map(int, found), strict=True))
    if tallies[""] >= most:
        tallies[views.MINE] = waiting.count(reach, *views.narrowed(views.MINE, person, now), **filters)
    return tallies


@lru_cache(maxsize=256)
def _of_shape(columns: Columns, shape: Shape, most: int) -> CompiledSql:
    return _statement(columns, conditions.of_shape(shape), Q(), most)


def _statement(columns: Columns, beyond: Q, narrow: Q, most: int) -> CompiledSql:
    flags = _flags(beyond)

    def marked(run: QuerySet[Action]) -> QuerySet[Action, Any]:
        rows: QuerySet[Action, Any] = run.filter(narrow).annotate(**flags).order_by().values(*flags)[:most]
        return rows

    sql, params = waiting.united(columns, marked)
    sums = ", ".join(f"count(CASE WHEN {name} THEN 1 END)" for name in flags)
    whole = f"SELECT count(*), {sums} FROM (SELECT * FROM ({sql}) AS merged LIMIT %s) AS counted"
    # How many rows fit is not known before, and the values decide which index is the better one.
    return CompiledSql(whole, [*params, most], is_planned_anew=True)


def _flags(beyond: Q) -> dict[str, Any]:
    open_notes = Exists(Note.objects.filter(action=OuterRef("pk"), is_open=True))
    asked = {
        views.MINE: Q(claim__person=_READER, claim__until__gt=_NOW),
        views.FREE: Q(claim__isnull=True) | Q(claim__until__lte=_NOW),
        views.OVERDUE: Q(due_at__lt=_NOW),
        views.ASKED: Q(open_notes),
        views.BEYOND: beyond,
    }
    return {f"is_{name}": ExpressionWrapper(asked[name], output_field=BooleanField()) for name in _COUNTED}
