"""A type's pointers lead to the same place wherever they are read: its amount, its summary, its lookups, its form."""

from typing import Any

import pytest

from approvals.admin.payload_form.layout import Reading
from approvals.authority import visibility
from approvals.connectors.lookups.base import Question
from approvals.models import Action
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)
LINES = [{"net/gross": 42.5, "code": "EUR", "to": "Paper Mill"}]


def proposed(**fields: Any) -> Action:
    here = world.make(schema={"type": "object"}, automation_requires=[], reference_pointer="", **fields)
    return here.propose(payload={"lines": LINES})


def test_the_amount_and_the_subject_may_stand_in_a_list() -> None:
    pointers = {"amount_pointer": "/lines/0/net~1gross", "currency_pointer": "/lines/0/code"}
    action = proposed(**pointers, subject_pointer="/lines/0/to", summary="Pay")
    assert (str(action.amount), action.currency, action.subject) == ("42.5", "EUR", "Paper Mill")


def test_the_summary_may_name_what_stands_in_a_list() -> None:
    action = proposed(summary="Pay {/lines/0/net~1gross} to {/lines/0/to}")
    assert visibility.summary(action) == "Pay 42.5 to Paper Mill"


def test_a_lookup_may_ask_with_what_stands_in_a_list() -> None:
    assert Question({"lines": LINES}, {}).fill("{/lines/0/to}") == "Paper Mill"


def test_a_field_may_take_its_unit_from_what_stands_in_a_list() -> None:
    schema = {"properties": {"sum": {"type": "number", "x-unit": "/lines/0/code"}}}
    (field, *_) = Reading(schema, {}).fields({"sum": 42.5, "lines": LINES})
    assert field.unit == "EUR"
