"""The risk inventory says who answers for each kind of action, and how often people found it wrong."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from approvals.actors import Actor, Door
from approvals.models import Desk, Membership, Person
from approvals.queries.insight import inventory
from approvals.queries.insight.figures.proportions import Share
from approvals.queries.insight.inventory import Line
from approvals.states import Tier
from tests import world
from tests.world import NOON, World

pytestmark = pytest.mark.django_db(transaction=True)


def lines(person: Person) -> list[Line]:
    actor = Actor(Door.ADMIN, person=person)
    return inventory.lines(actor, NOON - timedelta(days=1), NOON + timedelta(days=1))


class TestALine:
    def test_says_who_decides_what_and_by_which_policy(self, here: World) -> None:
        (line,) = lines(here.junior)
        assert (line.kind, line.juniors, line.seniors) == (here.kind, (str(here.junior),), (str(here.senior),))
        assert line.policy_version == 1

    def test_counts_what_people_changed_or_refused(self, here: World) -> None:
        here.auto()
        world.decide("reject", here.pending(), here.junior)
        edited = here.pending()
        world.decide("modify", edited, here.junior, payload=edited.revision.payload | {"amount": 5.5})
        for _ in range(2):
            world.decide("approve", here.pending(), here.junior)
        (line,) = lines(here.junior)
        assert (line.by_itself, line.of_people, line.of_checked) == (1, Share(2, 4), Share(0, 0))

    def test_has_no_rate_while_nobody_decided(self, here: World) -> None:
        assert lines(here.junior)[0].of_people.value is None


class TestThePage:
    def test_shows_ones_own_desks(self, here: World) -> None:
        stranger = world.person("stranger")
        Membership.objects.create(person=stranger, desk=Desk.objects.create(slug="it", name="IT"), tier=Tier.JUNIOR)
        assert lines(stranger) == []

    def test_shows_every_desk_to_an_auditor_in_few_queries(self, here: World) -> None:
        client = Client()
        client.force_login(world.auditor())
        with CaptureQueriesContext(connection) as caught:
            page = client.get("/admin/inventory/").content.decode()
        assert "policy.publish" in page
        assert here.kind.title in page
        # Five of them, for any number of types, compare what is named with who and what is here: clients, too, which a
        # policy may name. One asks the directory whether somebody without a seat has left, and one whether they read
        # everything: no superuser does as such.
        assert len(caught) <= 18
