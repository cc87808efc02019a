"""A connector is asked right before it sends; what it objects to goes back to a person."""

import pytest

from approvals.actors import Door, system
from approvals.connectors.base import CallResult, CallStatus
from approvals.connectors.fake import FakeConnector
from approvals.models import Execution, LedgerEntry
from approvals.services.execution import run
from policies import db
from tests import world
from tests.doubles import CheckingConnector
from tests.world import World

WORKER = system(Door.CELERY)
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.vendor_sensitive,
    pytest.mark.world(connector="checking", undo_seconds=0),
]


@pytest.fixture
def here(checking: CheckingConnector, here: World) -> World:
    return here


def execute() -> int:
    return run.run_ready(actor=WORKER, clock=db.now)


class TestACheck:
    def test_without_a_fault_lets_it_run(self, here: World, checking: CheckingConnector) -> None:
        action = here.approved()
        execute()
        assert (world.fresh(action).state, checking.orders[0].key) == ("executed", checking.checked[0].key)
        assert checking.checked[0].body == action.revision.body

    @pytest.mark.parametrize("amount", [20, 717.97], ids=["by policy", "by a person"])
    def test_with_a_fault_sends_it_back_to_a_person(
        self, here: World, checking: CheckingConnector, amount: float
    ) -> None:
        checking.faults = ["The period is closed."]
        action = here.approved() if amount > 100 else here.auto(amount=amount)
        execute()
        action = world.fresh(action)
        assert (action.state, action.round, checking.orders) == ("pending", 2, [])
        assert "The period is closed." in LedgerEntry.objects.get(action=action, event="execution.refused").body

    def test_is_asked_again_after_the_next_approval(self, here: World, checking: CheckingConnector) -> None:
        checking.faults = ["The period is closed."]
        action = here.approved()
        execute()
        checking.faults = []
        world.decide("approve", world.fresh(action), here.junior)
        execute()
        assert (world.fresh(action).state, len(checking.checked)) == ("executed", 2)

    def test_that_fails_sends_it_back_to_a_person(self, here: World, checking: CheckingConnector) -> None:
        checking.failure = RuntimeError("broken")
        action = here.approved()
        execute()
        assert (world.fresh(action).state, checking.orders) == ("pending", [])

    def test_is_asked_of_each_of_many(self, here: World, checking: CheckingConnector) -> None:
        for _ in range(3):
            here.approved()
        assert execute() == 3
        assert (len(checking.checked), len(checking.orders)) == (3, 3)

    def test_is_not_asked_where_an_attempt_may_have_had_its_effect(
        self, here: World, checking: CheckingConnector
    ) -> None:
        checking.script.append((True, CallResult(CallStatus.UNKNOWN, error="Cut.")))
        action = here.approved()
        execute()
        checking.faults = ["The period is closed."]
        Execution.objects.update(leased_until=db.now())
        run.recover(actor=WORKER, clock=db.now)
        assert (world.fresh(action).state, list(checking.effects.values())) == ("executed", [1])

    @pytest.mark.world(connector="fake", undo_seconds=0)
    def test_is_not_asked_of_a_connector_without_one(
        self, here: World, fake: FakeConnector, checking: CheckingConnector
    ) -> None:
        here.approved()
        execute()
        assert (len(fake.orders), checking.checked) == (1, [])
