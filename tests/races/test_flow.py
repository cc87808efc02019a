"""Workers that start actions of one connector at the same moment: its limits hold over all of them."""

import threading
import time

import pytest

from approvals.actors import Door, system
from approvals.connectors.base import CallResult, CallStatus, Order
from approvals.connectors.fake import FakeConnector
from approvals.models import Breaker, Delivery, FlowLimit
from approvals.services.execution import run as execution
from policies import db
from tests import world
from tests.races.test_verdicts import rush
from tests.world import World

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.vendor_sensitive,
    pytest.mark.world(connector="fake", undo_seconds=0),
]
WORKER = system(Door.CELERY)
WORKERS = 4


def work() -> None:
    for _ in range(3):
        execution.run_ready(actor=WORKER, clock=db.now)


def test_so_many_start_in_a_minute_and_no_more(here: World, fake: FakeConnector) -> None:
    FlowLimit.objects.create(connector="fake", starts_per_minute=10)
    actions = [here.auto() for _ in range(24)]
    rush([work] * WORKERS)
    assert (len(fake.orders), world.states(actions).count("executed")) == (10, 10)


def test_so_many_are_called_at_once_and_no_more(
    here: World, fake: FakeConnector, monkeypatch: pytest.MonkeyPatch
) -> None:
    FlowLimit.objects.create(connector="fake", calls_at_once=2)
    actions = [here.auto() for _ in range(12)]
    lock, flying, most = threading.Lock(), [0], [0]
    send = FakeConnector.send

    def slowly(self: FakeConnector, order: Order) -> CallResult:
        with lock:
            flying[0] += 1
            most[0] = max(most[0], flying[0])
        time.sleep(0.05)
        with lock:
            flying[0] -= 1
            return send(self, order)

    monkeypatch.setattr(FakeConnector, "send", slowly)
    rush([work] * WORKERS)
    execution.run_ready(actor=WORKER, clock=db.now)
    assert most[0] <= 2
    assert set(world.states(actions)) == {"executed"}


def test_failures_at_the_same_moment_open_a_breaker_once(here: World, fake: FakeConnector) -> None:
    here.set_kind(owner=here.senior)
    fake.script.extend([(False, CallResult(CallStatus.UNKNOWN, error="Timed out."))] * 40)
    for _ in range(24):
        here.auto()
    rush([work] * WORKERS)
    found = Breaker.objects.get()
    assert (found.state, found.openings) == ("open", 1)
    assert Delivery.objects.filter(kind__startswith="breaker.opened").count() == 1
    late = here.auto()
    work()
    assert world.fresh(late).state == "approved"
