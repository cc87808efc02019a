"""Anomalies in a payload: values that match the schema but look wrong.

A property of an action type's JSON Schema states with `x-expect` what its value should be:
`{"kind": "iban"}`, `{"kind": "vat"}`, `{"kind": "email"}`, `{"kind": "date", "not_future": true}`,
`{"kind": "number", "min_length": 3, "pattern": "[0-9]"}` for a document's number, and
`{"kind": "total", "of": ["/net", "/tax"]}` or `{"of": ["/lines/*/amount"]}` for a sum.
History says what was seen before.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from stdnum import iban
from stdnum.ch import vat as swiss_vat
from stdnum.eu import vat as european_vat
from stdnum.gb import vat as british_vat
from stdnum.no import mva as norwegian_vat

from policies.engine.checks import amounts, credit_notes, totals
from policies.engine.inputs.policy_input import PolicyInput
from policies.engine.values import addresses, json_pointer, schemas

MAX_LENGTH = 200
MAX_FLAGS = 50
# In a schema for the scorers: expectations by pointer, in addition to those in the schema.
EXPECT_AT = "x-expect-at"
_MAIL_FORMATS = ("email", "idn-email")
_MAIL_ROLES = ("to", "cc", "bcc", "reply_to")
_SEEN = {
    "same_number": "This document number was used before.",
    "same_payload": "The same payload was proposed before.",
}


@dataclass(frozen=True, slots=True)
class Flag:
    """One anomaly: its code, the JSON Pointer of the value ("" for the whole payload), and a sentence."""

    code: str
    pointer: str
    sentence: str


@dataclass(frozen=True, slots=True)
class _Place:
    """A value with an expectation."""

    pointer: str
    value: object
    expected: Mapping[str, object]
    facts: PolicyInput

    def flag(self, code: str, sentence: str) -> Flag:
        return Flag(code, self.pointer, f"{self.pointer.rsplit('/', 1)[-1]} {self._shown()} {sentence}")

    def _shown(self) -> str:
        text = addresses.legible(str(self.value))
        return f'"{text[:40]}…"' if len(text) > 40 else f'"{text}"'


def find(facts: PolicyInput, schema: Mapping[str, object]) -> tuple[Flag, ...]:
    """Return the anomalies of the payload in schema order, then those from history; at most 50."""
    flags = {(flag.pointer, flag.code): flag for place in _expected(facts, schema) for flag in _judge(place)}
    found = [*flags.values(), *_seen_before(facts)]
    return tuple(found[:MAX_FLAGS])


def _seen_before(facts: PolicyInput) -> Iterator[Flag]:
    for name, sentence in _SEEN.items():
        times = facts.history.get(name, 0)
        if isinstance(times, int) and times > 0:
            yield Flag("seen_before", "", sentence)


def _expected(facts: PolicyInput, schema: Mapping[str, object]) -> Iterator[_Place]:
    """Yield all values with expectations, from the schema and by pointer."""
    yield from _places(facts.payload, schema, "", facts, schema)
    beside = schema.get(EXPECT_AT)
    for pointer, expected in beside.items() if isinstance(beside, Mapping) else ():
        value = json_pointer.find(facts.payload, pointer)
        if isinstance(expected, Mapping) and value is not None:
            yield _Place(pointer, value, expected, facts)


def _places(
    value: object, schema: object, pointer: str, facts: PolicyInput, root: Mapping[str, object]
) -> Iterator[_Place]:
    """Walk value and schema together; values outside the schema have no expectations."""
    for part in schemas.in_place(schema, root) if value is not None else ():
        if expected := _expectation(part):
            yield _Place(pointer, value, expected, facts)
        if isinstance(value, Mapping):
            for name, inner in schemas.members(value, part):
                yield from _places(value[name], inner, f"{pointer}{json_pointer.join(name)}", facts, root)
        if isinstance(value, list | tuple):
            for index, inner in schemas.items(value, part):
                yield from _places(value[index], inner, f"{pointer}/{index}", facts, root)


def _expectation(schema: Mapping[str, object]) -> Mapping[str, object] | None:
    expected = schema.get("x-expect")
    if isinstance(expected, Mapping):
        return expected
    is_mail = schema.get("format") in _MAIL_FORMATS or schema.get("x-mail") in _MAIL_ROLES
    return {"kind": "email"} if is_mail else None


def _judge(place: _Place) -> Iterator[Flag]:
    check = _CHECKS.get(str(place.expected.get("kind")))
    values = place.value
    if place.expected.get("kind") == "email" and isinstance(values, list | tuple):
        parts = [replace(place, pointer=f"{place.pointer}/{index}", value=item) for index, item in enumerate(values)]
    else:
        parts = [place]
    for part in parts if check else ():
        if check and (flag := check(part)):
            yield flag


def _iban(place: _Place) -> Flag | None:
    text = str(place.value)
    if len(text) <= MAX_LENGTH and iban.is_valid(text):
        return None
    return place.flag("malformed_iban", "is not a valid IBAN.")


def _vat(place: _Place) -> Flag | None:
    text = str(place.value)
    if len(text) <= MAX_LENGTH and _is_vat(text):
        return None
    return place.flag("malformed_vat", "is not a valid VAT number.")


def _is_vat(text: str) -> bool:
    # Many documents omit the country, so a number that is valid in any member state is accepted.
    if european_vat.is_valid(text) or european_vat.guess_country(text):
        return True
    return any(country.is_valid(text) for country in (british_vat, swiss_vat, norwegian_vat))


def _date(place: _Place) -> Flag | None:
    try:
        day = date.fromisoformat(str(place.value)[:10])
    except ValueError:
        return place.flag("malformed_date", "is not a date.")
    if place.expected.get("not_future") and day > place.facts.proposed_on:
        return place.flag("date_in_future", "is in the future.")
    return None


def _number(place: _Place) -> Flag | None:
    text = str(place.value).strip()
    name = place.pointer.rsplit("/", 1)[-1].casefold()
    shortest = place.expected.get("min_length", 1)
    pattern = place.expected.get("pattern")
    # Extraction tools that find nothing fill in the field name: "invoice_number_1".
    if name and text.casefold().startswith(name):
        return place.flag("implausible_number", "repeats the field name instead of a document number.")
    if isinstance(shortest, int) and len(text) < shortest:
        return place.flag("implausible_number", f"is too short. A document number has at least {shortest} characters.")
    if len(text) > MAX_LENGTH or (isinstance(pattern, str) and not re.search(pattern, text)):
        return place.flag("implausible_number", "does not look like a document number.")
    return None


def _email(place: _Place) -> Flag | None:
    found = addresses.doubt(place.value)
    return place.flag("malformed_email", found.value) if found else None


def _total(place: _Place) -> Flag | None:
    odd = totals.total(place.value, place.expected, place.facts.payload, place.facts.currency or "")
    return place.flag(*odd) if odd else None


def _amount(place: _Place) -> Flag | None:
    facts = place.facts
    odd = amounts.amount(place.value, facts.currency or "")
    odd = odd or credit_notes.doubt(place.value, facts.payload, facts.action_type)
    return place.flag(*odd) if odd else None


def _currency(place: _Place) -> Flag | None:
    odd = amounts.currency(place.value)
    return place.flag(*odd) if odd else None


_CHECKS: Mapping[str, Callable[[_Place], Flag | None]] = {
    "iban": _iban,
    "vat": _vat,
    "date": _date,
    "number": _number,
    "email": _email,
    "total": _total,
    "amount": _amount,
    "currency": _currency,
}
