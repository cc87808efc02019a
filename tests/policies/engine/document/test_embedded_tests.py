"""A policy carries its own tests, which say what must come out and fail with a sentence that helps."""

import pytest

from policies.engine.document.parse import PolicyFault, parse
from policies.engine.evaluation import run_tests
from tests.policies.engine.given import document

LADDER = """\
amounts:
  base: EUR
  ladders:
    EUR:
      - {up_to: "500.00", outcome: auto}
      - {outcome: escalate}
"""


def failing(*trials: str) -> list[str]:
    return [str(fault) for fault in run_tests.failures(document(LADDER + "tests:\n" + "\n".join(trials)))]


def trial(given: str, expect: str, name: str = "a test") -> str:
    return f"  - {{name: {name}, given: {{{given}}}, expect: {{{expect}}}}}"


SMALL = 'amount: "20.00", currency: EUR'
LARGE = 'amount: "900.00", currency: EUR'


class TestFailures:
    @pytest.mark.parametrize(
        ("given", "expect"),
        [
            (SMALL, "outcome: auto, rules: [amount_ladder]"),
            (LARGE, "outcome: escalate, tier: senior"),
            (SMALL + ", domain: hr", "outcome: review, rules: [domain]"),
            (SMALL + ", missing: [/issuer]", "outcome: review"),
            (SMALL + ", confidence: null", "outcome: review"),
            (SMALL + ", data_classes: [health]", "outcome: review"),
        ],
    )
    def test_are_none_when_what_was_expected_comes_out(self, given: str, expect: str) -> None:
        assert failing(trial(given, expect)) == []

    @pytest.mark.parametrize(
        ("given", "expect", "sentence"),
        [
            (LARGE, "outcome: auto", "Expected auto, got escalate (amount_ladder: escalate)"),
            (LARGE, "outcome: escalate, tier: junior", "Expected tier junior, got senior"),
            (SMALL, "outcome: auto, rules: [other]", "Expected other in the reasons, got amount_ladder"),
        ],
    )
    def test_say_what_came_out_instead(self, given: str, expect: str, sentence: str) -> None:
        (said,) = failing(trial(given, expect))
        assert said.startswith("tests[0]: “a test”: ")
        assert sentence in said


class TestADocument:
    @pytest.mark.parametrize(
        ("tests", "sentence"),
        [
            (trial(SMALL, "outcome: perhaps"), "tests[0].expect.outcome: 'perhaps' is not allowed here"),
            (trial("amont: 3", "outcome: auto"), "tests[0].given.amont: Unknown field"),
            (trial("amount: much", "outcome: auto"), "tests[0].given.amount: Expected an amount"),
            (trial("proposed_on: soon", "outcome: auto"), "tests[0].given.proposed_on: Expected a date"),
            (trial("score: 101", "outcome: auto"), "tests[0].given.score: Expected a whole number"),
            (trial(SMALL, "tier: junior"), "tests[0].expect: The field outcome is missing"),
            ("  - {name: x}", "tests[0]: The field given is missing"),
            (trial(SMALL, "outcome: auto") + "\n" + trial(SMALL, "outcome: auto"), "is used twice"),
        ],
    )
    def test_with_an_unreadable_test_is_refused_with_its_place(self, tests: str, sentence: str) -> None:
        with pytest.raises(PolicyFault) as refused:
            document(LADDER + "tests:\n" + tests)
        assert sentence in str(refused.value)

    def test_has_another_digest_with_another_test(self) -> None:
        one, two = (document(LADDER + "tests:\n" + trial(SMALL, "outcome: auto", name)) for name in ("one", "two"))
        assert one.digest != two.digest

    def test_judges_as_without_its_tests(self) -> None:
        assert parse("policy: a\ntitle: A\ntests: []").rules == ()


class TestAsIntakeTakesThemIn:
    """A test of a policy sees the values that an agent's proposal becomes, not those that its author typed."""

    @pytest.mark.parametrize("written", ["3", "3.0", "3.00"])
    def test_numbers_are_decoded_as_those_of_a_payload(self, written: str) -> None:
        test = f"tests: [{{name: a, given: {{payload: {{count: {written}}}}}, expect: {{outcome: review}}}}]"
        (found,) = document(test).tests
        assert repr(found.given.payload) == "{'count': 3}"

    def test_names_and_currencies_are_spelled_as_those_of_an_action(self) -> None:
        test = (
            "tests: [{name: a, given: {currency: eur, subject: ' Rowan\u2013Paper  Ltd'}, expect: {outcome: review}}]"
        )
        (found,) = document(test).tests
        assert (found.given.currency, found.given.subject) == ("EUR", "Rowan-Paper Ltd")

    def test_what_is_no_currency_is_refused(self) -> None:
        with pytest.raises(PolicyFault, match="Invalid currency"):
            document("tests: [{name: a, given: {currency: 'E1R'}, expect: {outcome: review}}]")
