"""A worker killed with -9 at each step of an end: the effect is taken away once, or a person is asked."""

from datetime import timedelta
from pathlib import Path

import pytest

from approvals.actors import Door, system
from approvals.models import Action, ActionType, Execution
from approvals.services.ends import due
from approvals.services.execution import run
from policies.db import now
from tests.chaos.test_killed_workers import with_class
from tests.chaos.workers import Workers, until
from tests.servers.process import Process
from tests.servers.recording import RecordingServer
from tests.services.ends.given import is_live, let_end, states
from tests.world import World, fresh

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.chaos, pytest.mark.postgresql_only]
ACTOR = system(Door.CLOCK)


def in_effect(here: World, server: RecordingServer, class_: str) -> Action:
    """An action that was executed by this process, and whose end is due."""
    with_class(here, server, class_)
    kind = ActionType.objects.get(pk=here.kind.pk)
    kind.ends, kind.target = "optional", kind.target | {"reverse": {"url": f"{server.url}/back"}}
    kind.save()
    action = here.auto(now(), until=now() + timedelta(hours=1))
    run.run_ready(actor=ACTOR, clock=now)
    assert fresh(action).state == "executed" and is_live(action)
    return action


def go_on_until(action: Action, *wanted: str) -> bool:
    """Be the next worker until the end has come to one of these states."""

    def looked() -> bool:
        due.run_due(actor=ACTOR, clock=now)
        run.recover(actor=ACTOR, clock=now)
        return states(action)[-1] in wanted

    return until(looked, 20)


def ended(server: RecordingServer, action: Action) -> int:
    return server.effects[Execution.objects.get(action=action, end_number=1).key]


def held_at(place: str, action: Action, workers: Workers, folder: Path) -> Process:
    (folder / f"at-{place}").unlink(missing_ok=True)
    (folder / f"hold-{place}").touch()
    let_end(action)
    worker = workers.clock()
    assert until((folder / f"at-{place}").exists), worker.tail()
    return worker


class TestAWorkerKilled:
    @pytest.mark.parametrize(("class_", "state", "count"), [
        ("dedupes", "succeeded", 1), ("askable", "succeeded", 1), ("neither", "uncertain", 0),
    ])  # fmt: skip
    def test_between_the_intent_of_an_end_and_sending_it(
        self, here: World, workers: Workers, live_http_server: RecordingServer, server_folder: Path,
        class_: str, state: str, count: int,
    ) -> None:  # fmt: skip
        action = in_effect(here, live_http_server, class_)
        held_at("before", action, workers, server_folder).kill()
        (server_folder / "hold-before").unlink()
        assert go_on_until(action, "succeeded", "uncertain")
        assert (states(action), ended(live_http_server, action)) == ([state], count)
        assert is_live(action) is (state == "uncertain")

    @pytest.mark.parametrize(("class_", "state"), [
        ("dedupes", "succeeded"), ("askable", "succeeded"), ("neither", "uncertain"),
    ])  # fmt: skip
    def test_between_the_answer_to_an_end_and_storing_it(
        self, here: World, workers: Workers, live_http_server: RecordingServer, server_folder: Path,
        class_: str, state: str,
    ) -> None:  # fmt: skip
        action = in_effect(here, live_http_server, class_)
        held_at("after", action, workers, server_folder).kill()
        (server_folder / "hold-after").unlink()
        assert go_on_until(action, "succeeded", "uncertain")
        assert (states(action), ended(live_http_server, action)) == ([state], 1)


def test_the_clock_alone_ends_an_effect_and_names_what_it_reverses(
    here: World, workers: Workers, live_http_server: RecordingServer
) -> None:
    action = in_effect(here, live_http_server, "dedupes")
    let_end(action)
    worker = workers.clock()
    assert until(lambda: states(action) == ["succeeded"]), worker.tail()
    sent, back = live_http_server.requests
    assert (back.path, back.headers["X-HITL-Reverses"]) == ("/back", sent.key)
