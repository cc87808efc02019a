"""Batches of several workers at once: what fits runs, nobody waits in a circle, and nothing is routed twice."""

import pytest
from structlog.testing import capture_logs

from approvals.actors import Door, system
from approvals.models import Action, Counter, Decision, Execution
from approvals.services import routing
from tests import world
from tests.races.test_verdicts import rush
from tests.services.policy.test_budgets import BUDGET, counting, having
from tests.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive]
WORKER = system(Door.CELERY)


def routed_in_batches(actions: list[Action], workers: int = 4) -> list[str]:
    """Route all of them by several workers, each in batches of another order; the states that they end in."""
    ids = [action.pk for action in actions]

    def work(turn: int) -> None:
        mine = ids[turn:] + ids[:turn]
        for place in range(0, len(mine), 10):
            routing.route_together(actor=WORKER, at=world.NOON, action_ids=mine[place : place + 10])

    with capture_logs() as lines:
        rush([lambda turn=turn: work(turn * 7) for turn in range(workers)])
    assert [line for line in lines if line["event"].endswith("failed")] == []
    routing.route_ready(actor=WORKER, clock=world.now)
    return [world.fresh(action).state for action in actions]


def test_of_forty_under_a_budget_exactly_it_passes() -> None:
    here = having(BUDGET)
    states = routed_in_batches([here.propose(amount=99) for _ in range(40)])
    assert (states.count("approved"), states.count("pending")) == (10, 30)
    assert Counter.objects.get().minor == 990_0000


def test_totals_that_cross_are_locked_in_one_order() -> None:
    here = having(counting('budgets: {per_subject_day: {sum: "100.00"}}'))
    issuers = [f"Issuer {place}" for place in range(20)]
    batches = [[here.propose(amount=30, issuer=issuer).pk for issuer in order] for order in (issuers, issuers[::-1])]
    rush([lambda ids=ids: routing.route_together(actor=WORKER, at=world.NOON, action_ids=ids) for ids in batches])
    assert Action.objects.filter(state="approved").count() == 40


def test_each_is_routed_once(here: World) -> None:
    states = routed_in_batches([here.propose(amount=20) for _ in range(30)])
    assert set(states) == {"approved"}
    assert (Decision.objects.count(), Execution.objects.count()) == (30, 30)
