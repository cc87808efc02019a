"""Requirements for an automatic run, in words for reviewers, authors and agents."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from policies.engine.evaluation.result import Requirement
from policies.engine.evaluation.table_votes import ROW_SENTENCES
from policies.engine.evaluation.votes import data_class
from policies.engine.inputs.windows import parts
from policies.engine.values import schemas
from policies.engine.values.money import as_written, figure, plain
from policies.engine.values.said import Said, as_figure, message, say
from policies.engine.values.vocabulary import DOMAINS, FLAGS

Schema = Mapping[str, Any]
_FACTS = {
    "amount_base": message("the amount in the base currency"),
    "data_classes": message("the data classes"),
    "confidence": message("the agent’s confidence"),
    "amount": message("the amount"),
    "score": message("the risk score"),
    "domain": message("the domain"),
}
_NEVER = {
    "mode": message("In this mode, a person decides on each action of this type."),
    "domain": message("In this domain, a person always decides."),
    "confidence": message("The policy never runs this action type automatically, regardless of confidence."),
    "amount": message("The policy never runs this action type automatically, regardless of the amount."),
}
_SPANS = {
    "hour": message("in 1 hour"),
    "day": message("in 1 day"),
    "week": message("in 7 days"),
    "month": message("in 30 days"),
}
_SCOPES = {
    "agent": message("by this agent"),
    "subject": message("for this subject"),
    "type": message("of this type"),
    "agent_subject": message("by this agent for this subject"),
}


def is_never(requirement: Requirement) -> bool:
    """Return whether no change of the action could make it run automatically."""
    return requirement.operator in ("never", "rule_needed")


def in_words(requirement: Requirement) -> str:
    """Return one requirement as an English sentence."""
    return _capital(str(said(requirement)))


def said(requirement: Requirement, schema: Schema | None = None) -> Said:
    """Return one requirement as a sentence that can be translated; it may begin with a small letter.

    With a schema, it names fields by their titles.
    """
    ask = _WORDS.get(requirement.operator)
    if ask:
        return ask(_titled(requirement, schema))
    values = {"fact": _fact(requirement.fact), "how": requirement.operator, "value": _list(requirement.value)}
    return say("{fact} {how} {value}.", values)


def _titled(requirement: Requirement, schema: Schema | None) -> Requirement:
    if schema is None or requirement.operator not in ("attach", "shorten"):
        return requirement
    titles = [schemas.title_at(schema, pointer) for pointer in _list(requirement.value)]
    return Requirement(requirement.fact, requirement.operator, titles)


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _fact(name: str) -> Said | str:
    if name.startswith("recent."):
        _, series, what = name.split(".")
        scope, window = parts(series)
        counted = say("the number of actions") if what == "count" else say("the total amount of actions")
        values = {"counted": counted, "scope": say(_SCOPES[scope]), "span": say(_SPANS[window])}
        return say("{counted} {scope} {span} (including this one)", values)
    return say(_FACTS[name]) if name in _FACTS else name.replace("_", " ")


def _list(value: Any) -> list[str]:
    return list(map(str, value)) if isinstance(value, list | tuple) else [str(value)]


def _number(fact: str, value: Any) -> Any:
    """A bound with all its digits: a total has decimals, a count and a score have none."""
    if fact == "amount_base" or fact.endswith(".sum"):
        return plain(Decimal(str(value)))
    if isinstance(value, str):
        return as_figure(f"{int(value):,}", value) if value.isdecimal() else value
    return figure(value)


def _never(requirement: Requirement) -> Said:
    row = ROW_SENTENCES.get(requirement.fact, "")
    if row.endswith("a person always decides."):
        return say(row)
    if requirement.fact in _NEVER:
        return say(_NEVER[requirement.fact])
    return say("{row} A person always decides.", row=say(row)) if row else say("A person always decides.")


def _at_most(requirement: Requirement) -> Said:
    value = requirement.value
    if not isinstance(value, Mapping):
        return _bounded(requirement.fact, value)
    if "currency" in value:
        return say("the amount is at most {bound}.", bound=as_written(Decimal(str(value["amount"])), value["currency"]))
    bounds = [_bounded(name, bound) for name, bound in value.items()]
    if len(bounds) == 2:
        one, two = bounds
        values = {**one.values, "other": two.values["fact"], "limit": two.values["bound"]}
        return say("{fact} is at most {bound} and {other} is at most {limit}.", values)
    return bounds[0] if bounds else say(ROW_SENTENCES.get(requirement.fact, "A person decides."))


def _bounded(fact: str, bound: Any) -> Said:
    return say("{fact} is at most {bound}.", fact=_fact(fact), bound=_number(fact, bound))


def _present(requirement: Requirement) -> Said:
    if requirement.fact == "amount_base":
        return say("There is an exchange rate for the amount’s currency.")
    if requirement.fact == "fetched":
        return say(
            "These lookups return a value: {names}.",
            names=[name.replace("_", " ") for name in _list(requirement.value)],
        )
    return say("{fact} is known.", fact=_fact(requirement.fact))


def _not_match(it: Requirement) -> Said:
    template = message("The condition of rule “{rule}” is false: {condition}")
    return say(template, rule=it.fact.removeprefix("rule:"), condition=str(it.value))


_WORDS: Mapping[str, Callable[[Requirement], Said]] = {
    "never": _never,
    "at_least": lambda it: say("{fact} is at least {bound}.", fact=_fact(it.fact), bound=_number(it.fact, it.value)),
    "less_than": lambda it: say("{fact} is below {bound}.", fact=_fact(it.fact), bound=_number(it.fact, it.value)),
    "at_most": _at_most,
    "present": _present,
    "not_match": _not_match,
    "in": lambda it: say("{fact} is one of these: {values}.", fact=_fact(it.fact), values=_domains(it.value)),
    "not_any": lambda it: say(
        "The action contains no data of these classes: {names}.", names=[data_class(name) for name in _list(it.value)]
    ),
    "none_of": lambda it: say("These anomalies are resolved: {flags}.", flags=_flags(it.value)),
    "attach": lambda it: say("The required data is provided: {fields}.", fields=_list(it.value)),
    "shorten": lambda it: say("These values are short enough for rules to evaluate: {fields}.", fields=_list(it.value)),
    "rule_needed": lambda it: say("An active policy rule applies to this action type."),
}


def _flags(value: Any) -> list[Said | str]:
    return [say(FLAGS[code]) if code in FLAGS else code.replace("_", " ") for code in _list(value)]


def _domains(value: Any) -> list[Said | str]:
    return [say(DOMAINS[name]) if name in DOMAINS else name for name in _list(value)]
