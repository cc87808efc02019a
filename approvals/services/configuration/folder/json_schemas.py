"""JSON Schemas of the files, by which editors complete and check them. Pure."""

import json
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Field
from django.utils import translation
from django.utils.text import capfirst

from approvals.services.configuration.folder.sections import NAMED, SCHEMAS, SECTIONS, Section, is_required
from approvals.services.configuration.folder.shapes import SHAPES
from approvals.services.configuration.folder.values import words_of

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def files() -> dict[str, str]:
    """The text of each schema by its path in the folder."""
    with translation.override("en"):
        found = {f"{SCHEMAS}/{section.name}.json": of(section) for section in SECTIONS}
    return {path: json.dumps(schema, indent=2, ensure_ascii=False) + "\n" for path, schema in found.items()}


def of(section: Section) -> dict[str, Any]:
    """The schema of a section's file."""
    if section.is_folder:
        return {"$schema": DIALECT, **_row(section)}
    listed = {"type": ["array", "null"], "items": _row(section)}
    return {
        "$schema": DIALECT,
        "type": ["object", "null"],
        "additionalProperties": False,
        "properties": {section.name: listed},
    }


def _row(section: Section) -> dict[str, Any]:
    fields = {field.name: _field(field) for field in section.fields}
    parts = {part.name: {"type": ["array", "null"], "items": _row(part)} for part in section.parts}
    return {
        "type": "object",
        "title": str(section.model._meta.verbose_name),
        "additionalProperties": False,
        "required": [field.name for field in section.fields if is_required(field)],
        "properties": fields | parts,
    }


def _field(field: "Field[Any, Any]") -> dict[str, Any]:
    said = str(capfirst(str(field.verbose_name)))
    about = {"title": said} | ({"description": str(field.help_text)} if field.help_text else {})
    found = _form(field)
    if field.null and "type" in found and "null" not in found["type"]:
        kinds = found["type"] if isinstance(found["type"], list) else [found["type"]]
        found = {**found, "type": [*kinds, "null"]}
    if field.null and "enum" in found:
        found = {**found, "enum": [*found["enum"], None]}
    return about | found


def _form(field: "Field[Any, Any]") -> dict[str, Any]:
    if field.is_relation:
        model: Any = field.related_model
        what = f"the {model._meta.verbose_name} by its {NAMED[model]}" if model in NAMED else None
        return {"type": "string"} | ({"description": f"Names {what}."} if what else {})
    if words := words_of(field):
        return {"enum": list(words)}
    if isinstance(field, models.JSONField):
        return dict(SHAPES.get(field.name, {}))
    if isinstance(field, models.DecimalField):
        return {"type": ["string", "number"]}
    kinds = ((models.BooleanField, "boolean"), (models.IntegerField, "integer"), (models.FloatField, "number"))
    kind = next((word for model, word in kinds if isinstance(field, model)), "string")
    return {"type": kind} | (_bounds(field) if kind in ("integer", "number") else _length(field))


def _bounds(field: "Field[Any, Any]") -> dict[str, Any]:
    """The bounds that the field itself declares; those of a database's column say nothing to a reader."""
    found: dict[str, Any] = {}
    for validator in field._validators:  # type: ignore[attr-defined]
        if isinstance(validator, MinValueValidator):
            found["minimum"] = validator.limit_value
        if isinstance(validator, MaxValueValidator):
            found["maximum"] = validator.limit_value
    return found


def _length(field: "Field[Any, Any]") -> dict[str, Any]:
    longest = getattr(field, "max_length", None)
    return {"maxLength": longest} if longest else {}
