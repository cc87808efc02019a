"""The queue of each desk is told apart by how long its actions wait."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from approvals.authority import assignees
from approvals.models import Desk, Membership, Person
from approvals.queries.insight.figures import queues
from approvals.queries.insight.figures.queues import Queue
from tests import world
from tests.world import NOON, World

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOON + timedelta(days=4)


def by_desk(person: Person) -> list[Queue]:
    return queues.by_desk(person, assignees.reach(person), LATER)


class TestAQueue:
    def test_is_counted_by_age(self, here: World) -> None:
        for days, hours in ((4, 0), (4, 0), (0, 23), (0, 7), (0, 0)):
            here.pending(LATER - timedelta(days=days, hours=hours))
        (queue,) = by_desk(here.junior)
        assert (queue.desk.slug, queue.by_age, queue.total) == ("finance", (1, 1, 1, 0, 2), 5)

    def test_holds_what_waits_for_either_tier(self, here: World) -> None:
        here.pending()
        here.pending(amount=9_000)
        assert by_desk(here.senior)[0].total == 2

    def test_says_that_it_is_longer_than_what_was_counted(self, here: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(queues, "MAX_COUNTED", 2)
        for days in (3, 2, 1):
            here.pending(LATER - timedelta(days=days))
        (queue,) = by_desk(here.junior)
        assert (queue.is_cut, queue.by_age) == (True, (0, 0, 0, 1, 1))

    def test_is_not_shown_to_other_desks(self, here: World) -> None:
        here.pending()
        stranger = world.person("stranger")
        Membership.objects.create(person=stranger, desk=Desk.objects.create(slug="it", name="IT"))
        assert by_desk(stranger) == []


def test_a_few_statements_are_enough_for_an_auditor(here: World) -> None:
    here.pending()
    auditor = world.auditor()
    reach = assignees.reach(auditor)
    with CaptureQueriesContext(connection) as caught:
        assert queues.by_desk(auditor, reach, LATER)[0].total == 1
    assert len(caught) == 4, "One asks whether they read everything."
