"""A restored backup sends nothing until told; what was sent before it is found out about and never sent again."""

from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from pytest_django import Settings

from approvals.actors import Actor, Door
from approvals.connectors.base import Recovery
from approvals.connectors.fake import FakeConnector
from approvals.errors import AlreadyConsumed, NotAllowed, RationaleMissing, Restoring, Unavailable, WrongState
from approvals.models import Action, Execution, LedgerEntry, LostDispatch, Person, Restore
from approvals.queries.safety import restores as questions
from approvals.services import processes
from approvals.services.execution import agent, children
from approvals.services.execution import run as execution
from approvals.services.safety import restores
from approvals.states import ExecutionMode
from tests import world
from tests.servers.recording import Answer, RecordingServer
from tests.services.safety.given import CLOCK, OPERATOR, WORKER, Taking, begun, go_on, state, work
from tests.world import NOON, World

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgresql_only,
    pytest.mark.world(connector="fake", undo_seconds=0),
    pytest.mark.usefixtures("patient"),
]


def consume(here: World, action: Action) -> Execution:
    return agent.consume(actor=here.as_agent(), at=NOON, action_id=action.pk)


def approve(here: World, action: Action) -> Action:
    world.decide("approve", world.fresh(action), here.junior)
    return action


class TestANotice:
    def test_finds_nothing_where_all_is_known(self, here: World) -> None:
        here.approved()
        work()
        assert not restores.notice(actor=WORKER, at=NOON)

    def test_finds_a_database_that_lacks_what_was_sent(self, here: World, back_up: Taking) -> None:
        action, restored = here.approved(), back_up()
        work()
        restored()
        assert restores.notice(actor=WORKER, at=NOON)
        assert [each.action_id for each in LostDispatch.objects.all()] == [action.pk]
        assert LedgerEntry.objects.filter(event="restore.noticed").count() == 1

    def test_is_the_same_restore_the_second_time(self, here: World, back_up: Taking) -> None:
        here.approved()
        restored = back_up()
        work()
        restored()
        assert restores.notice(actor=WORKER, at=NOON) and restores.notice(actor=WORKER, at=NOON)
        assert Restore.objects.count() == 1

    def test_finds_a_second_restore_of_the_same_backup(self, here: World, back_up: Taking) -> None:
        here.approved()
        restored = back_up()
        work()
        for _ in range(2):
            restored()
            assert restores.notice(actor=WORKER, at=NOON)
            go_on()
            assert not restores.notice(actor=WORKER, at=NOON)

    def test_finds_what_only_another_host_sent(
        self, here: World, back_up: Taking, settings: Settings, tmp_path: Path
    ) -> None:
        here.approved()
        restored, ours = back_up(), settings.HITL_LAST_KNOWN
        settings.HITL_LAST_KNOWN = str(begun(tmp_path / "other"))
        work()
        settings.HITL_LAST_KNOWN = ours
        restored()
        assert not restores.notice(actor=WORKER, at=NOON)
        settings.HITL_LAST_KNOWN = str(tmp_path / "other")
        assert restores.notice(actor=WORKER, at=NOON)
        settings.HITL_LAST_KNOWN = ours
        assert restores.notice(actor=WORKER, at=NOON)


class TestARestoredBackup:
    def test_sends_nothing_until_told(self, here: World, fake: FakeConnector, back_up: Taking) -> None:
        sent, restored = here.approved(), back_up()
        work()
        restored()
        # This was not sent before, and waits all the same.
        other = here.approved()
        fake.orders.clear()
        work()
        assert (fake.orders, state(sent), state(other)) == ([], "executing", "approved")
        go_on()
        work()
        assert [order.action for order in fake.orders if order.attempt == 1] == [str(other.pk)]

    def test_leaves_to_a_person_what_cannot_be_asked_about(
        self, here: World, fake: FakeConnector, back_up: Taking
    ) -> None:
        fake.class_ = Recovery.NEITHER
        action, restored = here.approved(), back_up()
        work()
        restored()
        work()
        go_on()
        work()
        assert (state(action), sum(fake.effects.values())) == ("uncertain", 1)
        assert world.events(action)[-2:] == ["execution.readmitted", "execution.doubted"]

    def test_records_what_a_lookup_finds(self, here: World, fake: FakeConnector, back_up: Taking) -> None:
        fake.class_ = Recovery.ASKABLE
        action, restored = here.approved(), back_up()
        work()
        restored()
        work()
        assert (state(action), questions.is_on(), len(fake.orders)) == ("executed", True, 1)

    def test_repeats_what_is_recognized_only_after_it(self, here: World, fake: FakeConnector, back_up: Taking) -> None:
        action, restored = here.approved(), back_up()
        work()
        restored()
        work()
        assert (state(action), len(fake.orders)) == ("executing", 1)
        go_on()
        work()
        assert (state(action), len(fake.orders), sum(fake.effects.values())) == ("executed", 2, 1)

    def test_does_not_send_again_what_is_approved_again(
        self, here: World, fake: FakeConnector, back_up: Taking
    ) -> None:
        fake.class_ = Recovery.NEITHER
        action, restored = here.pending(), back_up()
        approve(here, action)
        work()
        restored()
        work()
        go_on()
        approve(here, action)
        work()
        assert (state(action), sum(fake.effects.values())) == ("uncertain", 1)

    def test_does_not_repeat_it_as_another_revision(self, here: World, fake: FakeConnector, back_up: Taking) -> None:
        action, restored = here.pending(), back_up()
        approve(here, action)
        work()
        restored()
        work()
        go_on()
        changed = action.revision.payload | {"amount": 701.0}
        world.decide("modify", world.fresh(action), here.junior, payload=changed, rationale="corrected")
        work()
        assert (state(action), sum(fake.effects.values())) == ("uncertain", 1)

    def test_recognizes_what_its_agent_proposes_again(self, here: World, fake: FakeConnector, back_up: Taking) -> None:
        restored = back_up()
        approve(here, here.pending(idempotency_key="mail-1"))
        work()
        restored()
        work()
        go_on()
        again = approve(here, here.pending(idempotency_key="mail-1"))
        work()
        assert (state(again), sum(fake.effects.values())) == ("uncertain", 1)

    def test_lets_no_approval_be_redeemed(self, here: World, back_up: Taking) -> None:
        here.set_kind(execution=ExecutionMode.AGENT, connector="")
        redeemed, restored = here.approved(), back_up()
        consume(here, redeemed)
        restored()
        other = here.approved()
        with pytest.raises(Restoring):
            consume(here, other)
        with pytest.raises(AlreadyConsumed):
            consume(here, redeemed)
        assert state(redeemed) == "executing"

    def test_is_asked_about_whole_where_no_file_reaches_back(
        self, here: World, fake: FakeConnector, back_up: Taking, settings: Settings, tmp_path: Path
    ) -> None:
        fake.class_ = Recovery.NEITHER
        action, restored = here.approved(), back_up()
        work()
        settings.HITL_LAST_KNOWN = str(tmp_path / "lost")
        restored()
        restores.announce(actor=OPERATOR, at=NOON)
        work()
        assert (state(action), sum(fake.effects.values())) == ("uncertain", 1)


class TestAChild:
    def test_that_may_have_been_sent_does_not_wait_for_its_parent(
        self, here: World, fake: FakeConnector, back_up: Taking
    ) -> None:
        parent = here.approved()
        child, restored = here.approved(parent=parent.pk), back_up()
        work()
        assert [state(parent), state(child)] == ["executed", "executed"]
        restored()
        assert [state(parent), state(child)] == ["approved", "approved"]
        execution.run_ready(actor=WORKER, clock=CLOCK)
        assert [state(parent), state(child)] == ["executing", "executing"] and len(fake.orders) == 2

    def test_that_may_have_been_redeemed_is_not_said_to_have_never_run(self, here: World, back_up: Taking) -> None:
        here.set_kind(execution=ExecutionMode.AGENT, connector="")
        parent = here.approved()
        child, restored = here.approved(parent=parent.pk), back_up()
        consume(here, parent)
        agent.report_outcome(actor=here.as_agent(), at=NOON, action_id=parent.pk, succeeded=True)
        consume(here, child)
        restored()
        work()
        go_on()
        world.withdraw(here, parent)
        children.settle_due(actor=WORKER, clock=CLOCK)
        assert [state(parent), state(child)] == ["withdrawn", "executing"]


class TestAHundredMails:
    @pytest.mark.world(connector="email", undo_seconds=0, target={"subject": "headline", "body": "words"})
    def test_are_sent_once_each_and_the_doubtful_are_listed(self, here: World, back_up: Taking) -> None:
        mails = [
            here.pending(to=f"customer{number}@example.com", headline=f"Mail {number}", words="Dear customer")
            for number in range(100)
        ]
        ready, later = mails[:50], mails[50:]
        for action in ready:
            approve(here, action)
        restored = back_up()
        for action in later:
            approve(here, action)
        # The worker is killed on its way.
        execution.run_ready(actor=WORKER, clock=CLOCK, limit=70)
        before = {message.subject for message in mail.outbox}
        restored()
        work()
        assert len(mail.outbox) == len(before) == 70
        go_on()
        for action in mails:
            if state(action) == "pending":
                approve(here, action)
        work()
        subjects = [message.subject for message in mail.outbox]
        assert sorted(subjects) == sorted({f"Mail {number}" for number in range(100)})
        uncertain = Action.objects.filter(state="uncertain")
        assert {each.revision.payload["headline"] for each in uncertain} == before


@pytest.mark.world(connector="http", undo_seconds=0)
class TestARealServer:
    @pytest.fixture(autouse=True)
    def askable(self, here: World, live_http_server: RecordingServer, settings: Settings) -> None:
        """Actions go to a server that can be asked."""
        settings.HITL_OUTBOUND_LOOPBACK = [f"127.0.0.1:{live_http_server.port}"]
        url = live_http_server.url
        here.set_kind(target={"url": f"{url}/post", "lookup": f"{url}/effects/{{key}}"})

    def test_is_asked_what_it_did(self, here: World, live_http_server: RecordingServer, back_up: Taking) -> None:
        action, restored = here.approved(), back_up()
        work()
        restored()
        work()
        assert (state(action), sum(live_http_server.effects.values())) == ("executed", 1)

    def test_gets_what_it_did_not_do_once_told(
        self, here: World, live_http_server: RecordingServer, back_up: Taking, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        live_http_server.script(Answer.CLOSED)
        action, restored = here.approved(), back_up()
        execution.run_ready(actor=WORKER, clock=CLOCK)
        restored()
        # The worker that sent it was killed.
        monkeypatch.setattr(processes, "is_gone", lambda _name: True)
        work()
        assert sum(live_http_server.effects.values()) == 0
        go_on()
        work()
        assert (state(action), sum(live_http_server.effects.values())) == ("executed", 1)


class TestGoingOn:
    def test_needs_a_reason(self, here: World) -> None:
        restores.announce(actor=OPERATOR, at=NOON)
        with pytest.raises(RationaleMissing):
            restores.resume(actor=OPERATOR, at=NOON, reason=" ")
        assert questions.is_on()

    def test_is_refused_where_there_is_nothing_to_go_on_after(self, here: World) -> None:
        with pytest.raises(WrongState):
            go_on()

    def test_is_for_whoever_may_lift_halts(self, here: World) -> None:
        restores.announce(actor=OPERATOR, at=NOON)
        with pytest.raises(NotAllowed):
            restores.resume(actor=Actor(Door.ADMIN, person=here.senior), at=NOON, reason="compared")
        here.senior.user_permissions.add(Permission.objects.get(codename="change_halt"))
        senior = Person.objects.get(pk=here.senior.pk)
        restores.resume(actor=Actor(Door.ADMIN, person=senior), at=NOON, reason="compared")
        assert not questions.is_on()
        assert LedgerEntry.objects.get(event="restore.ended").actor == f"person:{senior.pk}"


class TestAFileThatCannotBeWritten:
    def test_keeps_everything_from_being_sent(
        self, here: World, fake: FakeConnector, settings: Settings, tmp_path: Path
    ) -> None:
        settings.HITL_LAST_KNOWN = str(tmp_path / "gone" / "last-known")
        action = here.approved()
        work()
        assert (fake.orders, state(action)) == ([], "approved")

    def test_keeps_approvals_from_being_redeemed(self, here: World, settings: Settings, tmp_path: Path) -> None:
        here.set_kind(execution=ExecutionMode.AGENT, connector="")
        settings.HITL_LAST_KNOWN = str(tmp_path / "gone" / "last-known")
        action = here.approved()
        with pytest.raises(Unavailable):
            consume(here, action)
        assert state(action) == "approved"
