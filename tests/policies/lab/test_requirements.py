"""What would pass, in words: every kind of requirement that the judge gives has a sentence of its own."""

import re
from pathlib import Path

import pytest

from policies.engine.evaluation.result import Requirement
from policies.lab import requirements
from policies.lab.requirements import in_words, is_never

ENGINE = Path(requirements.__file__).resolve().parents[1] / "engine"


class TestInWords:
    @pytest.mark.parametrize(
        ("requirement", "sentence"),
        [
            (Requirement("confidence", "at_least", 0.9), "The agent’s confidence is at least 0.9."),
            (
                Requirement("amount", "at_most", {"amount": "500.00", "currency": "EUR"}),
                "The amount is at most EUR 500.00.",
            ),
            (
                Requirement("reversible_medium", "at_most", {"amount_base": "90", "score": 40}),
                "The amount in the base currency is at most 90.00 and the risk score is at most 40.",
            ),
            (Requirement("score", "less_than", 40), "The risk score is below 40."),
            (Requirement("amount_base", "present"), "There is an exchange rate for the amount’s currency."),
            (Requirement("confidence", "present"), "The agent’s confidence is known."),
            (Requirement("missing", "attach", ["/iban", "/date"]), "The required data is provided: /iban, /date."),
            (
                Requirement("flags", "none_of", ["seen_before"]),
                "These anomalies are resolved: a possible duplicate of another action.",
            ),
            (Requirement("rule:far", "not_match", "x > 1"), "The condition of rule “far” is false: x > 1"),
            (
                Requirement("recent.agent_day.count", "at_most", "3"),
                "The number of actions by this agent in 1 day (including this one) is at most 3.",
            ),
            (
                Requirement("data_classes", "not_any", ["health"]),
                "The action contains no data of these classes: health data.",
            ),
            (Requirement("too_long", "shorten", ["/a"]), "These values are short enough for rules to evaluate: /a."),
            (Requirement("odd", "be", 3), "Odd be 3."),
        ],
    )
    def test_says_it_plainly(self, requirement: Requirement, sentence: str) -> None:
        assert in_words(requirement) == sentence

    @pytest.mark.parametrize("fact", ["mode", "domain", "confidence", "amount", "irreversible_high", "somewhere"])
    def test_says_what_nothing_changes(self, fact: str) -> None:
        requirement = Requirement(fact, "never")
        assert is_never(requirement)
        assert in_words(requirement).endswith(".")

    def test_knows_every_word_that_the_judge_uses(self) -> None:
        text = "".join(path.read_text() for path in ENGINE.rglob("*.py"))
        used = set(re.findall(r'Requirement\([^)]*?, "(\w+)"', text))
        assert len(used) > 8
        assert used <= set(requirements._WORDS)
