"""Numbers in conditions count by value, whether they are written as 3 or as 3.0."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.engine.conditions.cel import ConditionFault, Match, compile, evaluate
from policies.engine.values.canonical import canonical_bytes
from tests.policies.engine.given import facts

WHOLE = st.integers(-10_000, 10_000)
DECIMAL = WHOLE.map(lambda number: number / 4)
SIGNS = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])


def said(condition: str, **payload: object) -> Match:
    return evaluate(compile(condition), facts(payload=payload)).match


def written(number: float) -> list[str]:
    """Every way to write a number."""
    whole = [str(int(number))] if number == int(number) else []
    return [*whole, repr(float(number)), f"{float(number)!r}0"]


class TestByValue:
    @given(DECIMAL, DECIMAL, SIGNS)
    def test_every_spelling_of_a_threshold_says_the_same(self, value: float, bound: float, sign: str) -> None:
        expected = Match.YES if eval(f"{value} {sign} {bound}") else Match.NO
        for spelled in written(bound):
            assert said(f"payload.quantity {sign} {spelled}", quantity=value) is expected
            about = facts(amount_base=None, confidence=0.5, payload={"quantity": value}, score=40)
            assert evaluate(compile(f"score {sign} {spelled} || true"), about).match is Match.YES

    @given(DECIMAL, DECIMAL, st.sampled_from("+-*"), DECIMAL)
    def test_every_spelling_in_a_calculation_says_the_same(
        self, value: float, by: float, sign: str, bound: float
    ) -> None:
        expected = Match.YES if eval(f"({value} {sign} ({by})) > {bound}") else Match.NO
        for given_value in {value, json.loads(canonical_bytes(value))}:
            for spelled in written(by):
                for limit in written(bound):
                    assert said(f"payload.quantity {sign} ({spelled}) > {limit}", quantity=given_value) is expected

    @pytest.mark.parametrize("condition", [
        "amount > 100", "amount == 119", "amount in [119, 120]", "score > 4.5", "score == 5.0", "amount - 19 == 100",
        "-amount < -118", "amount * 2 > 237.5", "recent.agent_day.count >= 3.0", "confidence > 0",
        "amount + score == 124",        "(external ? 1 : 2.5) > 2",
        "payload.lines.exists(line, line.net >= 100)", "size(payload.lines) < 1.5",
        "'500' != currency && amount > 5 // 5 of 10", "score / 2 == 2.5", "amount > 1e2", "amount > -1",
    ])  # fmt: skip
    def test_whole_numbers_and_decimals_go_together(self, condition: str) -> None:
        about = facts(counted={"recent.agent_day.count": 3})
        assert evaluate(compile(condition), about).match is Match.YES

    def test_texts_are_no_numbers(self) -> None:
        assert said("payload.quantity + 1 == 4", quantity="3") is Match.ERROR
        assert said("payload.quantity > 2", quantity="3") is Match.ERROR
        assert said("payload.first + payload.last == 'ab'", first="a", last="b") is Match.YES

    def test_what_is_not_finite_stays_an_error(self) -> None:
        for condition in ("payload.a * payload.b > 1", "payload.a * 1.7e308 > 1", "payload.a / 0 > 1"):
            assert said(condition, a=1.7e308, b=1.7e308) is Match.ERROR

    def test_other_kinds_stay_refused(self) -> None:
        for condition in ("amount > '5'", "score == currency", "amount + 1 == 'x' && score > currency"):
            with pytest.raises(ConditionFault):
                compile(condition)
