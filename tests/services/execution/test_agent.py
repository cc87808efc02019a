"""What an agent carries out itself: it redeems the approval once, and says what became of it."""

from typing import Any

import pytest

from approvals.actors import Actor, Door, system
from approvals.errors import (
    AlreadyConsumed,
    ApprovalExpired,
    NotApproved,
    NotFound,
    ScopeMissing,
    Tampered,
    WrongState,
)
from approvals.models import Action, ActionType, Agent, Attempt, Execution
from approvals.services.execution import agent
from approvals.states import ExecutionMode
from tests import world
from tests.world import NOON, World, events

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.vendor_sensitive,
    pytest.mark.usefixtures("fake"),
    pytest.mark.world(connector="fake", undo_seconds=0),
]
WORKER = system(Door.CELERY)


@pytest.fixture
def redeeming(here: World) -> World:
    ActionType.objects.update(execution=ExecutionMode.AGENT, connector="")
    here.kind.refresh_from_db()
    return here


def consume(here: World, action: Action, key: str = "") -> Execution:
    return agent.consume(actor=here.as_agent(), at=NOON, action_id=action.pk, key=key)


def report(here: World, action: Action, succeeded: bool | None = True, **said: Any) -> Action:
    return agent.report_outcome(actor=here.as_agent(), at=NOON, action_id=action.pk, succeeded=succeeded, **said)


class TestConsume:
    def test_hands_the_approval_to_its_agent_once(self, redeeming: World) -> None:
        action = redeeming.approved()
        assert consume(redeeming, action).state == "running"
        assert (world.fresh(action).state, events(action)[-1]) == ("executing", "execution.consumed")
        with pytest.raises(AlreadyConsumed):
            consume(redeeming, action)

    def test_with_the_same_key_gets_the_same_again(self, redeeming: World) -> None:
        action = redeeming.approved()
        first, again = (consume(redeeming, action, "work-1") for _ in range(2))
        assert first.pk == again.pk
        assert events(action).count("execution.consumed") == 1
        assert Attempt.objects.filter(execution=first).count() == 1

    @pytest.mark.parametrize("key", ["work-2", ""])
    def test_with_another_key_is_refused(self, redeeming: World, key: str) -> None:
        action = redeeming.approved()
        consume(redeeming, action, "work-1")
        with pytest.raises(AlreadyConsumed):
            consume(redeeming, action, key)

    def test_with_a_key_that_redeemed_another_action_is_refused(self, redeeming: World) -> None:
        one, other = redeeming.approved(), redeeming.approved()
        consume(redeeming, one, "work-1")
        consume(redeeming, other, "work-2")
        with pytest.raises(AlreadyConsumed):
            consume(redeeming, other, "work-1")

    def test_with_the_same_key_tells_what_became_of_it(self, redeeming: World) -> None:
        action = redeeming.approved()
        consume(redeeming, action, "work-1")
        report(redeeming, action)
        assert consume(redeeming, action, "work-1").state == "succeeded"

    def test_with_the_same_key_is_for_its_own_agent(self, redeeming: World) -> None:
        action = redeeming.approved()
        consume(redeeming, action, "work-1")
        other = Agent.objects.create(name="other", title="Other", owner=redeeming.owner)
        with pytest.raises(NotFound):
            agent.consume(
                actor=Actor(Door.API, agent=other, scopes=redeeming.scopes), at=NOON, action_id=action.pk, key="work-1"
            )

    def test_is_refused_before_the_approval(self, redeeming: World) -> None:
        with pytest.raises(NotApproved):
            consume(redeeming, redeeming.pending())

    def test_is_refused_inside_the_undo_window(self, redeeming: World) -> None:
        ActionType.objects.update(undo_seconds=60)
        with pytest.raises(NotApproved) as refusal:
            consume(redeeming, redeeming.approved())
        assert refusal.value.code == "not_redeemable_yet"
        assert "redeemable_at" in refusal.value.details

    def test_is_refused_once_expired(self, redeeming: World) -> None:
        ActionType.objects.update(valid_seconds=0)
        action = redeeming.approved()
        for _ in range(2):
            with pytest.raises(ApprovalExpired):
                consume(redeeming, action)
        assert world.fresh(action).state == "expired"

    def test_is_refused_when_the_bytes_changed(self, redeeming: World) -> None:
        action = redeeming.approved()
        world.tamper_body(action)
        with pytest.raises(Tampered):
            consume(redeeming, action)
        assert world.fresh(action).state == "pending"

    def test_is_refused_to_another_agent(self, redeeming: World) -> None:
        other = Agent.objects.create(name="other", title="Other", owner=redeeming.owner)
        actor = Actor(Door.API, agent=other, scopes=redeeming.scopes)
        with pytest.raises(NotFound):
            agent.consume(actor=actor, at=NOON, action_id=redeeming.approved().pk)

    def test_is_refused_to_a_key_without_the_scope(self, redeeming: World) -> None:
        actor = Actor(Door.API, agent=redeeming.agent, scopes=frozenset({"read:own"}))
        with pytest.raises(ScopeMissing):
            agent.consume(actor=actor, at=NOON, action_id=redeeming.approved().pk)

    def test_is_refused_where_our_connector_acts(self, here: World) -> None:
        with pytest.raises(WrongState):
            consume(here, here.approved())


class TestReportOutcome:
    @pytest.mark.parametrize(("succeeded", "state"), [(True, "executed"), (False, "failed")])
    def test_ends_the_action(self, redeeming: World, succeeded: bool, state: str) -> None:
        action = redeeming.approved()
        consume(redeeming, action)
        for _ in range(2):
            report(redeeming, action, succeeded, result={"id": 7})
        assert (world.fresh(action).state, Execution.objects.get(action=action).result) == (state, {"id": 7})

    def test_is_refused_when_another_is_on_record(self, redeeming: World) -> None:
        action = redeeming.approved()
        consume(redeeming, action)
        report(redeeming, action)
        with pytest.raises(WrongState):
            report(redeeming, action, succeeded=False)

    def test_is_refused_before_redeeming(self, redeeming: World) -> None:
        with pytest.raises(WrongState):
            report(redeeming, redeeming.approved())


class TestAnUnknownOutcome:
    def test_is_uncertain_and_can_be_settled_by_its_agent(self, redeeming: World) -> None:
        action = redeeming.approved()
        consume(redeeming, action)
        report(redeeming, action, None)
        assert world.fresh(action).state == "uncertain"
        report(redeeming, action, True)
        assert world.fresh(action).state == "executed"

    def test_said_twice_is_recorded_once(self, redeeming: World) -> None:
        action = redeeming.approved()
        consume(redeeming, action)
        for _ in range(2):
            report(redeeming, action, None)
        assert events(action).count("execution.doubted") == 1

    def test_does_not_unsay_what_happened(self, redeeming: World) -> None:
        action = redeeming.approved()
        consume(redeeming, action)
        report(redeeming, action)
        with pytest.raises(WrongState):
            report(redeeming, action, None)
