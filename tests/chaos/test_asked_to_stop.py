"""A worker or a clock that gets SIGTERM while it executes: nothing in doubt, nothing twice, its successor goes on."""

import signal
import time
from collections import Counter
from collections.abc import Callable

import pytest

from approvals.models import Action, Attempt, Execution
from policies.db import now
from tests.chaos.test_killed_workers import with_class
from tests.chaos.test_lost_messages import ring
from tests.chaos.workers import Workers, until
from tests.servers.process import Process
from tests.servers.recording import Recorded, RecordingServer
from tests.servers.valkey import Valkey
from tests.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.chaos, pytest.mark.postgresql_only]
MANY, BEGUN = 200, 10
# So long does each call take: in the five seconds of a task, a worker cannot make all of them.
CALL_SECONDS = 0.08
POOLS = ("threads", "prefork")


@pytest.fixture
def slow(live_http_server: RecordingServer, monkeypatch: pytest.MonkeyPatch) -> RecordingServer:
    """The server takes its time for each call."""
    receive = live_http_server.receive

    def later(request: Recorded) -> int | None:
        time.sleep(CALL_SECONDS)
        return receive(request)

    monkeypatch.setattr(live_http_server, "receive", later)
    return live_http_server


def ready(here: World, server: RecordingServer, workers: Workers) -> None:
    """Many actions of which nobody could find out whether they happened; leases outlast a busy machine."""
    workers.environment["HITL_LEASE_SECONDS"] = "60"
    with_class(here, server, "neither")
    for _ in range(MANY):
        here.auto(now())


def states() -> Counter[str]:
    return Counter(Action.objects.values_list("state", flat=True))


def asked_to_stop(worker: Process, server: RecordingServer) -> None:
    """Ask it while it executes, and wait until it has ended by itself."""
    assert server.wait_for(BEGUN, 60), worker.tail()
    worker.signal(signal.SIGTERM)
    assert until(lambda: worker.has_ended, 60), worker.tail()
    left = states()
    assert set(left) == {"approved", "executed"} and left["executed"] == len(server.effects), worker.tail()
    # What it had taken and not begun with is there for others immediately.
    assert not Execution.objects.filter(state="ready", leased_until__isnull=False).exists(), worker.tail()


def the_rest_was_done_once(server: RecordingServer, successor: Process, ring_again: Callable[[], None]) -> None:
    def is_done() -> bool:
        ring_again()
        return states() == {"executed": MANY}

    assert until(is_done, 120), (states(), successor.tail())
    assert len(server.effects) == MANY and set(server.effects.values()) == {1}
    assert len(server.requests) == MANY
    assert set(Attempt.objects.values_list("number", "step")) == {(1, "dispatching"), (1, "succeeded")}


def test_a_clock_under_load(here: World, workers: Workers, slow: RecordingServer) -> None:
    ready(here, slow, workers)
    asked_to_stop(workers.clock(), slow)
    the_rest_was_done_once(slow, workers.clock(), lambda: None)


@pytest.mark.parametrize("pool", POOLS)
def test_a_celery_worker_under_load(
    here: World, workers_on_valkey: Workers, valkey: Valkey, slow: RecordingServer, pool: str
) -> None:
    ready(here, slow, workers_on_valkey)
    worker = workers_on_valkey.celery(pool)
    ring(valkey, times=4)
    asked_to_stop(worker, slow)
    successor = workers_on_valkey.celery(pool)
    # As the clock does while something is due.
    the_rest_was_done_once(slow, successor, lambda: ring(valkey))
