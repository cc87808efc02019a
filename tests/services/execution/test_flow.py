"""Flow control: limits and breakers hold actions back and refuse none; nothing is lost, and agents take turns."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from approvals import conf
from approvals.actors import Actor, Door, system
from approvals.connectors.base import CallResult, CallStatus
from approvals.connectors.fake import FakeConnector
from approvals.errors import NotAllowed, WrongState
from approvals.models import (
    Action,
    ActionType,
    Agent,
    Breaker,
    Delivery,
    Execution,
    FlowLimit,
    FlowStart,
    LedgerEntry,
    Person,
)
from approvals.services import pace
from approvals.services.execution import dispatch
from approvals.services.execution import run as execution
from approvals.services.notifications import queue
from approvals.services.safety import breakers, flow
from policies import db
from tests import world
from tests.world import NOON, World, events

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.vendor_sensitive,
    pytest.mark.world(connector="fake", undo_seconds=0),
]
WORKER = system(Door.CELERY)
SILENCE = CallResult(CallStatus.UNKNOWN, error="Timed out.")


class Clock:
    """The database's clock, and how far a test has moved it."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def pass_by(self, seconds: float) -> None:
        self.ahead += timedelta(seconds=seconds)


@pytest.fixture(autouse=True)
def _quick() -> Iterator[None]:
    pace.forget()
    with pace.timed("fake"):
        pass
    yield
    pace.forget()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found, read = Clock(), db._read_clock
    monkeypatch.setattr(db, "_read_clock", lambda: read() + found.ahead)
    return found


def limit(**fields: Any) -> FlowLimit:
    found: FlowLimit = FlowLimit.objects.create(**({"connector": "fake"} | fields))
    return found


def run() -> int:
    return execution.run_ready(actor=WORKER, clock=db.now)


def recover() -> int:
    return execution.recover(actor=WORKER, clock=db.now)


def many(here: World, count: int) -> list[Action]:
    return [here.auto() for _ in range(count)]


def breaker() -> Breaker:
    found: Breaker = Breaker.objects.get()
    return found


def fail(fake: FakeConnector, count: int) -> None:
    fake.script.extend([(False, SILENCE)] * count)


def able(here: World) -> Person:
    """The senior, who may close breakers."""
    here.senior.user_permissions.add(Permission.objects.get(codename="change_breaker"))
    return Person.objects.get(pk=here.senior.pk)


def opened(here: World, fake: FakeConnector) -> list[Action]:
    """Five actions that failed one after the other, and two that wait."""
    fail(fake, 5)
    failed = many(here, 5)
    run()
    assert breaker().state == "open"
    return [*failed, *many(here, 2)]


class TestALimitOfStarts:
    def test_lets_so_many_start_in_a_minute(self, here: World, fake: FakeConnector, clock: Clock) -> None:
        limit(starts_per_minute=3)
        actions = many(here, 5)
        run()
        assert sorted(world.states(actions)) == ["approved"] * 2 + ["executed"] * 3

    def test_lets_the_rest_start_when_the_first_are_a_minute_old(
        self, here: World, fake: FakeConnector, clock: Clock
    ) -> None:
        limit(starts_per_minute=3)
        actions = many(here, 5)
        run()
        clock.pass_by(59)
        assert (run(), dispatch.is_due()) == (0, False)
        clock.pass_by(2)
        assert dispatch.is_due()
        run()
        assert world.states(actions) == ["executed"] * 5

    def test_holds_no_other_connector_back(self, here: World, fake: FakeConnector, clock: Clock) -> None:
        limit(starts_per_minute=1)
        held = many(here, 40)
        here.set_kind(connector="journal")
        ActionType.objects.filter(pk=here.kind.pk).update(connector="fake")
        other = ActionType.objects.get(pk=here.kind.pk)
        other.pk, other.name, other.connector, other.entry_id = None, "journal.post", "journal", None
        other.save()
        free = here.auto(action_type="journal.post")
        run()
        assert (world.fresh(free).state, world.states(held).count("executed")) == ("executed", 1)

    def test_is_shared_by_agents_in_turn(self, here: World, fake: FakeConnector, clock: Clock) -> None:
        limit(starts_per_minute=2)
        many(here, 6)
        other = replace(here, agent=Agent.objects.create(name="other", title="Other", owner=here.owner))
        late = other.auto()
        run()
        assert world.fresh(late).state == "executed"

    def test_keeps_no_more_rows_than_count(self, here: World, fake: FakeConnector, clock: Clock) -> None:
        limit(starts_per_minute=2)
        for _ in range(4):
            many(here, 2)
            run()
            clock.pass_by(61)
        assert FlowStart.objects.count() == 2

    def test_ends_what_is_no_longer_valid_all_the_same(self, here: World, fake: FakeConnector, clock: Clock) -> None:
        ActionType.objects.update(valid_seconds=10)
        limit(starts_per_minute=1)
        actions = many(here, 2)
        run()
        clock.pass_by(120)
        run()
        assert sorted(world.states(actions)) == ["executed", "expired"]


class TestALimitOfCalls:
    def test_is_kept_by_who_takes_more_at_once(self, here: World, fake: FakeConnector, clock: Clock) -> None:
        limit(calls_at_once=2)
        many(here, 4)
        sent = []
        for _ in range(4):
            claims = dispatch.lease(actor=WORKER, at=NOON, limit=4)
            found = dispatch.dispatch_together(actor=WORKER, at=NOON, claims=claims)
            sent += found.todo
            dispatch.release_lease(actor=WORKER, at=NOON, claims=found.left)
        assert len(sent) == 2

    def test_counts_a_call_until_it_is_answered(self, here: World, fake: FakeConnector, clock: Clock) -> None:
        limit(calls_at_once=1)
        actions = many(here, 3)
        run()
        assert world.states(actions) == ["executed"] * 3
        assert FlowStart.objects.filter(ended_at=None).count() == 0

    def test_counts_what_nobody_heard_of_until_its_lease_is_over(
        self, here: World, fake: FakeConnector, clock: Clock
    ) -> None:
        limit(calls_at_once=1)
        many(here, 2)
        claims = dispatch.lease(actor=WORKER, at=NOON, limit=1)
        assert dispatch.dispatch(actor=WORKER, at=NOON, claim=claims[0])
        assert not dispatch.lease(actor=WORKER, at=NOON, limit=1)
        clock.pass_by(conf.lease_seconds() + 1)
        assert dispatch.lease(actor=WORKER, at=NOON, limit=1)

    def test_is_asked_again_when_it_is_sent(self, here: World, fake: FakeConnector, clock: Clock) -> None:
        limit(calls_at_once=1)
        many(here, 2)
        claims = [claim for _ in range(2) for claim in dispatch.lease(actor=WORKER, at=NOON, limit=1)]
        sent = [dispatch.dispatch(actor=WORKER, at=NOON, claim=claim) for claim in claims]
        assert [bool(each) for each in sent] == [True, False]
        assert Execution.objects.get(pk=claims[1].execution_id).leased_until is None


class TestABreaker:
    def test_opens_after_failures_of_several_actions_in_a_row(
        self, here: World, fake: FakeConnector, clock: Clock
    ) -> None:
        actions = opened(here, fake)
        run()
        assert (world.states(actions[5:]), len(fake.orders)) == (["approved"] * 2, 5)
        assert not dispatch.is_due()

    def test_counts_one_action_once(self, here: World, fake: FakeConnector, clock: Clock) -> None:
        fail(fake, 9)
        here.auto()
        run()
        for _ in range(8):
            clock.pass_by(600)
            recover()
        assert len(fake.orders) == 9 and breaker().state == "closed"

    @pytest.mark.parametrize("answer", [CallStatus.DONE, CallStatus.REFUSED])
    def test_forgets_failures_when_the_other_side_answers(
        self, here: World, fake: FakeConnector, clock: Clock, answer: CallStatus
    ) -> None:
        fail(fake, 4)
        fake.script.append((False, CallResult(answer)))
        fail(fake, 4)
        many(here, 9)
        run()
        assert (breaker().state, len(breaker().failed)) == ("closed", 4)

    def test_says_nothing_of_what_hitl_did_not_send(self, here: World, fake: FakeConnector, clock: Clock) -> None:
        actions = many(here, 6)
        answers = [(CallResult(CallStatus.NOT_DONE, is_ours=True), action) for action in actions]
        claims = dispatch.lease(actor=WORKER, at=NOON, limit=6)
        dispatch.dispatch_together(actor=WORKER, at=NOON, claims=claims)
        told = [(claim, outcome) for claim, (outcome, _action) in zip(claims, answers, strict=True)]
        dispatch.conclude_together(actor=WORKER, at=NOON, answers=told)
        assert not Breaker.objects.exists()

    def test_lets_one_try_after_the_pause(self, here: World, fake: FakeConnector, clock: Clock) -> None:
        opened(here, fake)
        fail(fake, 1)
        clock.pass_by(61)
        assert dispatch.is_due()
        run()
        assert (len(fake.orders), breaker().state) == (6, "open")

    def test_pauses_for_longer_after_each_that_failed(self, here: World, fake: FakeConnector, clock: Clock) -> None:
        opened(here, fake)
        fail(fake, 1)
        clock.pass_by(61)
        run()
        clock.pass_by(100)
        assert not dispatch.is_due()
        clock.pass_by(21)
        assert dispatch.is_due()

    def test_closes_when_the_one_is_answered(self, here: World, fake: FakeConnector, clock: Clock) -> None:
        actions = opened(here, fake)
        clock.pass_by(61)
        run()
        run()
        assert (breaker().state, world.states(actions[5:])) == ("closed", ["executed"] * 2)

    def test_lets_another_try_where_the_first_was_never_heard_of(
        self, here: World, fake: FakeConnector, clock: Clock
    ) -> None:
        opened(here, fake)
        clock.pass_by(61)
        claims = dispatch.lease(actor=WORKER, at=NOON, limit=9)
        assert len(claims) == 1 and dispatch.dispatch(actor=WORKER, at=NOON, claim=claims[0])
        assert breaker().state == "probing" and not dispatch.is_due()
        clock.pass_by(3_600)
        assert dispatch.is_due()

    def test_repeats_nothing_while_it_is_open(self, here: World, fake: FakeConnector, clock: Clock) -> None:
        limit(breaker_pause=3_600)
        actions = opened(here, fake)
        for _ in range(20):
            clock.pass_by(120)
            recover()
        assert (len(fake.orders), world.states(actions[:5])) == (5, ["executing"] * 5)

    def test_carries_out_all_that_failed_once_it_is_closed(
        self, here: World, fake: FakeConnector, clock: Clock
    ) -> None:
        actions = opened(here, fake)
        for _ in range(3):
            clock.pass_by(600)
            recover()
            run()
        assert world.states(actions) == ["executed"] * 7
        assert set(fake.effects.values()) == {1}

    def test_is_recorded_and_told_once_for_each_opening(self, here: World, fake: FakeConnector, clock: Clock) -> None:
        here.set_kind(owner=here.senior)
        opened(here, fake)
        fail(fake, 1)
        clock.pass_by(61)
        run()
        assert [row.person for row in Delivery.objects.filter(kind="breaker.opened.1")] == [here.senior]
        clock.pass_by(600)
        run()
        told = LedgerEntry.objects.filter(event__startswith="breaker.").order_by("id").values_list("event", flat=True)
        assert list(told) == ["breaker.opened", "breaker.closed"]

    def test_is_of_one_host(self, here: World, fake: FakeConnector, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(FakeConnector, "host", lambda _self, target: target.get("host", ""), raising=False)
        here.set_kind(target={"host": "one.example"})
        opened(here, fake)
        here.set_kind(target={"host": "two.example"})
        free = here.auto()
        run()
        assert (world.fresh(free).state, str(breaker())) == ("executed", "fake (one.example)")

    def test_is_never_open_where_it_is_switched_off(self, here: World, fake: FakeConnector, clock: Clock) -> None:
        limit(breaker_failures=0)
        fail(fake, 9)
        many(here, 9)
        run()
        assert breaker().state == "closed"


class TestClosingItByHand:
    def test_lets_everything_through_and_says_who(self, here: World, fake: FakeConnector, clock: Clock) -> None:
        actions = opened(here, fake)
        senior = able(here)
        breakers.close(actor=Actor(Door.ADMIN, person=senior), at=NOON, breaker_id=breaker().pk, reason="It is back.")
        run()
        assert world.states(actions[5:]) == ["executed"] * 2
        entry = LedgerEntry.objects.get(event="breaker.closed")
        assert entry.actor == Actor(Door.ADMIN, person=senior).pseudonym

    def test_needs_the_permission(self, here: World, fake: FakeConnector, clock: Clock) -> None:
        opened(here, fake)
        with pytest.raises(NotAllowed):
            breakers.close(actor=Actor(Door.ADMIN, person=here.junior), at=NOON, breaker_id=breaker().pk)

    def test_is_refused_where_it_is_closed(self, here: World) -> None:
        senior = able(here)
        row = Breaker.objects.create(connector="fake")
        with pytest.raises(WrongState):
            breakers.close(actor=Actor(Door.ADMIN, person=senior), at=NOON, breaker_id=row.pk)


class TestWhatThePageSays:
    def said(self, action: Action) -> str:
        row = flow.with_touched(Execution.objects.filter(action=action)).get()
        return flow.held_back(world.fresh(action), row)

    def test_names_the_connector_that_does_not_respond(self, here: World, fake: FakeConnector, clock: Clock) -> None:
        assert "connector fake does not respond" in self.said(opened(here, fake)[-1])

    def test_names_the_limit_that_is_reached(self, here: World, fake: FakeConnector, clock: Clock) -> None:
        limit(starts_per_minute=1)
        many(here, 2)
        run()
        assert "limit of the connector fake" in self.said(Action.objects.get(state="approved"))

    def test_is_nothing_where_nothing_is_limited(self, here: World) -> None:
        assert self.said(here.auto()) == ""


class TestWithoutLimits:
    @pytest.mark.postgresql_only
    def test_flow_control_asks_nothing(self, here: World, fake: FakeConnector) -> None:
        many(here, 8)
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert run() == 8
        asked = [query["sql"] for query in found if "approvals_breaker" in query["sql"] or "flow" in query["sql"]]
        own = [sql for sql in asked if "approvals_execution" not in sql]
        assert own == []

    def test_a_lane_says_nothing(self, here: World, fake: FakeConnector) -> None:
        here.auto()
        row = flow.with_touched(Execution.objects.all()).get()
        assert not flow.is_touched(row)


class TestWhatIsGivenUp:
    def lapse(self) -> None:
        """Take it as a worker that is never heard of again."""
        claims = dispatch.lease(actor=WORKER, at=NOON, limit=16)
        assert claims

    def test_fails_after_five_workers_that_said_nothing(self, here: World, fake: FakeConnector, clock: Clock) -> None:
        action = here.auto()
        for _ in range(5):
            self.lapse()
            clock.pass_by(3_600)
        run()
        assert (world.fresh(action).state, fake.orders) == ("failed", [])
        assert events(action)[-1] == "execution.given_up"
        assert run() == 0

    def test_is_told_to_the_owner_of_the_outcome(self, here: World, fake: FakeConnector, clock: Clock) -> None:
        here.set_kind(owner=here.junior)
        here.auto()
        for _ in range(5):
            self.lapse()
            clock.pass_by(3_600)
        run()
        queue.deliver_ready(actor=WORKER, clock=db.now)
        letter = mail.outbox[-1]
        assert letter.to == [here.junior.email] and letter.subject == "Post invoice: execution stopped"
        assert "Reason: 5 workers in a row stopped" in letter.body

    def test_is_told_to_seniors_where_nobody_owns_it(self, here: World, fake: FakeConnector, clock: Clock) -> None:
        action = here.auto()
        fail(fake, 10)
        run()
        for _ in range(10):
            clock.pass_by(600)
            recover()
        assert world.fresh(action).state == "uncertain"
        assert [row.person for row in Delivery.objects.filter(kind="execution.given_up")] == [here.senior]

    def test_is_taken_alone_before(self, here: World, fake: FakeConnector, clock: Clock) -> None:
        many(here, 3)
        self.lapse()
        clock.pass_by(3_600)
        assert len(dispatch.lease(actor=WORKER, at=NOON, limit=16)) == 1

    def test_waits_longer_each_time(self, here: World, fake: FakeConnector, clock: Clock) -> None:
        here.auto()
        for waits in (1, 2, 4):
            self.lapse()
            clock.pass_by(conf.lease_seconds() * waits - 1)
            assert not dispatch.is_due()
            clock.pass_by(2)
            assert dispatch.is_due()

    def test_is_nothing_that_a_fault_kept_for_a_while(
        self, here: World, fake: FakeConnector, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        action = here.auto()
        with monkeypatch.context() as patch:
            patch.setattr(dispatch, "order_of", broken)
            for _ in range(4):
                run()
                clock.pass_by(3_600)
        run()
        assert (world.fresh(action).state, Execution.objects.get().lapses) == ("executed", 0)

    def test_is_nothing_that_only_waits(self, here: World, fake: FakeConnector, clock: Clock) -> None:
        limit(breaker_pause=86_400)
        actions = opened(here, fake)
        for _ in range(20):
            clock.pass_by(120)
            recover()
        assert world.states(actions[:5]) == ["executing"] * 5


class TestTheMailAboutABreaker:
    def test_names_the_connector_and_the_error(self, here: World, fake: FakeConnector, clock: Clock) -> None:
        here.set_kind(owner=here.senior)
        opened(here, fake)
        queue.deliver_ready(actor=WORKER, clock=db.now)
        letter = mail.outbox[-1]
        assert (letter.to, letter.subject) == ([here.senior.email], "Connector does not respond: fake")
        assert "Last error: Timed out." in letter.body and "/admin/connectors/" in letter.body

    def test_goes_to_who_may_close_it_where_nobody_owns_the_outcome(
        self, here: World, fake: FakeConnector, clock: Clock
    ) -> None:
        able(here)
        opened(here, fake)
        assert [row.person for row in Delivery.objects.filter(kind="breaker.opened.1")] == [here.senior]


def broken(_held: object) -> None:
    raise KeyError("url")
