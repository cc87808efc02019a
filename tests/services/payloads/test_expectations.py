"""Where a mail goes is judged by what is done with the value, whatever its schema says."""

from typing import Any

import pytest

from approvals.models import Action
from approvals.services.policy.cases import Cases
from policies.lab.explain import explain
from policies.queries.in_force import in_force
from tests.world import World

LIKE = "ann@g\u043e\u043ed.example"
SCHEMA: dict[str, Any] = {"type": "object", "properties": {}}


pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.world(
        schema=SCHEMA, connector="email", target={"to": "whom"}, automation_requires=[],
        summary="Write to {/whom}", subject_pointer="", reference_pointer="",
    ),
]  # fmt: skip


def sent(here: World, whom: Any) -> Action:
    payload = {"whom": whom, "subject": "Hello", "body": "Hello.", "amount": 20.5, "currency": "EUR"}
    return here.route(here.propose(payload=payload))


def test_a_mail_to_a_plain_address_runs_by_itself(here: World) -> None:
    action = sent(here, "ann+tag@good.example")
    assert (action.state, action.flags) == ("approved", [])


@pytest.mark.parametrize(
    ("whom", "pointer"),
    [(LIKE, "/whom"), ("ann@xn--god-vma.example", "/whom"), (["ann@good.example", LIKE], "/whom/1")],
)
def test_a_mail_to_any_other_waits_for_a_person(here: World, whom: Any, pointer: str) -> None:
    action = sent(here, whom)
    assert action.state == "pending"
    assert [(flag["code"], flag["pointer"]) for flag in action.flags] == [("malformed_email", pointer)]


def test_a_draft_is_tried_on_the_same_exceptions(here: World) -> None:
    action = sent(here, LIKE)
    document = in_force("invoices")
    assert document is not None
    case = Cases().past(here.senior, str(action.pk), document)
    assert case is not None
    assert "malformed_email" in explain(document, case).facts.flags
