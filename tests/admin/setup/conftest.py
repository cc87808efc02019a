"""A live installation, and an administrator who may change its whole configuration."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from approvals.actors import Door, system
from approvals.models import Desk, Membership, Person
from approvals.services.configuration import set_up
from approvals.states import Tier
from tests import world
from tests.world import NOON, World

CATALOG = "person|membership|desk|agent|actiontype|employee|subjectowner|duty|exchangerate|group"


@pytest.fixture
def live(here: World) -> World:
    """The set-up is over; the senior and the junior sit at the desk that decides on changes."""
    desk = Desk.objects.get(slug="policies")
    for person in (here.senior, here.junior):
        Membership.objects.create(person=person, desk=desk, tier=Tier.SENIOR)
    here.set_kind(owner=here.senior)
    set_up.end(actor=system(Door.COMMAND), at=NOON, why="For a test.")
    return here


@pytest.fixture
def administrator(live: World) -> Person:
    """Somebody who may change the whole catalog, and accounts, as an administrator does."""
    found = world.person("keeper", is_superuser=True)
    found.user_permissions.set(Permission.objects.filter(codename__regex=f"^(add|change|delete|view)_({CATALOG})$"))
    return found


@pytest.fixture
def admin(administrator: Person) -> Client:
    client = Client()
    client.force_login(administrator)
    return client
