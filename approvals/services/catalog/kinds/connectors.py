"""The connectors that a new kind of action may use; the built-in kinds keep theirs to themselves."""

from approvals.connectors import registry
from approvals.models.action_types import BUILT_IN


def offered() -> list[str]:
    """Return the names of the connectors that a person may choose."""
    return [name for name in registry.names() if name not in BUILT_IN.values()]
