"""Approved actions reach files and groups once, also when a worker is lost on the way."""

import csv
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from approvals.actors import Door, system
from approvals.connectors.csv import CsvConnector
from approvals.models import Action, Execution
from approvals.services.execution import dispatch, recovery, run
from policies import db
from tests import world
from tests.connectors.providers import Provider
from tests.connectors.row_writer import TARGET
from tests.world import World

WORKER = system(Door.CELERY)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def calm(monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that has just started is not waited for."""
    monkeypatch.setattr(recovery, "CALM", timedelta(0))


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.HITL_CSV_FOLDERS = {"books": str(tmp_path)}
    return tmp_path


def execute() -> None:
    assert run.run_ready(actor=WORKER, clock=db.now) > 0


def recover() -> None:
    Execution.objects.update(leased_until=db.now() - timedelta(seconds=1))
    run.recover(actor=WORKER, clock=db.now)


def rows(folder: Path) -> list[list[str]]:
    (path,) = folder.glob("*.csv")
    with path.open(newline="") as file:
        return list(csv.reader(file))[1:]


def key_of(action: Action) -> str:
    return Execution.objects.get(action=action).key


class TestCsv:
    def test_gets_each_approved_action_as_a_row(self, folder: Path, here: World) -> None:
        here.set_kind(connector="csv", target=TARGET, undo_seconds=0)
        actions = [here.approved(amount=amount) for amount in (700.5, 717.97)]
        execute()
        assert [world.fresh(action).state for action in actions] == ["executed"] * 2
        assert rows(folder) == [
            ["Paper Mill", "700.5", key_of(actions[0])],
            ["Paper Mill", "717.97", key_of(actions[1])],
        ]

    def test_gets_one_row_when_the_worker_is_lost_after_it_wrote(self, folder: Path, here: World) -> None:
        here.set_kind(connector="csv", target=TARGET, undo_seconds=0)
        action = here.approved()
        (claim,) = dispatch.lease(actor=WORKER, at=db.now(), limit=1)
        begun = dispatch.dispatch(actor=WORKER, at=db.now(), claim=claim)
        assert begun
        CsvConnector().send(begun.order)
        recover()
        assert (world.fresh(action).state, len(rows(folder))) == ("executed", 1)

    def test_is_not_written_where_its_folder_is_no_longer_declared(
        self, folder: Path, here: World, settings: Settings
    ) -> None:
        here.set_kind(connector="csv", target=TARGET, undo_seconds=0)
        action = here.approved()
        settings.HITL_CSV_FOLDERS = {}
        execute()
        assert (world.fresh(action).state, list(folder.iterdir())) == ("pending", [])


class TestScim:
    @pytest.fixture
    def granted(self, provider: Provider, here: World) -> Action:
        here.set_kind(connector="scim", target=provider.order().target, undo_seconds=0)
        return here.approved(group="readers", user="u-1")

    def test_gets_the_change_once_when_its_answer_is_lost(self, provider: Provider, granted: Action) -> None:
        provider.control(faults=["", "", "", "", "closed after"])
        execute()
        assert world.fresh(granted).state == "executing"
        recover()
        assert world.fresh(granted).state == "executed"
        assert provider.control()["changes"] == [["add", "readers"]]

    def test_gets_nothing_for_a_user_who_is_gone(self, provider: Provider, granted: Action) -> None:
        provider.control(users={})
        execute()
        assert (world.fresh(granted).state, provider.control()["changes"]) == ("pending", [])
