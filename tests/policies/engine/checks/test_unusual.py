"""What is unlike the subject's last approved actions, as flags and as inputs of conditions."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.engine.checks.find import find
from policies.engine.checks.places import EXPECT_AT
from policies.engine.checks.unusual import Past, compare
from policies.engine.conditions.cel import Match, compile, evaluate
from policies.engine.inputs.policy_input import PolicyInput
from policies.engine.inputs.usual import Unusual
from tests.policies.engine.given import facts, rule, ruled, rules

SCHEMA = {
    "properties": {"number": {"x-expect": {"kind": "number"}}, "issued": {"x-expect": {"kind": "date"}}},
    EXPECT_AT: {"/amount": {"kind": "amount"}},
}


def action(amount: str, **payload: Any) -> PolicyInput:
    return facts(payload={"amount": amount, **payload}, amount=Decimal(amount), currency="EUR")


def past(*amounts: str, currency: str = "EUR", **payload: Any) -> list[Past]:
    return [Past({"amount": amount, **payload}, Decimal(amount), currency) for amount in amounts]


def codes(now: PolicyInput, before: list[Past]) -> list[tuple[str, str]]:
    seen = compare(now, SCHEMA, before)
    with_it = facts(payload=now.payload, amount=now.amount, currency=now.currency, unusual=seen)
    return [(flag.code, flag.pointer) for flag in find(with_it, SCHEMA) if flag.code.startswith("unusual")]


class TestAnAmount:
    @given(st.lists(st.integers(1, 10**6), min_size=3, max_size=20), st.integers(1, 10**8))
    def test_is_compared_with_the_highest_of_the_last(self, amounts: list[int], now: int) -> None:
        found = codes(action(str(now)), past(*map(str, amounts)))
        assert (found == [("unusual_amount", "/amount")]) == (now > 3 * max(amounts))

    @given(st.integers(1, 10**6), st.integers(31, 900))
    def test_ten_times_the_usual_is_an_input(self, usual: int, tenths: int) -> None:
        seen = compare(action(str(Decimal(usual * tenths) / 10)), SCHEMA, past(*[str(usual)] * 3))
        assert seen == Unusual(3, Decimal(tenths) / 10)
        condition = compile("'unusual.ratio' in known && unusual.ratio >= 10.0 && unusual.count == 3")
        assert (evaluate(condition, facts(unusual=seen)).match is Match.YES) == (tenths >= 100)

    def test_of_a_credit_note_counts_like_a_payment(self) -> None:
        assert codes(action("-1000"), past("100", "-90", "80")) == [("unusual_amount", "/amount")]

    @pytest.mark.parametrize("before", [[], past("1", "1"), past("1", "1", "1", currency="USD"), past("0", "0", "0")])
    def test_says_nothing_without_enough_amounts_in_its_currency(self, before: list[Past]) -> None:
        assert codes(action("5000"), before) == []
        condition = compile("unusual.ratio > 1.0")
        assert evaluate(condition, facts(unusual=compare(action("5000"), SCHEMA, before))).is_absence

    def test_just_above_a_limit_is_above_it(self) -> None:
        seen = compare(action("300.0000001"), SCHEMA, past("100", "100", "100"))
        assert seen.ratio is not None and seen.ratio > 3


class TestAValue:
    def test_that_always_was_another_is_named(self) -> None:
        before = past("1", "2", "3", iban="A", country="DE")
        assert codes(action("2", iban="B", country="DE"), before) == [("unusual_value", "/iban")]
        seen = compare(action("2", iban="B"), SCHEMA, before)
        assert evaluate(compile("'/iban' in unusual.fields"), facts(unusual=seen)).match is Match.YES

    def test_that_varied_or_is_of_one_document_is_not(self) -> None:
        before = [*past("5", "5", "5", number="R-1", issued="2026-01-01", note="a"), *past("5", note="b")]
        assert codes(action("6", number="R-2", issued="2026-02-01", note="c"), before) == []

    def test_is_told_from_its_text(self) -> None:
        assert codes(action("1", account="4400"), past("1", "1", "1", account=4400)) == [("unusual_value", "/account")]

    def test_reveals_no_earlier_value(self) -> None:
        seen = compare(action("2", iban="B"), SCHEMA, past("1", "2", "3", iban="SECRET"))
        found = find(facts(payload={"iban": "B"}, unusual=seen), SCHEMA)
        assert [flag.sentence for flag in found] == [
            "iban “B” differs from the value in the last 3 actions for this subject."
        ]


def test_a_flag_stops_the_automatic_path() -> None:
    document = rules(rule("runs", "auto"), rule("far", "escalate", "unusual.count > 2 && unusual.ratio > 10.0"))
    assert ruled(document, flags=("unusual_amount",), unusual=Unusual(3, Decimal(4))).outcome == "review"
    assert ruled(document, flags=("unusual_amount",), unusual=Unusual(3, Decimal(11))).outcome == "escalate"
    assert ruled(document, unusual=Unusual(3, Decimal(1))).outcome == "auto"
