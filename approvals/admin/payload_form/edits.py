"""Payload edits: only touched values change, and each keeps its JSON type."""

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from itertools import chain
from typing import Any

from django.utils.translation import gettext as _

from approvals.admin.payload_form import dates
from approvals.admin.payload_form import schema as schemas
from approvals.admin.payload_form.fields import CHOSEN, PREFIX, REMOVE, Field
from approvals.admin.payload_form.layout import REST
from approvals.text import local_numbers
from approvals.text.json_diff import ABSENT
from approvals.text.local_numbers import Unreadable
from policies.engine.values import json_pointer

LARGEST = 2**53
LISTS = frozenset({"list", "table"})


def edited(
    payload: Mapping[str, Any], fields: Iterable[Field], typed: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, str]]:
    """The edited payload, and an error message for each pointer with an invalid value."""
    every = list(chain.from_iterable(outer.walk() for outer in fields))
    result = Result(payload, {field.pointer for field in every if field.kind in LISTS})
    faults: dict[str, str] = {}
    removed: list[str] = []
    for field in every:
        if typed.get(REMOVE + field.pointer) and not field.pointer.endswith(REST):
            removed.append(field.pointer)
        text = typed.get(PREFIX + field.pointer)
        if text is None or not field.is_leaf or not is_touched(field, text):
            continue
        try:
            value = value_of(field, text)
        except Unreadable as error:
            faults[field.pointer] = str(error)
        else:
            removed.append(field.pointer) if value is ABSENT else result.put(field.pointer, value)
    # Remove last and from the end, because removing an item shifts the ones after it.
    for pointer in reversed(removed):
        result.take(pointer)
    return result.closed(), faults


class Result:
    """A copy of a payload with values set and removed by pointer.

    :param lists: the pointers at which a list belongs where there is nothing yet.
    """

    def __init__(self, payload: Mapping[str, Any], lists: set[str]) -> None:
        # A JSON round trip copies a payload ten times faster than copy.deepcopy.
        self.payload: dict[str, Any] = json.loads(json.dumps(payload))
        self.lists = lists
        self.grown: list[list[Any]] = []

    def put(self, pointer: str, value: Any) -> None:
        """Set the value at a pointer; missing parents are created."""
        *parents, last = pointer.split("/")[1:]
        place: Any = self.payload
        way = ""
        for part in parents:
            way = f"{way}/{part}"
            place = self._inner(place, part, way)
        self._set(place, last, value)

    def take(self, pointer: str) -> None:
        """Remove the value at a pointer, if there is one."""
        holder, _slash, last = pointer.rpartition("/")
        place = json_pointer.find(self.payload, holder)
        if isinstance(place, list):
            del place[int(last) : int(last) + 1]
        elif isinstance(place, dict):
            place.pop(json_pointer.unescape(last), None)

    def closed(self) -> dict[str, Any]:
        """The payload with unused gaps between added rows closed."""
        for grown in self.grown:
            grown[:] = [item for item in grown if item is not ABSENT]
        return self.payload

    def _inner(self, place: Any, part: str, way: str) -> Any:
        found = self._get(place, part)
        if not isinstance(found, dict | list):
            found = [] if way in self.lists else {}
            self._set(place, part, found)
        return found

    def _get(self, place: Any, part: str) -> Any:
        if isinstance(place, list):
            return place[int(part)] if int(part) < len(place) else ABSENT
        return place.get(json_pointer.unescape(part), ABSENT)

    def _set(self, place: Any, part: str, value: Any) -> None:
        if isinstance(place, dict):
            place[json_pointer.unescape(part)] = value
            return
        missing = int(part) + 1 - len(place)
        if missing > 0:
            self.grown.append(place)
            place.extend([ABSENT] * missing)
        place[int(part)] = value


def is_touched(field: Field, text: str) -> bool:
    """Whether a submitted text differs from the original; browsers rewrite line ends."""
    if field.kind in CHOSEN:
        return text != field.chosen
    return _lines(text) not in {_lines(field.text), field.offered}


def touched(fields: Iterable[Field], typed: Mapping[str, str]) -> dict[str, str]:
    """The submitted texts that differ from the original, without the remove checkboxes."""
    every = chain.from_iterable(outer.walk() for outer in fields)
    came = ((field, typed.get(PREFIX + field.pointer)) for field in every if field.is_leaf)
    return {field.name: text for field, text in came if text is not None and is_touched(field, text)}


def value_of(field: Field, text: str) -> Any:
    """The JSON value for a field's text; `ABSENT` removes the field.

    :raises Unreadable: it is no value of the field's kind.
    """
    if not text.strip() and not _keeps_empty_text(field):
        return _nothing(field)
    if field.kind in CHOSEN:
        return _chosen(field, text)
    if field.kind in dates.KINDS:
        return _moment(field, text.strip())
    return _typed(field, _lines(text))


def _moment(field: Field, text: str) -> str:
    written = dates.completed(text, field.text) if field.kind == "datetime" else text
    # Only a schema format is binding; without one, a date can be written in any way.
    if "format" in field.schema and not dates.is_readable(field.kind, written):
        examples = {"date": "2026-01-31", "time": "14:30:00Z", "datetime": "2026-01-31T14:30:00Z"}
        raise Unreadable(
            _("This date or time does not exist. Use this format: %(example)s.") % {"example": examples[field.kind]}
        )
    return written


def _typed(field: Field, text: str) -> Any:
    allowed = schemas.types(field.schema)
    was = schemas.type_of(field.value) if field.value not in (ABSENT, None) else ""
    if was == "string" or (not was and (not allowed or allowed[0] == "string")):
        # The payload keeps a figure as machines read it, however the reviewer's language writes it.
        return local_numbers.typed(text, field.currency) if field.is_figure else text
    may_be_text = "string" in allowed
    try:
        typed = local_numbers.typed(text, field.currency)
    except Unreadable:
        if may_be_text and not field.is_figure:
            return text
        raise
    try:
        return _number(typed, "number" in allowed or (not allowed and was == "number"))
    except Unreadable:
        if may_be_text:
            return typed if field.is_figure else text
        raise


def _number(text: str, may_have_fraction: bool) -> int | float:
    try:
        exact = Decimal(text)
    except InvalidOperation as error:
        # The exponent alone is out of range for a decimal.
        raise Unreadable(_("This number is too large. Enter a smaller number.")) from error
    # Copy the sign instead of calling abs(), which overflows for large exponents.
    if not exact.is_finite() or exact.copy_abs() > LARGEST:
        raise Unreadable(_("This number is too large. Enter a smaller number."))
    if exact == exact.to_integral_value():
        return int(exact)
    if not may_have_fraction:
        raise Unreadable(_("Enter a whole number."))
    if Decimal(repr(float(exact))) != exact:
        raise Unreadable(_("This number has too many digits to be stored exactly. Shorten it."))
    return float(exact)


def _chosen(field: Field, text: str) -> Any:
    if text not in {choice for choice, _label in field.choices}:
        raise Unreadable(_("Choose one of the listed values."))
    return json.loads(text)


def _keeps_empty_text(field: Field) -> bool:
    """Whether an emptied field stays as an empty text instead of being removed."""
    has_rule = any(name in field.schema for name in ("minLength", "format", "pattern", "enum"))
    return isinstance(field.value, str) and field.kind in {"text", "long"} and not has_rule


def _nothing(field: Field) -> Any:
    if field.value is None or "null" in schemas.types(field.schema):
        return None
    if field.is_required:
        raise Unreadable(_("This value is required."))
    return ABSENT


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
