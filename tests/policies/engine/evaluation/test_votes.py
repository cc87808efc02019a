"""Votes: what always takes a person, what a rule asks for, and that the strictest wins."""

from decimal import Decimal
from typing import Any

import pytest

from policies.engine.evaluation.votes import applies_to, strictest
from policies.engine.values.vocabulary import LIMITED, NON_NEGOTIABLE, Route, Tier
from tests.policies.engine.given import RUNS, document, reasons, rule, ruled, rules

GENEROUS = document(
    """
    rules:
      - {name: runs, when: 'true', outcome: auto, says: Everything runs.}
    confidence:
      bands: [{at_least: 0.0, outcome: auto}]
      absent: ignore
    amounts: {base: EUR, ladders: {EUR: [{outcome: auto}]}}
    reversibility: {reversible_low: auto, reversible_medium: auto, irreversible_low: auto}
    flags: {ignore: [seen_before]}
    """
)


class TestStrictest:
    @pytest.mark.parametrize(
        ("outcomes", "expected"),
        [("auto review", "review"), ("review escalate auto", "escalate"), ("block escalate", "block"), ("", "review")],
    )
    def test_is_block_over_escalate_over_review_over_auto(self, outcomes: str, expected: str) -> None:
        assert strictest([Route(word) for word in outcomes.split()]) == expected


class TestAppliesTo:
    @pytest.mark.parametrize(
        ("pattern", "is_named"),
        [("*", True), ("invoice.post", True), ("invoice.*", True), ("invoice.posting", False), ("in.*", False)],
    )
    def test_names_types_exactly_or_by_their_first_words(self, pattern: str, is_named: bool) -> None:
        assert applies_to((pattern,), "invoice.post") is is_named


class TestTheMostGenerousPolicy:
    def test_lets_an_ordinary_action_run(self) -> None:
        assert ruled(GENEROUS).outcome == "auto"

    @pytest.mark.parametrize("domain", sorted(NON_NEGOTIABLE))
    @pytest.mark.parametrize("mode", ["in_the_loop", "on_the_loop", "autonomous"])
    def test_never_automates_a_non_negotiable_domain(self, domain: str, mode: str) -> None:
        evaluation = ruled(GENEROUS, domain=domain, mode=mode, confidence=1.0)
        assert (evaluation.outcome, reasons(evaluation)[-1]) == ("review", "domain")
        assert evaluation.requirements[-1].operator == "never"

    def test_holds_a_confident_agent_that_wires_funds(self) -> None:
        evaluation = ruled(GENEROUS, action_type="funds.wire", domain="financial_approval", confidence=0.99, score=0)
        assert evaluation.outcome == "review"
        assert evaluation.reasons[-1].text == "Financial approvals above the limit: a person always decides."

    @pytest.mark.parametrize(
        ("change", "because"),
        [
            ({"domain": "astrology"}, "domain"),
            ({"mode": "human_in_command"}, "mode"),
            ({"mode": "in_the_loop"}, "mode"),
            ({"data_classes": ("health",)}, "regulated_data"),
            ({"data_classes": ("unheard_of",)}, "regulated_data"),
            ({"missing": ("/iban",)}, "missing_data"),
            ({"unfetched": {"role": "Nobody answered."}}, "not_fetched"),
            ({"flags": ("malformed_iban",)}, "exceptions"),
            ({"payload": {"note": "x" * 9000}}, "too_long"),
            ({"payload": {"a": [1] * 40_000}}, "too_long"),
            ({"subject": "x" * 9000}, "too_long"),
        ],
        ids=str,
    )
    def test_gives_way_to_what_always_takes_a_person(self, change: dict[str, Any], because: str) -> None:
        evaluation = ruled(GENEROUS, **change)
        assert evaluation.outcome == "review"
        assert because in reasons(evaluation)

    def test_may_ignore_a_flag_that_its_author_named(self) -> None:
        assert ruled(GENEROUS, flags=("seen_before",)).outcome == "auto"
        assert ruled(GENEROUS, flags=("seen_before", "malformed_vat")).outcome == "review"

    @pytest.mark.parametrize("name", ["", "general", "finance"])
    def test_runs_in_a_domain_where_anything_may(self, name: str) -> None:
        assert ruled(GENEROUS, domain=name).outcome == "auto"


class TestALimitedDomain:
    LIMITS = document(
        """
        rules: [{name: runs, when: 'true', outcome: auto, says: Runs.}]
        limits: {financial_approval: '250.00', financial_exception: '250.00'}
        """
    )

    @pytest.mark.parametrize("domain", sorted(LIMITED))
    @pytest.mark.parametrize(
        ("amount", "outcome"), [("250.00", "auto"), ("250.01", "review"), ("-250.01", "review"), (None, "review")]
    )
    def test_is_automatic_up_to_its_limit_only(self, domain: str, amount: str | None, outcome: str) -> None:
        base = None if amount is None else Decimal(amount)
        assert ruled(self.LIMITS, domain=domain, amount_base=base).outcome == outcome

    def test_obeys_the_lowest_of_several_limits(self) -> None:
        house = document("limits: {financial_approval: '100.00'}", "house")
        evaluation = ruled(self.LIMITS, house, domain="financial_approval")
        assert (evaluation.outcome, evaluation.requirements[0].value) == ("review", "100.00")


class TestConfidence:
    def test_that_is_absent_counts_as_ambiguous_intent(self) -> None:
        evaluation = ruled(RUNS, confidence=None)
        assert (evaluation.outcome, reasons(evaluation)) == ("review", ["runs", "ambiguous_intent"])

    def test_of_what_a_person_starts_is_not_said_to_lack_from_an_agent(self) -> None:
        evaluation = ruled(RUNS, confidence=None, mode="human_in_command")
        assert not [reason.text for reason in evaluation.reasons if "agent" in reason.text]

    @pytest.mark.parametrize("absent", ["review", "escalate", "block"])
    def test_that_is_absent_leads_where_the_policy_says(self, absent: str) -> None:
        assert ruled(document(f"confidence: {{absent: {absent}}}"), confidence=None).outcome == absent

    def test_need_not_be_given_where_the_policy_says_so_and_the_house_does_not_ask(self) -> None:
        calm, strict = (
            document("score: {review: 90}", "house"),
            document("confidence: {bands: [{at_least: 0, outcome: review}]}", "house"),
        )
        assert ruled(GENEROUS, calm, confidence=None).outcome == "auto"
        assert ruled(GENEROUS, strict, confidence=None).outcome == "review"


class TestARule:
    def test_that_errs_counts_as_a_senior_review(self) -> None:
        evaluation = ruled(RUNS, rules(rule("odd", "auto", "payload.absent > 1")))
        assert (evaluation.outcome, evaluation.tier) == ("escalate", Tier.SENIOR)
        assert "which is missing" in evaluation.reasons[-1].text

    def test_that_errs_and_blocks_counts_as_a_block(self) -> None:
        assert ruled(rules(rule("odd", "block", "payload.absent > 1"))).outcome == "block"

    def test_for_another_action_type_has_no_say(self) -> None:
        assert ruled(RUNS, rules(rule("a", "block", action_types="[refund.pay]"))).outcome == "auto"

    def test_passes_on_what_it_asks_of_the_decision(self) -> None:
        evaluation = ruled(
            rules(rule("a", "review", tier="senior", requires_rationale="true", reason_codes="[too-much]"))
        )
        assert (evaluation.tier, evaluation.requires_rationale, evaluation.reason_codes) == (
            "senior",
            True,
            ("too-much",),
        )

    @pytest.mark.parametrize("again", ["true", "false"])
    def test_that_blocks_says_whether_to_try_again(self, again: str) -> None:
        assert ruled(rules(rule("a", "block", do_not_retry=again))).do_not_retry is (again == "true")
