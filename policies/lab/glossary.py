"""Every fact and function that a condition may use: what it is called, of which type, and what it says, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from policies.engine.inputs.policy_input import PolicyInput
from policies.engine.inputs.windows import FIRST, SERIES, parts
from policies.lab.written_input import decimal_text

MAX_SAMPLE_LENGTH = 60
MAX_SAMPLES = 4
MAX_PARTS = 40
_WHO = {
    "agent": "this agent",
    "subject": "this subject",
    "type": "this kind",
    "agent_subject": "this agent and subject",
}
_SPANS = {"hour": "in an hour", "day": "in a day", "week": "in 7 days", "month": "in 30 days"}


@dataclass(frozen=True, slots=True)
class Word:
    """A fact or function: its name, its type or how it is written, a sentence, and values that it had lately."""

    name: str
    type: str
    sentence: str
    samples: tuple[str, ...] = ()


FACTS = (
    Word("action_type", "text", "The kind of action, such as invoice.post."),
    Word("payload", "values", "What the action consists of; payload.issuer is its value issuer."),
    Word("agent", "text", "The agent that proposes it."),
    Word("amount", "decimal", "The amount as proposed, in its currency."),
    Word("amount_minor", "whole number", "The amount in whole cents, to be compared for equality."),
    Word("amount_base", "decimal", "The amount in the house's currency, at the day's rate."),
    Word("currency", "text", "The currency's three letters, such as EUR."),
    Word("confidence", "decimal", "How sure the agent says it is, from 0.0 to 1.0."),
    Word("on_behalf_of", "text", "For whom the agent acts."),
    Word("subject", "text", "Whom or what it is about: a customer, an employee, an issuer."),
    Word("reversibility", "text", "Whether it can be undone: reversible or irreversible."),
    Word("stakes", "text", "How much is at stake: low, medium or high."),
    Word("data_classes", "list of texts", "Which classes of data it touches, such as personal or financial."),
    Word("domain", "text", "The domain, such as finance, hr or security."),
    Word("external", "true or false", "Whether it reaches outside the house."),
    Word("mode", "text", "How much its kind leaves to agents, such as in_the_loop."),
    Word("missing", "list of texts", "The values that automation requires and that are missing, as pointers."),
    Word("flags", "list of texts", "What looks wrong in it, such as malformed_iban or seen_before."),
    Word("score", "whole number", "The risk score, from 0 to 100."),
    Word("history", "values", "history.same_number: how many live actions name the same subject and document number."),
    Word("fetched", "values", "What lookups found before it was routed, by the lookup's name."),
    Word("known", "list of texts", "The names of those facts that have a value."),
    Word(FIRST, "true or false", "Whether nothing was let through for this subject before."),
)
FUNCTIONS = (
    Word("has", "has(payload.role)", "Whether the value is there; ask this before you use what may be absent."),
    Word("in", "'amount' in known", "Whether a list holds a value; with known, whether a fact has one."),
    Word("&&", "external && score > 40", "Both hold."),
    Word("||", "score > 40 || external", "One of them holds, or both."),
    Word("!", "!external", "It does not hold."),
    Word("==", "currency == 'EUR'", "The same value; != is another value."),
    Word("<", "confidence < 0.8", "Less; also <=, >, >=. Decimals are written with a point: 500.0."),
    Word("+", "amount_base + 100.0 > 500.0", "Adds; also -, * and /."),
    Word("?", "(external ? score > 20 : score > 60)", "If this holds the first, else the second."),
    Word("size", "size(missing) > 1", "How many values a list has, or how many characters a text."),
    Word("contains", "subject.contains('GmbH')", "Whether a text stands in another."),
    Word("startsWith", "subject.startsWith('ACME')", "How a text begins."),
    Word("endsWith", "subject.endsWith('@example.net')", "How a text ends."),
    Word("matches", "subject.matches('(?i)^acme')", "Whether a text fits a pattern (RE2)."),
    Word("exists", "flags.exists(flag, flag == 'seen_before')", "Whether something holds of one value of a list."),
    Word("all", "data_classes.all(name, name != 'personal')", "Whether something holds of every value of a list."),
    Word("exists_one", "flags.exists_one(flag, flag != '')", "Whether something holds of exactly one value."),
    Word("filter", "size(flags.filter(flag, flag != 'seen_before')) > 1", "Those values of which something holds."),
    Word("string", "string(score) == '40'", "As text; also int() and double() for numbers."),
    Word("type", "type(payload.count) == int", "Of which type a value of the payload is."),
)


def counted() -> tuple[Word, ...]:
    """Every fact that is counted over time, with the action at hand in it."""
    return tuple(word for series in SERIES for word in _series(series))


def _series(series: str) -> tuple[Word, Word]:
    scope, window = parts(series)
    what = f"{_WHO[scope]} {_SPANS[window]}, with this one"
    return (
        Word(f"recent.{series}.count", "whole number", f"How many actions of {what}."),
        Word(f"recent.{series}.sum", "decimal", f"How much money, in the house's currency, by {what}."),
    )


def with_samples(words: Sequence[Word], samples: Sequence[PolicyInput]) -> tuple[Word, ...]:
    """The words with values that they had in some actions, each value once."""
    seen: dict[str, dict[str, None]] = {}
    for facts in samples:
        for name, value in _values(facts).items():
            if value not in (None, "", "[]", "{}") and len(seen.setdefault(name, {})) < MAX_SAMPLES:
                seen[name][value] = None
    return tuple(Word(word.name, word.type, word.sentence, tuple(seen.get(word.name, ()))) for word in words)


def payload_words(samples: Sequence[PolicyInput]) -> tuple[Word, ...]:
    """What the payloads of some actions hold, as names that a condition can use."""
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
    parts = {f"payload.{key}": value for key, value in facts.payload.items()}
    shown = {name: value for name, value in values.items() if name not in ("payload", "counted")}
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
    return kinds.get(type(value), "values")
