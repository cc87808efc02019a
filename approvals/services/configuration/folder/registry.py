"""The rows of the installation, and those that a folder adds, by what files call them."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Field, Model

from approvals.services.configuration.folder.sections import NAMED, SECTIONS, SPELLED, Section
from approvals.services.configuration.folder.values import written

Key = tuple[Any, ...]
_PARTS = tuple(part for section in SECTIONS for part in section.parts)
_SECTIONS: Mapping[type[Model], Section] = {section.model: section for section in (*SECTIONS, *_PARTS)}


class Registry:
    """Every row of a model by its key; each model is read once, in one statement."""

    def __init__(self) -> None:
        self._rows: dict[type[Model], dict[Key, Model]] = {}
        self._by_id: dict[type[Model], dict[Any, Model]] = {}

    def rows(self, model: Any) -> dict[Key, Any]:
        """The rows of a model by their keys; those of a part begin with what they belong to."""
        if model not in self._rows:
            found = list(model._base_manager.order_by("pk"))
            self._by_id[model] = {row.pk: row for row in found}
            self._rows[model] = {self._key(row): row for row in found}
        return self._rows[model]

    def add(self, key: Key, row: Model) -> None:
        """Take in a row that is not saved yet."""
        self.rows(type(row))[key] = row

    def find(self, model: Any, name: str) -> Any:
        """The row of this name, or None."""
        return self.rows(model).get((self._spelled(model, _name_of(model), name),))

    def row(self, model: Any, pk: Any) -> Any:
        """The row of this ID."""
        self.rows(model)
        return self._by_id[model][pk]

    def written(self, field: "Field[Any, Any]", row: Any) -> Any:
        """What a file holds for a field of a row; another row by its name."""
        if not field.is_relation:
            return written(field, row.written_schema if field.name == "schema" else getattr(row, field.attname))
        model: Any = field.related_model
        held = row._state.fields_cache.get(field.name)
        if held is None and getattr(row, field.attname) is None:
            return None
        other = held if held is not None else self.row(model, getattr(row, field.attname))
        return self.written(model._meta.get_field(_name_of(model)), other)

    def spelled(self, model: Any, values: Mapping[str, Any]) -> Key:
        """The key of a row with these written values of its key's fields."""
        return tuple(self._spelled(model, name, value) for name, value in values.items())

    def _key(self, row: Model) -> Key:
        model: Any = type(row)
        section = _SECTIONS.get(model)
        names = (NAMED[model],) if section is None else (*([section.owner] if section.owner else []), *section.key)
        return self.spelled(model, {name: self.written(model._meta.get_field(name), row) for name in names})

    def _spelled(self, model: Any, name: str, value: Any) -> Any:
        spell = SPELLED.get((model._meta.model_name, name))
        return spell(value)[:400] if spell is not None and isinstance(value, str) else value


def _name_of(model: type[Model]) -> str:
    return NAMED[model] if model in NAMED else _SECTIONS[model].key[0]
