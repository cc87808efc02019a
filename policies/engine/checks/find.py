"""Find the anomalies of a payload: values that match the schema but look wrong.

A property of an action type's JSON Schema states with `x-expect` what its value should be:
`{"kind": "iban"}`, `{"kind": "vat"}`, `{"kind": "email"}`, `{"kind": "date", "not_future": true}`,
`{"kind": "number", "min_length": 3, "pattern": "[0-9]"}` for a document's number, and
`{"kind": "total", "of": ["/net", "/tax"]}` for an amount that is the sum of others. History says what was seen before.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from policies.engine.checks import addresses, amounts, dates, document_numbers, payment
from policies.engine.checks.characters import characters_of
from policies.engine.checks.flag import Flag, Place
from policies.engine.checks.places import expected
from policies.engine.checks.seen_before import seen_before
from policies.engine.checks.unusual import unusual
from policies.engine.inputs.policy_input import PolicyInput

MAX_FLAGS = 50
_CHECKS: Mapping[str, Callable[[Place], Flag | None]] = {
    "iban": payment.iban,
    "vat": payment.vat,
    "date": dates.date,
    "number": document_numbers.number,
    "reference": document_numbers.reference,
    "email": addresses.email,
    "total": amounts.total,
    "amount": amounts.amount,
}


def find(facts: PolicyInput, schema: Mapping[str, object]) -> tuple[Flag, ...]:
    """Return the anomalies of the payload, first those of expected values in schema order; at most 50."""
    every = (*(flag for place in expected(facts, schema) for flag in _judge(place)), *characters_of(facts))
    flags = {(flag.pointer, flag.code): flag for flag in every}
    found = [*flags.values(), *unusual(facts, schema), *seen_before(facts)]
    return tuple(found[:MAX_FLAGS])


def _judge(place: Place) -> Iterator[Flag]:
    check = _CHECKS.get(str(place.expected.get("kind")))
    values = place.value
    if place.expected.get("kind") == "email" and isinstance(values, list | tuple):
        parts = [replace(place, pointer=f"{place.pointer}/{index}", value=item) for index, item in enumerate(values)]
    else:
        parts = [place]
    for part in parts if check else ():
        if check and (flag := check(part)):
            yield flag
