"""Execution in batches: several intents in one transaction, and several answers in another."""

from collections.abc import Callable, Iterator

import psycopg
import pytest
from django.db import connection
from pytest_django import Settings

from approvals.actors import Actor, Door, system
from approvals.connectors.base import CallResult, CallStatus, Order, Recovery
from approvals.connectors.fake import FakeConnector
from approvals.models import Action, Attempt, Person
from approvals.services import pace
from approvals.services.execution import dispatch
from approvals.services.execution import run as execution
from approvals.services.execution.attempts import Lease, LockedExecution
from approvals.services.safety import halts
from approvals.states import HaltScope
from tests import world
from tests.world import NOON, World

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.vendor_sensitive,
    pytest.mark.world(connector="fake", undo_seconds=0),
]
WORKER = system(Door.CELERY)


@pytest.fixture(autouse=True)
def _quick(fake: FakeConnector) -> Iterator[None]:
    """The connector is known to answer at once."""
    pace.forget()
    with pace.timed("fake"):
        pass
    yield
    pace.forget()


def run(is_stopping: Callable[[], bool] = execution.never) -> int:
    return execution.run_ready(actor=WORKER, clock=lambda: NOON, is_stopping=is_stopping)


def steps(action: Action) -> list[str]:
    return list(Attempt.objects.filter(execution__action=action).order_by("id").values_list("step", flat=True))


def three(here: World) -> list[Action]:
    return [here.auto() for _ in range(3)]


@pytest.fixture
def committed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many claims each batch held."""
    sizes: list[int] = []
    together = dispatch.dispatch_together

    def spy(*, claims: list[Lease], **given: object) -> dispatch.Dispatched:
        sizes.append(len(claims))
        return together(claims=claims, **given)  # type: ignore[arg-type]

    monkeypatch.setattr(dispatch, "dispatch_together", spy)
    return sizes


class TestABatch:
    def test_carries_out_each_once(self, here: World, fake: FakeConnector, committed: list[int]) -> None:
        actions = [*three(here), here.approved()]
        assert (run(), committed) == (4, [4])
        assert world.states(actions) == ["executed"] * 4
        assert sorted(order.action for order in fake.orders) == sorted(str(action.pk) for action in actions)

    def test_writes_down_each_intent_and_answer(self, here: World) -> None:
        actions = three(here)
        run()
        assert [steps(action) for action in actions] == [["dispatching", "succeeded"]] * 3

    def test_keeps_what_was_answered_apart(self, here: World, fake: FakeConnector) -> None:
        fake.script.append((False, CallResult(CallStatus.REFUSED, error="No.")))
        fake.script.append((False, CallResult(CallStatus.UNKNOWN, error="Silence.")))
        actions = three(here)
        run()
        assert sorted(world.states(actions)) == ["executed", "executing", "failed"]

    def test_leaves_what_is_no_longer_as_it_was_decided(self, here: World) -> None:
        actions = [here.approved() for _ in range(3)]
        Person.objects.filter(pk=here.junior.pk).update(is_active=False)
        run()
        assert world.states(actions) == ["pending"] * 3

    def test_does_not_begin_under_a_halt(self, here: World, fake: FakeConnector) -> None:
        actions = three(here)
        claims = dispatch.lease(actor=WORKER, at=NOON, limit=3)
        halts.start(actor=Actor(Door.ADMIN, person=here.senior), at=NOON, scope=HaltScope.DESK, name=here.desk.slug)
        found = dispatch.dispatch_together(actor=WORKER, at=NOON, claims=claims)
        assert (found.todo, found.left, world.states(actions)) == ([], [], ["approved"] * 3)

    def test_stores_the_answers_of_the_others_where_one_cannot_be_stored(
        self, here: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        broken, *sound = three(here)
        apply_result = dispatch.apply_result

        def faulty(held: LockedExecution, *given: object) -> None:
            if held.action.pk == broken.pk:
                raise KeyError("planted")
            apply_result(held, *given)  # type: ignore[arg-type]

        monkeypatch.setattr(dispatch, "apply_result", faulty)
        run()
        assert (world.states(sound), world.states([broken])) == (["executed"] * 2, ["executing"])

    def test_notes_an_answer_that_came_too_late(self, here: World) -> None:
        action = here.auto()
        claim = dispatch.lease(actor=WORKER, at=NOON, limit=1)[0]
        dispatch.dispatch(actor=WORKER, at=NOON, claim=claim)
        late = Lease(claim.execution_id, claim.action_id, claim.fence - 1)
        dispatch.conclude_together(actor=WORKER, at=NOON, answers=[(late, CallResult(CallStatus.DONE))])
        assert (steps(action), world.fresh(action).state) == (["dispatching", "late"], "executing")

    def test_sends_nothing_late_in_its_lease(
        self, here: World, fake: FakeConnector, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        actions = three(here)
        hours = iter(range(0, 3_600 * 99, 3_600))
        monkeypatch.setattr(execution.time, "monotonic", lambda: float(next(hours)))
        run()
        assert (len(fake.orders), steps(actions[1])) == (1, ["dispatching", "failed"])


class TestASizeOfOne:
    def test_is_all_that_may_be_in_doubt_where_nothing_can_be_done_about_it(
        self, here: World, fake: FakeConnector
    ) -> None:
        fake.class_ = Recovery.NEITHER
        in_doubt: list[int] = []
        send = FakeConnector.send

        def count(order: Order) -> CallResult:
            in_doubt.append(Action.objects.filter(state="executing").count())
            return send(fake, order)

        fake.send = count  # type: ignore[method-assign]
        three(here)
        run()
        assert in_doubt == [1, 1, 1]

    def test_is_what_a_connector_starts_with(self, here: World, committed: list[int]) -> None:
        pace.forget()
        three(here)
        run()
        assert committed == [1, 2]

    def test_is_what_a_slow_connector_gets(self) -> None:
        pace._took["fake"] = 1.0
        assert (pace.size("fake"), pace.lease_size()) == (1, pace.FEW)

    @pytest.mark.postgresql_only
    def test_is_leased_anew_while_somebody_holds_its_action(self, here: World, settings: Settings) -> None:
        settings.HITL_LEASE_SECONDS = -1
        actions = three(here)
        dispatch.lease(actor=WORKER, at=NOON, limit=3)
        with psycopg.connect(**connection.get_connection_params()) as other:
            other.execute("SELECT 1 FROM approvals_action WHERE id = %s FOR UPDATE", [actions[0].pk])
            assert dispatch.lease(actor=WORKER, at=NOON, limit=3)

    @pytest.mark.postgresql_only
    def test_is_left_for_what_somebody_else_holds(self, here: World) -> None:
        actions = three(here)
        claims = dispatch.lease(actor=WORKER, at=NOON, limit=3)
        with psycopg.connect(**connection.get_connection_params()) as other:
            other.execute("SELECT 1 FROM approvals_action WHERE id = %s FOR UPDATE", [actions[0].pk])
            found = dispatch.dispatch_together(actor=WORKER, at=NOON, claims=claims)
        assert {claim.action_id for claim in found.left} == {actions[0].pk}
