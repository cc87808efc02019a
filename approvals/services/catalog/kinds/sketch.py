"""What a person has said so far of a new kind of action, and the action type that comes of it. Steps; all pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.text import slugify

from approvals.models import ActionType, Desk, Person
from approvals.services.catalog.kinds import inference
from approvals.services.catalog.kinds.field_kinds import Schema
from approvals.services.catalog.kinds.inference import Roles, Row
from approvals.services.policy import form_faults
from approvals.states import Ends, ExecutionMode, Mode, Reversibility, Stakes

MAX_NAME = 48
# How often a free name is looked for.
MAX_TRIED = 500
POINTERS = ("amount", "currency", "subject", "reference")


@dataclass(frozen=True, slots=True)
class Sketch:
    """A new kind of action: its fields, its stakes, who decides on it and how it runs."""

    title: str
    name: str
    schema: Schema
    rows: tuple[Row, ...] = ()
    roles: Roles = field(default_factory=Roles)
    summary: str = ""
    description: str = ""
    reversibility: str = Reversibility.IRREVERSIBLE
    stakes: str = Stakes.HIGH
    is_external: bool = True
    data_classes: Sequence[str] = ("internal",)
    domain: str = "general"
    mode: str = Mode.IN_THE_LOOP
    policy: str = ""
    execution: str = ExecutionMode.AGENT
    connector: str = ""
    target: Mapping[str, Any] = field(default_factory=dict)

    def values(self) -> dict[str, Any]:
        """The fields of the action type, without those that name rows."""
        return {
            "name": self.name,
            "title": self.title,
            "description": self.description,
            "schema": self.schema,
            **{f"{name}_pointer": getattr(self.roles, name) for name in POINTERS},
            "automation_requires": self.required(),
            "summary": self.summary,
            "reversibility": self.reversibility,
            "stakes": self.stakes,
            "has_external_impact": self.is_external,
            "data_classes": list(self.data_classes),
            "domain": self.domain,
            "mode": self.mode,
            "policy": self.policy,
            "execution": self.execution,
            "connector": self.connector,
            "target": dict(self.target),
            "ends": Ends.NEVER,
        }

    def required(self) -> list[str]:
        """The fields without which nothing runs automatically: what is required, and what the queue shows."""
        named = [self.roles.amount, self.roles.currency]
        needed = [row.pointer for row in self.rows if row.is_required]
        return list(dict.fromkeys(pointer for pointer in [*needed, *named] if pointer))

    def faults(self, left_out: frozenset[str] = frozenset()) -> Iterator[tuple[str, str]]:
        """Each field with what is wrong with it, by all that the long form checks."""
        data = {name: value for name, value in self.values().items() if name not in left_out}
        yield from ((name, fault) for name, faults in form_faults.of(data) for fault in faults)

    def as_row(self, desk: Desk, owner: Person | None) -> ActionType:
        """The action type, not yet saved."""
        kind = ActionType(**self.values(), desk=desk, owner=owner)
        kind.write_schema(self.schema)
        return kind


def begun(title: str, source: Mapping[str, Any], name: str = "") -> Sketch:
    """A sketch of what an example or a schema suggests, with everything else as strict as can be."""
    # The example goes along, for whoever connects an agent.
    schema = dict(source) if inference.is_schema(source) else inference.infer(source) | {"examples": [dict(source)]}
    rows = inference.rows(schema)
    roles = inference.roles(rows)
    return Sketch(
        title=title,
        name=name or plain_name(title),
        schema=schema,
        rows=tuple(rows),
        roles=roles,
        summary=inference.summary(title, roles, rows),
        data_classes=inference.data_classes(rows),
    )


def plain_name(title: str) -> str:
    """A name for programs from a title: lowercase words joined by underscores."""
    return slugify(title).replace("-", "_").strip("_")[:MAX_NAME].strip("_") or "action"


def free_name(wanted: str, taken: frozenset[str]) -> str:
    """The name, with a number behind it where it is taken already."""
    numbered = (f"{wanted}_{number}" for number in range(2, MAX_TRIED))
    return next((name for name in (wanted, *numbered) if name not in taken), wanted)
