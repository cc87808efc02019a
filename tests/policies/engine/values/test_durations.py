"""Due times and reminders: elapsed or as the desk works, said plainly or refused plainly."""

import pytest

from policies.engine.document.parse import PolicyFault, parse
from policies.engine.document.plan_steps import PlanStep
from policies.engine.evaluation.evaluate import evaluate
from policies.engine.evaluation.result import Evaluation
from policies.engine.inputs.policy_input import PolicyInput
from policies.engine.values.durations import Timing
from policies.engine.values.vocabulary import Tier

FACTS = PolicyInput(action_type="a.b", payload={}, agent="bot", confidence=0.9)


def terms(said: str) -> Timing:
    return parse(f"policy: own\ntitle: Own\ntiers: {{junior: {{{said}}}}}").terms[Tier.JUNIOR].timing


def staged(said: str, more: str = "") -> PlanStep:
    source = f"policy: own\ntitle: Own\nplans: {{a: {{stages: [{{name: first, who: desk, {said}}}]}}}}\n{more}"
    return parse(source).plans["a"].stages[0]


class TestDue:
    @pytest.mark.parametrize(
        ("said", "timing"),
        [
            ("8h", Timing(28_800)),
            ("8 working hours", Timing(working_hours=8)),
            ("1 working hour", Timing(working_hours=1)),
            ("2 working days", Timing(working_days=2)),
        ],
    )
    def test_is_elapsed_or_working_time(self, said: str, timing: Timing) -> None:
        assert terms(f"due: {said}") == staged(f"due: {said}").timing == timing

    @pytest.mark.parametrize(
        ("said", "fault"),
        [
            ("due: 8 working weeks", 'Write it as "8 working hours"'),
            ("due: 0 working days", 'Write it as "8 working hours"'),
            ("due: 9000 working hours", "Use at most 2000 working hours."),
            ("due: 300 working days", "Use at most 250 working days."),
            ("due: 5s", "This is too short"),
            ("due: 2h, remind: 2h", "Invalid reminder"),
            ("due: 1 working hour, remind: 1h", "Invalid reminder"),
            ("remind: 5s", "Invalid reminder"),
            ("remind: never", "Expected a duration"),
        ],
    )
    def test_is_refused_with_a_way_out(self, said: str, fault: str) -> None:
        with pytest.raises(PolicyFault, match=fault):
            terms(said)
        with pytest.raises(PolicyFault, match=fault):
            staged(said)


class TestRemind:
    def test_is_before_the_time_is_over(self) -> None:
        assert terms("due: 8h, remind: 2h") == Timing(28_800, remind_seconds=7_200)

    def test_is_kept_from_the_tiers_where_a_stage_does_not_say(self) -> None:
        usual = "tiers: {junior: {due: 8h, remind: 2h}}"
        assert staged("quorum: 1", usual).timing == Timing(28_800, remind_seconds=7_200)
        assert staged("due: 1 working day", usual).timing == Timing(working_days=1, remind_seconds=7_200)

    def test_falls_away_where_it_would_come_before_anything_waits(self) -> None:
        assert staged("due: 1h", "tiers: {junior: {due: 8h, remind: 2h}}").timing == Timing(3_600)


class TestAPolicyEvaluation:
    def test_carries_the_timing_to_its_stage_and_back(self) -> None:
        said = "missing: review\ntiers: {junior: {due: 2 working days, remind: 4h}}"
        evaluation = evaluate([parse(f"policy: own\ntitle: Own\n{said}")], FACTS)
        (stage,) = evaluation.plan
        assert stage.timing == Timing(working_days=2, remind_seconds=14_400)
        assert Evaluation.from_json(evaluation.as_json()) == evaluation

    def test_keeps_its_bytes_where_nothing_of_it_was_said(self) -> None:
        (stage,) = evaluate([parse("policy: own\ntitle: Own")], FACTS).as_json()["plan"]
        assert set(stage) == {"name", "tier", "who", "quorum", "due_seconds", "on_timeout"}
