"""The reasons of events: read from the English record, and said in the reader's language."""

import re

import pytest

from approvals.queries.record import event_reasons

EVERY = (*event_reasons._WHOLE, *event_reasons._OPEN)


@pytest.mark.parametrize("template", EVERY)
def test_every_reason_of_ours_is_read_with_its_values(template: str, foreign: None) -> None:
    reason = re.sub(r"\{\w+\}", "1234", template)
    assert event_reasons.in_words("action.routed", reason) == reason.swapcase()


def test_what_is_no_sentence_of_ours_stays(foreign: None) -> None:
    assert event_reasons.in_words("action.withdrawn", "Executed") == "Executed"
