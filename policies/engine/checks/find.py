"""Find the anomalies of a payload: values that match the schema but look wrong.

A property of an action type's JSON Schema states with `x-expect` what its value should be:
`{"kind": "iban"}`, `{"kind": "vat"}`, `{"kind": "email"}`, `{"kind": "date", "not_future": true}`,
`{"kind": "number", "min_length": 3, "pattern": "[0-9]"}` for a document's number, and
`{"kind": "total", "of": ["/net", "/tax"]}` or `{"of": ["/lines/*/amount"]}` for a sum. History says what was seen
before.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from policies.engine.checks import (
    amounts,
    contacts,
    credit_notes,
    dates,
    document_numbers,
    messages,
    payment,
    totals,
)
from policies.engine.checks.characters import texts_of
from policies.engine.checks.flag import Flag, Place
from policies.engine.checks.places import expected
from policies.engine.checks.seen_before import seen_before
from policies.engine.checks.unusual import unusual
from policies.engine.inputs.policy_input import PolicyInput

MAX_FLAGS = 50


def _amount(place: Place) -> Flag | None:
    facts = place.facts
    odd = amounts.amount(place.value, facts.currency or "")
    odd = odd or credit_notes.doubt(place.value, facts.payload, facts.action_type)
    return place.odd(odd)


def _currency(place: Place) -> Flag | None:
    odd = amounts.currency(place.value)
    return place.odd(odd)


def _total(place: Place) -> Flag | None:
    odd = totals.total(place.value, place.expected, place.facts.payload, place.facts.currency or "")
    return place.odd(odd)


_CHECKS: Mapping[str, Callable[[Place], Flag | None]] = {
    "iban": payment.iban,
    "vat": payment.vat,
    "date": dates.date,
    "date-time": dates.date_time,
    "number": document_numbers.number,
    "reference": document_numbers.reference,
    "email": contacts.email,
    "phone": contacts.phone,
    "url": contacts.url,
    "name": contacts.name,
    "total": _total,
    "amount": _amount,
    "currency": _currency,
}
KINDS = (*_CHECKS, "html")
"""What a property may say that its value is."""


def find(facts: PolicyInput, schema: Mapping[str, object]) -> tuple[Flag, ...]:
    """Return the anomalies of the payload, first those of expected values in schema order; at most 50."""
    places = tuple(expected(facts, schema))
    html = {place.pointer for place in places if place.expected.get("kind") == "html"}
    every = (*(flag for place in places for flag in _judge(place)), *texts_of(facts, html))
    flags: dict[tuple[str, str], Flag] = {}
    for flag in every:
        # What the schema expects comes first, and knows better than what is expected by pointer.
        flags.setdefault((flag.pointer, flag.code), flag)
    found = [*flags.values(), *unusual(facts, schema), *seen_before(facts)]
    return tuple(found[:MAX_FLAGS])


def _judge(place: Place) -> Iterator[Flag]:
    kind = str(place.expected.get("kind"))
    if kind == "html":
        yield from messages.html(place)
    check = _CHECKS.get(kind)
    for part in _parts(place, kind) if check else ():
        if check and (flag := check(part)):
            yield flag


def _parts(place: Place, kind: str) -> Sequence[Place]:
    """Each address of a list, and every other value as it is."""
    if kind != "email" or not isinstance(place.value, list | tuple):
        return (place,)
    return [replace(place, pointer=f"{place.pointer}/{at}", value=item) for at, item in enumerate(place.value)]
