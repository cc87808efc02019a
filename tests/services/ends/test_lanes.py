"""Ends and flow control: limits hold no end, but an open circuit breaker of the lane that it is sent to does."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from approvals.actors import Actor, Door
from approvals.connectors.base import CallResult, CallStatus
from approvals.connectors.fake import FakeConnector
from approvals.models import Action, Breaker, Execution, FlowLimit, FlowStart
from approvals.services.ends import due
from approvals.services.safety import breakers
from policies import db
from tests import world
from tests.services.ends.given import WORKER, crash, end_due, executed, let_end, recover, run_ready, states
from tests.services.execution.test_flow import able
from tests.world import NOON, World

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.vendor_sensitive,
    pytest.mark.world(connector="fake", undo_seconds=0, ends="optional"),
]
A, B = {"host": "a.example"}, {"host": "b.example"}
SILENCE = (False, CallResult(CallStatus.UNKNOWN, error="Timed out."))


@pytest.fixture(autouse=True)
def _hosts(fake: FakeConnector, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FakeConnector, "host", lambda _self, target: target.get("host", ""), raising=False)


def due_at(here: World, target: dict[str, str], count: int = 1) -> list[Action]:
    """Effects at this host whose time has come."""
    here.set_kind(target=target)
    found = [executed(here) for _ in range(count)]
    for action in found:
        let_end(action)
    return found


def open_breaker(target: dict[str, str], minutes: int = 10) -> Breaker:
    """A breaker that lets one try in so many minutes."""
    now = db.now()
    found = Breaker(connector="fake", host=target["host"], failed=[["x", now.isoformat()]])
    found.trip(now, now, timedelta(minutes=minutes))
    found.save()
    return found


def fill() -> None:
    """A limit that leaves no room for a minute."""
    limit = FlowLimit.objects.create(connector="fake", starts_per_minute=1, calls_at_once=1)
    start = {
        "execution": Execution.objects.filter(end_number=0)[0],
        "at": db.now(),
        "until": db.now() + timedelta(hours=1),
    }
    FlowStart.objects.create(limit=limit, **start)


class TestAnOpenBreaker:
    def test_holds_an_end_until_it_is_closed(self, here: World, fake: FakeConnector) -> None:
        (action,) = due_at(here, A)
        row = open_breaker(A)
        assert (due.is_due(), end_due(), states(action)) == (False, 0, ["ready"])
        breakers.close(actor=Actor(Door.ADMIN, person=able(here)), at=NOON, breaker_id=row.pk)
        assert (due.is_due(), end_due(), states(action)) == (True, 1, ["succeeded"])

    def test_lets_no_other_end_wait_behind(self, here: World, fake: FakeConnector) -> None:
        (held,), (free,) = due_at(here, A), due_at(here, B)
        open_breaker(A)
        assert due.is_due() and end_due() == 1
        assert (states(held), states(free)) == (["ready"], ["succeeded"])

    def test_lets_one_end_try_and_closes_when_it_is_answered(self, here: World, fake: FakeConnector) -> None:
        actions = due_at(here, A, 2)
        open_breaker(A, minutes=-1)
        assert end_due() == 2
        assert (Breaker.objects.get().state, [states(each) for each in actions]) == ("closed", [["succeeded"]] * 2)

    def test_holds_the_others_while_one_tries(self, here: World, fake: FakeConnector) -> None:
        due_at(here, A, 2)
        open_breaker(A, minutes=-1)
        fake.script.append(SILENCE)
        assert end_due() == 1
        assert (Breaker.objects.get().state, due.is_due()) == ("open", False)

    def test_is_asked_again_when_it_is_sent(self, here: World, fake: FakeConnector) -> None:
        (action,) = due_at(here, A)
        claim = due.lease(actor=WORKER, at=NOON)
        open_breaker(A)
        assert claim and due.dispatch_end(actor=WORKER, at=NOON, claim=claim) is None
        assert (states(action), len(fake.orders)) == (["ready"], 1)

    def test_holds_a_repeat(self, here: World, fake: FakeConnector) -> None:
        (action,) = due_at(here, A)
        crash()
        open_breaker(A)
        recover()
        assert (states(action), len(fake.orders)) == (["running"], 1)

    def test_is_that_of_the_host_that_the_ends_were_sent_to(self, here: World, fake: FakeConnector) -> None:
        actions = due_at(here, A, 5)
        here.set_kind(target=B)
        fake.script.extend([SILENCE] * 5)
        assert end_due() == 5
        assert [(row.host, row.state) for row in Breaker.objects.all()] == [("a.example", "open")]
        fresh = executed(here)
        run_ready()
        assert world.fresh(fresh).state == "executed" and states(actions[0]) == ["running"]


class TestWithoutLimits:
    @pytest.mark.postgresql_only
    def test_an_end_asks_nothing_of_flow_control(self, here: World, fake: FakeConnector) -> None:
        due_at(here, A)
        with CaptureQueriesContext(connection) as found:
            assert due.is_due() and end_due() == 1
        asked = [each["sql"] for each in found if "approvals_breaker" in each["sql"] or "flow" in each["sql"]]
        assert [sql for sql in asked if "approvals_execution" not in sql] == []


class TestAFullLimit:
    def test_holds_no_end_but_counts_it(self, here: World, fake: FakeConnector) -> None:
        (action,) = due_at(here, A)
        fill()
        assert (due.is_due(), end_due(), states(action)) == (True, 1, ["succeeded"])
        assert FlowStart.objects.get(execution__end_number=1).ended_at is not None

    def test_holds_no_repeat_of_an_end(self, here: World, fake: FakeConnector) -> None:
        (action,) = due_at(here, A)
        crash()
        fill()
        recover()
        assert states(action) == ["succeeded"]
