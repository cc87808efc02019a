"""A worker killed with -9 while it finds out, after a restore, what was sent: nothing happens twice."""

from collections.abc import Callable
from pathlib import Path

import pytest

from approvals.actors import Door, system
from approvals.models import Action, LostDispatch
from approvals.queries.safety import restores as questions
from approvals.services.safety import restores
from policies.db import now
from tests import backups
from tests.chaos.test_killed_ends import in_effect
from tests.chaos.test_killed_workers import with_class
from tests.chaos.workers import Workers, until
from tests.servers.process import Process
from tests.servers.recording import RecordingServer
from tests.services.ends.given import let_end, states
from tests.world import World, fresh

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.chaos, pytest.mark.postgresql_only]
OPERATOR = system(Door.COMMAND)


@pytest.fixture
def folder(server_folder: Path) -> Path:
    """Where workers are held; what they send is written down since long before the backup."""
    home = server_folder / "home"
    home.mkdir(mode=0o700)
    (home / "last-known").write_text('{"since": "2020-01-01T00:00:00+00:00"}\n')
    return server_folder


def restored_after(workers: Workers, backup: Path, is_done: Callable[[], bool]) -> None:
    """Let a process do it after the backup, stop it, and restore the backup."""
    backups.take(backup)
    first = workers.clock()
    assert until(is_done), first.tail()
    first.stop()
    backups.restore(backup)


def killed_at(place: str, workers: Workers, folder: Path) -> Process:
    """A process that was killed where it is held; the next one is under way."""
    (folder / f"at-{place}").unlink(missing_ok=True)
    (folder / f"hold-{place}").touch()
    killed = workers.clock()
    assert until((folder / f"at-{place}").exists), killed.tail()
    killed.kill()
    (folder / f"hold-{place}").unlink()
    return workers.clock()


def go_on() -> None:
    restores.resume(actor=OPERATOR, at=now(), reason="compared with the target system")


def state(action: Action) -> str:
    return str(fresh(action).state)


def happened(server: RecordingServer) -> set[int]:
    """How often each effect happened."""
    return set(server.effects.values())


class TestAWorkerKilled:
    def test_while_it_asks_what_was_executed(
        self, here: World, workers: Workers, live_http_server: RecordingServer, folder: Path
    ) -> None:
        with_class(here, live_http_server, "askable")
        action = here.auto(now())
        restored_after(workers, folder / "backup", lambda: state(action) == "executed")
        worker = killed_at("asking", workers, folder)
        assert until(lambda: state(action) == "executed"), worker.tail()
        assert questions.is_on() and happened(live_http_server) == {1}
        go_on()
        other = here.auto(now())
        assert until(lambda: state(other) == "executed"), worker.tail()
        assert happened(live_http_server) == {1} and len(live_http_server.effects) == 2

    def test_while_it_asks_what_was_ended(
        self, here: World, workers: Workers, live_http_server: RecordingServer, folder: Path
    ) -> None:
        action = in_effect(here, live_http_server, "askable")
        let_end(action)
        restored_after(workers, folder / "backup", lambda: states(action) == ["succeeded"])
        worker = killed_at("asking", workers, folder)
        assert until(lambda: states(action) == ["succeeded"]), worker.tail()
        assert questions.is_on() and happened(live_http_server) == {1} and len(live_http_server.effects) == 2

    def test_while_it_repeats_what_is_recognized_once_it_was_told(
        self, here: World, workers: Workers, live_http_server: RecordingServer, folder: Path
    ) -> None:
        with_class(here, live_http_server, "dedupes")
        action = here.auto(now())
        restored_after(workers, folder / "backup", lambda: state(action) == "executed")
        worker = workers.clock()
        assert until(lambda: state(action) == "executing"), worker.tail()
        worker.kill()
        go_on()
        worker = killed_at("before", workers, folder)
        assert until(lambda: state(action) == "executed"), worker.tail()
        assert happened(live_http_server) == {1}

    def test_as_soon_as_it_noticed_leaves_doubt_to_a_person(
        self, here: World, workers: Workers, live_http_server: RecordingServer, folder: Path
    ) -> None:
        with_class(here, live_http_server, "neither")
        action = here.auto(now())
        restored_after(workers, folder / "backup", lambda: state(action) == "executed")
        worker = workers.clock()
        assert until(LostDispatch.objects.exists), worker.tail()
        worker.kill()
        worker = workers.clock()
        assert until(lambda: state(action) == "uncertain"), worker.tail()
        go_on()
        other = here.auto(now())
        assert until(lambda: state(other) == "executed"), worker.tail()
        assert (state(action), happened(live_http_server)) == ("uncertain", {1})
        assert len(live_http_server.effects) == 2
