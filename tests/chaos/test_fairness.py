"""One agent proposes a great many actions at once; what another agent proposes after that is soon under way."""

import os
import time
from dataclasses import replace

import pytest

from approvals.models import Action, Agent
from approvals.services import doorbell
from approvals.services.intake import propose
from policies.db import now
from tests.chaos.test_lost_messages import ring
from tests.chaos.workers import Workers, until
from tests.proof import times
from tests.servers.valkey import Valkey
from tests.world import World

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.chaos,
    pytest.mark.proof,
    pytest.mark.postgresql_only,
]
MANY = times(1_000, 2_000)
SECONDS = 5.0


def state_of(action: Action) -> str:
    return str(Action.objects.values_list("state", flat=True).get(pk=action.pk))


def test_another_agents_action_is_routed_and_executed_within_seconds(
    here: World, workers_on_valkey: Workers, valkey: Valkey
) -> None:
    here.set_kind(connector="journal", target={})
    other = replace(here, agent=Agent.objects.create(name="other", title="Other", owner=here.owner))
    for begin in range(0, MANY, propose.MAX_AT_ONCE):
        items = [here.proposal(amount=20.5) for _ in range(min(propose.MAX_AT_ONCE, MANY - begin))]
        propose.propose_many(actor=here.as_agent(), at=now(), proposals=items)
    # One ring for each, as from calls that propose one action.
    ring(valkey, doorbell.ROUTE, times=MANY)
    workers_on_valkey.clock()
    worker = workers_on_valkey.celery()
    assert until(lambda: Action.objects.exclude(state="proposed").exists(), 60), worker.tail()
    late, began = other.propose(now(), amount=20.5), time.monotonic()
    assert until(lambda: state_of(late) != "proposed", 60)
    routed = time.monotonic() - began
    assert until(lambda: state_of(late) == "executed", 60)
    executed = time.monotonic() - began
    left = Action.objects.filter(state="proposed").count()
    share = max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
    assert left, "the backlog was gone before the late action was done, so nothing is shown"
    assert routed < SECONDS * share
    assert executed < 2 * SECONDS * share
