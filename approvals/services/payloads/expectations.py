"""What is expected of a payload's values: by its schema, and by what is done with them. Steps."""

from typing import Any

from approvals.connectors import registry
from approvals.models import ActionType
from approvals.states import ExecutionMode
from policies.engine.checks.places import EXPECT_AT


def schema_of(kind: ActionType) -> dict[str, Any]:
    """The schema that scorers judge a payload of this kind by."""
    return {**kind.schema, EXPECT_AT: _beside(kind)}


def _beside(kind: ActionType) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if kind.amount_pointer:
        found[kind.amount_pointer] = {"kind": "amount"}
    if kind.reference_pointer:
        found[kind.reference_pointer] = {"kind": "reference"}
    if kind.amount_pointer and kind.currency_pointer:
        found[kind.currency_pointer] = {"kind": "currency"}
    if kind.execution == ExecutionMode.CONNECTOR:
        found |= registry.expectations(kind.connector, kind.target)
    return found
