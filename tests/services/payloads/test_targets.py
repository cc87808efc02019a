"""What is granted is bound to how it would be carried out, through every service and every stage of a plan."""

import pytest

from approvals.actors import Actor, Door
from approvals.errors import NotAllowed, StaleTarget, WrongState
from approvals.models import Action, ActionType, Decision, Execution, Membership, StandingRule
from approvals.services.decisions import bulk
from approvals.services.decisions.bulk import ReviewedItem
from approvals.services.execution import schedule
from approvals.states import DecisionType, Tier
from tests import plans as given
from tests import world
from tests.services.automation import given as automation_given
from tests.services.plans.test_stages import WORKER, check, states
from tests.world import NOON, World

pytestmark = pytest.mark.django_db(transaction=True)


def move(folder: str = "elsewhere") -> None:
    """Somebody has it carried out elsewhere."""
    ActionType.objects.update(target={"folder": folder})


def target_now() -> str:
    return schedule.target_digest(ActionType.objects.get(name="invoice.post"))


class TestAClick:
    @pytest.mark.parametrize("named", ["", "0" * 64, None], ids=repr)
    @pytest.mark.parametrize("verdict", ["approve", "modify"])
    def test_is_refused_with_another_target_or_none(self, here: World, verdict: str, named: str | None) -> None:
        action = here.pending()
        more = {"payload": action.revision.payload | {"amount": 700.5}} if verdict == "modify" else {}
        with pytest.raises(StaleTarget):
            world.decide(verdict, action, here.junior, target=named, **more)

    def test_is_refused_in_a_batch(self, here: World) -> None:
        actions = [here.pending() for _ in range(2)]
        seen = [ReviewedItem(each.pk, 1, each.revision.digest, "") for each in actions]
        who = Actor(Door.ADMIN, person=here.junior)
        answers = bulk.decide(actor=who, clock=lambda: NOON, verdict=DecisionType.APPROVE, items=seen)
        assert [type(answer.refusal) for answer in answers] == [StaleTarget] * 2

    def test_is_kept_with_the_target_that_it_named(self, here: World) -> None:
        action = here.pending()
        decision = world.decide("approve", action, here.junior)
        assert decision.target_digest == Execution.objects.get().target_digest == target_now()


class TestSeveralPeople:
    def test_of_one_stage_approve_the_same_target(self, here: World) -> None:
        given.follow(here, given.PAIR)
        action = here.pending()
        world.decide("approve", action, here.junior)
        move()
        world.decide("approve", world.fresh(action), here.senior)
        assert (world.fresh(action).state, Execution.objects.count()) == ("pending", 0)
        world.decide("approve", world.fresh(action), here.junior)
        assert (world.fresh(action).state, Execution.objects.get().target_digest) == ("approved", target_now())

    def test_of_several_stages_do_so_too(self, here: World) -> None:
        given.follow(here, given.BOOKS, given.VERA)
        vera, action = given.vera(), here.pending()
        world.decide("approve", action, here.junior)
        move()
        world.decide("approve", world.fresh(action), vera)
        assert world.fresh(action).state == "pending"
        assert states(action) == [("books", "open"), ("vera", "satisfied")]
        world.decide("approve", world.fresh(action), here.junior)
        assert (world.fresh(action).state, Execution.objects.get().target_digest) == ("approved", target_now())

    def test_are_still_two_when_it_is_moved_there_and_back(self, here: World) -> None:
        given.follow(here, given.BOOKS, "{name: second, who: desk, tier: senior}")
        Membership.objects.create(person=world.person("other"), desk=here.desk, tier=Tier.SENIOR)
        action = here.pending()
        world.decide("approve", action, here.senior)
        move()
        with pytest.raises(NotAllowed, match="Another person must decide"):
            world.decide("approve", world.fresh(action), here.senior)
        assert world.fresh(action).state == "pending"

    def test_are_asked_again_when_a_check_comes_after_a_move(self, here: World) -> None:
        given.follow(here, given.BOOKS, given.CHECK)
        action = here.pending()
        world.decide("approve", action, here.junior)
        move()
        check(actor=WORKER, at=NOON, action_id=action.pk, passes=True)
        assert (world.fresh(action).state, Execution.objects.count()) == ("pending", 0)
        assert states(action) == [("books", "open"), ("budget", "waiting")]

    def test_are_not_asked_again_where_nothing_has_moved(self, here: World) -> None:
        given.follow(here, given.BOOKS, given.CHECK)
        action = here.pending()
        world.decide("approve", action, here.junior)
        check(actor=WORKER, at=NOON, action_id=action.pk, passes=True)
        assert world.fresh(action).state == "approved"


class TestAStandingRule:
    def test_is_made_only_of_the_target_that_was_approved(self, here: World) -> None:
        action: Action = here.approved()
        move()
        with pytest.raises(WrongState, match="execution or risk settings have changed"):
            automation_given.make(here.junior, action)
        assert not StandingRule.objects.exists()

    def test_lets_run_what_it_was_made_for(self, here: World) -> None:
        rule = automation_given.granting(here)
        assert rule.target_digest == Decision.objects.get().target_digest
