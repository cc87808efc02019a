"""The value of a field, as a file holds it and as a row does. Pure."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import models
from django.db.models import Field
from django.utils import timezone
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from approvals.models.calendars import Weekday
from approvals.services.configuration.folder.shapes import SHAPES
from approvals.states import StandingRuleApprovers, Tier

# Numbers that files write as words.
_WORDS: Mapping[str, type[models.IntegerChoices]] = {
    "tier": Tier,
    "edge_case_tier": Tier,
    "standing_rule_approvers": StandingRuleApprovers,
    "weekday": Weekday,
}
MAX_SHOWN = 80


class Wrong(ValueError):
    """A value that the field cannot hold; the message says why, and what to do."""


def words_of(field: "Field[Any, Any]") -> Mapping[str, Any]:
    """The words that a field may hold, each with its stored value; none where it is open."""
    if field.name in _WORDS:
        return {each.name.lower(): each.value for each in _WORDS[field.name]}
    return {str(value): value for value, _label in field.flatchoices} if field.choices else {}


def written(field: "Field[Any, Any]", value: Any) -> Any:
    """A row's value as a file holds it; not of a field that leads to another row."""
    if value is None:
        return None
    if field.name in _WORDS:
        return _WORDS[field.name](value).name.lower()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, time):
        return value.isoformat("auto" if value.second or value.microsecond else "minutes")
    if isinstance(value, date):
        return value.isoformat()
    # A choice is the text that it stands for.
    return str(value) if isinstance(value, str) else value


def parsed(field: "Field[Any, Any]", value: Any) -> Any:
    """The value of a file as a row holds it.

    :raises Wrong: the field cannot hold it.
    """
    if value is None:
        if field.null:
            return None
        raise Wrong(f"{field.name} is empty. Give it a value, or remove the line.")
    if words := words_of(field):
        if not isinstance(value, str) or value not in words:
            raise Wrong(f"{field.name} is {shown(value)}. Use one of: {', '.join(words)}.")
        return words[value]
    return next(reader for kind, reader in _READERS if isinstance(field, kind))(field, value)


def is_same(one: Any, other: Any) -> bool:
    """Whether two written values are the same; 1, 1.0 and true are not, and the order of keys does not count."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def shown(value: Any) -> str:
    """A value in a sentence."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…"


def _truth(field: "Field[Any, Any]", value: Any) -> bool:
    if not isinstance(value, bool):
        raise Wrong(f"{field.name} is {shown(value)}. Write true or false.")
    return value


def _whole(field: "Field[Any, Any]", value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise Wrong(f"{field.name} is {shown(value)}. Write a whole number.")
    return value


def _number(field: "Field[Any, Any]", value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Wrong(f"{field.name} is {shown(value)}. Write a number, for example 0.5.")
    return float(value)


def _decimal(field: "Field[Any, Any]", value: Any) -> Decimal:
    try:
        # A number in YAML may have lost digits, but none that its text shows.
        found = Decimal(str(value)) if isinstance(value, str | int | float) and not isinstance(value, bool) else None
    except InvalidOperation:
        found = None
    if found is None or not found.is_finite():
        raise Wrong(f'{field.name} is {shown(value)}. Write a decimal number in quotes, for example "1.07".')
    return found


def _moment(field: "Field[Any, Any]", value: Any) -> datetime:
    found: datetime | None = _of_text(datetime.fromisoformat, value)
    if found is None or not timezone.is_aware(found):
        raise Wrong(f"{field.name} is {shown(value)}. Write a time with its zone, for example 2026-12-31T08:00Z.")
    return found


def _day(field: "Field[Any, Any]", value: Any) -> date:
    found: date | None = _of_text(date.fromisoformat, value)
    if found is None:
        raise Wrong(f"{field.name} is {shown(value)}. Write a date, for example 2026-12-31.")
    return found


def _time(field: "Field[Any, Any]", value: Any) -> time:
    found: time | None = _of_text(time.fromisoformat, value)
    if found is None or found.tzinfo is not None:
        raise Wrong(f'{field.name} is {shown(value)}. Write a time in quotes, for example "09:00".')
    return found


def _of_text(read: Callable[[str], Any], value: Any) -> Any:
    try:
        return read(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _json(field: "Field[Any, Any]", value: Any) -> Any:
    fault = best_match(Draft202012Validator(SHAPES.get(field.name, {})).iter_errors(value))
    if fault is not None:
        place = "/".join(map(str, (field.name, *fault.path)))
        raise Wrong(f"{place} does not have the form that its schema describes: {fault.message[:300]}. Correct it.")
    return value


def _text(field: "Field[Any, Any]", value: Any) -> str:
    if not isinstance(value, str):
        raise Wrong(f"{field.name} is {shown(value)}. Write text, in quotes if necessary.")
    return value


_READERS: tuple[tuple[type[Any], Callable[[Any, Any], Any]], ...] = (
    (models.BooleanField, _truth),
    (models.IntegerField, _whole),
    (models.FloatField, _number),
    (models.DecimalField, _decimal),
    # A moment is a day, too.
    (models.DateTimeField, _moment),
    (models.DateField, _day),
    (models.TimeField, _time),
    (models.JSONField, _json),
    (models.Field, _text),
)
