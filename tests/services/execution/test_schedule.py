"""Readiness: one execution per decision, with its window, its key and what it is bound to."""

from datetime import timedelta

import pytest

from approvals.actors import Actor, Door
from approvals.models import Action, ActionType, Execution
from approvals.services import routing
from approvals.services.execution import schedule
from approvals.services.intake import propose
from policies import db
from tests import world
from tests.world import NOON, World

pytestmark = pytest.mark.django_db


def window(action: Action) -> tuple[float, float]:
    """Seconds from now until it may start, and until it no longer may."""
    execution, now = Execution.objects.get(action=action), db.now()
    return (execution.not_before - now).total_seconds(), (execution.expires_at - now).total_seconds()


class TestMakeReady:
    def test_lets_a_person_undo_for_ten_seconds(self, here: World) -> None:
        assert 8 < window(here.approved())[0] <= 10

    def test_lets_policy_act_at_once(self, here: World) -> None:
        assert window(here.auto())[0] <= 0

    def test_takes_the_longest_window_that_was_set(self, here: World) -> None:
        ActionType.objects.update(undo_seconds=60)
        assert 55 < window(here.auto())[0] <= 60

    def test_counts_by_the_databases_clock(self, here: World) -> None:
        # Decided by a web process whose own clock is two hours wrong, in either direction.
        for wrong in (timedelta(hours=2), -timedelta(hours=2)):
            action = here.pending()
            world.decide("approve", action, here.junior, db.now() + wrong)
            assert 8 < window(action)[0] <= 10

    def test_tells_the_demos_past_as_it_was(self, here: World) -> None:
        past, teller = NOON - timedelta(days=9), Actor(Door.DEMO)
        action = here.propose(past, amount=20.5)
        ActionType.objects.update(undo_seconds=60)
        routing.route(actor=teller, at=past, action_id=action.pk)
        assert window(action)[0] < 0 < window(action)[1]

    def test_ends_with_the_approval_or_with_the_proposal(self, here: World) -> None:
        ActionType.objects.update(valid_seconds=3600)
        assert 3500 < window(here.auto())[1] <= 3600
        soon = db.now() + timedelta(minutes=5)
        assert 200 < window(here.auto(db.now(), expires_at=soon))[1] <= 300

    def test_names_the_world_a_key_of_its_own_per_round(self, here: World) -> None:
        one, other = here.auto(), here.auto()
        keys = {schedule.key_for(one.pk, 1, 1), schedule.key_for(one.pk, 1, 2), schedule.key_for(one.pk, 2, 1)}
        assert len({*keys, schedule.key_for(other.pk, 1, 1)}) == 4
        assert Execution.objects.get(action=one).key in keys

    def test_is_bound_to_digest_and_target(self, here: World) -> None:
        action = here.approved()
        execution = Execution.objects.get(action=action)
        assert execution.digest == action.revision.digest
        assert execution.target_digest == schedule.target_digest(action.action_type)


class TestCancel:
    def test_calls_back_what_was_not_begun(self, here: World) -> None:
        action = here.approved()
        propose.withdraw(actor=here.as_agent(), at=NOON, action_id=action.pk, reason="No longer needed.")
        execution = Execution.objects.get(action=action)
        assert (execution.state, world.fresh(action).state) == ("canceled", "withdrawn")
