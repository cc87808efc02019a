"""The evaluation of an action: a frozen value with one canonical form."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from policies.engine.document.plan_steps import PlanStep
from policies.engine.evaluation.scoring import Part
from policies.engine.values import said
from policies.engine.values.canonical import bytes_digest, canonical_bytes, plain
from policies.engine.values.vocabulary import Route, Tier


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule that matched, its message, its outcome, and its document ("" if built in)."""

    rule: str
    text: str
    outcome: Route
    document: str = ""
    # The same sentence in parts: it tells no two reasons apart, and has no hash.
    said: Mapping[str, Any] | None = field(default=None, compare=False)

    @classmethod
    def of(cls, rule: str, text: str, outcome: Route, document: str = "") -> "Reason":
        """Build a reason; its text stays in English, with what another language needs to say the same."""
        return cls(rule, str(text), outcome, document, said.as_json(text))

    @property
    def sentence(self) -> str:
        """The text, with what another language needs to say the same."""
        return said.restored(self.text, self.said)


@dataclass(frozen=True, slots=True)
class Requirement:
    """A requirement for running the action automatically, as data for agents."""

    fact: str
    operator: str
    value: object = None


@dataclass(frozen=True, slots=True)
class Reference:
    """The version of a policy that an evaluation used."""

    name: str
    version: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """An evaluation; the same input and versions give the same bytes.

    `counted` keeps what only the moment of the evaluation knew: what was counted over time. `fetched` names by their
    digests the answers of look-ups that it was made with.
    """

    outcome: Route
    tier: Tier | None
    plan: tuple[PlanStep, ...]
    score: int | None
    parts: tuple[Part, ...]
    reasons: tuple[Reason, ...]
    flags: tuple[str, ...]
    missing: tuple[str, ...]
    policies: tuple[Reference, ...]
    requires_rationale: bool
    reason_codes: tuple[str, ...]
    undo_seconds: int | None
    requirements: tuple[Requirement, ...]
    do_not_retry: bool
    counted: Mapping[str, bool | int | str] = field(default_factory=dict)
    fetched: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the evaluation as plain JSON values."""
        values = {name: plain(getattr(self, name)) for name in _NAMES - _NESTED.keys()}
        values |= {name: [write(each) for each in getattr(self, name)] for name, write in _NESTED.items()}
        # Left out where nothing was counted or looked up, so that those evaluations keep their bytes.
        empty = {name for name in ("counted", "fetched") if not values[name]}
        return {name: value for name, value in values.items() if name not in empty}

    def canonical(self) -> bytes:
        """Return the RFC 8785 bytes of the evaluation."""
        return canonical_bytes(self.as_json())

    @property
    def digest(self) -> str:
        """SHA-256 over the canonical bytes, as 64 hexadecimal digits."""
        return bytes_digest(self.canonical())

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Evaluation":
        """Build an evaluation from the result of `as_json`, also from a JSON column."""
        return cls(
            outcome=Route(value["outcome"]),
            tier=Tier(value["tier"]) if value["tier"] else None,
            plan=tuple(map(PlanStep.from_json, value["plan"])),
            score=value["score"],
            parts=tuple(Part(**part) for part in value["parts"]),
            reasons=tuple(Reason(**{**item, "outcome": Route(item["outcome"])}) for item in value["reasons"]),
            flags=tuple(value["flags"]),
            missing=tuple(value["missing"]),
            policies=tuple(Reference(**item) for item in value["policies"]),
            requires_rationale=value["requires_rationale"],
            reason_codes=tuple(value["reason_codes"]),
            undo_seconds=value["undo_seconds"],
            requirements=_requirements(value["requirements"]),
            do_not_retry=value["do_not_retry"],
            counted=value.get("counted", {}),
            fetched=value.get("fetched", {}),
        )


def _fields(each: Part | Reason | Reference | Requirement) -> dict[str, Any]:
    """The fields as plain values; without the parts of a sentence that has none."""
    values = {item.name: plain(getattr(each, item.name)) for item in fields(each)}
    return {name: value for name, value in values.items() if name != "said" or value}


def _requirements(values: Sequence[Mapping[str, Any]]) -> tuple[Requirement, ...]:
    return tuple(Requirement(**value) for value in values)


_NAMES = frozenset(item.name for item in fields(Evaluation))
_NESTED: Mapping[str, Callable[[Any], dict[str, Any]]] = {
    "plan": PlanStep.as_json,
    "reasons": _fields,
    "parts": _fields,
    "policies": _fields,
    "requirements": _fields,
}
