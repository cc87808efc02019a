"""The forms of values that are more than one word: for editors as JSON Schema, and to check what a file holds. Pure."""

from collections.abc import Mapping
from typing import Any

from approvals.queries.insight.reason_codes import VERDICTS
from policies.engine.values.currencies import CODES

TEXTS: Mapping[str, Any] = {"type": "array", "items": {"type": "string"}}
AMOUNTS: Mapping[str, Any] = {
    "type": "object",
    "propertyNames": {"enum": sorted(CODES)},
    "additionalProperties": {"type": "string", "pattern": r"^[0-9]{1,15}(\.[0-9]{1,8})?$"},
}
REASONS: Mapping[str, Any] = {
    "type": ["array", "null"],
    "maxItems": 30,
    "items": {
        "type": "object",
        "additionalProperties": False,
        "required": ["code", "words"],
        "properties": {
            "code": {"type": "string", "maxLength": 40, "pattern": r"^[a-z0-9]+(?:[-_.][a-z0-9]+)*$"},
            "words": {"type": "string", "minLength": 1, "maxLength": 500},
            "for": {"type": "array", "minItems": 1, "items": {"enum": [str(verdict) for verdict in VERDICTS]}},
        },
    },
}
SHAPES: Mapping[str, Mapping[str, Any]] = {
    "schema": {"type": "object"},
    "target": {"type": "object"},
    "attributes": {"type": "object", "additionalProperties": {"type": "string"}},
    "lookups": {"type": ["array", "null"], "items": {"type": "object"}},
    "reasons": REASONS,
    "reviewer_sees": TEXTS,
    "automation_requires": TEXTS,
    "data_classes": TEXTS,
    "attachment_types": {"type": ["array", "null"], "items": {"type": "string"}},
    "ceilings": AMOUNTS,
    "daily_ceilings": AMOUNTS,
}
