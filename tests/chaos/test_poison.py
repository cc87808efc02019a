"""An action that its workers die of, again and again: it ends, a person is told, and no other action ends with it."""

import os
from datetime import timedelta
from functools import partial

import pytest
from pytest_django import Settings

from approvals.models import Action, Delivery, Execution
from policies.db import now
from tests import world
from tests.chaos.test_killed_workers import go_on_until
from tests.chaos.workers import Workers, until
from tests.servers.process import Process
from tests.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.chaos, pytest.mark.postgresql_only]


@pytest.fixture
def deadly(here: World, workers: Workers, settings: Settings) -> Workers:
    """Workers that a payload of the issuer “Poison” kills."""
    settings.HITL_CONNECTORS = {"fatal": "tests.chaos.fatal.CONNECTOR"}
    workers.environment |= {"HITL_CONNECTORS": "fatal=tests.chaos.fatal.CONNECTOR", "HITL_FATAL": "yes"}
    here.set_kind(owner=here.senior)
    return workers


def set_deadly(here: World, *places: str, class_: str = "dedupes") -> None:
    here.set_kind(connector="fatal", undo_seconds=0, target={"places": list(places), "class": class_})


def die_until_ended(action: Action, workers: Workers) -> int:
    """Start a worker again after each death, until the action has come to an end; return how many died."""
    deaths = 0
    while deaths < 12:
        worker = workers.clock()
        assert until(partial(is_over, worker, action), 60), worker.tail()
        if has_ended(action):
            worker.stop()
            return deaths
        deaths += 1
        # The lease that it left behind lapses now and not later.
        Execution.objects.filter(leased_until__isnull=False).update(leased_until=now() - timedelta(seconds=1))
    raise AssertionError("It never ends.")


def is_over(worker: Process, action: Action) -> bool:
    """Whether the worker is dead, or there is nothing left to die of."""
    try:
        os.kill(worker.pid, 0)
    except ProcessLookupError:
        return True
    return has_ended(action)


def has_ended(action: Action) -> bool:
    return world.fresh(action).state in {"failed", "uncertain", "executed"}


def told(action: Action) -> list[str]:
    return list(
        Delivery.objects.filter(action=action, kind="execution.given_up").values_list("person__username", flat=True)
    )


def test_what_kills_its_workers_before_it_is_sent_fails(here: World, deadly: Workers) -> None:
    set_deadly(here, "check")
    action, innocent = here.auto(now(), issuer="Poison"), here.auto(now())
    assert die_until_ended(action, deadly) == 5
    assert world.fresh(action).state == "failed"
    assert "5 workers in a row" in Execution.objects.get(action=action).error
    assert told(action) == ["senior"]
    assert go_on_until(innocent, "executed")


@pytest.mark.parametrize(("class_", "deaths"), [("dedupes", 6), ("askable", 6), ("neither", 1)])
def test_what_kills_them_while_it_is_sent_is_in_doubt(here: World, deadly: Workers, class_: str, deaths: int) -> None:
    set_deadly(here, "send", "look_up", class_=class_)
    action = here.auto(now(), issuer="Poison")
    assert die_until_ended(action, deadly) == deaths
    assert world.fresh(action).state == "uncertain"
