"""Plans of several stages: how they are read, which stages an evaluation asks for, and what a check says."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.engine.document.parse import Document, PolicyFault, parse
from policies.engine.document.plan_steps import PlanStep, check_passes
from policies.engine.evaluation.evaluate import evaluate
from policies.engine.evaluation.result import Evaluation
from policies.engine.values.vocabulary import Route, StageKind, Tier
from tests.policies.engine.given import document, facts, rule, ruled

MANAGER = "{name: manager, who: manager}"
BUDGET = (
    "{name: budget, check: 'fetched.budget.remaining >= amount_base', fetch: [budget], says: The budget covers it.}"
)
IT = "{name: it, who: 'desk:it', tier: senior, quorum: 2, due: 2h, on_timeout: expire}"
ACCESS = f"access: {{stages: [{MANAGER}, {BUDGET}, {IT}]}}"
PAIR = "pair: {stages: [{name: two, who: desk, quorum: 2}]}"


def planned(*items: str, plans: str = ACCESS, more: str = "", name: str = "sample") -> Document:
    rules = "\n".join(["rules:", *items]) if items else ""
    return document(f"plans:\n  {plans}\n{more}\n{rules}", name)


def names(evaluation: Evaluation) -> list[str]:
    return [stage.name for stage in evaluation.plan]


def faults(stages: str) -> str:
    with pytest.raises(PolicyFault) as caught:
        parse(f"policy: sample\ntitle: A sample\nplans: {{a: {{stages: {stages}}}}}")
    return "\n".join(map(str, caught.value.faults))


class TestPlans:
    def test_reads_who_what_and_by_when(self) -> None:
        manager, budget, it = planned().plans["access"].stages
        assert (manager.who, manager.tier, manager.quorum, manager.due_seconds) == ("manager", "junior", 1, 86_400)
        assert (budget.kind, budget.fetch, budget.on_fail, budget.quorum) == ("check", ("budget",), "escalate", 0)
        assert (it.who, it.tier, it.quorum, it.due_seconds, it.on_timeout) == ("desk:it", "senior", 2, 7200, "expire")

    def test_takes_what_a_stage_leaves_out_from_the_tiers(self) -> None:
        (stage,) = (
            planned(plans="a: {stages: [{name: b, who: desk}]}", more="tiers: {junior: {quorum: 3, due: 2h}}")
            .plans["a"]
            .stages
        )
        assert (stage.quorum, stage.due_seconds) == (3, 7200)

    @pytest.mark.parametrize(
        "who",
        [
            *("responsible", "desk", "desk:it", "group:Finance leads", "person:ann.lee@example.com"),
            *("manager", "owner", "on_duty", "on_duty:it"),
        ],
    )
    def test_knows_everybody_who_can_be_asked(self, who: str) -> None:
        (stage,) = planned(plans=f"a: {{stages: [{{name: b, who: '{who}'}}]}}").plans["a"].stages
        assert stage.who == who

    @pytest.mark.parametrize("who", ["somebody", "desk:", "group:", "person:", "manager:x", "person:a b"])
    def test_refuses_who_names_nobody(self, who: str) -> None:
        assert "plans.a.stages[0].who: Unknown assignee" in faults(f"[{{name: b, who: '{who}'}}]")

    @pytest.mark.parametrize(
        ("stages", "sentence"),
        [
            ("[]", "plans.a.stages: No stage asks people"),
            (f"[{BUDGET}]", "plans.a.stages: No stage asks people"),
            (f"[{MANAGER}, {MANAGER}]", "The stage name 'manager' is used twice"),
            (
                str([{"name": f"s{index}", "who": "desk"} for index in range(11)]),
                "The plan has 11 stages. Reduce them to at most 10",
            ),
            ("[{name: b}]", "plans.a.stages[0]: The field who is missing"),
            ("[{name: b, who: desk, check: 'true', says: c}]", "cannot have both who and check"),
            ("[{name: b, who: desk, quorum: 0}]", "plans.a.stages[0].quorum: Expected a whole number"),
            ("[{name: review, who: desk}]", "The stage name 'review' is reserved"),
            ("[{name: b, who: manager, quorum: 2}]", "plans.a.stages[0].quorum: One person cannot reach this quorum"),
            ("[{name: b, who: desk, due: 5s}]", "This is too short"),
            ("[{name: b, check: 'amont > 5.0', says: c}]", "plans.a.stages[0].check: Line 1, column 1: `amont` is"),
            ("[{name: b, check: 'true', says: c, on_fail: approve}]", "'approve' is not allowed here"),
            ("[{name: b, check: 'true'}]", "plans.a.stages[0]: The field says is missing"),
            ("5", "plans.a.stages: Expected a list"),
            (
                f"[{MANAGER}, {{name: b, check: \"payload.note.matches('(')\", says: c}}]",
                "not a valid regular expression",
            ),
        ],
    )
    def test_says_what_is_wrong(self, stages: str, sentence: str) -> None:
        assert sentence in faults(stages)

    @pytest.mark.parametrize(
        ("outcome", "plan", "sentence"),
        [
            ("review", "acess", "rules[0].plan: The document has no plan 'acess'. Use one of: access."),
            ("auto", "access", "rules[0].plan: A plan has no effect with the outcome auto"),
            ("block", "access", "rules[0].plan: A plan has no effect with the outcome block"),
        ],
    )
    def test_lets_a_rule_name_only_a_plan_that_people_can_follow(self, outcome: str, plan: str, sentence: str) -> None:
        with pytest.raises(PolicyFault) as caught:
            planned(rule("a", outcome, plan=plan))
        assert sentence in str(caught.value)


class TestTheStages:
    def test_are_those_of_the_plan_that_a_matched_rule_names(self) -> None:
        assert names(ruled(planned(rule("a", "review", plan="access")))) == ["manager", "budget", "it"]
        assert names(ruled(planned(rule("a", "review", "false", plan="access"), rule("b", "review")))) == ["review"]

    def test_are_those_of_a_rule_that_could_not_be_checked_too(self) -> None:
        odd = planned(rule("a", "review", "payload.absent == 1", plan="access"))
        assert (ruled(odd).outcome, names(ruled(odd))) == ("escalate", ["manager", "budget", "it"])

    def test_come_once_however_many_rules_name_them(self) -> None:
        twice = planned(rule("a", "review", plan="access"), rule("b", "escalate", plan="access"))
        assert names(ruled(twice)) == ["manager", "budget", "it"]

    def test_follow_the_order_of_the_rules_and_the_house_comes_last(self) -> None:
        both = planned(
            rule("a", "review", plan="pair"), rule("b", "review", plan="access"), plans=f"{ACCESS}\n  {PAIR}"
        )
        house = planned(
            rule("c", "review", plan="legal"), plans="legal: {stages: [{name: law, who: desk}]}", name="house"
        )
        assert names(ruled(house, both)) == ["two", "manager", "budget", "it", "law"]

    def test_end_with_a_senior_where_one_is_demanded_and_the_plan_asks_none(self) -> None:
        pair = planned(rule("a", "review", plan="pair"), rule("b", "escalate"), plans=PAIR)
        assert names(ruled(pair)) == ["two", "senior_review"]

    def test_end_with_as_many_as_the_tier_demands(self) -> None:
        one = planned(
            rule("a", "review", plan="one"),
            plans="one: {stages: [{name: one, who: desk, quorum: 1}]}",
            more="tiers: {junior: {quorum: 2}}",
        )
        assert [(stage.name, stage.quorum) for stage in ruled(one).plan] == [("one", 1), ("review", 2)]

    def test_ask_no_fewer_people_because_a_senior_is_asked_as_well(self) -> None:
        two = document("tiers: {junior: {quorum: 2}}\nrules:\n" + rule("a", "review") + "\n" + rule("b", "escalate"))
        assert [(stage.tier, stage.quorum) for stage in ruled(two).plan] == [("senior", 2)]

    def test_are_none_where_policy_blocks(self) -> None:
        assert ruled(planned(rule("a", "review", plan="access"), rule("b", "block"))).plan == ()

    def test_come_back_from_a_json_column_as_they_were(self) -> None:
        evaluation = ruled(planned(rule("a", "review", plan="access")))
        assert Evaluation.from_json(json.loads(evaluation.canonical())) == evaluation
        assert evaluation.as_json()["plan"][1]["check"] == "fetched.budget.remaining >= amount_base"

    def test_of_people_alone_have_the_bytes_that_they_always_had(self) -> None:
        (stage,) = ruled(document("missing: review")).as_json()["plan"]
        assert set(stage) == {"name", "tier", "who", "quorum", "due_seconds", "on_timeout"}


RULES = st.lists(
    st.tuples(
        st.sampled_from([Route.AUTO, Route.REVIEW, Route.ESCALATE]),
        st.sampled_from(["true", "false", "payload.absent == 1", "amount > 100.0"]),
        st.sampled_from(["", "access", "pair", "one"]),
    ),
    max_size=4,
)
TERMS = st.tuples(st.integers(1, 3), st.integers(1, 3))
ONE = "one: {stages: [{name: one, who: responsible, quorum: 1}]}"


def written(items: list[tuple[Route, str, str]], terms: tuple[int, int]) -> Document:
    rules = [
        rule(f"r{index}", outcome, when, **({"plan": plan} if plan and outcome is not Route.AUTO else {}))
        for index, (outcome, when, plan) in enumerate([(Route.AUTO, "true", ""), *items])
    ]
    tiers = f"tiers: {{junior: {{quorum: {terms[0]}}}, senior: {{quorum: {terms[1]}}}}}"
    return planned(*rules, plans="\n  ".join([ACCESS, PAIR, ONE]), more=tiers)


def asks_as_much(stage: PlanStep, plan: tuple[PlanStep, ...]) -> bool:
    """Whether a plan has the stage itself or, of one that no plan names, one that asks for no less."""
    if stage in plan:
        return True
    people = [other for other in plan if other.kind is StageKind.PEOPLE]
    return stage.name in ("review", "senior_review") and any(
        (other.tier is Tier.SENIOR or stage.tier is Tier.JUNIOR) and other.quorum >= stage.quorum for other in people
    )


class TestOneMoreRule:
    @given(RULES, RULES, TERMS)
    def test_never_lowers_a_route(
        self, items: list[tuple[Route, str, str]], more: list[tuple[Route, str, str]], terms: tuple[int, int]
    ) -> None:
        before, after = (evaluate([written(each, terms)], facts()) for each in (items, [*items, *more]))
        assert after.outcome.rank >= before.outcome.rank
        assert all(asks_as_much(stage, after.plan) for stage in before.plan)
        for most in (lambda stage: stage.quorum, lambda stage: stage.tier is Tier.SENIOR):
            assert max(map(most, after.plan), default=0) >= max(map(most, before.plan), default=0)


class TestCheckPasses:
    BUDGET = parse(f"policy: sample\ntitle: A sample\nplans: {{{ACCESS}}}").plans["access"].stages[1]

    def test_passes_only_what_is_plainly_true(self) -> None:
        assert check_passes(self.BUDGET, facts(fetched={"budget": {"remaining": 500.0}})) == (
            True,
            "The budget covers it.",
        )
        assert check_passes(self.BUDGET, facts(fetched={"budget": {"remaining": 5.0}})) == (
            False,
            "The automatic check “budget” failed.",
        )

    @pytest.mark.parametrize("fetched", [{}, {"budget": {}}, {"budget": {"remaining": "plenty"}}, {"budget": None}])
    def test_says_what_kept_it_from_being_made(self, fetched: dict[str, object]) -> None:
        passes, sentence = check_passes(self.BUDGET, facts(fetched=fetched))
        assert not passes
        assert sentence.startswith("The automatic check “budget” could not run. The ")

    def test_does_not_pass_an_amount_that_nobody_knows(self) -> None:
        about = facts(amount_base=None, fetched={"budget": {"remaining": 500.0}})
        assert not check_passes(self.BUDGET, about)[0]
