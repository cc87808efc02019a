"""The assignee of a stage as documents write it; plans and tiers share this grammar."""

import re
from dataclasses import dataclass

from policies.engine.values.typed_reader import Node

_DESK = "[a-z0-9]+(?:[-_][a-z0-9]+)*"
_FORMS = re.compile(
    rf"(?P<bare>responsible|desk|manager|owner|on_duty|client\.responsible)|(?P<kind>desk|on_duty):(?P<desk>{_DESK})"
    r"|group:(?P<group>[^\s:](?:[^:\n]{0,148}\S)?)|person:(?P<person>[\w.@+-]{1,150})"
)
# Whoever is responsible for the client whose books an action belongs to.
CLIENT_RESPONSIBLE = "client.responsible"
_FAULT = (
    "Unknown assignee. Use responsible, desk, manager, owner, or on_duty. "
    "To name one, use desk:NAME, on_duty:NAME, group:NAME, or person:USERNAME."
)


@dataclass(frozen=True, slots=True)
class Asked:
    """An assignee: a kind such as desk, group, person or manager, and a name if it has one."""

    kind: str
    name: str = ""

    @property
    def is_one_person(self) -> bool:
        """Whether the assignee is one person rather than a desk or a group."""
        return self.kind in ("person", "manager", "owner", "on_duty", CLIENT_RESPONSIBLE)


def asked(who: str) -> Asked:
    """Parse an assignee such as `desk:it` or `manager`.

    :raises ValueError: it is not a valid assignee; the message lists what is.
    """
    found = _FORMS.fullmatch(who)
    if found is None:
        raise ValueError(_FAULT)
    if found["bare"]:
        return Asked(found["bare"])
    if found["kind"]:
        return Asked(found["kind"], found["desk"])
    return Asked("group", found["group"]) if found["group"] else Asked("person", found["person"])


def read(node: Node) -> str:
    """Read an assignee of a document; it stays as written."""
    who = node.text(longest=160)
    try:
        asked(who)
    except ValueError as error:
        node.fault(str(error))
        return "desk"
    return who
