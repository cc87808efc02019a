"""What is unlike the subject's last approved actions: an amount far above them, a value that never varied."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_UP, Decimal

from policies.engine.checks.flag import Flag, quoted
from policies.engine.checks.places import EXPECT_AT, expected
from policies.engine.inputs.policy_input import PolicyInput
from policies.engine.inputs.usual import Unusual
from policies.engine.values import json_pointer
from policies.engine.values.said import as_figure, message, say

AMOUNT, VALUE, LOOK_ALIKE = "unusual_amount", "unusual_value", "look_alike_subject"
MIN_PAST, MAX_RATIO = 3, Decimal(3)
_MAX_LENGTH = 80
_RATIO_PLACES, _PLACES = Decimal("0.0001"), Decimal("0.01")
# What differs from one document to the next.
_VARYING = frozenset({"amount", "date", "date-time", "number", "reference", "total"})
_GONE = object()
_RATIO = message("{value} is {times} times the highest of the last {count} amounts for this subject.")
_DIFFERS = message("{value} differs from the value in the last {count} actions for this subject.")
_ALIKE = message("The subject {subject} looks like {other}, which is a different subject.")


@dataclass(frozen=True, slots=True)
class Past:
    """An approved action: its payload, its amount in its currency, and its subject, which looks the same."""

    payload: Mapping[str, object]
    amount: Decimal | None
    currency: str
    subject: str = ""


def compare(facts: PolicyInput, schema: Mapping[str, object], past: Sequence[Past]) -> Unusual:
    """Compare an action with the subject's last approved ones, newest first; fewer than three show nothing usual.

    Subjects that look the same count as one; a new one is told from the other that it looks like.
    """
    other = _look_alike(facts.subject, past)
    if len(past) < MIN_PAST:
        return Unusual(count=len(past), look_alike=other)
    return Unusual(len(past), _ratio(facts, past), tuple(usual_values(facts, schema, past)), other)


def highest(currency: str | None, past: Sequence[Past]) -> Decimal | None:
    """Return the highest earlier amount in this currency; None if there are too few."""
    known = [abs(row.amount) for row in past if row.amount is not None and row.currency == currency]
    return max(known) if len(known) >= MIN_PAST else None


def usual_values(facts: PolicyInput, schema: Mapping[str, object], past: Sequence[Past]) -> dict[str, object]:
    """Return the fields with another value than all earlier actions had, and that value."""
    varying = {place.pointer for place in expected(facts, schema) if place.expected.get("kind") in _VARYING}
    found = {}
    for name, value in facts.payload.items():
        pointer, usual = json_pointer.join(name), _usual([row.payload.get(name, _GONE) for row in past])
        if usual is not _GONE and pointer not in varying and _is_plain(value) and not _is_same(value, usual):
            found[pointer] = usual
    return found


def unusual(facts: PolicyInput, schema: Mapping[str, object]) -> Iterator[Flag]:
    """Flag an amount far above the subject's usual ones, and each value that always was another."""
    seen = facts.unusual
    if seen.look_alike:
        yield Flag(LOOK_ALIKE, "", say(_ALIKE, subject=quoted(facts.subject), other=quoted(seen.look_alike)))
    if seen.ratio is not None and seen.ratio > MAX_RATIO:
        pointer = _amount_pointer(schema)
        value = json_pointer.find(facts.payload, pointer) if pointer else facts.amount
        times = seen.ratio.quantize(_PLACES).normalize()
        yield Flag.of(AMOUNT, pointer, value, _RATIO, times=as_figure(f"{times:,f}", f"{times:f}"), count=seen.count)
    for pointer in seen.fields:
        value = json_pointer.find(facts.payload, pointer)
        # That the name itself differs is said above.
        if not (seen.look_alike and value == facts.subject):
            yield Flag.of(VALUE, pointer, value, _DIFFERS, count=seen.count)


def _look_alike(subject: str, past: Sequence[Past]) -> str:
    """The newest other subject, unless this one has enough actions of its own."""
    is_known = not subject or sum(row.subject == subject for row in past) >= MIN_PAST
    return "" if is_known else next((row.subject for row in past if row.subject != subject), "")


def _ratio(facts: PolicyInput, past: Sequence[Past]) -> Decimal | None:
    most = highest(facts.currency or "", past)
    if facts.amount is None or not most:
        return None
    # Rounded up, so that nothing passes a limit that is above it.
    return (abs(facts.amount) / most).quantize(_RATIO_PLACES, rounding=ROUND_UP)


def _amount_pointer(schema: Mapping[str, object]) -> str:
    beside = schema.get(EXPECT_AT)
    places = beside.items() if isinstance(beside, Mapping) else ()
    return next((pointer for pointer, each in places if each.get("kind") == "amount"), "")


def _usual(values: Sequence[object]) -> object:
    """Return the value that they all share; `_GONE` if there is none."""
    first = values[0]
    return first if _is_plain(first) and all(_is_same(value, first) for value in values) else _GONE


def _is_same(value: object, other: object) -> bool:
    return type(value) is type(other) and value == other


def _is_plain(value: object) -> bool:
    if isinstance(value, str):
        return 0 < len(value) <= _MAX_LENGTH and "\n" not in value
    return isinstance(value, bool | int | float)
