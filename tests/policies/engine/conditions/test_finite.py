"""A number that is not finite is an error in a condition, however it came about, and never a plain no."""

import math
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from policies.engine.checks.find import find
from policies.engine.conditions import finite
from policies.engine.conditions.cel import (
    _ENV,
    MAX_CONDITION_LENGTH,
    ConditionFault,
    Match,
    bind,
    compile,
    evaluate,
    undecided,
)
from tests.policies.engine.given import document, facts, reasons, ruled

PAYLOAD: dict[str, Any] = {
    "text": "NaN", "inf": "Infinity", "much": "1e999", "low": "-Infinity", "huge": 1e308, "one": 1, "nought": 0.0,
    "list": [1.5, "inf"], "fine": "3.5", "word": "ab",
}  # fmt: skip


def asked(text: str, payload: Any = None) -> Match:
    return evaluate(compile(text), facts(payload=PAYLOAD if payload is None else payload)).match


@pytest.mark.parametrize(
    "text",
    [
        'double("NaN") > 1000.0', 'double("nan") <= 1000.0', 'double("NAN(1)") != 1.0', 'double("inf") < 5.0',
        'double("-Infinity") < 1.0', 'double("1e999") > 1.0', "double(payload.text) > 1000.0",
        "double(payload.inf) > 1000.0", "double(payload.much) < 1.0", "-double(payload.low) > 1.0",
        "!(double(payload.text) > 1000.0)", "double(payload.text) == double(payload.text)",
        "1e308 * 10.0 > 1.0", "-1e308 * 10.0 > 1.0", "1e308 + 1e308 > 1.0", "-1e308 - 1e308 < 1.0",
        "0.0 / 0.0 == 1.0", "amount / 0.0 > 1.0", "1.0 / (amount / 0.0) < 1.0", "1.0 / (1e308 * 10.0) == 0.0",
        "payload.huge * 10.0 > 1.0", "payload.huge + payload.huge > 1.0", "payload.nought / payload.nought > 1.0",
        "dyn(1.0) / dyn(0.0) > 1.0", "score > 1 ? double(payload.inf) > 1.0 : true",
        "(score > 1 ? double(payload.inf) : 1.0) > 1.0", "[1.0 / 0.0].exists(x, x > 1.0)",
        "[1.0].all(x, x * 1e308 * 100.0 > 1.0)", "payload.list.exists_one(x, double(x) > 100.0)",
        "payload.list.filter(x, double(x) > 100.0).size() == 1", '{"a": 0.0 / 0.0}.a > 1.0',
        '{"a": {"b": 1.0 / 0.0}}.size() == 1', "has({'a': 0.0 / 0.0}.a)", "0.0 / 0.0 in [1.0]",
        'string(0.0 / 0.0) == "nan"', "type(0.0 / 0.0) == double", "size([0.0 / 0.0]) == 1",
        "[[1.0 / 0.0]] == [[1.0]]", "int(0.0 / 0.0) > 1", "int(double(payload.inf)) > 1", "uint(1.0 / 0.0) > 1u",
        "int(1e300) > 1", "uint(-1.0) > 1u", "double(string(1.0 / 0.0)) > 1.0", "1.0 - double(payload.inf) < 1.0",
    ],
)  # fmt: skip
def test_is_an_error_wherever_it_comes_about(text: str) -> None:
    assert asked(text) is Match.ERROR


@pytest.mark.parametrize(
    "text",
    [
        "double(payload.fine) * 2.0 + 1.0 == 8.0", "payload.word + payload.word == 'abab'",
        "payload.one + payload.one == 2", "amount - amount == 0.0", "(payload.list + [2.0]).size() == 3",
        "1e308 > 1.0", "score * 2 == 10", "int(double(payload.fine)) == 3", "-amount < 0.0",
        "duration('5s') + duration('5s') == duration('10s')", "1.0 / (1.0 / amount) > 1.0",
        "amount" + " + 1.0" * 25 + " > 1.0", "1.0 / (" * 20 + "amount" + ")" * 20 + " > 0.0",
        "amount > 1.0 || double(payload.text) > 1.0", "[1.0, 2.0].exists(x, x * 1e308 > 1.0)",
    ],
)  # fmt: skip
def test_what_is_finite_or_decided_without_it_is_answered(text: str) -> None:
    assert asked(text) is Match.YES


@pytest.mark.parametrize("text", ["amount < 1e999", "amount > -1e+999", "[1.0, 1e400].exists(x, x > amount)"])
def test_no_literal_is_beyond_every_double(text: str) -> None:
    with pytest.raises(ConditionFault, match="too large"):
        compile(text)


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_facts_that_hold_one_are_an_error_for_each_condition(number: float) -> None:
    bound = bind(facts(payload={"list": [{"deep": number}]}))
    assert evaluate(compile("external"), bound).match is Match.ERROR
    assert list(undecided(("external", "false"), bound)) == [0, 1]


def test_the_message_says_what_it_came_upon() -> None:
    verdict = evaluate(compile("double(payload.text) > 1000.0"), facts(payload=PAYLOAD))
    assert (verdict.message, verdict.is_absence) == (
        "A number in the calculation is too large or not finite.", False
    )  # fmt: skip


@pytest.mark.parametrize(("outcome", "tier"), [("review", "senior"), ("auto", "senior"), ("block", None)])
def test_a_rule_that_comes_upon_one_asks_a_senior_or_more(outcome: str, tier: str | None) -> None:
    rules = f"""
    rules:
      - {{name: all, when: 'true', outcome: auto, says: All.}}
      - {{name: large, when: 'double(payload.text) > 1000.0', outcome: {outcome}, says: Large.}}
    """
    evaluation = ruled(document(rules), payload=PAYLOAD)
    assert "large" in reasons(evaluation)
    assert (str(evaluation.outcome) in ("escalate", "review", "block"), evaluation.tier) == (True, tier)


@pytest.mark.parametrize("condition", ["amount > 500.0", "payload.word == 'ab' && score < 10", "external || !external"])
def test_a_condition_that_reckons_nothing_stays_as_it_is(condition: str) -> None:
    assert finite.guarded(_ENV.compile(condition).serialize()) is None


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-inf", "1e99999", 1e300])
def test_a_total_that_is_not_finite_does_not_add_up(value: Any) -> None:
    schema = {"properties": {"total": {"x-expect": {"kind": "total", "of": ["/net"]}}}}
    for payload in ({"total": value, "net": 1}, {"total": 1, "net": value}):
        assert [flag.code for flag in find(facts(payload=payload), schema)] == ["totals_do_not_add_up"]


@dataclass(frozen=True)
class Reckoned:
    """An expression, and what it comes to by IEEE 754; None where something in it is not finite."""

    text: str
    value: float | None


TEXTS = st.sampled_from(["NaN", "inf", "-inf", "1e999", "1e308", "0.0", "-2.5", "3"])
LEAVES = st.one_of(
    TEXTS.map(lambda text: Reckoned(f'double("{text}")', checked(float(text)))),
    st.sampled_from([1e308, -1e308, 0.0, 2.5, 1e-308]).map(lambda value: Reckoned(f"({value!r})", value)),
    st.just(Reckoned("double(payload.text)", None)),
    st.just(Reckoned("payload.huge", 1e308)),
)


def checked(value: float) -> float | None:
    return value if math.isfinite(value) else None


def combined(parts: tuple[str, Reckoned, Reckoned]) -> Reckoned:
    sign, left, right = parts
    text = f"({left.text} {sign} {right.text})"
    if left.value is None or right.value is None:
        return Reckoned(text, None)
    if sign == "/":
        return Reckoned(text, checked(left.value / right.value) if right.value else None)
    signs = {"+": left.value + right.value, "-": left.value - right.value, "*": left.value * right.value}
    return Reckoned(text, checked(signs[sign]))


def wrapped(parts: tuple[str, Reckoned]) -> Reckoned:
    form, inner = parts
    return Reckoned(
        form.format(inner.text), None if inner.value is None else -inner.value if "-" in form else inner.value
    )


EXPRESSIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(st.sampled_from("+-*/"), inner, inner).map(combined),
        st.tuples(
            st.sampled_from(["-{}", "double({})", "(external ? {0} : {0})", "[{}][0]", '{{"a": {}}}.a']), inner
        ).map(wrapped),
    ),
    max_leaves=6,
)
FORMS = {
    "{} < 1000.0": lambda value: value < 1000.0,
    "{} != 2.5": lambda value: value != 2.5,
    "!({} > 0.0)": lambda value: not value > 0.0,
    "[{}].exists(x, x > 1.0)": lambda value: value > 1.0,
    "[1.0].all(y, y * {} <= 1.0)": lambda value: value <= 1.0,
    "{} in [0.0, 2.5]": lambda value: value in (0.0, 2.5),
}


@given(EXPRESSIONS, st.sampled_from(sorted(FORMS)))
def test_any_expression_is_answered_exactly_or_is_an_error(found: Reckoned, form: str) -> None:
    about = facts(payload=PAYLOAD, external=True)
    text = form.format(found.text)
    assume(len(text) <= MAX_CONDITION_LENGTH)
    match = evaluate(compile(text), about).match
    if found.value is None:
        assert match is Match.ERROR
    else:
        assert match is (Match.YES if FORMS[form](found.value) else Match.NO)
