"""Failures of a circuit breaker count for an hour, so that one now and then neither opens it nor costs anything."""

import pytest

from approvals.connectors.fake import FakeConnector
from approvals.models import Execution
from approvals.services.safety import breakers, flow
from tests.services.execution.test_flow import WORKER, Clock, breaker, clock, fail, opened, run
from tests.world import NOON, World

__all__ = ["clock"]
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.vendor_sensitive,
    pytest.mark.world(connector="fake", undo_seconds=0),
]


def fail_once(here: World, fake: FakeConnector) -> None:
    fail(fake, 1)
    here.auto()
    run()


def test_only_those_of_the_last_hour_count(here: World, fake: FakeConnector, clock: Clock) -> None:
    for _ in range(6):
        fail_once(here, fake)
        clock.pass_by(901)
    assert (breaker().state, len(breaker().failed)) == ("closed", 4)


def test_a_closed_breaker_is_cleaned_of_them(here: World, fake: FakeConnector, clock: Clock) -> None:
    fail_once(here, fake)
    clock.pass_by(3_599)
    assert breakers.forget(actor=WORKER, at=NOON) == 0
    clock.pass_by(2)
    assert breakers.forget(actor=WORKER, at=NOON) == 1
    assert (breaker().failed, breaker().error) == ([], "")
    assert not any(flow.is_touched(row) for row in flow.with_touched(Execution.objects.all()))


def test_an_open_breaker_is_not(here: World, fake: FakeConnector, clock: Clock) -> None:
    opened(here, fake)
    clock.pass_by(7_200)
    assert breakers.forget(actor=WORKER, at=NOON) == 0
    assert len(breaker().failed) == 5
