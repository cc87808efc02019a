"""What the tests of the judge start from: an ordinary action, and documents written as people write them."""

from decimal import Decimal
from textwrap import dedent
from typing import Any

from policies.engine.document.parse import Document, parse
from policies.engine.evaluation.evaluate import evaluate
from policies.engine.evaluation.result import Evaluation
from policies.engine.inputs.policy_input import PolicyInput

ORDINARY: dict[str, Any] = {
    "action_type": "invoice.post",
    "payload": {"invoice_number": "RE-2026-114", "issuer": "Rowan Paper Ltd", "lines": [{"net": 100.0}]},
    "agent": "invoice-agent",
    "amount": Decimal("119.00"),
    "currency": "EUR",
    "amount_base": Decimal("119.00"),
    "confidence": 0.95,
    "reversibility": "reversible",
    "stakes": "low",
    "domain": "finance",
    "external": False,
    "mode": "on_the_loop",
    "score": 5,
}


def facts(**changes: Any) -> PolicyInput:
    """An ordinary small invoice, with changes."""
    return PolicyInput(**{**ORDINARY, **changes})


def document(text: str, name: str = "sample") -> Document:
    """A document whose sections are given, under a name."""
    return parse(f"policy: {name}\ntitle: A sample\n{dedent(text)}", version=1)


def rule(name: str, outcome: str, when: str = "true", **more: str) -> str:
    """A rule as an item of a YAML list."""
    lines = [f"- name: {name}", f'  when: "{when}"', f"  outcome: {outcome}", f"  says: Rule {name}."]
    return "\n".join([*lines, *(f"  {key}: {value}" for key, value in more.items())])


def rules(*items: str) -> Document:
    """A document of rules."""
    return document("rules:\n" + "\n".join(items) if items else "rules: []")


RUNS = rules(rule("runs", "auto"))


def ruled(*documents: Document, **changes: Any) -> Evaluation:
    """The evaluation on the ordinary action with changes."""
    return evaluate(documents, facts(**changes))


def reasons(evaluation: Evaluation) -> list[str]:
    """The rules that matched, by name."""
    return [reason.rule for reason in evaluation.reasons]
