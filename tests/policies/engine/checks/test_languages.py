"""Every anomaly is said in the reader's language: its sentence keeps its template and its values."""

import json
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from approvals.display.fragments import named_anomaly, what_is_odd
from policies.engine.checks.find import find
from policies.engine.checks.flag import Flag
from policies.engine.checks.places import EXPECT_AT
from policies.engine.inputs.usual import Unusual
from policies.engine.values.addresses import doubt
from policies.engine.values.vocabulary import FLAGS
from tests.policies.engine.given import facts

TODAY = date(2026, 11, 21)
# Values that are odd for what is expected of them. They have no Latin letters where the sentence may quote them.
ODD: list[tuple[dict[str, Any], Any]] = [
    ({"kind": "iban"}, "1234"),
    ({"kind": "vat"}, "1"),
    *(
        ({"kind": "email"}, text)
        for text in ["1", "1@\u200b2", "1@2.3, 4@5.6", "<1@2.3>", "1@ä.de", "1@xn--4.de", "ä@2.de"]
    ),
    ({"kind": "phone"}, "1"),
    ({"kind": "url"}, "1"),
    ({"kind": "url"}, "https://1@2.de"),
    ({"kind": "url"}, "https://ä.de"),
    ({"kind": "date"}, "1"),
    ({"kind": "date", "not_future": True}, "2026-11-22"),
    ({"kind": "date"}, "2050-01-01"),
    ({"kind": "date"}, "1950-01-01"),
    ({"kind": "date", "not_before": "/start"}, "2026-11-01"),
    ({"kind": "number", "min_length": 3}, "1"),
    ({"kind": "number"}, "???"),
    ({"kind": "number"}, "0000"),
    ({"kind": "number"}, "value_1"),
    ({"kind": "name"}, "1"),
    ({"kind": "name", "person": True}, "Ö 1"),
    *(({"kind": "amount"}, value) for value in ["1.080", 1.5, 10**15 + 1, "1,5", "+1", 0, 1e300, "12.5", "-5.00"]),
    ({"kind": "currency"}, "1"),
    ({"kind": "total", "of": ["/one", "/two"]}, "5"),
    ({"kind": "total", "of": ["/one", "/title"]}, "5"),
    ({"kind": "html"}, "<p style='display:none'>1</p>"),
    ({"kind": "html"}, "<a href='https://1.de'>https://2.de</a>"),
    ({"kind": "html"}, "<form></form>"),
    ({"kind": "text"}, "<b>1</b>"),
    ({"kind": "text"}, "1\u200b2"),
    ({"kind": "text"}, "аbc"),
    ({"kind": "text"}, "ＡＢＣ"),
]


def flags() -> Iterator[Flag]:
    """Anomalies of every code, with every sentence of a check."""
    beside = {"start": "2026-11-15", "one": "1.00", "two": "2.00", "title": "Rechnung"}
    for expected, value in ODD:
        schema = {"properties": {"value": {"x-expect": expected}}}
        for currency in ("EUR", "JPY", ""):
            yield from find(facts(payload={"value": value, **beside}, currency=currency, proposed_on=TODAY), schema)
    credit = facts(payload={"value": "5.00", "title": "Gutschrift"}, currency="EUR")
    yield from find(credit, {EXPECT_AT: {"/value": {"kind": "amount"}}})
    unusual = Unusual(5, Decimal("1234.5"), ("/value",), "1")
    yield from find(facts(payload={"value": "1"}, unusual=unusual), {EXPECT_AT: {"/value": {"kind": "amount"}}})
    yield from find(facts(payload={}, unusual=unusual, subject="1\u200b2", on_behalf_of="аbc"), {})
    yield from find(facts(payload={}, history={"same_number": 1}), {})


EVERY = {(flag.code, flag.sentence): flag for flag in flags()}


def kept(flag: Flag) -> dict[str, Any]:
    """A flag as a row has it."""
    found: dict[str, Any] = json.loads(json.dumps(flag.as_json()))
    return found


def test_all_anomalies_of_a_payload_are_generated() -> None:
    # An exchange rate is none of the payload.
    assert set(FLAGS) - {flag.code for flag in EVERY.values()} == {"stale_rate", "quote_not_found"}


def test_every_problem_of_an_address_is_generated() -> None:
    found = {doubt(value) for expected, value in ODD if expected["kind"] == "email"}
    assert len(found - {None}) == 7


@pytest.mark.parametrize("flag", EVERY.values(), ids=str)
def test_its_sentence_is_kept_with_what_a_language_needs(flag: Flag, foreign: None) -> None:
    english, told = (
        re.sub(r"“[^”]*”|\b(EUR|JPY)\b|^value", "", text) for text in (flag.sentence, what_is_odd(kept(flag)))
    )
    assert set(re.findall(r"[A-Za-z]{2,}", english)).isdisjoint(re.findall(r"[A-Za-z]{2,}", told))


@pytest.mark.parametrize("flag", EVERY.values(), ids=str)
def test_its_row_says_in_english_what_it_says(flag: Flag) -> None:
    row = kept(flag)
    with translation.override("en"):
        said = what_is_odd(row)
    assert not re.search(r"[{}]", said)
    assert row["sentence"] == flag.sentence
    assert flag.sentence.endswith(said) or "2026" in said


def test_names_a_field_by_its_title_and_writes_amounts_the_readers_way() -> None:
    schema = {"properties": {"total": {"x-expect": {"kind": "total", "of": ["/a"]}}}}
    odd = find(facts(payload={"total": "1234.50", "a": "1"}, currency="EUR"), schema)[0]
    late = next(flag for flag in EVERY.values() if "before" in flag.sentence and flag.code == "implausible_date")
    with translation.override("de"):
        said = named_anomaly(kept(odd), "Gesamtbetrag")
        assert said.startswith("Gesamtbetrag: ")
        assert "EUR 1.234,50" in said and "1,234.50" not in said
        assert "liegt vor dem 2026-11-15" in what_is_odd(kept(late))


def test_the_subject_and_the_requester_are_named_as_people_do() -> None:
    odd = {flag.sentence: flag for flag in EVERY.values() if not flag.pointer and flag.code.endswith(("ers", "pts"))}
    assert {" ".join(sentence.split()[:2]) for sentence in odd} == {"The subject", "The requester"}
