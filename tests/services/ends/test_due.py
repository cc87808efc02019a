"""Ends: an effect is taken away when its time has come, once, and by the decision that let it happen."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from approvals.connectors.base import CallResult, CallStatus, Recovery
from approvals.connectors.fake import FakeConnector
from approvals.models import ActionType, Agent, Delivery, Execution
from approvals.services import doorbell
from approvals.services.deadlines import overdue
from approvals.services.ends import due
from approvals.services.execution import recovery, resolve, run
from approvals.services.execution.attempts import MAX_LAPSES
from approvals.services.execution.results import ends as promised
from hitl_project import celery_app
from tests import world
from tests.services.ends.given import (
    WORKER,
    crash,
    end_due,
    end_now,
    ends,
    executed,
    is_live,
    let_end,
    recover,
    states,
    steps,
    tomorrow,
)
from tests.world import NOON, World, events

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.vendor_sensitive,
    pytest.mark.usefixtures("fake"),
    pytest.mark.world(connector="fake", undo_seconds=0, ends="optional"),
]


class TestAnEnd:
    def test_is_promised_when_the_effect_is_there(self, here: World, fake: FakeConnector) -> None:
        action = executed(here)
        end = ends(action)[0]
        assert (end.state, end.not_before, end.end_number) == ("ready", action.until, 1)
        assert is_live(action) and end_due() == 0 and len(fake.orders) == 1

    def test_is_sent_when_its_time_has_come_and_never_again(self, here: World, fake: FakeConnector) -> None:
        let_end(action := executed(here))
        assert (end_due(), end_due()) == (1, 0)
        sent, back = fake.orders
        assert (back.reverses, back.body, back.key) == (sent.key, sent.body, ends(action)[0].key)
        assert states(action) == ["succeeded"] and not is_live(action)
        assert world.fresh(action).state == "executed"

    def test_is_told_by_its_attempts_and_by_the_entries_of_its_action(self, here: World) -> None:
        let_end(action := executed(here))
        end_due()
        assert steps(action) == ["dispatching", "succeeded"]
        assert events(action)[-2:] == ["end.dispatched", "end.succeeded"]
        assert action.history.first().is_live is False

    def test_goes_where_the_effect_went_though_the_type_sends_elsewhere_by_now(
        self, here: World, fake: FakeConnector
    ) -> None:
        here.set_kind(target={"url": "https://old.example"})
        action = executed(here)
        here.set_kind(target={"url": "https://new.example"}, stakes="high", is_active=False)
        let_end(action)
        end_due()
        assert [order.target for order in fake.orders] == [{"url": "https://old.example"}] * 2

    def test_is_not_promised_for_what_failed_or_is_in_doubt(self, here: World, fake: FakeConnector) -> None:
        fake.class_ = Recovery.NEITHER
        fake.script.append((False, CallResult(CallStatus.REFUSED, error="No.")))
        fake.script.append((False, CallResult(CallStatus.UNKNOWN, error="Timed out.")))
        failed, uncertain = executed(here), executed(here)
        assert [failed.state, uncertain.state] == ["failed", "uncertain"]
        assert not ends(failed) and not ends(uncertain) and not is_live(failed)

    def test_is_promised_when_a_person_says_that_the_effect_is_there(self, here: World, fake: FakeConnector) -> None:
        fake.class_ = Recovery.NEITHER
        fake.script.append((True, CallResult(CallStatus.UNKNOWN, error="Timed out.")))
        action = executed(here)
        resolve.resolve(
            actor=world.Actor(world.Door.ADMIN, person=here.senior),
            at=NOON, action_id=action.pk, resolution="happened", rationale="Seen.",
        )  # fmt: skip
        assert states(action) == ["ready"] and is_live(action)

    def test_of_an_action_without_one_is_not_promised_but_it_is_in_effect(self, here: World) -> None:
        action = executed(here, until=None)
        assert not ends(action) and is_live(action)


class TestWhatIsNotBegunAfterItsEnd:
    def test_expires_while_it_waits_for_a_person(self, here: World) -> None:
        action = here.pending(until=tomorrow())
        world.tamper(
            "UPDATE approvals_action SET until = created_at - INTERVAL '1 day'"
            if world.connection.vendor == "postgresql"
            else "UPDATE approvals_action SET until = '2020-01-01'",
            [],
        )
        assert overdue.expire_due(actor=WORKER, clock=lambda: NOON) == 1
        assert world.fresh(action).state == "expired"

    def test_expires_while_it_waits_to_be_executed(self, here: World, fake: FakeConnector) -> None:
        action = here.approved(until=tomorrow())
        execution = Execution.objects.get(action=action)
        assert execution.expires_at == action.until
        world.tamper("UPDATE approvals_execution SET expires_at = created_at", [], "approvals_execution_fixed")
        run.run_ready(actor=WORKER, clock=lambda: NOON)
        assert world.fresh(action).state == "expired" and not fake.orders


class TestDoubt:
    @pytest.mark.parametrize(("class_", "state", "sent"), [
        (Recovery.DEDUPES, "succeeded", 1), (Recovery.ASKABLE, "running", 0), (Recovery.NEITHER, "uncertain", 0),
    ])  # fmt: skip
    def test_is_recovered_by_the_class_of_the_connector(
        self, here: World, fake: FakeConnector, class_: Recovery, state: str, sent: int
    ) -> None:
        fake.class_ = class_
        let_end(action := executed(here))
        crash()
        assert recover() == 1
        assert states(action) == [state] and len(fake.orders) == 1 + sent

    def test_that_nobody_can_settle_leaves_it_in_effect_and_is_told(self, here: World, fake: FakeConnector) -> None:
        fake.class_ = Recovery.NEITHER
        let_end(action := executed(here))
        crash()
        recover()
        assert is_live(action) and world.fresh(action).state == "executed"
        assert Delivery.objects.get(action=action, kind="end.doubted").person == here.junior

    @pytest.mark.parametrize(("resolution", "state", "live"), [
        ("happened", "succeeded", False), ("did_not_happen", "failed", True),
    ])  # fmt: skip
    def test_is_settled_by_a_person(
        self, here: World, fake: FakeConnector, resolution: str, state: str, live: bool
    ) -> None:
        fake.class_ = Recovery.NEITHER
        let_end(action := executed(here))
        crash()
        recover()
        resolve.resolve(
            actor=world.Actor(world.Door.ADMIN, person=here.senior),
            at=NOON, action_id=action.pk, resolution=resolution, rationale="I asked.",
        )  # fmt: skip
        assert (states(action), is_live(action)) == ([state], live)


class TestAFailure:
    def test_leaves_it_in_effect_is_told_and_can_be_tried_again(self, here: World, fake: FakeConnector) -> None:
        let_end(action := executed(here))
        fake.script.append((False, CallResult(CallStatus.REFUSED, error="No such user.")))
        end_due()
        assert (states(action), is_live(action)) == (["failed"], True)
        assert Delivery.objects.filter(action=action, kind="end.failed").count() == 1
        end_now(action, here.junior)
        end_due()
        assert (states(action), is_live(action)) == (["failed", "succeeded"], False)

    def test_of_a_connector_that_cannot_reverse_it_is_recorded(self, here: World, fake: FakeConnector) -> None:
        let_end(action := executed(here))
        fake.is_reversible = False
        end_due()
        assert ends(action)[0].error == "Not sent: the connector “fake” cannot reverse it."
        assert states(action) == ["failed"] and len(fake.orders) == 1

    @pytest.mark.parametrize("method", ["check_target", "reverse"])
    def test_of_a_connector_that_fails_when_it_is_asked_is_recorded(
        self, here: World, fake: FakeConnector, monkeypatch: pytest.MonkeyPatch, method: str
    ) -> None:
        let_end(action := executed(here))
        monkeypatch.setattr(fake, method, lambda _given: {}["none"])
        end_due()
        assert states(action) == ["failed"] and is_live(action) and len(fake.orders) == 1
        assert Delivery.objects.filter(action=action, kind="end.failed").count() == 1

    def test_to_be_taken_up_by_too_many_workers_is_given_up_and_told(self, here: World, fake: FakeConnector) -> None:
        let_end(action := executed(here))
        for _worker in range(MAX_LAPSES):
            assert due.lease(actor=WORKER, at=NOON) is not None
            Execution.objects.filter(action=action, state="ready").update(leased_until=NOON - timedelta(days=2))
        end_due()
        assert (states(action), is_live(action), len(fake.orders)) == (["failed"], True, 1)
        assert Delivery.objects.filter(action=action, kind="end.failed").count() == 1

    def test_of_a_payload_that_is_not_what_was_approved_sends_nothing(self, here: World, fake: FakeConnector) -> None:
        let_end(action := executed(here))
        world.tamper_body(action)
        end_due()
        assert "stored payload" in ends(action)[0].error and len(fake.orders) == 1

    def test_does_not_come_of_an_agent_or_type_that_is_inactive(self, here: World) -> None:
        let_end(action := executed(here))
        ActionType.objects.update(is_active=False)
        Agent.objects.update(is_active=False)
        end_due()
        assert states(action) == ["succeeded"]


class TestTheDatabase:
    def test_refuses_an_end_of_what_did_not_succeed(self, here: World, fake: FakeConnector) -> None:
        fake.script.append((False, CallResult(CallStatus.REFUSED, error="No.")))
        action = executed(here)
        forward = Execution.objects.get(action=action)
        with pytest.raises(IntegrityError, match="successful execution"), transaction.atomic():
            promised.schedule(action, forward, NOON, not_before=NOON, number=1)

    def test_refuses_a_second_end_that_may_have_an_effect(self, here: World) -> None:
        action = executed(here)
        forward = Execution.objects.get(action=action, end_number=0)
        with pytest.raises(IntegrityError), transaction.atomic():
            promised.schedule(action, forward, NOON, not_before=NOON, number=2)

    @pytest.mark.parametrize("changes", [{"target": {"url": "https://evil.example"}}, {"mode": "agent"}])
    def test_refuses_an_end_that_is_not_like_its_execution(self, here: World, changes: dict[str, object]) -> None:
        action = executed(here, until=None)
        forward = Execution.objects.get(action=action)
        for name, value in changes.items():
            setattr(forward, name, value)
        with pytest.raises(IntegrityError, match="successful execution"), transaction.atomic():
            promised.schedule(action, forward, NOON, not_before=NOON, number=1)

    def test_refuses_another_target_after_it_was_sent(self, here: World) -> None:
        action = executed(here)
        with pytest.raises(IntegrityError, match="target"), transaction.atomic():
            Execution.objects.filter(action=action).update(target={"url": "https://evil.example"})


def test_recovery_is_due_by_the_lease_alone(here: World) -> None:
    let_end(executed(here))
    assert due.lease(actor=WORKER, at=NOON) and due.lease(actor=WORKER, at=NOON) is None
    assert recovery.reclaim(actor=WORKER, at=NOON, limit=1) == []


def test_its_task_has_a_queue_of_its_own() -> None:
    assert celery_app.conf.task_routes[doorbell.END]["queue"] == "end"
