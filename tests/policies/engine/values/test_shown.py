"""A reason shows the very value that was compared."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.engine.evaluation.scoring import score
from policies.engine.values.money import as_written, figure
from tests.policies.engine.given import document, facts, ruled

BANDS = """
confidence:
  bands:
    - {at_least: 0.95, outcome: auto}
    - {at_least: 0.0, outcome: review}
"""
LADDER = """
amounts:
  base: EUR
  ladders:
    EUR:
      - {up_to: "500.00", outcome: auto}
      - {outcome: review}
"""


@given(st.floats(0, 1))
def test_a_confidence_is_shown_with_every_digit(confidence: float) -> None:
    (reason, *_) = ruled(document(BANDS), confidence=confidence).reasons
    assert float(reason.text.split(",")[1]) == confidence
    (part,) = [part for part in score(facts(confidence=confidence), {}).parts if part.name == "confidence"]
    assert float(part.sentence.split()[-1].rstrip(".")) == confidence


def test_a_confidence_just_below_a_band_does_not_look_like_it() -> None:
    assert ruled(document(BANDS), confidence=0.9499999999).reasons[0].text == (
        "The agent’s confidence, 0.9499999999, is below 0.95."
    )
    assert (figure(1.0), figure(0.95), figure(1e-7)) == ("1", "0.95", "0.0000001")


@pytest.mark.parametrize("text", ["1.080", "1.0800", "500.004", "717.97", "20"])
def test_the_ladder_and_the_score_show_the_amount_as_it_was_written(text: str) -> None:
    shown = as_written(Decimal(text), "EUR")
    assert shown.removeprefix("EUR ").startswith(text)
    amounts = {"amount": Decimal(text), "amount_base": Decimal(text)}
    assert ruled(document(LADDER), **amounts).reasons[0].text.startswith(f"The amount, {shown}, is ")
    (part,) = [part for part in score(facts(**amounts), {}).parts if part.name == "amount"]
    assert shown.removeprefix("EUR ") in part.sentence
