"""Changes of an action type in words, field by field."""

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Field
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from approvals.actors import Door
from approvals.models import ActionType
from approvals.text.json_diff import ABSENT, between

# What tells most of a type that is new.
_OF_A_NEW_ONE = ("desk", "mode", "policy", "stakes", "reversibility", "execution", "connector", "target", "owner")
# The schema as it was written says nothing that the schema does not say.
_SILENT = frozenset({"id", "schema_text"})


@dataclass(frozen=True, slots=True)
class TypeChange:
    """Who changed an action type, when and through which door, and each difference."""

    who: str
    at: datetime
    door: str
    is_new: bool
    lines: tuple[str, ...]


def found(change_id: uuid.UUID | None) -> TypeChange | None:
    """Return the change in a history row, in the current language."""
    row: Any = ActionType.history.filter(history_id=change_id).select_related("history_user").first()
    if row is None:
        return None
    former = row.prev_record
    lines = tuple(_of_a_new_one(row) if former is None else _differences(former, row))
    who = row.actor or str(row.history_user or _("the system"))
    return TypeChange(who, row.history_date, str(Door(row.door).label), former is None, lines)


def _of_a_new_one(row: Any) -> Iterator[str]:
    for field in row.tracked_fields:
        if field.name in _OF_A_NEW_ONE and getattr(row, field.attname) not in (None, "", {}):
            yield _("%(field)s: %(value)s") % {"field": _label(field), "value": _shown(row, field)}


def _differences(former: Any, row: Any) -> Iterator[str]:
    for field in row.tracked_fields:
        before, after = getattr(former, field.attname), getattr(row, field.attname)
        if before == after or field.name in _SILENT:
            continue
        if isinstance(before, dict | list) and isinstance(after, dict | list):
            yield from _inside(field, before, after)
        else:
            said = {"field": _label(field), "before": _shown(former, field), "after": _shown(row, field)}
            yield _("%(field)s: from %(before)s to %(after)s") % said


def _inside(field: "Field[Any, Any]", before: Any, after: Any) -> Iterator[str]:
    """Yield each changed value inside a JSON field, by its pointer."""
    for change in between(before, after):
        said = {"field": f"{_label(field)} {change.pointer}".strip()}
        said |= {"before": _plain(change.before), "after": _plain(change.after)}
        yield _("%(field)s: from %(before)s to %(after)s") % said


def _label(field: "Field[Any, Any]") -> str:
    return str(capfirst(str(field.verbose_name)))


def _shown(row: Any, field: "Field[Any, Any]") -> str:
    value = getattr(row, field.attname)
    if value is not None and field.is_relation and field.related_model is not None:
        model: Any = field.related_model
        return str(model._default_manager.filter(pk=value).first() or value)
    if field.choices and value not in (None, ""):
        return f"“{getattr(row, f'get_{field.name}_display')()}”"
    return _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value is None or value is ABSENT or value in ("", {}, []):
        return _("nothing")
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return f"“{value}”" if isinstance(value, str) else str(value)
