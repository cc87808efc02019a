"""What would have to hold for an action to run by itself, in words; the same for reviewers, authors and agents."""

from collections.abc import Callable, Mapping
from typing import Any

from policies.engine.evaluation.result import Requirement
from policies.engine.evaluation.table_votes import ROW_SENTENCES
from policies.engine.inputs.windows import parts
from policies.engine.values.vocabulary import FLAGS

_FACTS = {
    "amount_base": "the amount in the house's currency",
    "data_classes": "the data classes",
    "confidence": "the agent's confidence",
    "amount": "the amount",
    "score": "the risk score",
    "domain": "the domain",
}
_NEVER = {
    "mode": "For this kind of action a person is in command; it never runs by itself.",
    "domain": "In this domain a person always decides; it never runs by itself.",
    "confidence": "However sure the agent is, the policy lets nothing of this kind run by itself.",
    "amount": "Whatever the amount, the policy lets nothing of this kind run by itself.",
}
_SPANS = {"hour": "in an hour", "day": "in a day", "week": "in 7 days", "month": "in 30 days"}
_SCOPES = {
    "agent": "this agent",
    "subject": "this subject",
    "type": "this kind",
    "agent_subject": "this agent and subject",
}


def is_never(requirement: Requirement) -> bool:
    """Whether nothing that an agent or a reviewer does to the action would let it run by itself."""
    return requirement.operator in ("never", "rule_needed")


def in_words(requirement: Requirement) -> str:
    """Say one requirement as a sentence."""
    say = _WORDS.get(requirement.operator)
    return say(requirement) if say else f"{_fact(requirement.fact)} {requirement.operator} {_list(requirement.value)}."


def _fact(name: str) -> str:
    if name.startswith("recent."):
        _, series, what = name.split(".")
        scope, window = parts(series)
        counted = "the number of actions" if what == "count" else "the sum"
        return f"{counted} of {_SCOPES[scope]} {_SPANS[window]}, with this one,"
    return _FACTS.get(name, name.replace("_", " "))


def _list(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def _never(requirement: Requirement) -> str:
    row = ROW_SENTENCES.get(requirement.fact, "")
    if row.endswith("a person always decides."):
        return row
    return _NEVER.get(requirement.fact) or f"{row} A person decides, whatever its details.".strip()


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
        return "There is an exchange rate for the amount's currency."
    if requirement.fact == "fetched":
        return f"What has to be looked up is found: {_list(requirement.value)}."
    return _sentence(f"{_fact(requirement.fact)} is known")


_WORDS: Mapping[str, Callable[[Requirement], str]] = {
    "never": _never,
    "at_least": lambda it: _sentence(f"{_fact(it.fact)} is at least {it.value}"),
    "less_than": lambda it: _sentence(f"{_fact(it.fact)} is below {it.value}"),
    "at_most": _at_most,
    "present": _present,
    "not_match": lambda it: f'The condition of "{it.fact.removeprefix("rule:")}" does not hold: {it.value}',
    "in": lambda it: _sentence(f"{_fact(it.fact)} is one of {_list(it.value)}"),
    "not_any": lambda it: f"It touches no {_list(it.value)} data.",
    "none_of": lambda it: f"Nothing looks wrong any more: {_flags(it.value)}.",
    "attach": lambda it: f"What automation needs is attached: {_list(it.value)}.",
    "shorten": lambda it: f"These are shorter, so that rules can read them: {_list(it.value)}.",
    "rule_needed": lambda it: "A policy in force says something about this kind of action.",
}


def _flags(value: Any) -> str:
    codes = value if isinstance(value, list | tuple) else [value]
    return ", ".join(FLAGS.get(str(code), str(code)) for code in codes)
