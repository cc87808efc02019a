"""Trying a document on a case: what each rule said and why, and a test made of it."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.engine.document.parse import SAMPLE, Document, load, parse
from policies.engine.document.source_text import read
from policies.engine.document.writer import rewrite
from policies.engine.evaluation import run_tests
from policies.engine.inputs.policy_input import PolicyInput
from policies.engine.values.canonical import plain
from policies.lab.explain import Case, Explanation, conjuncts, explain
from policies.lab.written_input import NotFacts, as_test, read_facts

TEXT = """
policy: travel
title: Travel
rules:
  - {name: dear, when: "'amount' in known && amount > 500.0", outcome: escalate, says: Dear.}
  - {name: first-class, when: "payload.seat == 'first'", outcome: block, says: Nobody flies first class.}
  - {name: far, when: "subject.startsWith('far')", outcome: review, says: Far.}
  - {name: hotels, when: 'true', action_types: ["hotel.*"], outcome: review, says: Hotels.}
amounts: {base: EUR, ladders: {EUR: [{up_to: "250.00", outcome: auto}, {outcome: review}]}}
budgets: {per_agent_day: {count: 3}}
"""
HOUSE = parse("policy: house\ntitle: House\nrules: [{name: all, when: 'score > 10', outcome: review, says: Risky.}]")
FACTS = PolicyInput(
    action_type="trip.book",
    payload={"seat": "second", "traveler": "somebody"},
    agent="booker",
    amount=Decimal("80.00"),
    currency="EUR",
    amount_base=Decimal("80.00"),
    confidence=0.9,
    subject="near",
    reversibility="reversible",
    stakes="low",
    external=False,
)


@pytest.fixture
def document() -> Document:
    return parse(TEXT)


def said(explanation: Explanation) -> dict[str, tuple[str, str]]:
    return {answer.rule.name: (answer.said, answer.because) for answer in explanation.answers}


class TestExplain:
    def test_says_what_each_rule_said_and_which_part_was_false(self, document: Document) -> None:
        answers = said(explain(document, Case(facts=FACTS)))
        assert answers["dear"] == ("not", "amount > 500.0")
        assert answers["first-class"] == ("not", "")
        assert answers["hotels"] == ("elsewhere", "hotel.*")

    def test_says_what_could_not_be_checked(self, document: Document) -> None:
        found, because = said(explain(document, Case(facts=replace(FACTS, payload={}))))["first-class"]
        assert (found, "seat" in because) == ("error", True)

    def test_asks_the_documents_beside_it_too(self, document: Document) -> None:
        explanation = explain(document, Case(facts=replace(FACTS, score=20), others=(HOUSE,)))
        assert said(explanation)["all"] == ("matched", "")
        assert explanation.evaluation.outcome == "review"

    def test_scores_by_the_schema(self, document: Document) -> None:
        schema = {"properties": {"iban": {"x-expect": {"kind": "iban"}}}}
        case = Case(facts=replace(FACTS, payload={"iban": "DE00", "seat": "x"}), schema=schema)
        explanation = explain(document, case)
        assert (explanation.facts.flags, bool(explanation.evaluation.parts)) == (("malformed_iban",), True)

    def test_says_in_words_what_would_pass(self, document: Document) -> None:
        facts = replace(FACTS, amount=Decimal(400), amount_base=Decimal(400))
        assert "the amount is at most EUR 250.00." in explain(document, Case(facts=facts)).passes


class TestConjuncts:
    @pytest.mark.parametrize(
        ("condition", "parts"),
        [
            ("a && b", ["a", "b"]),
            ("a && (b || c)", ["a", "(b || c)"]),
            ("a || b && c", ["a || b && c"]),
            ("x == ' && ' && y", ["x == ' && '", "y"]),
            ("[1, 2].all(i, i > 0 && i < 3)", ["[1, 2].all(i, i > 0 && i < 3)"]),
        ],
    )
    def test_splits_only_what_must_hold_together(self, condition: str, parts: list[str]) -> None:
        assert list(conjuncts(condition)) == parts


class TestAsTest:
    def test_keeps_only_what_the_conditions_look_at(self, document: Document) -> None:
        test = as_test("a trip", document, FACTS)
        assert test["given"]["payload"] == {"seat": "second"}
        assert "agent" not in test["given"]
        assert test["given"]["subject"] == "near"

    def test_keeps_a_payload_whole_that_is_walked_through(self) -> None:
        document = parse("policy: p\ntitle: P\nrules: [{name: n, when: 'size(payload) > 1', outcome: block, says: N.}]")
        assert as_test("t", document, FACTS)["given"]["payload"] == dict(FACTS.payload)

    @pytest.mark.parametrize("facts", [FACTS, SAMPLE, replace(FACTS, confidence=None, amount=Decimal("-3.50"))])
    def test_passes_at_once(self, document: Document, facts: PolicyInput) -> None:
        body = plain(read(TEXT)) | {"tests": [as_test("kept", document, facts)]}
        kept = parse(rewrite(TEXT, body))
        assert (len(kept.tests), run_tests.failures(kept)) == (1, ())

    @given(
        amount=st.none() | st.decimals(-900, 900, places=2),
        confidence=st.none() | st.sampled_from([0.0, 0.5, 0.99, 1.0]),
        flags=st.sets(st.sampled_from(["seen_before", "malformed_iban"])),
        seat=st.sampled_from(["first", "second"]),
        counted=st.none() | st.integers(1, 9),
    )
    def test_rules_as_the_case_did(
        self, amount: Decimal | None, confidence: float | None, flags: set[str], seat: str, counted: int | None
    ) -> None:
        document = load(plain(read(TEXT)))
        facts = replace(
            FACTS, amount=amount, amount_base=amount, confidence=confidence, flags=tuple(sorted(flags)),
            payload={"seat": seat}, counted={"recent.agent_day.count": counted or 1}, score=0,
        )  # fmt: skip
        outcome = explain(document, Case(facts=facts)).evaluation.outcome
        assert as_test("t", document, facts)["expect"]["outcome"] == outcome


class TestReadFacts:
    @pytest.mark.parametrize("given", [{"amuont": 3}, {"score": "x"}, [], None, {"payload": 3}, {"confidence": 3}])
    def test_says_what_cannot_be_read(self, given: object) -> None:
        with pytest.raises(NotFacts) as refusal:
            read_facts(given)
        assert refusal.value.faults
