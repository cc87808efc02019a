"""One agent proposes a great many actions at once; what another agent proposes after that is soon under way."""

import time
from dataclasses import replace

import pytest

from approvals.models import Action, Agent, Execution
from approvals.services import doorbell
from approvals.services.intake import propose
from policies.db import now
from tests.chaos.test_lost_messages import ring
from tests.chaos.workers import Workers, share, until
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


def overtaken(late: Action) -> int:
    """How many that were proposed earlier were routed later, or still wait for that."""
    own = Execution.objects.get(action=late)
    waiting = Action.objects.filter(state="proposed").count()
    return waiting + Execution.objects.filter(created_at__gt=own.created_at).count()


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
    assert overtaken(late), "all others were routed before the late action, so nothing is shown"
    assert routed < SECONDS * share()
    assert executed < 2 * SECONDS * share()
