"""One change of a configuration row as plain data: which row, by its natural key, and each field from what to what."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db.models import Field, Model

from approvals.models.recorded import BOOKKEEPING
from approvals.services.catalog import control
from approvals.services.catalog.control import Table

ADD, CHANGE, REMOVE = "add", "change", "remove"
# How a row that is not controlled itself is named.
OTHER_KEYS = {
    "permission": ("content_type", "codename"),
    "contenttype": ("app_label", "model"),
}
_APP = {"group": "auth", "permission": "auth", "contenttype": "contenttypes"}


class Missing(Exception):
    """A row that a change names is not there; the message names it."""


@dataclass(frozen=True, slots=True)
class RowChange:
    """What happens to one row; ``fields`` maps each changed field to its plain value before and after."""

    model: str
    key: Any
    operation: str
    fields: Mapping[str, tuple[Any, Any]]
    label: str = ""

    @property
    def table(self) -> Table:
        """How the model is controlled."""
        return control.TABLES[self.model]

    @property
    def is_tightening(self) -> bool:
        """Whether it takes effect at once: every part of it is harmless or tightens."""
        table = self.table
        if table.is_harmless:
            return True
        if self.operation != CHANGE:
            return False
        return all(
            name in table.harmless or (name in table.tightens and table.tightens[name](before, after))
            for name, (before, after) in self.fields.items()
        )

    def plain(self) -> dict[str, Any]:
        """The change as JSON holds it."""
        fields = {name: list(pair) for name, pair in self.fields.items()}
        return {"model": self.model, "key": self.key, "operation": self.operation, "fields": fields}


def read(data: Mapping[str, Any]) -> RowChange:
    """Return the change that `RowChange.plain` wrote."""
    fields = {name: (before, after) for name, (before, after) in data["fields"].items()}
    return RowChange(data["model"], data["key"], data["operation"], fields)


def model_of(name: str) -> type[Model]:
    """The model of this name."""
    return apps.get_model(_APP.get(name, "approvals"), name)


def fields_of(row: Model) -> Iterator["Field[Any, Any]"]:
    """Each field of a controlled row that says something of its own."""
    table = control.TABLES[str(row._meta.model_name)]
    for field in row._meta.concrete_fields:
        if not (field.primary_key or field.name in table.derived | BOOKKEEPING):
            yield field


def values_of(row: Model) -> dict[str, Any]:
    """A row's fields as plain values, and what it is related to many times as sorted keys."""
    found = {field.name: plain(field, getattr(row, field.attname)) for field in fields_of(row)}
    table = control.TABLES[str(row._meta.model_name)]
    if row.pk is not None:
        found |= {name: sorted(key_of(each) for each in getattr(row, name).all()) for name in table.related}
    return found


def key_of(row: Model) -> Any:
    """The natural key of a row: one plain value, or a list of them."""
    name = str(row._meta.model_name)
    keys = control.TABLES[name].key if name in control.TABLES else OTHER_KEYS[name]
    fields: list[Any] = [row._meta.get_field(each) for each in keys]
    found = [plain(field, getattr(row, field.attname)) for field in fields]
    return found[0] if len(found) == 1 else found


def plain(field: Any, value: Any) -> Any:
    """A field's value as JSON holds it; a row that it points at by its natural key."""
    if value is None:
        return None
    if field.is_relation:
        return key_of(field.related_model._base_manager.get(pk=value))
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    # A choice is the text or number that it stands for.
    kept = next((kind for kind in (str, int) if isinstance(value, kind) and not isinstance(value, bool)), None)
    return value if kept is None else kept(value)


def typed(field: Any, value: Any) -> Any:
    """The value that `plain` wrote, as the row's attribute holds it.

    :raises Missing: the row that it points at is not there.
    """
    if value is None:
        return None
    return named(field.related_model, value).pk if field.is_relation else field.to_python(value)


def named(model: Any, key: Any) -> Any:
    """The row with this natural key.

    :raises Missing: it is not there.
    """
    found = model._base_manager.filter(**_where(model, key)).first()
    if found is None:
        raise Missing(f"{model._meta.verbose_name} {_spelled(key)}")
    return found


def _where(model: Any, key: Any) -> dict[str, Any]:
    name = str(model._meta.model_name)
    keys = control.TABLES[name].key if name in control.TABLES else OTHER_KEYS[name]
    parts = key if len(keys) > 1 else [key]
    return {
        model._meta.get_field(each).attname: typed(model._meta.get_field(each), part)
        for each, part in zip(keys, parts, strict=True)
    }


def _spelled(key: Any) -> str:
    parts = [part for part in key if part is not None] if isinstance(key, list | tuple) else None
    return str(key) if parts is None else " · ".join(map(_spelled, parts))
