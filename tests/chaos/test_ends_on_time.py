"""Clock, Celery worker and Valkey end an effect soon after its time, once, though the worker is killed on the way.

How late an end was is a property of the test's report. Bounds grow with the load of the machine.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from approvals.models import Action, ActionType, Attempt, Beat, Execution
from approvals.services import heartbeats
from policies.db import now
from tests.chaos.test_killed_workers import with_class
from tests.chaos.workers import LEASE_SECONDS, Workers, share, until
from tests.servers.process import Process
from tests.servers.recording import RecordingServer
from tests.services.ends.given import ends, is_live, states
from tests.world import World, fresh

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.chaos, pytest.mark.postgresql_only]
LASTS, SECONDS = 3.0, 5.0


def granted(here: World, server: RecordingServer, workers: Workers, class_: str) -> Action:
    """An effect that is there, by the product's own processes, and ends within seconds."""
    with_class(here, server, class_)
    kind = ActionType.objects.get(pk=here.kind.pk)
    kind.ends, kind.target = "optional", kind.target | {"reverse": {"url": f"{server.url}/back"}}
    kind.save()
    clock, worker = workers.clock(), workers.celery()
    assert until(lambda: Beat.objects.filter(name=heartbeats.CLOCK).exists()), clock.tail()
    action = here.propose(now(), amount=20.5, until=now() + timedelta(seconds=LASTS * share()))
    assert until(lambda: is_live(action)), f"{fresh(action).state}: {worker.tail()}"
    return action


def lateness(action: Action, report: Any) -> float:
    """How many seconds after its time the end was answered, by the database's clock."""
    (end,) = ends(action)
    assert end.finished_at is not None
    late = float((end.finished_at - end.not_before).total_seconds())
    report("seconds_late", round(late, 2))
    return late


def holder(action: Action, workers: Workers) -> Process:
    """The process that committed the intent of the end: the worker, unless it did not answer the clock in time."""
    (attempt,) = Attempt.objects.filter(execution__action=action, execution__end_number=1)
    pid = int(attempt.detail.split()[1])
    return next(process for process in workers.started if process.pid == pid)


def test_an_effect_ends_within_seconds(
    here: World, workers_on_valkey: Workers, live_http_server: RecordingServer, record_property: Any
) -> None:
    action = granted(here, live_http_server, workers_on_valkey, "neither")
    assert until(lambda: states(action) == ["succeeded"], 60)
    assert 0 <= lateness(action, record_property) <= SECONDS * share()
    assert live_http_server.effects[ends(action)[0].key] == 1 and not is_live(action)


@pytest.mark.parametrize("class_", ["dedupes", "askable"])
def test_an_effect_ends_once_and_soon_though_its_worker_is_killed_before_it_sends(
    here: World, workers_on_valkey: Workers, live_http_server: RecordingServer, server_folder: Path,
    class_: str, record_property: Any,
) -> None:  # fmt: skip
    action = granted(here, live_http_server, workers_on_valkey, class_)
    (server_folder / "at-before").unlink()
    (server_folder / "hold-before").touch()
    assert until((server_folder / "at-before").exists, 60)
    killed = holder(action, workers_on_valkey)
    killed.kill()
    (server_folder / "hold-before").unlink()
    # Whoever supervises it starts it again.
    if killed is workers_on_valkey.started[0]:
        workers_on_valkey.clock()
    else:
        workers_on_valkey.celery()
    assert until(lambda: states(action) == ["succeeded"], 60)
    assert 0 <= lateness(action, record_property) <= SECONDS * share() + LEASE_SECONDS
    assert live_http_server.effects[ends(action)[0].key] == 1 and not is_live(action)
    assert [request.path for request in live_http_server.requests if request.method == "POST"] == ["/post", "/back"]
    assert Execution.objects.filter(action=action).count() == 2
