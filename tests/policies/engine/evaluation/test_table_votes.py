"""The shipped tables row by row: reversibility, confidence bands, tiers and domains."""

from decimal import Decimal
from typing import Any

import pytest

from policies.engine.values.vocabulary import NON_NEGOTIABLE
from policies.queries import templates
from tests.policies.engine.given import document, reasons, ruled

TABLE = templates.document("reversibility_table")
BANDS = templates.document("confidence_bands")
TIERED = templates.document("tiered_review")
DOMAINS = templates.document("non_negotiable_domains")
HOUSE = templates.document("house")


class TestTheReversibilityTable:
    @pytest.mark.parametrize(
        ("row", "facts", "outcome"),
        [
            ("reversible_low", {"stakes": "low"}, "auto"),
            ("reversible_medium", {"stakes": "medium", "score": 40}, "auto"),
            ("reversible_medium", {"stakes": "medium", "score": 41}, "review"),
            ("reversible_medium", {"stakes": "medium", "score": None}, "review"),
            ("reversible_high", {"stakes": "high"}, "review"),
            ("irreversible_low", {"reversibility": "irreversible"}, "auto"),
            ("irreversible_medium", {"reversibility": "irreversible", "stakes": "medium"}, "review"),
            ("irreversible_high", {"reversibility": "irreversible", "stakes": "high", "confidence": 1.0}, "review"),
            ("regulated_data", {"data_classes": ("health",), "confidence": 1.0}, "review"),
            ("ambiguous_intent", {"confidence": 0.59}, "review"),
            ("ambiguous_intent", {"confidence": None}, "review"),
        ],
    )
    def test_leads_where_its_row_says(self, row: str, facts: dict[str, Any], outcome: str) -> None:
        evaluation = ruled(TABLE, **facts)
        assert evaluation.outcome == outcome
        assert row in reasons(evaluation)

    def test_names_a_row_once(self) -> None:
        found = reasons(ruled(TABLE, data_classes=("health",), confidence=None))
        assert sorted(found) == sorted(set(found))

    @pytest.mark.parametrize(
        ("base", "outcome"), [("1000.00", "auto"), ("1000.01", "review"), ("-1000.01", "review"), (None, "review")]
    )
    def test_holds_a_row_to_its_amount(self, base: str | None, outcome: str) -> None:
        table = document("reversibility: {reversible_low: {outcome: auto, up_to_amount: '1000.00'}}")
        assert ruled(table, amount_base=None if base is None else Decimal(base)).outcome == outcome

    def test_has_no_opinion_where_the_house_leaves_a_row_out(self) -> None:
        assert ruled(TABLE, HOUSE, stakes="low").outcome == "auto"


class TestTheConfidenceBands:
    @pytest.mark.parametrize(
        ("confidence", "outcome"),
        [
            (1.0, "auto"),
            (0.9, "auto"),
            (0.899, "review"),
            (0.6, "review"),
            (0.599, "escalate"),
            (0.2, "escalate"),
            (0.199, "block"),
            (0.0, "block"),
            (None, "review"),
        ],
    )
    def test_lead_where_their_band_says(self, confidence: float | None, outcome: str) -> None:
        assert ruled(BANDS, confidence=confidence).outcome == outcome

    def test_say_from_which_confidence_it_would_run(self) -> None:
        (requirement,) = ruled(BANDS, confidence=0.7).requirements
        assert (requirement.fact, requirement.operator, requirement.value) == ("confidence", "at_least", 0.9)

    @pytest.mark.parametrize(
        ("confidence", "sentence"),
        [(0.95, "The agent’s confidence, 0.95, is at least 0.9."), (0.7, "The agent’s confidence, 0.7, is below 0.9.")],
    )
    def test_say_where_a_confidence_lies(self, confidence: float, sentence: str) -> None:
        assert ruled(BANDS, confidence=confidence).reasons[0].text == sentence

    def test_are_not_business_confidence(self) -> None:
        assert ruled(BANDS, TIERED, confidence=1.0, amount=Decimal("10000.01")).outcome == "escalate"


class TestTheTiers:
    @pytest.mark.parametrize(
        ("amount", "outcome", "tier"),
        [
            ("500.00", "auto", None),
            ("500.01", "review", "junior"),
            ("10000.00", "review", "junior"),
            ("10000.01", "escalate", "senior"),
            ("-10000.01", "escalate", "senior"),
        ],
    )
    def test_follow_the_amount(self, amount: str, outcome: str, tier: str | None) -> None:
        evaluation = ruled(TIERED, amount=Decimal(amount), amount_base=Decimal(amount))
        assert (evaluation.outcome, evaluation.tier) == (outcome, tier)
        assert [stage.tier for stage in evaluation.plan] == ([tier] if tier else [])

    @pytest.mark.parametrize(
        ("score", "outcome"),
        [
            (39, "auto"),
            (40, "review"),
            (64, "review"),
            (65, "escalate"),
            (94, "escalate"),
            (95, "block"),
            (None, "review"),
        ],
    )
    def test_follow_the_score(self, score: int | None, outcome: str) -> None:
        assert ruled(TIERED, score=score).outcome == outcome

    def test_climb_the_ladder_of_the_currency_or_else_of_the_house(self) -> None:
        zloty = {"amount": Decimal("1300.00"), "currency": "PLN"}
        assert ruled(TIERED, **zloty, amount_base=Decimal("300.00")).outcome == "auto"
        assert ruled(TIERED, **zloty, amount_base=Decimal("600.00")).outcome == "review"

    def test_leave_an_amount_without_a_rate_to_a_person(self) -> None:
        evaluation = ruled(TIERED, currency="PLN", amount_base=None)
        assert evaluation.outcome == "review"
        assert "no exchange rate from PLN to EUR" in evaluation.reasons[0].text

    def test_leave_an_unknown_amount_to_a_person(self) -> None:
        assert ruled(TIERED, amount=None, amount_base=None).outcome == "review"

    @pytest.mark.parametrize(
        ("facts", "sentence"),
        [
            ({"amount": Decimal("119")}, "The amount, EUR 119.00, is at most EUR 500.00."),
            ({"amount": Decimal("12345.6")}, "The amount, EUR 12,345.60, is above EUR 10,000.00."),
            (
                {"amount": Decimal("90000"), "currency": "JPY", "amount_base": Decimal("553.2")},
                "The amount, JPY 90,000 (EUR 553.20), is above EUR 500.00.",
            ),
        ],
    )
    def test_say_where_an_amount_lies(self, facts: dict[str, Any], sentence: str) -> None:
        assert ruled(TIERED, **facts).reasons[0].text == sentence

    def test_say_what_would_run(self) -> None:
        (requirement,) = ruled(TIERED, amount=Decimal("717.97")).requirements
        assert requirement.value == {"amount": "500.00", "currency": "EUR"}


class TestTheDomains:
    @pytest.mark.parametrize("domain", sorted(NON_NEGOTIABLE))
    def test_reach_a_person_each(self, domain: str) -> None:
        assert ruled(DOMAINS, TABLE, domain=domain, confidence=1.0).outcome in ("review", "escalate")

    def test_reach_a_senior_where_law_or_safety_is_concerned(self) -> None:
        evaluation = ruled(DOMAINS, domain="legal")
        assert (evaluation.tier, evaluation.requires_rationale) == ("senior", True)


class TestTheHouse:
    @pytest.mark.parametrize(
        ("facts", "outcome"),
        [
            ({}, "auto"),
            ({"amount_base": Decimal(50_000)}, "escalate"),
            ({"amount_base": Decimal(-50_000)}, "escalate"),
            ({"amount_base": None}, "auto"),
            ({"confidence": 0.29}, "escalate"),
            ({"confidence": 0.49}, "review"),
            ({"external": True, "data_classes": ("credentials",)}, "escalate"),
            ({"score": 75}, "escalate"),
            ({"score": 100}, "block"),
        ],
        ids=str,
    )
    def test_only_makes_a_evaluation_stricter(self, facts: dict[str, Any], outcome: str) -> None:
        assert ruled(TABLE, HOUSE, **facts).outcome == outcome
