"""Inputs as tests contain them: parse them, and write them with only the values that matter."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from policies.engine.document.embedded_tests import embedded_tests
from policies.engine.document.parse import Document
from policies.engine.evaluation.evaluate import evaluate
from policies.engine.evaluation.result import Evaluation
from policies.engine.inputs.policy_input import PolicyInput
from policies.engine.inputs.windows import FIRST
from policies.engine.values.money import needed
from policies.engine.values.typed_reader import Fault, Node

_ALWAYS = frozenset({"action_type", "amount", "currency", "amount_base"})
# Names of people and partners are kept only if a condition uses them, because versions are permanent.
_NAMING = ("agent", "subject", "on_behalf_of", "client")
_AMOUNTS = ("amount", "amount_base")
_UNSAID = frozenset({"counted", "proposed_on"})


class NotFacts(ValueError):
    """An invalid input; `faults` holds each path with its sentence."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(" ".join(map(str, faults)))
        self.faults = tuple(faults)


def read_facts(given: object) -> PolicyInput:
    """Parse the input of a test; absent values default to a harmless action without recent ones.

    :raises NotFacts: the input is invalid.
    """
    faults: list[Fault] = []
    test = {"name": "try", "given": given, "expect": {"outcome": "auto"}}
    found = embedded_tests(Node([test], "", faults))
    if faults or not found:
        raise NotFacts([Fault(fault.path.removeprefix("[0].given").lstrip("."), fault.sentence) for fault in faults])
    return found[0].given


def as_test(name: str, document: Document, facts: PolicyInput) -> dict[str, Any]:
    """Return a passing test for this input and document, with only the values that the document uses."""
    whole = _given(facts)
    short = _without_unused(whole, document)
    evaluation = _ruled(document, short)
    if evaluation.outcome is not _ruled(document, whole).outcome:
        short, evaluation = whole, _ruled(document, whole)
    expect: dict[str, Any] = {"outcome": str(evaluation.outcome)}
    return {
        "name": name,
        "given": short,
        "expect": expect | ({"tier": str(evaluation.tier)} if evaluation.tier else {}),
    }


def decimal_text(amount: Decimal) -> str:
    """Format an amount with two decimals, or with as many as it needs."""
    return f"{amount:.{needed(amount, '')}f}"


def _ruled(document: Document, given: Mapping[str, Any]) -> Evaluation:
    return evaluate([document], read_facts(given))


def _given(facts: PolicyInput) -> dict[str, Any]:
    usual = read_facts({}).as_json()
    values = {name: value for name, value in facts.as_json().items() if name not in _UNSAID}
    values |= {name: decimal_text(amount) for name in _AMOUNTS if (amount := getattr(facts, name)) is not None}
    said = {name: value for name, value in values.items() if name in _ALWAYS or value != usual.get(name)}
    # Confidence has a default in tests, so its absence must be explicit.
    return {name: value for name, value in said.items() if value is not None or name == "confidence"} | _counted(facts)


def _counted(facts: PolicyInput) -> dict[str, Any]:
    values = facts.counted_as_json()
    said: dict[str, Any] = {FIRST: values[FIRST]} if values.get(FIRST) else {}
    recent: dict[str, dict[str, Any]] = {}
    for name, value in values.items():
        if name != FIRST:
            _, series, what = name.split(".")
            recent.setdefault(series, {})[what] = value
    return said | ({"recent": recent} if recent else {})


def _without_unused(given: Mapping[str, Any], document: Document) -> dict[str, Any]:
    words = set(re.findall(r"\w+", " ".join(text for _, text in document.conditions())))
    kept = {name: value for name, value in given.items() if name not in _NAMING or name in words}
    if "payload" in kept:
        kept["payload"] = {key: value for key, value in given["payload"].items() if key in words}
    return {name: value for name, value in kept.items() if name != "payload" or value}
