"""Carrying out: what was decided runs once, exactly; what is no longer so does not run; doubt is left to people."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from approvals.actors import Actor, Door, system
from approvals.connectors.base import CallResult, CallStatus, Order, Recovery
from approvals.connectors.fake import FakeConnector
from approvals.errors import (
    TooLate,
    WrongState,
)
from approvals.models import Action, ActionType, Agent, Attempt, Delivery, Execution, LedgerEntry
from approvals.services import pace
from approvals.services.decisions import undo
from approvals.services.execution import agent, dispatch, recovery, staleness
from approvals.services.execution import run as execution
from approvals.services.execution.attempts import LockedExecution
from approvals.states import ExecutionMode
from tests import purity, world
from tests.world import NOON, World, events

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.vendor_sensitive,
    pytest.mark.usefixtures("fake"),
    pytest.mark.world(connector="fake", undo_seconds=0),
]
WORKER = system(Door.CELERY)


def noon() -> datetime:
    return NOON


def run() -> int:
    return execution.run_ready(actor=WORKER, clock=noon)


def recover() -> int:
    return execution.recover(actor=WORKER, clock=noon)


def steps(action: Action) -> list[tuple[int, str]]:
    return list(Attempt.objects.filter(execution__action=action).order_by("id").values_list("number", "step"))


def ready(action: Action) -> Execution:
    return Execution.objects.get(action=action, round=action.round)


def crash(action: Action) -> None:
    """A worker that committed its intent and was never heard of again."""
    claims = dispatch.lease(actor=WORKER, at=NOON, limit=1)
    assert dispatch.dispatch(actor=WORKER, at=NOON, claim=claims[0])


ANSWERS = {
    "executed": (CallResult(CallStatus.DONE), "succeeded"),
    "failed": (CallResult(CallStatus.REFUSED, None, "No such account."), "failed"),
    "uncertain": (CallResult(CallStatus.UNKNOWN, None, "Timed out."), "uncertain"),
}


class TestWhatBecameOfIt:
    """An execution has no history: its attempts and the entries of its action tell the same."""

    @pytest.mark.parametrize("state", ANSWERS)
    def test_is_told_by_its_attempts_and_by_the_entries_of_its_action(
        self, here: World, fake: FakeConnector, state: str
    ) -> None:
        fake.class_ = Recovery.NEITHER
        answer, step = ANSWERS[state]
        fake.script.append((False, answer))
        action = here.approved()
        run()
        moves = LedgerEntry.objects.filter(action=action).exclude(state_to="").order_by("id")
        told = list(moves.values_list("state_to", "actor"))
        assert told[-2:] == [("executing", "system:celery"), (state, "system:celery")]
        assert steps(action) == [(1, "dispatching"), (1, step)]
        assert [row.state for row in world.fresh(action).history.order_by("history_id")][-2:] == ["executing", state]


class TestRunReady:
    def test_carries_out_exactly_what_was_approved(self, here: World, fake: FakeConnector) -> None:
        action = here.approved()
        assert run() == 1
        order = fake.orders[0]
        assert (order.body, order.key) == (action.revision.body, ready(action).key)
        action = world.fresh(action)
        assert (action.state, action.executed_at, ready(action).result) == ("executed", NOON, {"fake": order.key})

    def test_carries_out_what_a_reviewer_made_of_it(self, here: World, fake: FakeConnector) -> None:
        action = here.pending()
        world.decide("modify", action, here.junior, payload=action.revision.payload | {"amount": 700.5})
        run()
        assert [order.payload["amount"] for order in fake.orders] == [700.5]

    def test_leaves_each_step_in_ledger_and_history(self, here: World) -> None:
        action = here.approved()
        run()
        assert events(action)[-2:] == ["execution.dispatched", "execution.succeeded"]
        assert [row.state for row in action.history.all()[:3]] == ["executed", "executing", "approved"]
        assert {row.door for row in action.history.all()[:2]} == {"celery"}
        assert steps(action) == [(1, "dispatching"), (1, "succeeded")]

    def test_does_it_once(self, here: World, fake: FakeConnector) -> None:
        here.approved()
        assert [run(), run(), recover()] == [1, 0, 0]
        assert list(fake.effects.values()) == [1]

    def test_drains_many_rows(self, here: World, fake: FakeConnector) -> None:
        for _ in range(20):
            here.auto()
        assert execution.run_ready(actor=WORKER, clock=noon, limit=15) == 15
        assert (run(), len(fake.effects)) == (5, 20)

    def test_lets_no_fault_in_one_keep_the_others_waiting(
        self, here: World, fake: FakeConnector, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        broken, sound = here.approved(), here.approved()
        order_of = dispatch.order_of

        def faulty(held: LockedExecution) -> Order:
            if held.action.pk == broken.pk:
                raise KeyError("url")
            return order_of(held)

        with monkeypatch.context() as patch:
            patch.setattr(dispatch, "order_of", faulty)
            assert (run(), len(fake.orders)) == (2, 1)
        assert (world.fresh(broken).state, world.fresh(sound).state) == ("approved", "executed")

    def test_waits_until_the_undo_window_is_over(self, here: World, fake: FakeConnector) -> None:
        ActionType.objects.update(undo_seconds=None)
        here.approved()
        assert (run(), fake.orders) == (0, [])

    def test_gives_claims_back_when_asked_to_stop(self, here: World, fake: FakeConnector) -> None:
        for _ in range(3):
            here.auto()
        pace.forget()
        done = execution.run_ready(actor=WORKER, clock=noon, is_stopping=lambda: len(fake.orders) == 1)
        assert (done, run()) == (1, 2)

    def test_leaves_what_an_agent_carries_out(self, here: World) -> None:
        ActionType.objects.update(execution=ExecutionMode.AGENT, connector="")
        here.approved()
        assert run() == 0


CHANGES: dict[str, Callable[[Action], Any]] = {
    "the stored payload": world.tamper_body,
    "the digest": lambda action: world.tamper_execution("digest", "0" * 64),
    "the target": lambda action: ActionType.objects.update(target={"url": "https://elsewhere.example"}),
    "the connector": lambda action: ActionType.objects.update(connector="journal"),
    "the form": lambda action: ActionType.objects.update(version=2),
    "the type's use": lambda action: ActionType.objects.update(is_active=False),
    "the agent's use": lambda action: Agent.objects.update(is_active=False),
    "the connector's being": lambda action: world.tamper_execution("connector", "gone"),
}


class TestWhatChangedAfterTheApproval:
    @pytest.mark.parametrize("what", CHANGES)
    def test_is_not_carried_out_and_goes_back_to_people(self, here: World, fake: FakeConnector, what: str) -> None:
        action = here.approved()
        CHANGES[what](action)
        run()
        action = world.fresh(action)
        assert (action.state, action.round, fake.orders) == ("pending", 2, [])
        refused = LedgerEntry.objects.get(action=action, event="execution.refused")
        assert '"why"' in refused.body and refused.state_to == "pending"
        assert Execution.objects.get(action=action).state == "canceled"
        assert action.history.first().state == "pending"

    def test_is_approved_anew_in_a_round_of_its_own(self, here: World, fake: FakeConnector) -> None:
        action = here.approved()
        ActionType.objects.update(target={"path": "new"})
        run()
        action = world.fresh(action)
        world.decide("approve", action, here.junior)
        run()
        assert (world.fresh(action).state, len(fake.orders)) == ("executed", 1)
        assert Execution.objects.filter(action=action).values("key").distinct().count() == 2

    def test_is_told_to_whoever_is_responsible(self, here: World) -> None:
        action = here.approved()
        ActionType.objects.update(target={"path": "new"})
        run()
        assert set(Delivery.objects.filter(action=action, round=2).values_list("kind", flat=True)) == {
            "execution.refused"
        }

    def test_is_ruled_again_when_policy_changed(self, here: World, fake: FakeConnector) -> None:
        action = here.auto()
        world.publish(world.POLICY.replace('"250.00"', '"5.00"'), "invoices", here.owner, here.senior)
        run()
        action = world.fresh(action)
        assert (action.state, fake.orders) == ("pending", [])
        assert action.evaluation is not None and action.evaluation.policy.endswith("v2")

    def test_is_asked_about_without_writing(self, here: World, monkeypatch: pytest.MonkeyPatch) -> None:
        here.auto()
        world.publish(world.POLICY.replace('"250.00"', '"5.00"'), "invoices", here.owner, here.senior)
        answers = purity.watch(monkeypatch, staleness, "stricter")
        run()
        (found,) = answers
        assert isinstance(found, staleness.StricterEvaluation) and found.tier == 1

    def test_runs_when_the_new_policy_asks_no_more(self, here: World, fake: FakeConnector) -> None:
        action = here.approved()
        world.publish(world.POLICY.replace('"5000.00"', '"6000.00"'), "invoices", here.owner, here.senior)
        run()
        assert world.fresh(action).state == "executed"

    def test_expires_when_it_was_valid_for_too_short(self, here: World, fake: FakeConnector) -> None:
        ActionType.objects.update(valid_seconds=0)
        action = here.approved()
        run()
        action = world.fresh(action)
        assert (action.state, fake.orders) == ("expired", [])
        assert events(action)[-1] == "action.expired"

    def test_is_not_carried_out_once_undone(self, here: World, fake: FakeConnector) -> None:
        action = here.approved()
        undo.undo(actor=Actor(Door.ADMIN, person=here.senior), at=NOON, action_id=action.pk, rationale="No.")
        assert (run(), fake.orders) == (0, [])

    def test_cannot_be_undone_after_dispatch(self, here: World) -> None:
        action = here.approved()
        crash(action)
        with pytest.raises((TooLate, WrongState)):
            undo.undo(actor=Actor(Door.ADMIN, person=here.senior), at=NOON, action_id=action.pk)


class TestAnAnswer:
    @pytest.mark.parametrize("class_", list(Recovery))
    def test_that_is_a_clear_no_is_a_failure(self, here: World, fake: FakeConnector, class_: Recovery) -> None:
        fake.class_ = class_
        fake.script.append((False, CallResult(CallStatus.REFUSED, {"status": 422}, "No such account.")))
        action = here.approved()
        run()
        assert (world.fresh(action).state, ready(action).error) == ("failed", "No such account.")

    def test_that_never_came_is_in_doubt_where_nothing_can_be_found_out(self, here: World, fake: FakeConnector) -> None:
        fake.class_ = Recovery.NEITHER
        fake.script.append((True, CallResult(CallStatus.UNKNOWN, None, "Timed out.")))
        action = here.approved()
        run()
        assert (world.fresh(action).state, events(action)[-1]) == ("uncertain", "execution.doubted")
        assert (run(), recover(), len(fake.orders)) == (0, 0, 1)

    def test_that_is_an_error_of_the_connector_is_no_answer(self, here: World, fake: FakeConnector) -> None:
        fake.class_ = Recovery.NEITHER
        fake.script.append(ZeroDivisionError("a fault of ours"))
        action = here.approved()
        run()
        assert world.fresh(action).state == "uncertain"

    @pytest.mark.parametrize("result", [float("nan"), "a\x00b", "\ud800", {1: 2}, object()])
    def test_that_no_database_takes_is_kept_as_text(self, here: World, fake: FakeConnector, result: object) -> None:
        fake.script.append((True, CallResult(CallStatus.DONE, result, "and a\x00b")))
        action = here.approved()
        run()
        assert world.fresh(action).state == "executed"
        assert set(ready(action).result) == {"text"}

    @pytest.mark.usefixtures("no_waiting")
    def test_that_comes_after_the_lease_is_only_noted(self, here: World, fake: FakeConnector) -> None:
        action = here.approved()
        claim = dispatch.lease(actor=WORKER, at=NOON, limit=1)[0]
        todo = dispatch.dispatch(actor=WORKER, at=NOON, claim=claim)
        assert todo is not None
        recover()
        execution.keep(actor=WORKER, clock=noon, todo=todo, outcome=execution.carry_out(todo=todo))
        assert (world.fresh(action).state, list(fake.effects.values())) == ("executed", [1])
        assert steps(action)[-1] == (2, "late")
        assert events(action)[-1] == "execution.answered_late"


@pytest.mark.usefixtures("no_waiting")
class TestRecover:
    def test_sends_again_under_the_same_key_where_that_is_recognized(self, here: World, fake: FakeConnector) -> None:
        fake.script.append((True, CallResult(CallStatus.UNKNOWN, None, "Timed out.")))
        action = here.approved()
        run()
        assert world.fresh(action).state == "executing"
        recover()
        assert (world.fresh(action).state, list(fake.effects.values())) == ("executed", [1])
        assert {order.key for order in fake.orders} == {ready(action).key}
        assert [order.attempt for order in fake.orders] == [1, 2]

    def test_looks_up_what_can_be_asked_and_sends_nothing(self, here: World, fake: FakeConnector) -> None:
        fake.class_ = Recovery.ASKABLE
        fake.script.append((True, CallResult(CallStatus.UNKNOWN)))
        action = here.approved()
        run()
        recover()
        assert (world.fresh(action).state, len(fake.orders)) == ("executed", 1)

    def test_sends_again_what_was_not_done_and_whose_sender_came_back(self, here: World, fake: FakeConnector) -> None:
        fake.class_ = Recovery.ASKABLE
        fake.script.append((False, CallResult(CallStatus.UNKNOWN)))
        action = here.approved()
        run()
        recover()
        assert (world.fresh(action).state, list(fake.effects.values())) == ("executed", [1])
        assert steps(action) == [
            (1, "dispatching"), (1, "uncertain"), (1, "failed"), (2, "dispatching"), (2, "succeeded"),
        ]  # fmt: skip

    def test_never_sends_again_while_the_sender_may_still_live(self, here: World, fake: FakeConnector) -> None:
        fake.class_ = Recovery.ASKABLE
        action = here.approved()
        crash(action)  # by this very process, which is alive
        for _ in range(recovery.MAX_ATTEMPTS + 1):
            execution.recover(actor=WORKER, clock=noon, limit=1)
        assert (world.fresh(action).state, fake.orders) == ("uncertain", [])

    def test_leaves_to_a_person_what_can_be_neither_repeated_nor_asked(self, here: World, fake: FakeConnector) -> None:
        fake.class_ = Recovery.NEITHER
        action = here.approved()
        crash(action)
        recover()
        assert (world.fresh(action).state, fake.orders) == ("uncertain", [])

    @pytest.mark.parametrize("class_", list(Recovery))
    def test_tries_again_what_was_never_sent(self, here: World, fake: FakeConnector, class_: Recovery) -> None:
        fake.class_ = class_
        fake.script.append((False, CallResult(CallStatus.NOT_DONE, None, "Connection refused.")))
        action = here.approved()
        run()
        recover()
        assert (world.fresh(action).state, list(fake.effects.values())) == ("executed", [1])

    def test_fails_what_was_never_sent_often_enough(self, here: World, fake: FakeConnector) -> None:
        fake.script.extend([(False, CallResult(CallStatus.NOT_DONE, None, "Connection refused."))] * 20)
        action = here.approved()
        run()
        recover()
        assert (world.fresh(action).state, len(fake.orders)) == ("failed", recovery.MAX_ATTEMPTS)

    def test_leaves_a_refusal_after_doubt_to_a_person(self, here: World, fake: FakeConnector) -> None:
        fake.script.extend(
            [(True, CallResult(CallStatus.UNKNOWN)), (False, CallResult(CallStatus.REFUSED, None, "Unauthorized."))]
        )
        action = here.approved()
        run()
        recover()
        assert world.fresh(action).state == "uncertain"

    def test_sends_nothing_again_once_the_target_changed(self, here: World, fake: FakeConnector) -> None:
        action = here.approved()
        crash(action)
        ActionType.objects.update(target={"path": "new"})
        recover()
        assert (world.fresh(action).state, fake.orders) == ("uncertain", [])

    def test_lets_no_fault_in_one_keep_the_others_waiting(
        self, here: World, fake: FakeConnector, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        broken, sound = here.approved(), here.approved()
        crash(broken)
        crash(sound)
        recovery_of = dispatch.recovery_of

        def faulty(held: LockedExecution) -> Recovery:
            if held.action.pk == broken.pk:
                raise KeyError("url")
            return recovery_of(held)

        monkeypatch.setattr(dispatch, "recovery_of", faulty)
        assert execution.recover(actor=WORKER, clock=noon, limit=2) == 2
        assert (world.fresh(broken).state, world.fresh(sound).state) == ("executing", "executed")

    def test_leaves_to_a_person_what_an_agent_never_reported(self, here: World) -> None:
        ActionType.objects.update(execution=ExecutionMode.AGENT, connector="")
        action = here.approved()
        agent.consume(actor=here.as_agent(), at=NOON, action_id=action.pk)
        assert recover() == 0
        Execution.objects.update(leased_until=NOON - timedelta(days=1))
        recover()
        assert world.fresh(action).state == "uncertain"


class TestTheDatabase:
    def test_keeps_one_execution_per_revision_and_round(self, here: World) -> None:
        one = ready(here.approved())
        with pytest.raises(IntegrityError), transaction.atomic():
            Execution.objects.create(
                action=one.action, agent=one.agent, revision=one.revision, round=1, digest=one.digest, key="k",
                mode=one.mode,
                target_digest="t", not_before=NOON, expires_at=NOON, created_at=NOON,
            )  # fmt: skip
