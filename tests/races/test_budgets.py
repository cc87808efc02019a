"""Many proposals at once under one budget: what fits runs, and everything else reaches a person."""

import pytest

from approvals.actors import Door, system
from approvals.models import Action, Counter, CounterSnapshot, Execution
from approvals.services import routing
from tests import world
from tests.races.test_verdicts import rush
from tests.services.policy.test_budgets import BUDGET, counting, having
from tests.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive]


def routed_at_once(here: World, actions: list[Action]) -> int:
    """Route all of them at the same moment; how many ran by themselves."""

    def route(action: Action) -> None:
        routing.route(actor=system(Door.CELERY), at=world.NOON, action_id=action.pk)

    rush([lambda action=action: route(action) for action in actions])
    states = [world.fresh(action).state for action in actions]
    assert set(states) <= {"approved", "pending"}
    return states.count("approved")


def test_of_ten_proposals_of_900_under_1000_one_runs() -> None:
    here = having(BUDGET)
    assert routed_at_once(here, [here.propose(amount=900) for _ in range(10)]) == 1


def test_of_fifty_just_below_the_limit_exactly_the_budget_passes() -> None:
    here = having(BUDGET)
    assert routed_at_once(here, [here.propose(amount=99) for _ in range(50)]) == 10
    assert Counter.objects.get().minor == 990_00
    assert list(CounterSnapshot.objects.order_by("at", "number").values_list("minor", flat=True)) == [
        99_00 * place for place in range(1, 11)
    ]


def test_of_fifty_at_once_as_many_run_as_a_rate_allows() -> None:
    here = having(counting("budgets: {per_type_hour: {count: 7}}"))
    assert routed_at_once(here, [here.propose(amount=1) for _ in range(50)]) == 7
    assert Execution.objects.count() == 7


def test_totals_that_cross_are_locked_in_one_order() -> None:
    here = having(counting('budgets: {per_agent_day: {count: 40}, per_subject_day: {sum: "100.00"}}'))
    issuers = [f"Issuer {place}" for place in range(5)]
    assert routed_at_once(here, [here.propose(amount=30, issuer=issuers[place % 5]) for place in range(50)]) == 15
