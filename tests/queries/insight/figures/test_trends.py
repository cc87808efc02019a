"""The trend counts each week on its own: what ran automatically, and what people changed of what they decided."""

from datetime import timedelta

import pytest

from approvals.actors import Actor, Door
from approvals.models import Desk, Membership, Person
from approvals.queries.insight.figures import trends
from approvals.queries.insight.figures.proportions import Share
from approvals.queries.insight.figures.trends import Trend
from tests import world
from tests.world import NOON, World

pytestmark = pytest.mark.django_db(transaction=True)
WEEK = timedelta(days=7)


def trend(person: Person) -> Trend:
    return trends.trend(Actor(Door.ADMIN, person=person), NOON + timedelta(hours=1))


@pytest.fixture
def decided(here: World) -> World:
    """Two automatic runs and one approval this week; a rejection and a modification last week."""
    for _ in range(2):
        here.auto()
    here.approved()
    world.decide("reject", here.pending(NOON - WEEK), here.junior, NOON - WEEK)
    edited = here.pending(NOON - WEEK)
    world.decide("modify", edited, here.junior, NOON - WEEK, payload=edited.revision.payload | {"amount": 5.5})
    return here


class TestTheWeeks:
    def test_count_what_was_decided_in_each(self, decided: World) -> None:
        found = trend(decided.senior)
        assert len(found.weeks) == trends.WEEKS
        assert all(week.monday.weekday() == 0 for week in found.weeks)
        assert [(week.automatic, week.changed) for week in found.weeks[-2:]] == [
            (Share(0, 2), Share(2, 2)),
            (Share(2, 3), Share(0, 1)),
        ]

    def test_are_the_same_of_each_agent(self, decided: World) -> None:
        found = trend(decided.senior)
        assert found.by_agent == {decided.agent.pk: found.weeks}

    def test_count_the_same_where_each_is_asked_alone(self, decided: World, monkeypatch: pytest.MonkeyPatch) -> None:
        whole = trend(decided.senior)
        monkeypatch.setattr(trends, "MAX_PER_WEEK", 0)
        assert trend(decided.senior).is_cut
        monkeypatch.setattr(trends, "WEEKS", 1)
        monkeypatch.setattr(trends, "MAX_PER_WEEK", 2)
        (week,) = trend(decided.senior).weeks
        assert (week.automatic.whole, whole.weeks[-1].automatic.whole) == (2, 3)

    def test_hold_nothing_of_other_desks(self, decided: World) -> None:
        stranger = world.person("stranger")
        Membership.objects.create(person=stranger, desk=Desk.objects.create(slug="it", name="IT"))
        found = trend(stranger)
        assert all(week.automatic.whole == 0 for week in found.weeks)
        assert found.by_agent == {}


def test_a_version_that_began_is_named(here: World) -> None:
    (begun,) = trend(here.senior).begun
    assert (begun.policy, begun.number) == ("Invoices", 1)
