"""The doorbell may fail in every way: rows are the promise, so nothing is lost and nothing happens twice."""

import pytest
from celery import Celery
from pytest_django import Settings

from approvals.models import Action, ActionType, Execution
from approvals.services import doorbell
from policies.db import now
from tests.chaos.workers import Workers, until
from tests.servers.recording import RecordingServer
from tests.servers.valkey import Valkey
from tests.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.chaos, pytest.mark.postgresql_only]


def ring(valkey: Valkey, task: str = doorbell.EXECUTE, times: int = 1) -> None:
    """Send messages to this test's own broker."""
    with Celery(broker=valkey.url, set_as_current=False) as app:
        for _ in range(times):
            app.send_task(task, queue=task.rpartition(".")[2], ignore_result=True)


def everything_ran(server: RecordingServer, count: int, seconds: float = 60) -> bool:
    if not until(lambda: Action.objects.filter(state="executed").count() == count, seconds):
        return False
    return len(server.effects) == count and set(server.effects.values()) == {1}


def ready(here: World, count: int) -> None:
    for _ in range(count):
        here.auto(now())


class TestRedis:
    def test_killed_with_200_executions_ready_loses_none(
        self, here: World, workers_on_valkey: Workers, valkey: Valkey, live_http_server: RecordingServer
    ) -> None:
        ready(here, 200)
        worker = workers_on_valkey.celery()
        ring(valkey, times=5)
        assert live_http_server.wait_for(5), worker.tail()
        valkey.kill()
        clock = workers_on_valkey.clock()
        assert everything_ran(live_http_server, 200), clock.tail()

    def test_that_comes_back_finds_its_worker_again(
        self, here: World, workers_on_valkey: Workers, valkey: Valkey, live_http_server: RecordingServer
    ) -> None:
        worker = workers_on_valkey.celery()
        valkey.restart()
        ready(here, 5)
        assert until(lambda: rang(valkey) and everything_ran(live_http_server, 5, 2), 40), worker.tail(60)

    def test_that_is_slow_delays_no_commit(
        self, here: World, valkey: Valkey, monkeypatch: pytest.MonkeyPatch, settings: Settings
    ) -> None:
        monkeypatch.setattr(doorbell, "_silent_until", [0.0])
        slow = Celery(broker=valkey.url, set_as_current=False)
        slow.conf.broker_transport_options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
        monkeypatch.setattr(doorbell, "current_app", slow)
        here.auto(now())
        valkey.pause()
        began = now()
        for _ in range(10):
            here.auto(now())
        valkey.resume()
        assert (now() - began).total_seconds() < 8
        assert Execution.objects.filter(state="ready").count() == 11


def rang(valkey: Valkey) -> bool:
    ring(valkey)
    return True


class TestTheSameMessage:
    def test_many_times_to_three_workers_has_one_effect_each(
        self, here: World, workers_on_valkey: Workers, valkey: Valkey, live_http_server: RecordingServer
    ) -> None:
        ready(here, 60)
        started = [workers_on_valkey.celery(pool) for pool in ("threads", "prefork", "threads")]
        ring(valkey, times=30)
        assert everything_ran(live_http_server, 60), started[0].tail()

    def test_about_nothing_does_nothing(
        self, here: World, workers_on_valkey: Workers, valkey: Valkey, live_http_server: RecordingServer
    ) -> None:
        worker = workers_on_valkey.celery()
        for task in (doorbell.ROUTE, doorbell.EXECUTE, doorbell.DELIVER):
            ring(valkey, task, times=3)
        assert until(lambda: worker.tail(400).count("succeeded in") == 9), worker.tail(40)
        assert "Traceback" not in worker.tail(400)


class TestACeleryWorker:
    def test_asked_to_end_under_load_leaves_no_doubt(
        self, here: World, workers_on_valkey: Workers, valkey: Valkey, live_http_server: RecordingServer
    ) -> None:
        ActionType.objects.update(target=here.kind.target)
        ready(here, 40)
        worker = workers_on_valkey.celery("prefork")
        ring(valkey, times=4)
        assert live_http_server.wait_for(8, 30), worker.tail()
        worker.stop()
        assert set(Action.objects.values_list("state", flat=True)) <= {"approved", "executed"}, worker.tail()
        workers_on_valkey.clock()
        assert everything_ran(live_http_server, 40)


class TestAWorkerBesideAClock:
    @pytest.mark.parametrize("is_embedded", [False, True], ids=["Valkey", "the demo's broker"])
    def test_does_all_that_falls_due(
        self, here: World, workers: Workers, valkey: Valkey, live_http_server: RecordingServer, *, is_embedded: bool
    ) -> None:
        workers.environment["REDIS_URL"] = "filesystem://" if is_embedded else valkey.url
        here.set_kind(undo_seconds=1)
        workers.celery()
        clock = workers.clock()
        actions = [here.propose(now(), amount=20.5) for _ in range(6)]
        assert everything_ran(live_http_server, 6), clock.tail()
        doors = {row.door for action in actions for row in action.history.exclude(history_type="+")}
        assert doors == {"celery"}


class TestTheClockAlone:
    def test_carries_a_proposal_through_without_any_broker(
        self, here: World, workers: Workers, live_http_server: RecordingServer
    ) -> None:
        workers.environment["REDIS_URL"] = "redis://127.0.0.1:1/0"
        clock = workers.clock()
        action = here.propose(now(), amount=20.5)
        assert everything_ran(live_http_server, 1), clock.tail()
        assert until(lambda: action.entries.filter(position__isnull=True).count() == 0, 5)
        assert [row.door for row in action.history.all()] == ["clock"] * 3 + ["api"]
