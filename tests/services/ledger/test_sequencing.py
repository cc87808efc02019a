"""Sequencing: every entry gets one dense position, in order, and none is passed over."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from approvals.actors import Door, system
from approvals.models import LedgerEntry, LedgerOutbox, LedgerPosition
from approvals.services.ledger import entries, sequencing
from approvals.services.ledger.entries import Event
from tests.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive, pytest.mark.world(undo_seconds=0)]
CLOCK = system(Door.CLOCK)


def sequence(limit: int = 5_000) -> int:
    return sequencing.sequence(actor=CLOCK, at=datetime.now(UTC), limit=limit)


def numbers() -> list[int]:
    return list(LedgerPosition.objects.order_by("number").values_list("number", flat=True))


@pytest.fixture
def here(here: World) -> World:
    sequence()
    return here


class TestSequence:
    def test_gives_every_entry_a_dense_position(self, here: World) -> None:
        for _ in range(5):
            here.approved()
        assert sequence() == 15
        assert numbers() == list(range(1, LedgerEntry.objects.count() + 1))
        assert not LedgerOutbox.objects.exists()

    def test_does_nothing_when_nothing_waits(self, here: World) -> None:
        assert sequence() == 0

    def test_goes_on_where_it_stopped(self, here: World) -> None:
        for _ in range(4):
            here.propose()
        assert [sequence(limit=3), sequence(limit=3), sequence(limit=3)] == [3, 1, 0]
        assert numbers() == list(range(1, LedgerEntry.objects.count() + 1))

    def test_keeps_the_order_in_which_an_action_lived(self, here: World) -> None:
        # Their ids are of one millisecond as often as not, so ids alone would not say.
        actions = [here.approved() for _ in range(20)]
        sequence()
        for action in actions:
            told = (
                LedgerEntry.objects.filter(action=action).order_by("position__number").values_list("event", flat=True)
            )
            assert list(told) == ["action.proposed", "action.routed", "decision.approved"]

    @pytest.mark.postgresql_only  # SQLite has one writer, so there nothing can commit late
    def test_loses_nothing_that_commits_late(self, here: World) -> None:
        action, started, finish = here.propose(), threading.Event(), threading.Event()
        sequence()

        def late() -> None:
            with transaction.atomic():
                entries.record_event(action, Event(CLOCK, datetime.now(UTC), "notice.failed"))
                started.set()
                finish.wait(10)
            connection.close()

        thread = threading.Thread(target=late)
        thread.start()
        started.wait(10)
        here.propose()
        assert sequence() == 1
        finish.set()
        thread.join()
        assert sequence() == 1
        assert numbers() == list(range(1, LedgerEntry.objects.count() + 1))

    @pytest.mark.postgresql_only
    def test_leaves_the_work_to_the_one_who_is_at_it(self, here: World) -> None:
        here.propose()
        started, finish = threading.Event(), threading.Event()

        def other() -> None:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [sequencing.SEQUENCER])
                started.set()
                finish.wait(10)
            connection.close()

        thread = threading.Thread(target=other)
        thread.start()
        started.wait(10)
        assert sequence() == 0
        finish.set()
        thread.join()
        assert sequence() == 1
