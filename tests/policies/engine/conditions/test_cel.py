"""Conditions: what compiles, what matches, and what hostile conditions and facts cost."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.engine.conditions import cel_cost
from policies.engine.conditions.cel import ConditionFault, Match, bind, compile, evaluate, undecided
from policies.engine.inputs.policy_input import PolicyInput
from tests.policies.engine.given import facts

WIDE = {
    "numbers": list(range(2000)),
    "words": ["a" * 20] * 500,
    "rows": [{"net": i, "name": "x"} for i in range(300)],
    "long": "a" * 8000,
}


def match(condition: str, about: PolicyInput | None = None) -> Match:
    return evaluate(compile(condition), about or facts()).match


MIXED = (
    *("true", "false", "amount > 100.0", "amount > 1000.0", "amount_base > 1.0", "payload.absent == 1", "1 / 0 == 1"),
    *("domain == 'hr' // no", "'//' == agent", "payload.lines.exists(x, x.net > 1.0)", "payload.issuer.matches('^R')"),
)


class TestCompile:
    @pytest.mark.parametrize(
        ("condition", "sentence"),
        [
            ("amount > '500'", "Line 1, column 8: `>` cannot be applied to a number and text"),
            ("amuont > 500.0", "Did you mean `amount`"),
            ("now() > 1", "neither an input nor a function"),
            ("amount >", "Line 1, column 9"),
            ("payload.total", "returns dyn instead of true or false"),
            ("'text'", "returns string instead of true or false"),
            ("domain == 1", "cannot be applied to text and a whole number"),
            ("true" + " && true" * 300, "at most 2,000"),
            ("-" * 60 + "(1) == 1 && 1" + " + 1" * 40 + " > 0", "nested too deeply"),
            ("(" * 25 + "true" + ")" * 25, "nested deeper than 24"),
            ("payload.a.map(x, x + x).size() > 0", "not supported in conditions"),
            ("payload.a.all(x, x.all(y, y.all(z, z)))", "Loops are nested deeper"),
            (
                "payload.a" + "".join(f".all(x{place}, x{place}" for place in range(60)) + ")" * 60,
                "Loops are nested deeper",
            ),
            ("true // \u202e", "invisible control character"),
            ("domain == '\x00'", "invisible control character"),
            ("", "is invalid|Line 1"),
        ],
    )
    def test_says_where_and_why_a_condition_cannot_be_used(self, condition: str, sentence: str) -> None:
        with pytest.raises(ConditionFault, match=sentence):
            compile(condition)

    def test_takes_a_condition_over_every_fact(self) -> None:
        compile(
            "action_type == 'a' && agent == 'b' && amount_minor == 1 && amount_base < 1.0 && currency == 'EUR' && "
            "confidence >= 0.5 && on_behalf_of != '' && subject != '' && reversibility == 'reversible' && "
            "stakes in ['low'] && 'health' in data_classes && domain == 'hr' && external && mode == 'in_the_loop' && "
            "size(missing) == 0 && size(flags) == 0 && score < 10 && history.same_number > 0 && payload.x == 1"
        )


class TestEvaluate:
    @pytest.mark.parametrize(
        ("condition", "expected"),
        [
            ("amount <= 119.0", Match.YES),
            ("amount_minor == 11900", Match.YES),
            ("amount > 119.0", Match.NO),
            ("payload.lines.exists(line, line.net >= 100.0)", Match.YES),
            ("'amount' in known && amount > 1000.0", Match.NO),
            ("has(payload.iban) && payload.iban != ''", Match.NO),
        ],
    )
    def test_tells_a_match_from_none(self, condition: str, expected: Match) -> None:
        assert match(condition) is expected

    @pytest.mark.parametrize(
        "condition",
        [
            "payload.absent > 1",
            "payload.issuer > 1",
            "payload.issuer.inner == 'x'",
            "1 / 0 == 1",
            "9223372036854775807 + size(payload) > 0",
            "payload.issuer",
            "payload.issuer.matches('(')",
            "history.same_number > 0",
        ],
    )
    def test_never_takes_an_error_for_a_match(self, condition: str) -> None:
        condition = condition if condition != "payload.issuer" else "payload.issuer && true"
        assert match(condition) is Match.ERROR

    @pytest.mark.parametrize("fact", ["amount", "amount_base", "confidence", "currency", "score"])
    def test_errs_where_a_fact_is_not_known(self, fact: str) -> None:
        condition = {"currency": "currency == 'EUR'", "score": "score < 50"}.get(fact, f"{fact} < 1000.0")
        verdict = evaluate(compile(condition), facts(**{fact: None}))
        assert (verdict.match, verdict.is_absence) == (Match.ERROR, True)
        assert fact in verdict.message

    def test_sees_no_minor_units_of_an_amount_that_cannot_be_paid(self) -> None:
        assert match("amount_minor == 50000", facts(amount=None)) is Match.ERROR

    def test_sees_overlong_text_as_missing(self) -> None:
        bound = bind(facts(payload={"note": "x" * 9000, "rows": [{"a": "é" * 5000}], "fine": "y" * 8000}))
        assert bound.too_long == ("/payload/note", "/payload/rows/0/a")
        assert evaluate(compile("has(payload.note)"), bound).match is Match.NO
        assert evaluate(compile("payload.fine.size() == 8000"), bound).match is Match.YES

    @pytest.mark.parametrize("payload", [{"a": ["x" * 8000] * 9}, {"a": [1] * 40_000}])
    def test_sees_nothing_of_a_payload_over_64_kib(self, payload: dict[str, object]) -> None:
        bound = bind(facts(payload=payload))
        assert bound.too_long == ("/payload",)
        assert evaluate(compile("has(payload.a)"), bound).match is Match.ERROR

    def test_sees_nothing_of_a_payload_that_nests_so_deeply_that_it_could_crash_the_engine(self) -> None:
        value: object = "x" * 9000
        for _ in range(20_000):
            value = {"a": value}
        bound = bind(facts(payload={"a": value}))
        assert bound.too_long == ("/payload",)
        assert evaluate(compile("payload == payload"), bound).match is Match.ERROR

    @pytest.mark.parametrize("value", [2**70, object(), "\ud800"])
    def test_errs_on_values_that_the_engine_cannot_hold(self, value: object) -> None:
        assert match("payload.x == 1", facts(payload={"x": value})) is not Match.YES


class TestUndecided:
    @given(st.lists(st.sampled_from(MIXED), max_size=20))
    def test_leaves_out_only_what_is_surely_false(self, conditions: list[str]) -> None:
        bound = bind(facts(amount_base=None))
        left = set(undecided(tuple(conditions), bound))
        said = [evaluate(compile(condition), bound).match for condition in conditions]
        assert {place for place, match in enumerate(said) if match is not Match.NO} <= left

    def test_names_each_place_once_and_in_order(self) -> None:
        places = list(
            undecided(("true", *["false"] * 8, HOSTILE[0], "amount_base > 1.0"), bind(facts(amount_base=None)))
        )
        assert places == sorted(set(places))

    def test_asks_nothing_twice_of_what_is_false(self) -> None:
        assert list(undecided(("amount > 1000.0", "domain == 'hr' // why"), bind(facts()))) == []


HOSTILE = [
    "payload.numbers.all(x, payload.numbers.all(y, x + y >= 0))",
    "payload.numbers.all(x, !(-1 in payload.numbers))",
    "payload.numbers.all(x, payload.numbers == payload.numbers)",
    "payload.numbers.filter(x, x >= 0).size() > 0",
    "payload.numbers.all(x, payload.numbers.filter(y, y >= x).size() >= 0)",
    "payload.numbers.all(x, !payload.long.matches('(a|b|aa)*c'))",
    "payload.numbers.all(x, !payload.long.contains('b'))",
    "payload.numbers.all(x, (payload.long + payload.long).size() > 0)",
    "payload.words.all(x, payload.words.all(y, x == y))",
    "payload.words.all(x, x.matches(x))",
    "!payload.long.matches('(.*)(.*)(.*)(.*)(.*)(.*)x')",
    "payload == payload && payload == payload && payload == payload && payload == payload",
    "(" + " + ".join(["payload.long"] * 24) + ").size() > 0",
    "payload.numbers.all(x, " + " && ".join(["x >= 0"] * 150) + ")",
    "payload.rows.all(r, payload.rows.exists(s, s.net == r.net))",
    "payload.numbers.all(x, [1, 2, 3, 4, 5, 6, 7, 8, 9].all(y, x + y >= 0))",
]


class TestAHostileCondition:
    @pytest.mark.parametrize("condition", HOSTILE, ids=range(len(HOSTILE)))
    def test_is_answered_within_50_ms(self, condition: str) -> None:
        compiled, bound = compile(condition), bind(facts(payload=WIDE))
        best = min(_milliseconds(compiled, bound) for _ in range(3))
        assert best < 50

    def test_is_answered_by_an_error_when_it_would_cost_too_much(self) -> None:
        assert match(HOSTILE[0], facts(payload=WIDE)) is Match.ERROR

    def test_within_the_budget_is_answered_truly(self) -> None:
        rows = {"lines": [{"net": i, "tax": 1, "gross": i + 1, "name": "a line"} for i in range(100)]}
        condition = "payload.lines.all(line, line.net + line.tax == line.gross && line.name.startsWith('a'))"
        assert match(condition, facts(payload=rows)) is Match.YES


class TestCost:
    def test_is_not_fooled_by_text_that_looks_like_code(self) -> None:
        assert cel_cost.cost("domain == '.all(.all(.all('").deepest_loop == 0

    def test_finds_loops_behind_spaces_and_comments(self) -> None:
        assert cel_cost.cost("payload.a. // why\n all (x, x . exists(y, y))").deepest_loop == 2


def _milliseconds(condition: object, bound: object) -> float:
    start = time.process_time()
    evaluate(condition, bound)  # type: ignore[arg-type]
    return (time.process_time() - start) * 1000
