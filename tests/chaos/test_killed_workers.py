"""A worker killed with -9, or paused, at each step: no effect twice, none lost, doubt only where it is due."""

import signal
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from approvals.actors import Door, system
from approvals.models import Action, ActionType, Attempt, Execution, LedgerEntry
from approvals.services.execution import run
from policies.db import now
from tests import world
from tests.chaos.workers import Workers, database_url, until
from tests.servers.process import Process
from tests.servers.recording import RecordingServer
from tests.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.chaos, pytest.mark.postgresql_only]
ACTOR = system(Door.CLOCK)
CLASSES = ("dedupes", "askable", "neither")


def with_class(here: World, server: RecordingServer, class_: str) -> None:
    """Say what the other side can do about doubt, and let the server be so."""
    server.dedupes = class_ == "dedupes"
    promises: dict[str, dict[str, object]] = {
        "dedupes": {"dedupes": True},
        "askable": {"lookup": f"{server.url}/effects/{{key}}"},
        "neither": {},
    }
    ActionType.objects.update(target=here.kind.target | promises[class_])


def go_on_until(action: Action, *states: str) -> bool:
    """Be the next worker until the action has come to one of these states."""

    def looked() -> bool:
        run.run_ready(actor=ACTOR, clock=now)
        run.recover(actor=ACTOR, clock=now)
        return world.fresh(action).state in states

    return until(looked, 20)


def effects(server: RecordingServer, action: Action) -> int:
    return server.effects[Execution.objects.get(action=action).key]


class TestAWorkerKilled:
    @pytest.mark.parametrize("class_", CLASSES)
    def test_after_its_claim_loses_nothing(
        self, here: World, workers: Workers, live_http_server: RecordingServer, class_: str
    ) -> None:
        with_class(here, live_http_server, class_)
        action = here.auto(now())
        with psycopg.connect(database_url()) as rival:
            # It can claim the execution and cannot dispatch it: the action's row is held.
            rival.execute("SELECT 1 FROM approvals_action WHERE id = %s FOR UPDATE", [action.pk])
            worker = workers.clock()
            assert until(lambda: Execution.objects.get(action=action).fence > 0), worker.tail()
            worker.kill()
        assert go_on_until(action, "executed")
        assert effects(live_http_server, action) == 1

    @pytest.mark.parametrize(("class_", "state", "happened"), [
        ("dedupes", "executed", 1), ("askable", "executed", 1), ("neither", "uncertain", 0),
    ])  # fmt: skip
    def test_between_intent_and_sending(
        self, here: World, workers: Workers, live_http_server: RecordingServer, server_folder: Path,
        class_: str, state: str, happened: int,
    ) -> None:  # fmt: skip
        with_class(here, live_http_server, class_)
        action = killed_at("before", here, workers, server_folder)
        assert go_on_until(action, "executed", "uncertain")
        assert (world.fresh(action).state, effects(live_http_server, action)) == (state, happened)

    @pytest.mark.parametrize("class_", CLASSES)
    def test_after_sending(self, here: World, workers: Workers, live_http_server: RecordingServer, class_: str) -> None:
        with_class(here, live_http_server, class_)
        live_http_server.hold()
        action = here.auto(now())
        worker = workers.clock()
        assert live_http_server.wait_for(1, 30), worker.tail()
        worker.kill()
        live_http_server.release()
        shows_one_effect(live_http_server, action, class_)

    @pytest.mark.parametrize("class_", CLASSES)
    def test_between_the_answer_and_storing_it(
        self, here: World, workers: Workers, live_http_server: RecordingServer, server_folder: Path, class_: str
    ) -> None:
        with_class(here, live_http_server, class_)
        action = killed_at("after", here, workers, server_folder)
        shows_one_effect(live_http_server, action, class_)


def killed_at(place: str, here: World, workers: Workers, folder: Path) -> Action:
    """An action whose worker was killed at one of the places where the connector can be held."""
    action, worker = held_at(place, here, workers, folder)
    worker.kill()
    (folder / f"hold-{place}").unlink()
    return action


def held_at(place: str, here: World, workers: Workers, folder: Path) -> tuple[Action, Process]:
    (folder / f"hold-{place}").touch()
    action = here.auto(now())
    worker = workers.clock()
    assert until((folder / f"at-{place}").exists), worker.tail()
    return action, worker


def shows_one_effect(server: RecordingServer, action: Action, class_: str) -> None:
    assert go_on_until(action, "executed", "uncertain")
    assert world.fresh(action).state == ("uncertain" if class_ == "neither" else "executed")
    assert effects(server, action) == 1
    sent = [request for request in server.requests if request.method == "POST"]
    assert len(sent) == (2 if class_ == "dedupes" else 1)


class TestAWorkerPausedPastItsLease:
    @pytest.mark.parametrize("class_", CLASSES)
    def test_has_its_late_answer_refused(
        self, here: World, workers: Workers, live_http_server: RecordingServer, server_folder: Path, class_: str
    ) -> None:
        with_class(here, live_http_server, class_)
        action, worker = held_at("before", here, workers, server_folder)
        worker.signal(signal.SIGSTOP)
        (server_folder / "hold-before").unlink()
        assert until(lambda: run.recover(actor=ACTOR, clock=now) > 0)
        worker.signal(signal.SIGCONT)
        assert until(lambda: Attempt.objects.filter(execution__action=action, step="late").exists()), worker.tail()
        assert go_on_until(action, "executed", "uncertain")
        assert world.fresh(action).state == ("uncertain" if class_ == "neither" else "executed")
        assert effects(live_http_server, action) == 1
        assert LedgerEntry.objects.filter(action=action, event="execution.answered_late").count() == 1


class TestAWorkerAskedToEnd:
    @pytest.mark.parametrize("start", [Workers.clock])
    def test_under_load_loses_nothing_and_leaves_no_doubt(
        self, here: World, workers: Workers, live_http_server: RecordingServer, start: Callable[[Workers], Process]
    ) -> None:
        with_class(here, live_http_server, "neither")
        actions = [here.auto(now()) for _ in range(60)]
        worker = start(workers)
        assert live_http_server.wait_for(10, 30), worker.tail()
        worker.stop()
        states = set(Action.objects.values_list("state", flat=True))
        assert states <= {"approved", "executed"} and "approved" in states, worker.tail()
        assert until(lambda: not run.run_ready(actor=ACTOR, clock=now))
        assert {world.fresh(action).state for action in actions} == {"executed"}
        assert set(live_http_server.effects.values()) == {1} and len(live_http_server.effects) == 60
