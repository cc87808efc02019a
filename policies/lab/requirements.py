"""Requirements for an automatic run, in words for reviewers, authors and agents."""

from collections.abc import Callable, Mapping
from typing import Any

from policies.engine.evaluation.result import Requirement
from policies.engine.evaluation.table_votes import ROW_SENTENCES
from policies.engine.inputs.windows import parts
from policies.engine.values.vocabulary import FLAGS

_FACTS = {
    "amount_base": "the amount in base currency",
    "data_classes": "the data classes",
    "confidence": "the agent’s confidence",
    "amount": "the amount",
    "score": "the risk score",
    "domain": "the domain",
}
_NEVER = {
    "mode": "In this mode, a person decides on each action of this type.",
    "domain": "In this domain, a person always decides.",
    "confidence": "The policy never runs this action type automatically, regardless of confidence.",
    "amount": "The policy never runs this action type automatically, regardless of the amount.",
}
_SPANS = {"hour": "in 1 hour", "day": "in 1 day", "week": "7-day", "month": "30-day"}
_SCOPES = {
    "agent": "by this agent",
    "subject": "for this subject",
    "type": "of this type",
    "agent_subject": "by this agent for this subject",
}


def is_never(requirement: Requirement) -> bool:
    """Return whether no change of the action could make it run automatically."""
    return requirement.operator in ("never", "rule_needed")


def in_words(requirement: Requirement) -> str:
    """Return one requirement as a sentence."""
    say = _WORDS.get(requirement.operator)
    return say(requirement) if say else f"{_fact(requirement.fact)} {requirement.operator} {_list(requirement.value)}."


def _fact(name: str) -> str:
    if name.startswith("recent."):
        _, series, what = name.split(".")
        scope, window = parts(series)
        counted = "the number of actions" if what == "count" else "the total amount of actions"
        return f"{counted} {_SCOPES[scope]} {_SPANS[window]} (including this one)"
    return _FACTS.get(name, name.replace("_", " "))


def _list(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def _never(requirement: Requirement) -> str:
    row = ROW_SENTENCES.get(requirement.fact, "")
    if row.endswith("a person always decides."):
        return row
    return _NEVER.get(requirement.fact) or f"{row} A person always decides.".strip()


def _at_most(requirement: Requirement) -> str:
    value = requirement.value
    if not isinstance(value, Mapping):
        return _sentence(f"{_fact(requirement.fact)} is at most {value}")
    if "currency" in value:
        return _sentence(f"the amount is at most {value['currency']} {value['amount']}")
    bounds = [f"{_fact(name)} is at most {bound}" for name, bound in value.items()]
    return _sentence(" and ".join(bounds)) if bounds else ROW_SENTENCES.get(requirement.fact, "")


def _present(requirement: Requirement) -> str:
    if requirement.fact == "amount_base":
        return "There is an exchange rate for the currency of the amount."
    if requirement.fact == "fetched":
        return f"These lookups return a value: {_list(requirement.value)}."
    return _sentence(f"{_fact(requirement.fact)} is known")


_WORDS: Mapping[str, Callable[[Requirement], str]] = {
    "never": _never,
    "at_least": lambda it: _sentence(f"{_fact(it.fact)} is at least {it.value}"),
    "less_than": lambda it: _sentence(f"{_fact(it.fact)} is below {it.value}"),
    "at_most": _at_most,
    "present": _present,
    "not_match": lambda it: f'The condition of rule "{it.fact.removeprefix("rule:")}" is false: {it.value}',
    "in": lambda it: _sentence(f"{_fact(it.fact)} is one of {_list(it.value)}"),
    "not_any": lambda it: f"The action contains no data of these classes: {_list(it.value)}.",
    "none_of": lambda it: f"These anomalies are resolved: {_flags(it.value)}.",
    "attach": lambda it: f"The required data is provided: {_list(it.value)}.",
    "shorten": lambda it: f"These values are short enough for rules: {_list(it.value)}.",
    "rule_needed": lambda it: "A policy rule in force applies to this action type.",
}


def _flags(value: Any) -> str:
    codes = value if isinstance(value, list | tuple) else [value]
    return ", ".join(FLAGS.get(str(code), str(code)) for code in codes)
