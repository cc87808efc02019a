"""Lookup results as shown on the review page, each with its source and time."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from approvals.admin.payload_form.fields import Field
from approvals.admin.payload_form.layout import Reading
from approvals.models import Action, LookupResult


@dataclass(frozen=True, slots=True)
class Shown:
    """One lookup result with its heading and layout; ``fields`` is empty if there is no value."""

    row: LookupResult
    title: str
    fields: tuple[Field, ...]


def fetched_for(action: Action) -> list[Shown]:
    """The last result of each lookup, for the evaluation and for each check; no query where there is no lookup."""
    kind, evaluation = action.action_type, action.evaluation
    if not kind.lookups and not (evaluation and evaluation.content.get("fetched")):
        return []
    titles = {entry["name"]: entry.get("title") for entry in kind.lookups or ()}
    rows = LookupResult.objects.filter(action=action).select_related("text", "stage").order_by("id")
    latest = {(row.stage_id, row.name): row for row in rows}
    return [_shown(row, titles.get(row.name) or row.name.replace("_", " ").capitalize()) for row in latest.values()]


def _shown(row: LookupResult, title: str) -> Shown:
    if row.error:
        return Shown(row, title, ())
    # A prefix that no payload field has, because lookup results have their own anchors on the page.
    key = f"{row.stage_id or 'before'}:{row.name}"
    schema = {"type": "object", "properties": {key: {**_schema_of(row.value), "title": title}}}
    return Shown(row, title, Reading(schema, {}).fields({key: row.value}))


def _schema_of(value: object) -> dict[str, Any]:
    """A schema that describes every field of a value, so that none is marked as unknown."""
    if isinstance(value, Mapping):
        return {"type": "object", "properties": {name: _schema_of(inner) for name, inner in value.items()}}
    if isinstance(value, list):
        merged = {name: inner for item in value if isinstance(item, Mapping) for name, inner in item.items()}
        return {"type": "array", "items": _schema_of(merged) if merged else {"title": ""}}
    return {}
