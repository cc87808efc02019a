"""A document that recurs without end is looked at and counted only so far."""

import pytest

from approvals import asked
from approvals.actors import Actor, Door
from approvals.models import Action
from approvals.queries.record.related import twins
from tests import world
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)

NUMBER = "RENT-0001"


def recurring(here: World) -> tuple[Action, Action]:
    """The oldest and the newest of more than are looked at; both wait, and all others were rejected."""
    first, *others, last = (here.pending(invoice_number=NUMBER) for _ in range(twins.MOST + 2))
    for action in others:
        world.decide("reject", action, here.junior, rationale="Paid already.")
    return first, last


class TestARecurringDocument:
    def test_names_the_open_ones_first_however_old(self, here: World) -> None:
        first, last = recurring(here)
        reader = Actor(Door.ADMIN, person=here.junior)
        found, listed = twins.of(last, reader).seen, twins.of_each([last], reader)[last.pk]
        assert [len(found), len(listed)] == [twins.MAX] * 2
        assert [found[0].action, listed[0].action] == [first] * 2

    def test_is_counted_to_a_limit_alone_and_with_others(self, here: World) -> None:
        _first, last = recurring(here)
        assert twins.count(last, besides=()) == twins.MOST
        with asked.together():
            twins.read_ahead([last], besides=())
            assert twins.counted_ahead(last) == twins.MOST
