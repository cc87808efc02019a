"""Asking to cancel an action while it is executed: no further attempt is begun, and what happened is never denied."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core import mail
from django.db import DatabaseError

from approvals.actors import Actor, Door
from approvals.connectors.base import CallResult, CallStatus, Recovery
from approvals.connectors.fake import FakeConnector
from approvals.errors import NotFound, NotYourDesk, ScopeMissing, WrongState
from approvals.models import Action, Delivery, Execution, LedgerEntry, Person, StopRequest
from approvals.services.decisions import undo
from approvals.services.ends import cancel
from approvals.services.execution import agent, dispatch, recovery, resolve
from approvals.services.execution.attempts import Lease
from approvals.services.intake import propose
from approvals.services.notifications import queue
from policies import db
from tests import world
from tests.services.ends.given import WORKER, end_due, end_now, is_live, recover, run_ready
from tests.world import NOON, World, events

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.vendor_sensitive,
    pytest.mark.usefixtures("fake"),
    pytest.mark.world(connector="fake", undo_seconds=0, ends="optional"),
]
SILENCE = CallResult(CallStatus.UNKNOWN, error="Timed out.")
NOT_NOW = CallResult(CallStatus.NOT_DONE, error="Not now.")


def person(who: Person) -> Actor:
    return Actor(Door.ADMIN, person=who)


def ask(action: Action, who: Person, why: str = "") -> Action:
    return cancel.ask(actor=person(who), at=NOON, action_id=action.pk, rationale=why)


def sent(here: World) -> tuple[Action, Lease]:
    """An action whose attempt is under way, and the claim of its worker."""
    action = here.approved()
    claim = dispatch.lease(actor=WORKER, at=NOON, limit=1)[0]
    assert dispatch.dispatch(actor=WORKER, at=NOON, claim=claim)
    return world.fresh(action), claim


def answer(claim: Lease, outcome: CallResult) -> None:
    dispatch.conclude(actor=WORKER, at=NOON, claim=claim, outcome=outcome)


def lapse() -> None:
    """Let the lease of what is running be over, as if its worker had died."""
    Execution.objects.filter(state="running").update(leased_until=NOON - timedelta(days=2))


def state(action: Action) -> str:
    return str(world.fresh(action).state)


def error(action: Action) -> str:
    return str(Execution.objects.get(action=action, end_number=0).error)


class TestAnAttemptThatIsUnderWay:
    def test_goes_on_and_is_executed_if_it_was_done(self, here: World) -> None:
        action, claim = sent(here)
        assert ask(action, here.junior).state == "executing"
        answer(claim, CallResult(CallStatus.DONE))
        assert state(action) == "executed" and is_live(action)

    def test_can_be_ended_once_it_was_executed(self, here: World) -> None:
        action, claim = sent(here)
        ask(action, here.junior)
        answer(claim, CallResult(CallStatus.DONE))
        end_now(action, here.junior)
        end_due()
        assert not is_live(action)

    def test_that_was_not_done_is_not_repeated(self, here: World) -> None:
        action, claim = sent(here)
        ask(action, here.junior)
        answer(claim, NOT_NOW)
        assert (state(action), error(action)) == ("failed", "Not now. Cancellation requested by junior.")
        assert events(action)[-1] == "execution.canceled"

    def test_that_was_refused_failed_because_of_that(self, here: World) -> None:
        action, claim = sent(here)
        ask(action, here.junior)
        answer(claim, CallResult(CallStatus.REFUSED, error="No."))
        assert (state(action), error(action)) == ("failed", "No.")


@pytest.mark.parametrize("is_heard", [True, False])
class TestAnAttemptThatNobodyKnowsOf:
    """Its answer was that nobody knows, or its worker never came back."""

    def leave(self, claim: Lease, is_heard: bool) -> None:
        if is_heard:
            answer(claim, SILENCE)
        lapse()

    @pytest.mark.parametrize(("class_", "found"), [
        (Recovery.NEITHER, CallStatus.DONE), (Recovery.DEDUPES, CallStatus.UNKNOWN),
        (Recovery.DEDUPES, CallStatus.NOT_DONE),
    ])  # fmt: skip
    def test_is_uncertain_where_no_answer_can_be_believed(
        self, here: World, fake: FakeConnector, class_: Recovery, found: CallStatus, is_heard: bool
    ) -> None:
        fake.class_ = class_
        fake.looks.extend([CallResult(found)] * (recovery.CANCELED_LOOKS + 1))
        action, claim = sent(here)
        ask(action, here.junior)
        self.leave(claim, is_heard)
        for _ in range(recovery.CANCELED_LOOKS + 1):
            recover()
            lapse()
        assert state(action) == "uncertain" and "Cancellation requested by junior." in error(action)
        assert fake.orders == []

    @pytest.mark.parametrize(("class_", "found", "expected"), [
        (Recovery.ASKABLE, CallStatus.DONE, "executed"), (Recovery.ASKABLE, CallStatus.NOT_DONE, "failed"),
        (Recovery.DEDUPES, CallStatus.DONE, "executed"),
    ])  # fmt: skip
    def test_is_asked_about_where_that_is_possible(
        self,
        here: World,
        fake: FakeConnector,
        monkeypatch: pytest.MonkeyPatch,
        class_: Recovery,
        found: CallStatus,
        expected: str,
        is_heard: bool,
    ) -> None:
        fake.class_ = class_
        action, claim = sent(here)
        ask(action, here.junior)
        self.leave(claim, is_heard)
        fake.looks.append(CallResult(found))
        monkeypatch.setattr("approvals.services.processes.is_gone", lambda _name: True)
        recover()
        assert (state(action), fake.orders) == (expected, [])
        assert is_live(action) is (expected == "executed")

    def test_is_asked_about_again_while_it_may_be_on_its_way(
        self, here: World, fake: FakeConnector, is_heard: bool
    ) -> None:
        fake.class_ = Recovery.DEDUPES
        action, claim = sent(here)
        ask(action, here.junior)
        self.leave(claim, is_heard)
        fake.looks.append(CallResult(CallStatus.NOT_DONE))
        recover()
        assert state(action) == "executing"
        lapse()
        fake.looks.append(CallResult(CallStatus.DONE))
        recover()
        assert (state(action), fake.orders) == ("executed", [])


class TestBetweenAttempts:
    def test_ends_what_would_be_tried_again(self, here: World, fake: FakeConnector) -> None:
        fake.script.append((False, NOT_NOW))
        action = here.approved()
        run_ready()
        assert state(action) == "executing"
        assert ask(action, here.junior, "A mistake.").state == "failed"
        lapse()
        assert (recover(), len(fake.orders)) == (0, 1)

    def test_leaves_nothing_to_send_for_who_took_it_up(self, here: World, fake: FakeConnector) -> None:
        action, claim = sent(here)
        answer(claim, NOT_NOW)
        lapse()
        ask(action, here.junior)
        assert (recover(), state(action), fake.orders) == (0, "failed", [])


class TestTheRecord:
    def test_says_who_asked_when_and_why(self, here: World) -> None:
        action, _claim = sent(here)
        ask(action, here.junior, "A mistake.")
        request = StopRequest.objects.get()
        assert (request.person, request.at, request.reason, request.door) == (here.junior, NOON, "A mistake.", "admin")
        entry = LedgerEntry.objects.get(event="cancel.asked")
        assert entry == request.entry and "mistake" not in entry.data
        assert Execution.objects.get(action=action).cancel_asked_at == NOON

    def test_holds_one_request_however_often_it_is_asked(self, here: World) -> None:
        action, _claim = sent(here)
        for who in (here.junior, here.junior, here.senior):
            ask(action, who)
        assert StopRequest.objects.get().person == here.junior
        assert events(action).count("cancel.asked") == 1

    def test_cannot_be_changed(self, here: World) -> None:
        action, _claim = sent(here)
        ask(action, here.junior)
        with pytest.raises(DatabaseError, match="append-only"):
            StopRequest.objects.update(person=here.senior)

    @pytest.mark.parametrize("is_asked", [True, False])
    def test_knows_no_request_that_nobody_made(self, here: World, is_asked: bool) -> None:
        action, _claim = sent(here)
        if is_asked:
            ask(action, here.junior)
        other = None if is_asked else NOON
        with pytest.raises(DatabaseError, match="requested once"):
            Execution.objects.filter(action=action).update(cancel_asked_at=other)


class TestWhoMay:
    def test_is_its_agent_by_a_key_that_may_withdraw(self, here: World) -> None:
        action, _claim = sent(here)
        without = replace(here.as_agent(), scopes=frozenset({"propose:*", "read:own"}))
        with pytest.raises(ScopeMissing):
            cancel.ask(actor=without, at=NOON, action_id=action.pk)
        cancel.ask(actor=here.as_agent(), at=NOON, action_id=action.pk)
        assert StopRequest.objects.get().agent == here.agent

    def test_is_nobody_of_another_desk(self, here: World) -> None:
        action, _claim = sent(here)
        with pytest.raises(NotFound):
            ask(action, world.person("stranger"))

    def test_is_no_auditor_and_that_is_recorded(self, here: World) -> None:
        action, _claim = sent(here)
        with pytest.raises(NotYourDesk):
            ask(action, world.auditor())
        assert "cancel.refused" in events(action)

    def test_is_not_the_agent_that_executes_it_itself(self, here: World) -> None:
        here.set_kind(connector="", execution="agent", ends="never")
        action = here.approved()
        agent.redeem(actor=here.as_agent(), at=NOON, action_id=action.pk)
        with pytest.raises(WrongState, match="report its result"):
            cancel.ask(actor=here.as_agent(), at=NOON, action_id=action.pk)
        assert ask(action, here.junior).state == "executing"
        agent.report_outcome(actor=here.as_agent(), at=NOON, action_id=action.pk, succeeded=True)
        assert state(action) == "executed"


class TestOtherStates:
    def test_are_refused_with_what_to_do(self, here: World) -> None:
        waits, approved = here.pending(), here.approved()
        for action in (waits, approved):
            with pytest.raises(WrongState, match="Nothing was sent"):
                ask(action, here.junior)
        run_ready()
        with pytest.raises(WrongState, match="no longer being executed"):
            ask(approved, here.junior)

    def test_who_undoes_or_withdraws_too_late_is_told(self, here: World) -> None:
        action, _claim = sent(here)
        with pytest.raises(WrongState, match="Ask to cancel"):
            undo.undo(actor=person(here.junior), at=NOON, action_id=action.pk)
        with pytest.raises(WrongState, match="Ask to cancel"):
            propose.withdraw(actor=here.as_agent(), at=NOON, action_id=action.pk, reason="")


class TestTheAsker:
    def told(self, who: Person) -> list[str]:
        return list(Delivery.objects.filter(person=who, kind__startswith="cancel.").values_list("kind", flat=True))

    @pytest.mark.parametrize(("outcome", "kind"), [
        (CallResult(CallStatus.DONE), "cancel.executed"), (NOT_NOW, "cancel.failed"),
    ])  # fmt: skip
    def test_is_told_what_came_of_it(self, here: World, outcome: CallResult, kind: str) -> None:
        action, claim = sent(here)
        ask(action, here.junior)
        assert self.told(here.junior) == []
        answer(claim, outcome)
        assert self.told(here.junior) == [kind]
        queue.deliver_ready(actor=WORKER, clock=db.now)
        (letter,) = [letter for letter in mail.outbox if letter.to == [here.junior.email]]
        assert "because you asked to cancel this action" in letter.body

    def test_is_told_again_when_a_colleague_found_out(self, here: World, fake: FakeConnector) -> None:
        fake.class_ = Recovery.NEITHER
        action, claim = sent(here)
        ask(action, here.junior)
        answer(claim, SILENCE)
        resolve.resolve(
            actor=person(here.senior), at=NOON, action_id=action.pk, resolution="happened", rationale="Seen."
        )
        assert sorted(self.told(here.junior)) == ["cancel.executed", "cancel.uncertain"]

    def test_sees_what_is_ended_together_with_the_request(self, here: World) -> None:
        action, claim = sent(here)
        answer(claim, NOT_NOW)
        ask(action, here.junior)
        assert self.told(here.junior) == []
