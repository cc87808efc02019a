"""Deadlines: what nobody decided or carried out in time ends by itself, and is never a rejection."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from approvals.actors import Door, system
from approvals.models import Action, ActionType, Decision, Delivery, Execution, LedgerEntry, Stage
from approvals.services.deadlines import overdue
from approvals.services.policy import evaluate
from policies import db
from tests import world
from tests.world import World

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.vendor_sensitive,
    pytest.mark.usefixtures("fake"),
    pytest.mark.world(connector="fake", undo_seconds=0),
]
CLOCK = system(Door.CLOCK)
# The database's clock decides what is due, so the tests' moments are told from now.
NOW = datetime.now(UTC)
LONG_AGO = NOW - timedelta(days=10)


def sweep() -> int:
    return overdue.expire_due(actor=CLOCK, clock=lambda: NOW)


def tamper_policy() -> None:
    """Change a published policy as a superuser of the database could."""
    world.tamper("UPDATE policies_version SET digest = %s", ["nothing"], "policy_version_fixed")


def last_event(action: Action) -> str:
    return LedgerEntry.objects.filter(action=action).order_by("-waiting__number").values_list("event", flat=True)[0]


class TestExpireDue:
    def test_leaves_what_has_time_left(self, here: World) -> None:
        actions = [here.propose(NOW), here.pending(NOW), here.approved(NOW)]
        assert sweep() == 0
        assert [world.fresh(action).state for action in actions] == ["proposed", "pending", "approved"]

    def test_ends_a_proposal_whose_own_time_is_over(self, here: World) -> None:
        soon = db.now() + timedelta(seconds=1)
        waiting = here.propose(NOW, expires_at=soon)
        pending = here.pending(NOW, expires_at=soon)
        assert sweep() == 0
        time.sleep(1)
        assert sweep() == 2
        for action in (waiting, pending):
            assert (world.fresh(action).state, last_event(action)) == ("expired", "action.expired")

    def test_decides_by_deadline_and_not_by_rejection(self, here: World) -> None:
        action = here.pending(LONG_AGO, amount=9000)
        assert sweep() == 1
        decision = Decision.objects.get(action=action, is_final=True)
        assert (decision.verdict, decision.source, decision.person) == ("expire", "deadline", None)
        assert Stage.objects.get(action=action).state == "expired"
        row = action.history.first()
        assert (row.state, row.door, row.history_user) == ("expired", "clock", None)

    def test_asks_seniors_where_the_plan_says_so(self, here: World) -> None:
        action = here.pending(LONG_AGO)
        assert [sweep(), sweep()] == [1, 0]
        action, stage = world.fresh(action), Stage.objects.get(action=action)
        assert (action.state, action.required_tier, stage.tier, stage.is_escalated) == ("pending", 2, 2, True)
        assert stage.due_at == action.due_at and stage.due_at is not None and stage.due_at > NOW
        assert Delivery.objects.get(action=action, kind="stage.escalated").person == here.senior

    def test_ends_an_approval_that_nobody_carried_out(self, here: World) -> None:
        ActionType.objects.update(valid_seconds=0)
        action = here.approved(NOW)
        assert sweep() == 1
        assert world.fresh(action).state == "expired"
        assert Execution.objects.get(action=action).state == "canceled"
        assert Decision.objects.get(action=action, is_final=True).verdict == "approve"

    def test_does_it_once(self, here: World) -> None:
        here.pending(LONG_AGO, amount=9000)
        assert [sweep(), sweep()] == [1, 0]

    def test_escalates_under_a_policy_that_cannot_be_believed(self, here: World) -> None:
        action = here.pending(LONG_AGO)
        tamper_policy()
        assert sweep() == 1
        assert (world.fresh(action).state, world.fresh(action).required_tier) == ("pending", 2)

    def test_is_not_moved_by_a_clock_that_is_wrong(self, here: World) -> None:
        action = here.pending(NOW)
        wrong = NOW + timedelta(days=365)
        assert overdue.expire_due(actor=CLOCK, clock=lambda: wrong) == 0
        assert world.fresh(action).state == "pending"

    def test_ends_the_others_when_one_cannot_end(self, here: World, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken(*given: object) -> int:
            raise RuntimeError("asked only by what escalates")

        poisoned, innocent = here.pending(LONG_AGO), here.pending(LONG_AGO, amount=9000)
        monkeypatch.setattr(evaluate, "quorum_for", broken)
        assert sweep() == 1
        assert [world.fresh(action).state for action in (poisoned, innocent)] == ["pending", "expired"]
