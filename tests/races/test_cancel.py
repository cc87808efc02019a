"""Asking to cancel at the moment when the answer comes: what happened is said, and nothing is sent a second time."""

import pytest

from approvals.connectors.base import CallResult, CallStatus
from approvals.connectors.fake import FakeConnector
from approvals.models import Execution, StopRequest
from approvals.services.execution import dispatch
from tests import world
from tests.races.test_verdicts import rush
from tests.services.ends.given import WORKER, recover
from tests.services.ends.test_cancel import ask, lapse, sent
from tests.world import NOON, World

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.vendor_sensitive,
    pytest.mark.usefixtures("fake"),
    pytest.mark.world(connector="fake", undo_seconds=0, ends="optional"),
]
TIMES = 8
DONE = CallResult(CallStatus.DONE)
# It is not the other side that failed, so no circuit breaker opens.
NOT_NOW = CallResult(CallStatus.NOT_DONE, error="Not now.", is_ours=True)


@pytest.mark.parametrize("answer", [DONE, NOT_NOW], ids=["done", "not done"])
def test_the_request_and_the_answer_leave_one_truth(here: World, fake: FakeConnector, answer: CallResult) -> None:
    for _ in range(TIMES):
        action, claim = sent(here)
        rush(
            [
                lambda claim=claim: dispatch.conclude(actor=WORKER, at=NOON, claim=claim, outcome=answer),
                lambda action=action: ask(action, here.junior),
            ]
        )
        lapse()
        recover()
        is_asked = StopRequest.objects.filter(execution__action=action).exists()
        assert bool(Execution.objects.get(action=action).cancel_asked_at) is is_asked
        # Whoever came first: what was done stays executed, and what was not done is not sent again.
        assert world.fresh(action).state == ("executed" if answer is DONE else "failed")
    assert fake.orders == []


def test_the_request_and_the_next_attempt_exclude_each_other(here: World, fake: FakeConnector) -> None:
    for _ in range(TIMES):
        action, claim = sent(here)
        dispatch.conclude(actor=WORKER, at=NOON, claim=claim, outcome=NOT_NOW)
        lapse()
        fake.orders.clear()
        rush([recover, lambda action=action: ask(action, here.junior)])
        # Asked first, nothing is sent any more; asked later, it goes on and is executed.
        found = world.fresh(action).state
        assert (found, len(fake.orders)) in {("failed", 0), ("executed", 1)}
