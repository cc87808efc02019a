"""Children after a restore that nobody knows everything about: what may have been sent never runs as if it were new."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django import Settings

from approvals.connectors.base import CallResult, CallStatus, Recovery
from approvals.connectors.fake import FakeConnector
from approvals.models import Execution, Restore
from approvals.services.execution import children
from approvals.services.safety import last_known, restores
from tests import world
from tests.services.safety.given import CLOCK, OPERATOR, WORKER, go_on, lose, state, work
from tests.world import NOON, World

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.vendor_sensitive,
    pytest.mark.usefixtures("fake", "patient"),
    pytest.mark.world(connector="fake", undo_seconds=0),
]


@pytest.fixture
def announce(settings: Settings) -> Callable[[], None]:
    """An operator restored a backup, and the file of what was sent began only afterwards."""

    def announced() -> None:
        Path(settings.HITL_LAST_KNOWN).write_text('{"since": "2100-01-01T00:00:00+00:00"}\n')
        last_known.forget()
        restores.announce(actor=OPERATOR, at=NOON)
        assert not Restore.objects.get().is_complete

    return announced


def lapse() -> None:
    Execution.objects.filter(state="running").update(leased_until=NOON)


@pytest.mark.parametrize("class_", list(Recovery))
class TestAChildThatNobodyKnowsOf:
    def test_waits_for_its_parent_as_before(
        self, here: World, fake: FakeConnector, announce: Callable[[], None], class_: Recovery
    ) -> None:
        fake.class_ = class_
        child = here.approved(parent=here.pending().pk)
        announce()
        work()
        go_on()
        work()
        assert (state(child), fake.orders) == ("approved", [])

    def test_waits_whatever_its_row_says(
        self, here: World, fake: FakeConnector, announce: Callable[[], None], class_: Recovery
    ) -> None:
        fake.class_ = class_
        child = here.approved(parent=here.pending().pk)
        announce()
        Execution.objects.filter(action=child).update(waits_for=None)
        work()
        go_on()
        work()
        assert (state(child), fake.orders) == ("approved", [])

    def test_is_never_sent_once_its_parent_had_no_effect(
        self, here: World, fake: FakeConnector, announce: Callable[[], None], class_: Recovery
    ) -> None:
        fake.class_ = class_
        parent = here.pending()
        child = here.approved(parent=parent.pk)
        announce()
        go_on()
        world.withdraw(here, parent)
        children.settle_due(actor=WORKER, clock=CLOCK)
        for _ in range(12):
            fake.looks.append(CallResult(CallStatus.UNKNOWN))
            lapse()
            work()
        assert (state(child), fake.orders) == ("uncertain", [])

    def test_is_found_out_about_once_its_parent_was_executed(
        self, here: World, fake: FakeConnector, announce: Callable[[], None], class_: Recovery
    ) -> None:
        fake.class_ = class_
        parent = here.pending()
        child = here.approved(parent=parent.pk)
        announce()
        go_on()
        world.decide("approve", world.fresh(parent), here.junior)
        for _ in range(12):
            fake.looks.append(CallResult(CallStatus.DONE))
            lapse()
            work()
            children.settle_due(actor=WORKER, clock=CLOCK)
        # Of a parent that can neither be asked about nor repeated, nobody knows either, so its child waits.
        assert state(child) == ("approved" if class_ is Recovery.NEITHER else "executed")


def test_a_child_that_was_sent_is_not_repeated_before_its_parent(
    here: World, fake: FakeConnector, announce: Callable[[], None]
) -> None:
    child = here.approved(parent=here.pending().pk)
    announce()
    lose(child, key=Execution.objects.get(action=child).key)
    for _ in range(3):
        work()
        lapse()
    go_on()
    for _ in range(3):
        work()
        lapse()
    assert (state(child), fake.orders) == ("executing", [])
