"""Facts and checks are promised by rows: no bell and no worker has to live for them to be made, once."""

import pytest

from approvals.models import Action, LedgerEntry
from policies.db import now
from tests import world
from tests.chaos.workers import Workers, until
from tests.servers.recording import RecordingServer
from tests.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.chaos, pytest.mark.postgresql_only]
PLAN = """
plans:
  paid:
    stages:
      - {name: desk, who: desk}
      - {name: budget, check: 'fetched.budget.left >= amount', fetch: [budget], says: The budget covers it.}
rules:
  - {name: paid, when: "fetched.supplier.is_known == true", outcome: review, plan: paid, says: It is asked about.}
"""


@pytest.fixture
def asking(here: World, live_http_server: RecordingServer) -> World:
    """A kind whose actions wait for one fact before routing and for another after their approval."""
    live_http_server.served |= {"/supplier": b'{"is_known": true}', "/budget": b'{"left": 1000}'}
    here.kind.lookups = [
        {"name": "supplier", "source": "http", "target": {"url": f"{live_http_server.url}/supplier"}},
        {
            "name": "budget",
            "source": "http",
            "target": {"url": f"{live_http_server.url}/budget"},
            "only_for_checks": True,
        },
    ]
    here.kind.save()
    world.publish(world.POLICY + PLAN, "invoices", here.owner, here.senior, now())
    return here


class TestALostDoorbell:
    def test_delays_facts_and_checks_and_loses_none(
        self, asking: World, workers: Workers, live_http_server: RecordingServer
    ) -> None:
        actions = [asking.propose(now()) for _ in range(5)]
        clock = workers.clock()
        assert until(lambda: Action.objects.filter(state="pending").count() == 5), clock.tail()
        for action in actions:
            world.decide("approve", world.fresh(action), asking.junior, now())
        assert until(lambda: Action.objects.filter(state="executed").count() == 5), clock.tail()
        assert LedgerEntry.objects.filter(event="check.passed").count() == 5


class TestAKilledWorker:
    def test_leaves_its_check_to_another(
        self, asking: World, workers: Workers, live_http_server: RecordingServer
    ) -> None:
        action = asking.propose(now())
        clock = workers.clock()
        assert until(lambda: Action.objects.filter(state="pending").exists()), clock.tail()
        live_http_server.hold()
        asked = len(live_http_server.requests)
        world.decide("approve", world.fresh(action), asking.junior, now())
        assert live_http_server.wait_for(asked + 1), clock.tail()
        clock.kill()
        live_http_server.release()
        Action.objects.filter(pk=action.pk).update(next_lookup_at=now())  # its lease is over
        second = workers.clock()
        assert until(lambda: world.fresh(action).state == "executed"), second.tail()
        assert LedgerEntry.objects.filter(event="check.passed").count() == 1
