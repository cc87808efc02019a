"""Conditions told apart by their shape: those that differ by values alone share one statement."""

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from django.db.models import BigIntegerField, CharField, Field, Model, Q

from approvals.models import Action
from policies.compiled import Slot

# A condition without its values, which can be kept and compared.
Shape = tuple[Any, ...]
# No moments: how many rows are before one decides how they are found.
_FIELDS: "dict[type, Field[Any, Any]]" = {
    int: BigIntegerField(),
    str: CharField(),
    Decimal: Action._meta.get_field("amount"),
}


def shape_of(condition: Q, values: dict[str, Any]) -> Shape | None:
    """Return the shape of a condition and add its values to these; None where it has one that is no plain value."""
    children: list[Shape] = []
    for child in condition.children:
        if isinstance(child, Q):
            found = shape_of(child, values)
        else:
            found = _leaf(child, values) if isinstance(child, tuple) else None
        if found is None:
            return None
        children.append(found)
    return condition.connector, condition.negated, tuple(children)


def of_shape(shape: Shape) -> Q:
    """Return a condition of a shape, with slots for its values."""
    connector, negated, children = shape
    return Q(*(_child(each) for each in children), _connector=connector, _negated=negated)


def _leaf(child: tuple[str, Any], values: dict[str, Any]) -> Shape | None:
    look_up, value = child
    plain = value.pk if isinstance(value, Model) else value
    if type(plain) in _FIELDS:
        name = f"value{len(values)}"
        values[name] = plain
        return look_up, name, _FIELDS[type(plain)]
    if isinstance(plain, Collection) and not isinstance(plain, str | bytes):
        # A queryset is none.
        return look_up, tuple(plain)
    return (look_up, plain) if plain is None or isinstance(plain, bool) else None


def _child(shape: Shape) -> Any:
    if len(shape) == 2:
        return shape
    first, second, third = shape
    return of_shape(shape) if isinstance(third, tuple) else (first, Slot(second, third))
