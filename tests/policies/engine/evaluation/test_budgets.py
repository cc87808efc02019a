"""Counting over time as the judge sees it: typed facts, budgets that only raise the route, and what is absent."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.engine.conditions import cel
from policies.engine.conditions.cel import ConditionFault, Match
from policies.engine.document.parse import Document, PolicyFault
from policies.engine.evaluation import run_tests
from policies.engine.evaluation.result import Evaluation
from policies.engine.inputs import windows
from policies.engine.values.vocabulary import Route
from tests.policies.engine.given import RUNS, document, facts, reasons, rule, ruled, rules

COUNT, SUM = "recent.agent_day.count", "recent.agent_day.sum"


def having(count: int | None = None, total: str | None = None) -> dict[str, Any]:
    """What was counted of an agent in a day."""
    counted: dict[str, Any] = {} if count is None else {COUNT: count}
    return {"counted": counted if total is None else counted | {SUM: Decimal(total)}}


def budget(text: str) -> Document:
    return document(f"budgets:\n  per_agent_day: {text}")


class TestConditions:
    @pytest.mark.parametrize("series", windows.SERIES)
    def test_know_the_count_and_the_sum_of_each_series(self, series: str) -> None:
        condition = cel.compile(f"recent.{series}.count > 2 && recent.{series}.sum > 100.0")
        given = {f"recent.{series}.count": 3, f"recent.{series}.sum": Decimal("100.01")}
        assert cel.evaluate(condition, facts(counted=given)).match is Match.YES

    @pytest.mark.parametrize(
        ("text", "hint"),
        [
            ("recent.agent_dya.count > 2", "Did you mean `recent.agent_day.count`?"),
            ("recent.agent_day > 2", "recent.agent_day"),
            ("recent['agent_day'].count > 2", "`recent.agent_day.count`"),
            ("recent.agent_day.sum > currency", "cannot be applied to a number and text"),
            ("first_for_subject > 1", "cannot be applied to"),
        ],
    )
    def test_are_refused_with_a_hint(self, text: str, hint: str) -> None:
        with pytest.raises(ConditionFault) as fault:
            cel.compile(text)
        assert hint in str(fault.value)

    def test_err_where_nothing_was_counted(self) -> None:
        verdict = cel.evaluate(cel.compile(f"{SUM} > 1.0"), facts(**having(3)))
        assert (verdict.match, verdict.is_absence) == (Match.ERROR, True)
        assert SUM in verdict.message

    def test_may_ask_first(self) -> None:
        condition = cel.compile(f"'{SUM}' in known && {SUM} > 1.0")
        assert cel.evaluate(condition, facts()).match is Match.NO
        assert cel.evaluate(condition, facts(**having(1, "2"))).match is Match.YES


class TestADocumentCounts:
    @pytest.mark.parametrize(
        ("when", "counted"),
        [
            ("amount > 1.0", set()),
            ("recent.agent_day.sum > 1.0", {"agent_day"}),
            ("recent . agent_subject_week . count > 1", {"agent_subject_week"}),
            ("'recent.type_hour.count' in known", {"type_hour"}),
            ("recent.`type_hour`.count > 1", {"type_hour"}),
            ("first_for_subject", {"first_for_subject"}),
            ("has(payload.agent_day)", set()),
        ],
    )
    def test_what_its_conditions_name(self, when: str, counted: set[str]) -> None:
        assert rules(rule("r", "review", when)).counts == counted

    def test_what_its_budgets_name(self) -> None:
        assert budget("{count: 3}").counts == {"agent_day"}


class TestABudget:
    @pytest.mark.parametrize(
        ("text", "counted", "outcome"),
        [
            ("{count: 3}", having(3), Route.AUTO),
            ("{count: 3}", having(4), Route.REVIEW),
            ('{sum: "1000.00"}', having(9, "1000.00"), Route.AUTO),
            ('{sum: "1000.00"}', having(9, "1000.01"), Route.REVIEW),
            ('{count: 3, sum: "1000.00"}', having(4, "10.00"), Route.REVIEW),
            ('{sum: "1000.00", outcome: escalate}', having(2, "1000.01"), Route.ESCALATE),
            ('{sum: "1000.00", outcome: block}', having(2, "1000.01"), Route.BLOCK),
            ('{sum: "1000.00"}', having(2), Route.REVIEW),
            ('{sum: "1000.00", outcome: block}', having(2), Route.BLOCK),
            ("{count: 3}", having(), Route.REVIEW),
        ],
    )
    def test_raises_the_route_when_exceeded_or_unknown(self, text: str, counted: Any, outcome: Route) -> None:
        assert ruled(RUNS, budget(text), **counted).outcome is outcome

    def test_never_lowers_it(self) -> None:
        strict = rules(rule("stop", "block"))
        assert ruled(strict, budget("{count: 3}"), **having(1)).outcome is Route.BLOCK
        assert ruled(budget("{count: 3}"), **having(1)).outcome is Route.REVIEW

    def test_says_what_would_pass(self) -> None:
        evaluation = ruled(RUNS, budget('{count: 3, sum: "10.00"}'), **having(4, "12.50"))
        assert reasons(evaluation) == ["runs", "budget_agent_day", "budget_agent_day"]
        assert [(each.fact, each.value) for each in evaluation.requirements] == [(COUNT, "3"), (SUM, "10.00")]
        assert "is 3 actions. This action would raise the total to 4 actions" in evaluation.reasons[1].text

    @pytest.mark.parametrize(
        "text",
        ["{}", "{count: -1}", "{count: 1.5}", "{sum: minus}", "{count: 1, outcome: auto}", "{count: 1, each: 2}"],
    )
    def test_that_makes_no_sense_is_refused(self, text: str) -> None:
        with pytest.raises(PolicyFault, match="budgets"):
            budget(text)

    @pytest.mark.parametrize("text", ["budgets: {}", "budgets: {per_agent_year: {count: 1}}"])
    def test_of_no_known_series_is_refused(self, text: str) -> None:
        with pytest.raises(PolicyFault, match="budgets"):
            document(text)


class TestWhateverWasCounted:
    @given(
        count=st.none() | st.integers(0, 9),
        total=st.none() | st.decimals(0, 90, places=2),
        most=st.integers(0, 9),
        outcome=st.sampled_from(["review", "escalate", "block"]),
    )
    def test_a_budget_never_lowers_and_an_unknown_count_never_helps(
        self, count: int | None, total: Decimal | None, most: int, outcome: str
    ) -> None:
        limits = budget(f'{{count: {most}, sum: "{most}0.00", outcome: {outcome}}}')
        sums = rules(rule("many", outcome, f"{SUM} > {most}0.0 || {COUNT} > {most}"))
        counted = having(count, None if total is None else str(total))["counted"]
        for documents in ((RUNS, limits), (RUNS, sums)):
            known = ruled(*documents, counted=counted).outcome.rank
            assert known >= ruled(RUNS).outcome.rank
            for name in counted:
                fewer = {other: value for other, value in counted.items() if other != name}
                assert ruled(*documents, counted=fewer).outcome.rank >= known


class TestAPolicyEvaluation:
    def test_keeps_what_was_counted(self) -> None:
        evaluation = ruled(RUNS, **having(2, "1E+3"))
        assert evaluation.as_json()["counted"] == {COUNT: 2, SUM: "1000"}
        assert Evaluation.from_json(evaluation.as_json()) == evaluation

    def test_keeps_its_bytes_where_nothing_was(self) -> None:
        assert b"counted" not in ruled(RUNS).canonical()


class TestATrial:
    def test_is_about_the_only_action_unless_it_says_more(self) -> None:
        text = """
        budgets:
          per_agent_day: {count: 1, sum: "100.00"}
        rules:
          - {name: runs, when: "!first_for_subject", outcome: auto, says: It runs.}
        tests:
          - {name: alone, given: {amount: "90.00", currency: EUR, amount_base: "90.00"}, expect: {outcome: auto}}
          - {name: without an amount, given: {}, expect: {outcome: auto}}
          - {name: unknown worth, given: {amount: "9.00", currency: XTS}, expect: {outcome: review}}
          - {name: large, given: {amount: "101.00", currency: EUR, amount_base: "101.00"}, expect: {outcome: review}}
          - {name: the second, given: {recent: {agent_day: {count: 2}}}, expect: {outcome: review}}
          - {name: the first for somebody, given: {first_for_subject: true}, expect: {outcome: review}}
        """
        assert run_tests.failures(document(text)) == ()
