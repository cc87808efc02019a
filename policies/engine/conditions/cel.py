"""Conditions in CEL over policy inputs; only this module knows the CEL engine.

The engine's errors are values, and an error's value is a non-empty text, which is truthy. So only a BOOL that is True
is a match. Everything else is a BOOL that is False, or an error that needs a person.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import Any

from cel_expr_python import cel

from policies.engine.conditions import arithmetic, cel_cost, faults, finite
from policies.engine.inputs import usual, windows
from policies.engine.inputs.policy_input import PolicyInput
from policies.engine.values import json_pointer
from policies.engine.values.money import double
from policies.engine.values.said import say

MAX_CONDITION_LENGTH = 2_000
MAX_BRACKET_DEPTH = 24
_TYPE = cel.Type
_BOOL = _TYPE.BOOL
_VARIABLES = {
    "action_type": _TYPE.STRING,
    "payload": _TYPE.Map(_TYPE.STRING, _TYPE.DYN),
    "agent": _TYPE.STRING,
    "amount": _TYPE.DOUBLE,
    "amount_minor": _TYPE.INT,
    "amount_base": _TYPE.DOUBLE,
    "currency": _TYPE.STRING,
    "confidence": _TYPE.DOUBLE,
    "on_behalf_of": _TYPE.STRING,
    "subject": _TYPE.STRING,
    "client": _TYPE.STRING,
    "reversibility": _TYPE.STRING,
    "stakes": _TYPE.STRING,
    "data_classes": _TYPE.List(_TYPE.STRING),
    "domain": _TYPE.STRING,
    "external": _TYPE.BOOL,
    "mode": _TYPE.STRING,
    "missing": _TYPE.List(_TYPE.STRING),
    "flags": _TYPE.List(_TYPE.STRING),
    "score": _TYPE.INT,
    "history": _TYPE.Map(_TYPE.STRING, _TYPE.DYN),
    "fetched": _TYPE.Map(_TYPE.STRING, _TYPE.DYN),
    "known": _TYPE.List(_TYPE.STRING),
    windows.FIRST: _BOOL,
    usual.COUNT: _TYPE.INT,
    usual.RATIO: _TYPE.DOUBLE,
    usual.FIELDS: _TYPE.List(_TYPE.STRING),
}
# Declared one by one, under names with dots, so that a misspelled one and a wrong type are found when a rule is saved.
_COUNTED = dict.fromkeys(windows.COUNTS, _TYPE.INT) | dict.fromkeys(windows.SUMS, _TYPE.DOUBLE)
_ENV = cel.NewEnv(variables=_VARIABLES | _COUNTED, functions=arithmetic.declarations())
# For conditions that compare or calculate whole numbers with decimals.
_BY_VALUE = cel.NewEnv(
    variables={
        name: _TYPE.DYN if kind in (_TYPE.INT, _TYPE.DOUBLE) else kind for name, kind in (_VARIABLES | _COUNTED).items()
    },
    functions=arithmetic.declarations(),
)
# Conversions, arithmetic and large literals, without which no number can be other than finite.
_RECKONS = re.compile(r"double|[-+*/]|\d[eE]\d")
# Literal numbers, with the texts, comments and names that may contain digits.
_LITERALS = re.compile(
    r"""(?P<other>[rRbB]{0,2}(?:'''(?:.|\n)*?'''|\"{3}(?:.|\n)*?\"{3}|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*")"""
    r"""|//[^\n]*|[A-Za-z_][\w.]*)|(?P<number>0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)(?![\w.])"""
)


class ConditionFault(ValueError):
    """An invalid condition; the message says where and why."""


class Match(Enum):
    """Result of a condition."""

    YES = "yes"
    NO = "no"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Condition:
    """A compiled condition that returns true or false; `source` is what is compiled, with numbers by value."""

    text: str
    source: str
    program: cel.Expression = field(repr=False, compare=False)
    cost: cel_cost.Cost = field(repr=False, compare=False)
    is_cheap: bool = field(repr=False, compare=False)
    is_trifling: bool = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class MatchResult:
    """A result; for an error, the message and whether a value was only missing."""

    match: Match
    message: str = ""
    is_absence: bool = False


@dataclass(frozen=True, slots=True)
class Bound:
    """An input prepared for many conditions; `too_long` names the parts that conditions cannot see."""

    activation: cel.Activation = field(repr=False)
    size: cel_cost.Size
    too_long: tuple[str, ...]


_AT_ONCE = 8
_SURELY_SHORT = cel_cost.MAX_TEXT_LENGTH // 4
_RECENT = "counts such as `recent.agent_day.count` and `recent.agent_day.sum`"
_NAMES = (*_VARIABLES, *_COUNTED)
_HINT = f"The inputs are {', '.join(_VARIABLES)}, and {_RECENT}."
_YES = MatchResult(Match.YES)
_NO = MatchResult(Match.NO)


@lru_cache(maxsize=4096)
def compile(text: str) -> Condition:
    """Compile and type-check a condition.

    :raises ConditionFault: it is too long or too deep, does not parse, names an unknown fact, mixes types, loops in
        a way that cannot be bounded, or does not come to true or false.
    """
    if len(text) > MAX_CONDITION_LENGTH:
        raise ConditionFault(
            f"The condition has {len(text):,} characters. Shorten it to at most {MAX_CONDITION_LENGTH:,}."
        )
    if not text.isprintable() and any(not c.isprintable() and c not in "\n\t" for c in text):
        raise ConditionFault("The condition contains an invisible control character. Remove it.")
    cost = cel_cost.cost(text)
    _check_shape(cost)
    source, program = _compiled(text)
    if program.return_type() != _TYPE.BOOL:
        kind = program.return_type().name().lower()
        raise ConditionFault(f"The condition returns {kind} instead of true or false. Add a comparison.")
    most = cost.units(cel_cost.LARGEST)
    return Condition(
        text, source, _guarded(program, text), cost, most <= cel_cost.UNITS, most <= cel_cost.UNITS // _AT_ONCE
    )


def _compiled(text: str) -> tuple[str, cel.Expression]:
    """Compile a condition; where only kinds of numbers differ, compile it so that they count by value."""
    try:
        return text, _ENV.compile(text)
    except (RuntimeError, UnicodeError) as error:
        said = str(error)
    source = _LITERALS.sub(lambda found: f"dyn({found['number']})" if found["number"] else found[0], text)
    if not faults.is_about_numbers(said):
        raise ConditionFault(faults.of_compilation(said, text, _NAMES, _HINT))
    try:
        return source, _BY_VALUE.compile(source)
    except RuntimeError as error:
        raise ConditionFault(faults.of_compilation(str(error), source, _NAMES, _HINT)) from error


def serialized(text: str) -> bytes:
    """Return a condition as the engine serializes it, as it is written.

    :raises ConditionFault: it does not compile.
    """
    return bytes(_compiled(text)[1].serialize())


def bind(facts: PolicyInput) -> Bound:
    """Prepare an input for conditions; unknown values stay unbound, so that conditions that need them fail."""
    values = {name: value for name, value in _values(facts).items() if value is not None}
    size = cel_cost.measure(values.values())
    too_long: list[str] = []
    # The engine converts values recursively: too deep nesting would crash the process.
    if size.depth <= cel_cost.MAX_VALUE_DEPTH and size.longest_text > _SURELY_SHORT:
        values = _shortened(values, "", too_long)
        size = cel_cost.measure(values.values())
    for name in ("payload", "fetched"):
        # In JSON, each value takes at least its text and two more characters.
        if size.depth > cel_cost.MAX_VALUE_DEPTH or size.text + 2 * size.values > cel_cost.LARGEST_PAYLOAD:
            too_long.append(f"/{name}")
            del values[name]
            size = cel_cost.measure(values.values())
    values["known"] = list(values)
    return Bound(_ENV.Activation(values), size, tuple(too_long))


def undecided(texts: tuple[str, ...], bound: Bound) -> Iterator[int]:
    """Yield the indexes of the conditions that may be true; most rules do not apply to most actions.

    Evaluated together, conditions are false only if each of them is false without an error.
    """
    for places, alone, program in _groups(texts):
        yield from alone if _is_false(program, bound) else places


@lru_cache(maxsize=1024)
def _groups(texts: tuple[str, ...]) -> tuple[tuple[range, tuple[int, ...], cel.Expression], ...]:
    """Group the conditions: the indexes, those to evaluate alone, and one program for the others."""
    groups = []
    for start in range(0, len(texts), _AT_ONCE):
        places = range(start, min(start + _AT_ONCE, len(texts)))
        alone = tuple(place for place in places if not compile(texts[place]).is_trifling)
        # Each on its own line, because a condition may end in a comment.
        chosen = [compile(texts[place]) for place in places if place not in alone]
        joined = " || ".join(f"(\n{each.source}\n)" for each in chosen)
        env = _ENV if all(each.source == each.text for each in chosen) else _BY_VALUE
        groups.append((places, alone, _guarded(env.compile(joined or "false"), joined)))
    return tuple(groups)


def _guarded(program: cel.Expression, text: str) -> cel.Expression:
    """Return the program with checks for non-finite numbers, or the same program if it needs none."""
    if not _RECKONS.search(text):
        return program
    try:
        serialized = program.serialize()
        exact = arithmetic.by_value(serialized)
        found = finite.guarded(exact or serialized) or exact
        return program if found is None else _ENV.deserialize(found)
    except finite.NotFinite as fault:
        raise ConditionFault("A number in the condition is too large. Use a number below 1e308.") from fault
    except (RuntimeError, ValueError, LookupError) as fault:
        raise ConditionFault("The condition is nested too deeply. Split it into two rules.") from fault


def _is_false(program: cel.Expression, bound: Bound) -> bool:
    if not bound.size.is_finite:
        return False
    try:
        return program.eval(bound.activation).value() is False
    except (RuntimeError, ValueError, TypeError, OverflowError):
        # Then each is evaluated alone and reports its own error.
        return False


def evaluate(condition: Condition, facts: PolicyInput | Bound) -> MatchResult:
    """Evaluate a condition; an error, an unknown value and an exceeded budget all return ERROR."""
    bound = bind(facts) if isinstance(facts, PolicyInput) else facts
    if not condition.is_cheap and condition.cost.units(bound.size) > cel_cost.UNITS:
        return MatchResult(Match.ERROR, say("The input is too large to check this condition."))
    if not bound.size.is_finite:
        return MatchResult(Match.ERROR, say("The input contains a number that is not finite."))
    try:
        answer = condition.program.eval(bound.activation)
    except (RuntimeError, ValueError, TypeError, OverflowError) as error:
        return _error(str(error))
    value = answer.value()
    if value is False:
        return _NO
    if value is True and answer.type() == _BOOL:
        return _YES
    return _error(str(value))


def _check_shape(cost: cel_cost.Cost) -> None:
    if "map" in cost.loops:
        raise ConditionFault("map() is not supported in conditions. Use exists(), all(), or filter().")
    if cost.deepest_loop > cel_cost.MAX_LOOP_DEPTH:
        raise ConditionFault(
            f"Loops are nested deeper than {cel_cost.MAX_LOOP_DEPTH}. Split the condition into two rules."
        )
    if cost.deepest_bracket > MAX_BRACKET_DEPTH:
        raise ConditionFault(
            f"Brackets are nested deeper than {MAX_BRACKET_DEPTH}. Split the condition into two rules."
        )


def _values(facts: PolicyInput) -> dict[str, object]:
    return {
        "action_type": facts.action_type,
        "payload": dict(facts.payload),
        "agent": facts.agent,
        "amount": None if facts.amount is None else double(facts.amount),
        "amount_minor": facts.amount_minor,
        "amount_base": None if facts.amount_base is None else double(facts.amount_base),
        "currency": facts.currency,
        "confidence": None if facts.confidence is None else float(facts.confidence),
        "on_behalf_of": facts.on_behalf_of,
        "subject": facts.subject,
        "client": facts.client,
        "reversibility": facts.reversibility,
        "stakes": facts.stakes,
        "data_classes": list(facts.data_classes),
        "domain": facts.domain,
        "external": facts.external,
        "mode": facts.mode,
        "missing": list(facts.missing),
        "flags": list(facts.flags),
        "score": facts.score,
        "history": dict(facts.history),
        "fetched": dict(facts.fetched),
        usual.COUNT: facts.unusual.count,
        usual.RATIO: None if facts.unusual.ratio is None else double(facts.unusual.ratio),
        usual.FIELDS: list(facts.unusual.fields),
        **{name: double(value) if isinstance(value, Decimal) else value for name, value in facts.counted.items()},
    }


def _is_long(value: object) -> bool:
    return isinstance(value, str) and len(value.encode("utf-8", "surrogatepass")) > cel_cost.MAX_TEXT_LENGTH


def _shortened(value: Any, pointer: str, too_long: list[str]) -> Any:
    """Return the value without overlong texts, and add their pointers to the list."""
    if isinstance(value, dict):
        parts = {key: _shortened(item, f"{pointer}{json_pointer.join(key)}", too_long) for key, item in value.items()}
        return {key: part for key, part in parts.items() if part is not _GONE}
    if isinstance(value, list | tuple):
        items = [_shortened(item, f"{pointer}/{index}", too_long) for index, item in enumerate(value)]
        return [item for item in items if item is not _GONE]
    if _is_long(value):
        too_long.append(pointer)
        return _GONE
    return value


_GONE = object()


def _error(error: str) -> MatchResult:
    if absent := faults.of_absence(error):
        return MatchResult(Match.ERROR, absent, is_absence=True)
    return MatchResult(Match.ERROR, faults.of_evaluation(error))
