"""Children: they run after their parent was executed, and never where it ended without effect."""

import pytest

from approvals.actors import Actor, Door
from approvals.connectors.base import CallResult, CallStatus, Recovery
from approvals.connectors.fake import FakeConnector
from approvals.errors import NotApproved, NotFound, WrongState
from approvals.models import Action, ActionType, Decision, Execution, LedgerEntry
from approvals.queries.inbox import waiting
from approvals.queries.record.related import parents
from approvals.services.deadlines import overdue
from approvals.services.decisions import undo
from approvals.services.execution import agent, children, dispatch, resolve
from approvals.services.execution import run as execution
from approvals.services.execution.results import release
from approvals.states import ExecutionMode
from tests import world
from tests.services.execution.families import CLOCK, WORKER, run, settle, waits_for
from tests.world import NOON, World, events, fresh, states

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.vendor_sensitive,
    pytest.mark.usefixtures("fake"),
    pytest.mark.world(connector="fake", undo_seconds=0),
]
REFUSED = CallResult(CallStatus.REFUSED, None, "No such account.")
UNKNOWN = CallResult(CallStatus.UNKNOWN, None, "Timed out.")


def reject(action: Action, here: World) -> Decision:
    return world.decide("reject", action, here.junior, rationale="No.")


def sent(fake: FakeConnector) -> list[str]:
    return [order.action for order in fake.orders]


class TestAChild:
    def test_waits_until_its_parent_is_executed(self, here: World, fake: FakeConnector) -> None:
        parent = here.pending()
        child = here.approved(parent=parent.pk)
        assert run() == 0 and waits_for(child) == parent.pk
        world.decide("approve", parent, here.junior)
        run()
        assert states([parent, child]) == ["executed", "executed"]
        assert sent(fake) == [str(parent.pk), str(child.pk)]

    def test_that_is_approved_afterwards_waits_for_nothing(self, here: World) -> None:
        parent = here.approved()
        run()
        child = here.approved(parent=parent.pk)
        assert waits_for(child) is None
        run()
        assert fresh(child).state == "executed"

    def test_is_routed_and_decided_while_its_parent_waits(self, here: World) -> None:
        parent = here.pending()
        assert here.auto(parent=parent.pk).state == "approved"
        assert here.pending(parent=parent.pk).state == "pending"

    def test_waits_while_nobody_knows_about_its_parent(self, here: World, fake: FakeConnector) -> None:
        fake.class_ = Recovery.NEITHER
        fake.script.append((False, UNKNOWN))
        parent = here.approved()
        child = here.approved(parent=parent.pk)
        run()
        assert settle() == 0
        assert states([parent, child]) == ["uncertain", "approved"] and waits_for(child) == parent.pk
        settled(parent, here, "happened")
        run()
        assert fresh(child).state == "executed"

    def test_ends_when_a_person_finds_that_its_parent_did_not_happen(self, here: World, fake: FakeConnector) -> None:
        fake.class_ = Recovery.NEITHER
        fake.script.append((False, UNKNOWN))
        parent = here.approved()
        child = here.approved(parent=parent.pk)
        run()
        settled(parent, here, "did_not_happen")
        assert settle() == 1 and fresh(child).state == "withdrawn"

    def test_runs_though_the_effect_of_its_parent_was_ended(self, here: World) -> None:
        parent = here.approved()
        run()
        Action.objects.filter(pk=parent.pk).update(is_live=False)
        child = here.approved(parent=parent.pk)
        run()
        assert fresh(child).state == "executed"

    def test_can_be_undone_while_it_waits(self, here: World) -> None:
        child = here.approved(parent=here.pending().pk)
        undo.undo(actor=Actor(Door.ADMIN, person=here.junior), at=NOON, action_id=child.pk)
        assert fresh(child).state == "pending" and Execution.objects.get(action=child).waits_for_id is None

    def test_expires_while_it_waits(self, here: World) -> None:
        ActionType.objects.update(valid_seconds=0)
        child = here.approved(parent=here.pending().pk)
        overdue.expire_due(actor=CLOCK, clock=lambda: NOON)
        assert fresh(child).state == "expired" and waits_for(child) is None


def settled(action: Action, here: World, resolution: str) -> None:
    who = Actor(Door.ADMIN, person=here.senior)
    resolve.resolve(actor=who, at=NOON, action_id=action.pk, resolution=resolution, rationale="Seen in the books.")


class TestAWorker:
    def test_sends_no_child_whatever_its_row_says(self, here: World, fake: FakeConnector) -> None:
        child = here.approved(parent=here.pending().pk)
        Execution.objects.filter(action=child).update(waits_for=None)
        run()
        assert sent(fake) == [] and fresh(child).state == "approved"
        assert waits_for(child) == child.parent_id

    def test_holding_a_lease_sends_no_child(self, here: World, fake: FakeConnector) -> None:
        parent = here.pending()
        child = here.approved(parent=parent.pk)
        Execution.objects.filter(action=child).update(waits_for=None)
        claim = dispatch.lease(actor=WORKER, at=NOON, limit=1)[0]
        reject(parent, here)
        assert dispatch.dispatch(actor=WORKER, at=NOON, claim=claim) is None
        assert fresh(child).state == "approved"

    def test_asks_the_same_of_a_batch(self, here: World, fake: FakeConnector) -> None:
        parent = here.pending()
        made = [here.approved(parent=parent.pk), here.approved(parent=parent.pk), here.approved()]
        Execution.objects.update(waits_for=None)
        claims = dispatch.lease(actor=WORKER, at=NOON, limit=3)
        execution.carry_through_together(actor=WORKER, clock=lambda: NOON, claims=claims)
        assert states(made) == ["approved", "approved", "executed"]

    def test_passes_over_those_that_wait(self, here: World) -> None:
        parent = here.pending()
        for _ in range(3):
            here.approved(parent=parent.pk)
        assert not dispatch.is_due()
        assert dispatch.lease(actor=WORKER, at=NOON, limit=1) == []


class TestTheClock:
    def test_lets_those_start_that_the_parents_transaction_left(
        self, here: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(release, "AT_ONCE", 1)
        parent = here.pending()
        made = [here.approved(parent=parent.pk) for _ in range(3)]
        world.decide("approve", parent, here.junior)
        run()
        assert sorted(states(made)) == ["approved", "approved", "executed"]
        assert settle() == 2
        run()
        assert states(made) == ["executed"] * 3

    def test_lets_those_start_that_a_batch_of_parents_left(self, here: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(release, "AT_ONCE", 3)
        together = [here.approved(), here.approved()]
        for parent in together:
            for _ in range(2):
                here.approved(parent=parent.pk)
        claims = dispatch.lease(actor=WORKER, at=NOON, limit=2)
        execution.carry_through_together(actor=WORKER, clock=lambda: NOON, claims=claims)
        assert states(together) == ["executed", "executed"]
        assert Execution.objects.filter(waits_for__isnull=False).count() == 1
        assert (settle(), settle()) == (1, 0)

    @pytest.mark.parametrize("ended", ["rejected", "withdrawn", "expired", "failed"])
    def test_ends_children_whose_parent_had_no_effect(self, here: World, fake: FakeConnector, ended: str) -> None:
        parent = here.pending()
        made = [here.propose(parent=parent.pk), here.pending(parent=parent.pk), here.approved(parent=parent.pk)]
        ENDINGS[ended](parent, here, fake)
        assert fresh(parent).state == ended
        assert settle() == 3
        assert states(made) == ["withdrawn"] * 3
        assert not Execution.objects.filter(action__in=made).exclude(state="canceled").exists()
        assert sent(fake) == ([str(parent.pk)] if ended == "failed" else [])

    def test_says_why_by_the_name_of_the_parent(self, here: World) -> None:
        parent = here.pending()
        child = here.pending(parent=parent.pk)
        reject(parent, here)
        settle()
        entry = LedgerEntry.objects.get(action=child, event="action.parent_ended")
        assert str(parent.pk) in entry.data and '"rejected"' in entry.data
        newest = fresh(child).history.order_by("-history_id")[0]  # type: ignore[attr-defined]
        assert newest.history_change_reason == f"Not executed because its parent {parent.pk} was rejected"

    def test_takes_children_out_of_the_inbox(self, here: World) -> None:
        parent = here.pending()
        here.pending(parent=parent.pk)
        reject(parent, here)
        assert len(waiting.page(here.junior, after=None, size=9).rows) == 1
        settle()
        assert list(waiting.page(here.junior, after=None, size=9).rows) == []

    def test_ends_descendants_level_by_level(self, here: World) -> None:
        parent = here.pending()
        child = here.pending(parent=parent.pk)
        grandchild = here.approved(parent=child.pk)
        world.withdraw(here, parent)
        assert (settle(), settle(), settle()) == (1, 1, 0)
        assert states([child, grandchild]) == ["withdrawn", "withdrawn"]
        assert str(child.pk) in LedgerEntry.objects.get(action=grandchild, event="action.parent_ended").data

    def test_ends_as_many_at_once_as_it_may(self, here: World) -> None:
        parent = here.pending()
        made = [here.propose(parent=parent.pk) for _ in range(3)]
        world.withdraw(here, parent)
        assert (settle(limit=2), settle(limit=2)) == (2, 1)
        assert states(made) == ["withdrawn"] * 3

    def test_leaves_what_was_executed(self, here: World) -> None:
        parent = here.approved()
        child = here.approved(parent=parent.pk)
        run()
        run()
        assert settle() == 0 and events(child)[-1] == "execution.succeeded"
        with pytest.raises(WrongState):
            children.end_orphan(actor=CLOCK, at=NOON, action_id=child.pk)

    def test_leaves_an_action_without_a_parent(self, here: World) -> None:
        with pytest.raises(NotFound):
            children.end_orphan(actor=CLOCK, at=NOON, action_id=here.pending().pk)


def fail(parent: Action, here: World, fake: FakeConnector) -> None:
    fake.script.append((False, REFUSED))
    world.decide("approve", parent, here.junior)
    run()


def expire(parent: Action, here: World, fake: FakeConnector) -> None:
    ActionType.objects.update(valid_seconds=0)
    world.decide("approve", parent, here.junior)
    overdue.expire_due(actor=CLOCK, clock=lambda: NOON)


ENDINGS = {
    "rejected": lambda parent, here, fake: reject(parent, here),
    "withdrawn": lambda parent, here, fake: world.withdraw(here, parent),
    "expired": expire,
    "failed": fail,
}


class TestAnUndoneRejection:
    @pytest.mark.world(connector="fake", undo_seconds=60)
    def test_of_the_parent_leaves_its_children_as_they_were(self, here: World, fake: FakeConnector) -> None:
        parent = here.pending()
        made = [here.pending(parent=parent.pk), here.approved(parent=parent.pk)]
        reject(parent, here)
        assert settle() == 0 and run() == 0
        undo.undo(actor=Actor(Door.ADMIN, person=here.junior), at=NOON, action_id=parent.pk)
        assert settle() == 0
        assert states([parent, *made]) == ["pending", "pending", "approved"]

    @pytest.mark.world(connector="fake", undo_seconds=60)
    def test_can_still_come_so_children_can_be_granted(self, here: World) -> None:
        parent = here.pending()
        child = here.pending(parent=parent.pk)
        reject(parent, here)
        world.decide("approve", child, here.junior)
        assert waits_for(child) == parent.pk

    def test_can_come_no_more_so_children_cannot_be_granted(self, here: World) -> None:
        parent = here.pending()
        child = here.pending(parent=parent.pk)
        reject(parent, here)
        with pytest.raises(WrongState) as refusal:
            world.decide("approve", child, here.junior)
        # Who decides may not see the parent.
        told = f"{refusal.value.message} {refusal.value.details}"
        assert str(parent.pk) not in told and "rejected" not in told
        reject(child, here)
        assert fresh(child).state == "rejected"


class TestAnAgent:
    @pytest.fixture
    def redeeming(self, here: World) -> World:
        ActionType.objects.update(execution=ExecutionMode.AGENT, connector="")
        here.kind.refresh_from_db()
        return here

    def consume(self, here: World, action: Action) -> Execution:
        return agent.consume(actor=here.as_agent(), at=NOON, action_id=action.pk)

    def report(self, here: World, action: Action, *, succeeded: bool) -> None:
        agent.report_outcome(actor=here.as_agent(), at=NOON, action_id=action.pk, succeeded=succeeded)

    def test_redeems_a_child_after_it_reported_the_parent(self, redeeming: World) -> None:
        parent = redeeming.approved()
        child = redeeming.approved(parent=parent.pk)
        self.consume(redeeming, parent)
        with pytest.raises(NotApproved) as refusal:
            self.consume(redeeming, child)
        assert refusal.value.details["parent_state"] == "executing"
        self.report(redeeming, parent, succeeded=True)
        assert waits_for(child) is None
        assert self.consume(redeeming, child).state == "running"

    def test_redeems_a_child_that_the_clock_has_not_come_to(
        self, redeeming: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(release, "AT_ONCE", 0)
        parent = redeeming.approved()
        child = redeeming.approved(parent=parent.pk)
        self.consume(redeeming, parent)
        self.report(redeeming, parent, succeeded=True)
        assert waits_for(child) == parent.pk
        self.consume(redeeming, child)
        assert waits_for(child) is None

    def test_never_redeems_a_child_of_what_failed(self, redeeming: World) -> None:
        parent = redeeming.approved()
        child = redeeming.approved(parent=parent.pk)
        self.consume(redeeming, parent)
        self.report(redeeming, parent, succeeded=False)
        with pytest.raises(NotApproved):
            self.consume(redeeming, child)
        assert settle() == 1
        with pytest.raises(NotApproved):
            self.consume(redeeming, child)


class TestTheQuestions:
    def test_cost_an_action_without_a_parent_no_statement(self, here: World, django_assert_num_queries: object) -> None:
        action = here.pending()
        with django_assert_num_queries(0):  # type: ignore[operator]
            assert not parents.is_awaited(action) and not parents.has_failed(action)
