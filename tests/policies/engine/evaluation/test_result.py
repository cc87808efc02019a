"""Evaluations as values: one spelling, and back again."""

import json

from policies.engine.evaluation.result import Evaluation
from policies.queries import templates
from tests.policies.engine.given import RUNS, rule, ruled, rules

FULL = ruled(
    templates.document("tiered_review"),
    templates.document("house"),
    missing=("/iban",),
    flags=("malformed_vat",),
    confidence=0.2,
)


class TestPolicyEvaluation:
    def test_comes_back_from_a_json_column_as_it_was(self) -> None:
        for evaluation in (FULL, ruled(RUNS), ruled(rules(rule("a", "block")))):
            again = Evaluation.from_json(json.loads(json.dumps(evaluation.as_json())))
            assert (again, again.as_json()) == (evaluation, evaluation.as_json())

    def test_tells_reasons_apart_whatever_they_say(self) -> None:
        every = [reason for evaluation in (FULL, ruled(missing=("/iban",))) for reason in evaluation.reasons]
        assert any(reason.said for reason in every)
        assert len(set(every)) == len(set(map(str, every)))

    def test_has_the_digest_of_its_canonical_bytes(self) -> None:
        again = Evaluation.from_json(json.loads(FULL.canonical()))
        assert (again.canonical(), again.digest) == (FULL.canonical(), FULL.digest)

    def test_holds_what_a_decision_page_shows(self) -> None:
        assert set(FULL.as_json()) == {
            *("outcome", "tier", "plan", "score", "parts", "reasons", "flags", "missing", "policies"),
            *("requires_rationale", "reason_codes", "undo_seconds", "requirements", "do_not_retry"),
        }
