"""Who a stage asks, as documents write it: one grammar for plans and tiers."""

import re
from dataclasses import dataclass

from policies.engine.values.typed_reader import Node

_DESK = "[a-z0-9]+(?:[-_][a-z0-9]+)*"
_FORMS = re.compile(
    rf"(?P<bare>responsible|desk|manager|owner|on_duty)|(?P<kind>desk|on_duty):(?P<desk>{_DESK})"
    r"|group:(?P<group>[^\s:](?:[^:\n]{0,148}\S)?)|person:(?P<person>[\w.@+-]{1,150})"
)
_FAULT = (
    'this names nobody. Write "responsible", "desk" or "desk:" with a desk\'s name, "group:" with a group\'s name, '
    '"person:" with a user name, "manager", "owner", or "on_duty", also with a desk\'s name after a colon.'
)


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is asked: a kind (responsible, desk, group, person, manager, owner, on_duty) and a name, where it has one."""

    kind: str
    name: str = ""

    @property
    def is_one_person(self) -> bool:
        """Whether one person is asked, and not a desk or a group."""
        return self.kind in ("person", "manager", "owner", "on_duty")


def asked(who: str) -> Asked:
    """Read who is asked, such as `desk:it` or `manager`.

    :raises ValueError: it names nobody; the message says what can be written.
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
    """Read who is asked out of a document; it stays as written."""
    who = node.text(longest=160)
    try:
        asked(who)
    except ValueError as error:
        node.fault(str(error))
        return "desk"
    return who
