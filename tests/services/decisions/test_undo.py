"""After a person's verdict nothing follows before the undo window is over, whatever policy says of the result."""

from typing import Any

import pytest

from approvals.actors import Actor, Door, system
from approvals.errors import NotApproved
from approvals.models import Action, ActionType, Execution, Person
from approvals.services.decisions import bulk, decide
from approvals.services.decisions.bulk import ReviewedItem
from approvals.services.execution import agent, run, schedule
from approvals.states import DecisionType
from policies import db
from tests import plans as given
from tests import world
from tests.services.automation import given as automation_given
from tests.services.plans.test_stages import check
from tests.world import NOON, World

pytestmark = pytest.mark.django_db(transaction=True)
WORKER = system(Door.CELERY)
AT_ONCE = "undo: {after_person: 0s, after_policy: 0s}\n"
RUNS = {"amount": 20.5}


@pytest.fixture
def here(here: World) -> World:
    put(here, AT_ONCE)
    return here


def put(here: World, undo: str) -> None:
    """Put a policy with this time to undo in force."""
    world.publish(world.POLICY + undo, "invoices", here.owner, here.senior)


def window(action: Action) -> float:
    """Seconds until the latest execution may start."""
    found = Execution.objects.filter(action=action).latest("round")
    return (found.not_before - db.now()).total_seconds()


def correct(action: Action, who: Person, **values: Any) -> None:
    world.decide("modify", action, who, payload=action.revision.payload | (values or RUNS))


def undone(action: Action, who: Person) -> None:
    """Somebody calls it back."""
    decide.undo(actor=Actor(Door.ADMIN, person=who), at=NOON, action_id=action.pk)


class TestAPersonsVerdict:
    def test_that_corrects_what_then_runs_by_itself(self, here: World) -> None:
        action = here.pending()
        correct(action, here.junior)
        assert world.fresh(action).state == "modified"
        assert world.fresh(action).evaluation.content["outcome"] == "auto"
        assert 8 < window(action) <= 10
        assert run.run_ready(actor=WORKER, clock=db.now) == 0

    def test_that_approves_under_a_policy_without_a_window(self, here: World) -> None:
        assert 8 < window(here.approved()) <= 10

    def test_on_one_of_several(self, here: World) -> None:
        actions = [here.pending() for _ in range(2)]
        seen = [ReviewedItem(each.pk, 1, each.revision.digest, schedule.target_digest(here.kind)) for each in actions]
        who = Actor(Door.ADMIN, person=here.junior)
        bulk.decide(actor=who, clock=lambda: NOON, verdict=DecisionType.APPROVE, items=seen)
        assert all(8 < window(each) <= 10 for each in actions)

    def test_that_is_given_again_after_an_undo(self, here: World) -> None:
        action = here.pending()
        correct(action, here.junior)
        undone(action, here.junior)
        world.decide("approve", world.fresh(action), here.senior)
        assert 8 < window(action) <= 10

    def test_on_what_policy_let_run_and_was_called_back(self, here: World) -> None:
        ActionType.objects.update(undo_seconds=None)
        action = here.auto()
        undone(action, here.senior)
        world.decide("approve", world.fresh(action), here.senior)
        assert 8 < window(action) <= 10

    def test_on_what_came_back_because_it_had_changed(self, here: World) -> None:
        action = here.auto()
        ActionType.objects.update(target={"folder": "elsewhere"})
        run.run_ready(actor=WORKER, clock=db.now)
        world.decide("approve", world.fresh(action), here.senior)
        assert 8 < window(action) <= 10

    def test_before_a_check_that_comes_last(self, here: World) -> None:
        given.follow(here, given.BOOKS, given.CHECK)
        action = here.pending()
        world.decide("approve", action, here.junior)
        check(actor=WORKER, at=NOON, action_id=action.pk, passes=True)
        assert 8 < window(action) <= 10

    def test_is_redeemed_only_after_the_window(self, here: World) -> None:
        ActionType.objects.update(execution="agent", connector="")
        action = here.pending()
        correct(action, here.junior)
        with pytest.raises(NotApproved, match="can still be undone"):
            agent.consume(actor=here.as_agent(), at=NOON, action_id=action.pk)


class TestTheWindow:
    @pytest.mark.parametrize(("seconds", "low", "high"), [(0, -5, 0), (3, 0, 3), (60, 55, 60)])
    def test_is_that_of_the_kind(self, here: World, seconds: int, low: int, high: int) -> None:
        ActionType.objects.update(undo_seconds=seconds)
        action = here.pending()
        correct(action, here.junior)
        assert low < window(action) <= high

    @pytest.mark.parametrize("undo", ["after_person: 40s", "after_person: 40s, after_policy: 0s", "after_policy: 40s"])
    def test_is_lengthened_by_policy(self, here: World, undo: str) -> None:
        put(here, f"undo: {{{undo}}}\n")
        action = here.pending()
        correct(action, here.junior)
        assert 35 < window(action) <= 40

    def test_is_not_shortened_by_policy(self, here: World) -> None:
        ActionType.objects.update(undo_seconds=60)
        put(here, "undo: {after_person: 5s, after_policy: 1s}\n")
        assert 55 < window(here.approved()) <= 60

    def test_is_none_after_policy_or_a_standing_rule_alone(self, here: World) -> None:
        assert window(here.auto()) <= 0
        put(here, "")
        automation_given.granting(here)
        assert window(here.pending()) <= 0
