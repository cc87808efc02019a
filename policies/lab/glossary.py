"""The inputs and functions of conditions, with their types and descriptions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from policies.engine.inputs.policy_input import PolicyInput
from policies.engine.inputs.windows import FIRST, SERIES, parts
from policies.engine.values.said import message, say
from policies.lab.written_input import decimal_text

MAX_SAMPLE_LENGTH = 60
MAX_SAMPLES = 4
MAX_PARTS = 40
TEXT, OBJECT, LIST = message("text"), message("object"), message("list of strings")
DECIMAL, WHOLE, TRUTH = message("decimal"), message("whole number"), message("true or false")
WHO = {
    "agent": message("by this agent"),
    "subject": message("for this subject"),
    "type": message("of this type"),
    "agent_subject": message("by this agent for this subject"),
}
SPANS = {
    "hour": message("in 1 hour"),
    "day": message("in 1 day"),
    "week": message("in 7 days"),
    "month": message("in 30 days"),
}


@dataclass(frozen=True, slots=True)
class Word:
    """An input or function: its name, its type or an example, a description, and recent values."""

    name: str
    type: str
    sentence: str
    samples: tuple[str, ...] = ()


# The fact that only a firm with clients is told of.
CLIENT = "client"
FACTS = (
    Word("action_type", TEXT, message("Action type, for example invoice.post.")),
    Word("payload", OBJECT, message("Action data, for example payload.issuer.")),
    Word("agent", TEXT, message("Agent that proposes the action.")),
    Word("amount", DECIMAL, message("Proposed amount in the action’s currency.")),
    Word("amount_minor", WHOLE, message("Amount in minor units, such as cents. Use this input to test for equality.")),
    Word("amount_base", DECIMAL, message("Amount in the base currency, at the daily exchange rate.")),
    Word("currency", TEXT, message("Three-letter currency code, for example EUR.")),
    Word("confidence", DECIMAL, message("The agent’s confidence, from 0.0 to 1.0.")),
    Word("on_behalf_of", TEXT, message("Person on whose behalf the agent acts.")),
    Word("subject", TEXT, message("Customer, employee, supplier, or other party that the action is about.")),
    Word(CLIENT, TEXT, message("Key of the client whose books the action belongs to, or empty text.")),
    Word("reversibility", TEXT, message("Whether the effect can be reversed: reversible or irreversible.")),
    Word("stakes", TEXT, message("Stakes: low, medium, or high.")),
    Word("data_classes", LIST, message("Data classes in the action, for example personal or financial.")),
    Word("domain", TEXT, message("Domain, for example finance, hr, or security.")),
    Word("external", TRUTH, message("Whether the action has external effects.")),
    Word("mode", TEXT, message("Automation mode, for example in_the_loop.")),
    Word("missing", LIST, message("JSON Pointers to missing values that automation requires.")),
    Word("flags", LIST, message("Anomalies found, for example malformed_iban or seen_before.")),
    Word("score", WHOLE, message("Risk score, from 0 to 100.")),
    Word(
        "history",
        OBJECT,
        message(
            "history.same_number counts live actions with the same subject and document number. If the action has "
            "no document number, history.same_payload counts live actions with an identical payload. Neither counts "
            "beyond 100."
        ),
    ),
    Word("unusual.ratio", DECIMAL, message("Amount divided by the highest recently approved amount for the subject.")),
    Word("unusual.count", WHOLE, message("Number of recently approved actions for the subject, at most 20.")),
    Word(
        "unusual.fields",
        LIST,
        message("JSON Pointers to fields whose values differ from those in all earlier actions."),
    ),
    Word("fetched", OBJECT, message("Lookup results by lookup name.")),
    Word("known", LIST, message("Names of the inputs that have values.")),
    Word(FIRST, TRUTH, message("Whether no earlier action for this subject has been approved.")),
)
FUNCTIONS = (
    Word("has", "has(payload.role)", message("Whether the value exists. Check this before you use an optional value.")),
    Word(
        "in",
        "'amount' in known",
        message("Whether a list contains a value. Use with known to check whether an input has a value."),
    ),
    Word("&&", "external && score > 40", message("True if both sides are true.")),
    Word("||", "score > 40 || external", message("True if at least one side is true.")),
    Word("!", "!external", message("True if the expression is false.")),
    Word("==", "currency == 'EUR'", message("True if both sides are equal. Use != for not equal.")),
    Word(
        "<",
        "confidence < 0.8",
        message("Less than. Other comparisons: <=, >, and >=. Use a decimal point, for example 500.0."),
    ),
    Word("+", "amount_base + 100.0 > 500.0", message("Addition. Other operators: -, *, and /.")),
    Word(
        "?",
        "(external ? score > 20 : score > 60)",
        message("Returns the first value if the condition is true. Otherwise, returns the second value."),
    ),
    Word("size", "size(missing) > 1", message("Number of items in a list, or number of characters in a string.")),
    Word("contains", "subject.contains('GmbH')", message("Whether a string contains another string.")),
    Word("startsWith", "subject.startsWith('ACME')", message("Whether a string starts with another string.")),
    Word("endsWith", "subject.endsWith('@example.net')", message("Whether a string ends with another string.")),
    Word("matches", "subject.matches('(?i)^acme')", message("Whether a string matches a pattern (RE2).")),
    Word(
        "exists",
        "flags.exists(flag, flag == 'seen_before')",
        message("Whether a condition is true for at least one item in a list."),
    ),
    Word(
        "all",
        "data_classes.all(name, name != 'personal')",
        message("Whether a condition is true for every item in a list."),
    ),
    Word(
        "exists_one",
        "flags.exists_one(flag, flag != '')",
        message("Whether a condition is true for exactly one item in a list."),
    ),
    Word(
        "filter", "size(flags.filter(flag, flag != 'seen_before')) > 1", message("Items for which a condition is true.")
    ),
    Word(
        "string", "string(score) == '40'", message("Converts a value to a string. For numbers, use int() or double().")
    ),
    Word("type", "type(payload.count) == int", message("Type of a value.")),
)


def counted() -> tuple[Word, ...]:
    """Return all counts over time; they include the current action."""
    return tuple(word for series in SERIES for word in _series(series))


def _series(series: str) -> tuple[Word, Word]:
    scope, window = parts(series)
    values = {"scope": say(WHO[scope]), "span": say(SPANS[window])}
    return (
        Word(f"recent.{series}.count", WHOLE, say("Number of actions {scope} {span}, including this one.", values)),
        Word(
            f"recent.{series}.sum",
            DECIMAL,
            say("Total amount of actions {scope} {span}, including this one, in the base currency.", values),
        ),
    )


def with_samples(words: Sequence[Word], samples: Sequence[PolicyInput]) -> tuple[Word, ...]:
    """Return the words with distinct values from recent actions."""
    seen: dict[str, dict[str, None]] = {}
    for facts in samples:
        for name, value in _values(facts).items():
            if value not in (None, "", "[]", "{}") and len(seen.setdefault(name, {})) < MAX_SAMPLES:
                seen[name][value] = None
    return tuple(Word(word.name, word.type, word.sentence, tuple(seen.get(word.name, ()))) for word in words)


def payload_words(samples: Sequence[PolicyInput]) -> tuple[Word, ...]:
    """Return the payload fields of some actions, as names for conditions."""
    names: dict[str, str] = {}
    for facts in samples:
        for key, value in facts.payload.items():
            if key.isidentifier() and len(names) < MAX_PARTS:
                names.setdefault(key, _type(value))
    words = [Word(f"payload.{key}", kind, "") for key, kind in names.items()]
    return with_samples(words, samples)


def _values(facts: PolicyInput) -> dict[str, str | None]:
    values: dict[str, Any] = {**facts.as_json(), "amount_minor": facts.amount_minor, **facts.counted_as_json()}
    values |= {
        name: decimal_text(amount) for name in ("amount", "amount_base") if (amount := getattr(facts, name)) is not None
    }
    values |= {f"unusual.{name}": value for name, value in facts.unusual.as_json().items()}
    parts = {f"payload.{key}": value for key, value in facts.payload.items()}
    shown = {name: value for name, value in values.items() if name not in ("payload", "counted", "unusual")}
    return {name: _shown(value) for name, value in (shown | parts).items()}


def _shown(value: object) -> str | None:
    if isinstance(value, list):
        value = ", ".join(map(str, value)) if all(isinstance(item, str | int | float) for item in value) else None
    if value is None or isinstance(value, Mapping):
        return None
    text = {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)
    return text if len(text) <= MAX_SAMPLE_LENGTH else f"{text[: MAX_SAMPLE_LENGTH - 1]}…"


def _type(value: object) -> str:
    kinds = {
        bool: "true or false",
        int: "whole number",
        float: "decimal",
        Decimal: "decimal",
        str: "text",
        list: "list",
    }
    return kinds.get(type(value), "object")
