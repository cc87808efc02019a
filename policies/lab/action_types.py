"""What those who write a policy know of the action types that use it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from policies.lab import shapes
from policies.lab.shapes import NUMBER, TEXT, Shape

HISTORY = {
    "type": "object",
    "properties": {"same_number": {"type": "integer"}, "same_payload": {"type": "integer"}},
    "required": ["same_number"],
    "additionalProperties": False,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeInfo:
    """An action type: its name, its schema, its lookups, and the inputs that it never has.

    Lookups are None where they are not known.
    """

    name: str
    title: str = ""
    schema: Mapping[str, Any] = field(default_factory=dict)
    lookups: tuple[str, ...] | None = ()
    never_known: frozenset[str] = frozenset()
    domain: str = "general"
    data_classes: frozenset[str] = frozenset()

    def shape(self, root: str) -> Shape | None:
        """Return the shape of an input with parts, or None if nothing is known of it."""
        if root == "payload":
            return shapes.of(self.schema)
        if root == "history":
            return shapes.of(HISTORY)
        if root == "fetched" and self.lookups is not None:
            return shapes.of(
                {"properties": {name: {} for name in self.lookups}, "additionalProperties": False, "required": []}
            )
        return None


KINDS: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(("amount", "amount_minor", "amount_base", "confidence", "score"), frozenset({NUMBER})),
    **dict.fromkeys(
        (
            *("action_type", "agent", "client", "currency", "on_behalf_of", "subject"),
            *("reversibility", "stakes", "domain", "mode"),
        ),
        frozenset({TEXT}),
    ),
    **dict.fromkeys(("data_classes", "missing", "flags", "known"), frozenset({shapes.LIST})),
    **dict.fromkeys(("payload", "history", "fetched", "unusual"), frozenset({shapes.OBJECT})),
    **dict.fromkeys(("external", "first_for_subject"), frozenset({shapes.TRUTH})),
}
"""The kinds of the inputs that every action has."""
