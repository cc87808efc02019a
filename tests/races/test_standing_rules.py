"""Many proposals at once under one standing rule: what fits its day runs, and everything else reaches a person."""

from decimal import Decimal

import pytest

from approvals.actors import Actor, Door
from approvals.models import Action, Execution, Membership, StandingRule, StandingUse
from approvals.services.automation import standing_rules
from tests import world
from tests.races.test_budgets import routed_at_once
from tests.races.test_verdicts import rush
from tests.services.automation.given import decided, fresh, granting, make
from tests.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive]


def test_of_fifty_at_once_as_many_run_as_the_count_allows(here: World) -> None:
    rule = granting(here, count_per_day=7, sum_per_day=Decimal(50_000))
    assert routed_at_once(here, [here.propose() for _ in range(50)]) == 7
    assert StandingUse.objects.filter(rule=rule).count() == 7
    assert Execution.objects.filter(action__standing_use__rule=rule).count() == 7


def test_of_fifty_at_once_exactly_the_sum_of_the_day_passes(here: World) -> None:
    granting(here, count_per_day=100, sum_per_day=Decimal("3589.85"))
    assert routed_at_once(here, [here.propose() for _ in range(50)]) == 5


def test_two_rules_at_once_each_spend_their_own(here: World) -> None:
    granting(here, count_per_day=3)
    larger = decided(here, here.junior, amount=800)
    make(here.junior, larger, max_amount=Decimal(800), count_per_day=4)
    assert routed_at_once(here, [here.propose() for _ in range(20)]) == 7


@pytest.mark.parametrize("time", range(5))
def test_a_rule_that_is_stopped_meanwhile_lets_nothing_pass_afterwards(here: World, time: int) -> None:
    rule = granting(here, count_per_day=100)
    actions = [here.propose() for _ in range(6)]

    def stop() -> None:
        actor = Actor(Door.ADMIN, person=here.senior)
        standing_rules.stop(actor=actor, at=world.NOON, rule_id=rule.pk, reason="Enough.")

    rush([stop, *(lambda action=action: here.route(action) for action in actions)])
    assert fresh(rule).state == "stopped"
    assert here.pending().state == "pending"
    passed = Action.objects.filter(standing_use__rule=rule)
    assert {action.state for action in passed} <= {"approved"}


@pytest.mark.parametrize("time", range(5))
def test_two_made_at_once_do_not_both_take_what_is_left_of_their_makers_day(here: World, time: int) -> None:
    Membership.objects.filter(person=here.junior).update(ceilings={"EUR": "5000.00"})
    here.set_kind(standing_decisions=10)
    sources = [decided(here, here.junior) for _ in range(2)]
    rush(
        [
            lambda source=source: make(here.junior, source, sum_per_day=Decimal(30_000), count_per_day=100)
            for source in sources
        ]
    )
    assert sorted(StandingRule.objects.values_list("state", flat=True)) == ["active", "proposed"]
