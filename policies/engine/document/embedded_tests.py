"""Read the tests embedded in a policy: an input and the expected result."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from policies.engine.inputs.policy_input import PolicyInput
from policies.engine.inputs.usual import Unusual
from policies.engine.inputs.windows import COUNTS, FIRST, SERIES, SUMS, Counted
from policies.engine.values import normal
from policies.engine.values.typed_reader import Node
from policies.engine.values.vocabulary import Mode, Reversibility, Route, Stakes, Tier

MAX_TRIALS = 200
# Absent inputs default to a harmless action with high confidence, so that tests stay short.
HARMLESS: Mapping[str, Any] = {
    "action_type": "sample.action",
    "payload": {},
    "agent": "sample-agent",
    "confidence": 0.99,
    "reversibility": Reversibility.REVERSIBLE,
    "stakes": Stakes.LOW,
    "domain": "general",
    "external": False,
    "mode": Mode.ON_THE_LOOP,
    "score": 0,
    "unusual": Unusual(count=3, ratio=Decimal(1)),
}


@dataclass(frozen=True, slots=True)
class EmbeddedTest:
    """A test of a policy: its input and expected result; `rules` must be among the reasons."""

    name: str
    given: PolicyInput
    outcome: Route
    tier: Tier | None = None
    rules: tuple[str, ...] = ()


def embedded_tests(node: Node) -> tuple[EmbeddedTest, ...]:
    """Read the tests; their names are unique."""
    found = [trial for item in node.items() if (trial := _trial(item)) is not None]
    names = [trial.name for trial in found]
    for name in sorted({name for name in names if names.count(name) > 1}):
        node.fault(f"The test name {name!r} is used twice. Rename one of them.")
    if len(found) > MAX_TRIALS:
        node.fault(f"The policy has {len(found)} tests. Reduce them to at most {MAX_TRIALS}.")
    return tuple(found)


def _trial(node: Node) -> EmbeddedTest | None:
    fields = node.fields(("name", "given", "expect"), required=("name", "given", "expect"))
    if len(fields) < 3:
        return None
    given = _given(fields["given"])
    expect = fields["expect"].fields(("outcome", "tier", "rules"), required=("outcome",))
    if given is None or "outcome" not in expect:
        return None
    return EmbeddedTest(
        name=fields["name"].text(longest=120),
        given=given,
        outcome=expect["outcome"].word(Route),
        tier=expect["tier"].word(Tier) if "tier" in expect else None,
        rules=tuple(map(Node.slug, expect["rules"].items())) if "rules" in expect else (),
    )


def _given(node: Node) -> PolicyInput | None:
    before = len(node.faults)
    read = {name: _READERS[name](field) for name, field in node.fields(tuple(_READERS)).items()}
    if len(node.faults) > before:
        return None
    try:
        counted = {**_alone(read), **read.pop("recent", {}), **read.pop(FIRST, {})}
        return PolicyInput(**{**HARMLESS, **read, "counted": counted})
    except ValueError as error:
        node.fault(str(error))
        return None


def _payload(node: Node) -> Mapping[str, object]:
    node.entries()
    try:
        return normal.decoded(node.value) if isinstance(node.value, Mapping) else {}
    except ValueError:
        # The document as a whole reports what has no canonical form.
        return {}


def _amount(node: Node) -> Decimal | None:
    if isinstance(node.value, str) and node.value.startswith("-"):
        # A credit note has a negative amount.
        return -Node(node.value[1:], node.path, node.faults).amount()
    return None if node.value is None else node.amount()


def _confidence(node: Node) -> float | None:
    return None if node.value is None else node.ratio()


def _currency(node: Node) -> str:
    code = normal.currency(node.value)
    if not code:
        node.fault("Invalid currency. Use a three-letter code such as EUR.")
    return code


def _name(node: Node) -> str:
    return normal.spelled(node.text())


def _codes(node: Node) -> tuple[str, ...]:
    return tuple(map(Node.slug, node.items()))


def _pointers(node: Node) -> tuple[str, ...]:
    return tuple(item.text(longest=200) for item in node.items())


def _score(node: Node) -> int:
    return node.whole(0, 100)


def _on(node: Node) -> date:
    try:
        return date.fromisoformat(str(node.value))
    except ValueError:
        node.fault("Expected a date. Write it as 2026-11-30.")
        return date.min


def _history(node: Node) -> dict[str, int | str]:
    return {
        name: field.value if isinstance(field.value, str) else field.whole(0, 10**9)
        for name, field in node.entries().items()
    }


def _unusual(node: Node) -> Unusual:
    fields = node.fields(("count", "ratio", "fields"))
    return Unusual(
        count=fields["count"].whole(0, 10**9) if "count" in fields else 3,
        ratio=fields["ratio"].amount() if "ratio" in fields and fields["ratio"].value is not None else None,
        fields=_pointers(fields["fields"]) if "fields" in fields else (),
    )


def _alone(read: Mapping[str, Any]) -> dict[str, Counted]:
    """Return the counts for an action without any earlier ones."""
    worth = read.get("amount_base", Decimal(0) if "amount" not in read else None)
    alone: dict[str, Counted] = dict.fromkeys(COUNTS, 1)
    return alone | (dict.fromkeys(SUMS, abs(worth)) if worth is not None else {}) | {FIRST: False}


def _recent(node: Node) -> dict[str, Counted]:
    found: dict[str, Counted] = {}
    for series, field in node.fields(SERIES).items():
        fields = field.fields(("count", "sum"))
        found |= {f"recent.{series}.count": fields["count"].whole(0, 10**9)} if "count" in fields else {}
        found |= {f"recent.{series}.sum": fields["sum"].amount()} if "sum" in fields else {}
    return found


_READERS: Mapping[str, Callable[[Node], Any]] = {
    "action_type": Node.slug,
    "payload": _payload,
    "agent": Node.text,
    "amount": _amount,
    "currency": _currency,
    "amount_base": _amount,
    "confidence": _confidence,
    "on_behalf_of": Node.text,
    "subject": _name,
    "client": Node.text,
    "reversibility": lambda node: node.word(Reversibility),
    "stakes": lambda node: node.word(Stakes),
    "data_classes": _codes,
    "domain": Node.slug,
    "external": Node.truth,
    "mode": lambda node: node.word(Mode),
    "missing": _pointers,
    "flags": _codes,
    "score": _score,
    "history": _history,
    "unusual": _unusual,
    "recent": _recent,
    "fetched": _payload,
    FIRST: lambda node: {FIRST: node.truth()},
    "proposed_on": _on,
}
