"""Facts that were looked up: an evaluation names their answers, and without any it keeps its bytes."""

from dataclasses import replace

from policies.engine.document.parse import parse
from policies.engine.evaluation import bypass
from policies.engine.evaluation.evaluate import evaluate
from policies.engine.evaluation.result import Evaluation
from policies.engine.inputs.policy_input import PolicyInput
from policies.engine.values.vocabulary import Mode, Reversibility, Route, Stakes
from policies.lab.requirements import in_words

DOCUMENT = parse(
    """
policy: access
title: Access
confidence: {absent: ignore}
missing: escalate
rules:
  - {name: known, when: "fetched.who.state == 'known'", outcome: auto, says: Known.}
"""
)
FACTS = PolicyInput(
    action_type="a.b",
    payload={},
    agent="bot",
    reversibility=Reversibility.REVERSIBLE,
    stakes=Stakes.LOW,
    external=False,
    mode=Mode.ON_THE_LOOP,
)
FOUND = replace(FACTS, fetched={"who": {"state": "known"}}, sources={"who": "d" * 64})
SILENT = replace(FOUND, unfetched={"role": "The source returned 500."})


class TestAPolicyEvaluation:
    def test_names_the_answers_that_it_was_made_with(self) -> None:
        evaluation = evaluate([DOCUMENT], FOUND)
        assert (evaluation.outcome, evaluation.as_json()["fetched"]) == (Route.AUTO, {"who": "d" * 64})
        assert Evaluation.from_json(evaluation.as_json()) == evaluation

    def test_without_look_ups_has_the_bytes_that_it_always_had(self) -> None:
        assert "fetched" not in evaluate([DOCUMENT], FACTS).as_json()

    def test_of_what_could_not_be_looked_up_is_as_strict_as_of_what_is_missing(self) -> None:
        evaluation = evaluate([DOCUMENT], SILENT)
        assert evaluation.outcome is Route.ESCALATE
        reason = next(reason for reason in evaluation.reasons if reason.rule == "not_fetched")
        assert reason.text == "A lookup failed. role: The source returned 500."

    def test_says_what_would_pass(self) -> None:
        said = map(in_words, evaluate([DOCUMENT], SILENT).requirements)
        assert "These lookups return a value: role." in said


class TestAStandingRule:
    def test_lets_nothing_pass_that_could_not_be_looked_up(self) -> None:
        assert "not_fetched" in bypass.NEVER
