"""A world whose people are signed in to the admin."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from approvals.models import Person
from tests import world
from tests.world import World


def signed_in(person: Person, *groups: str, checks_csrf: bool = False) -> Client:
    """A browser in which this person is signed in, with the groups named."""
    person.groups.set(Group.objects.filter(name__in=groups))
    client = Client(enforce_csrf_checks=checks_csrf)
    client.force_login(person)
    return client


@pytest.fixture
def here(transactional_db: None, here: World) -> World:
    return here


@pytest.fixture
def junior(here: World) -> Client:
    return signed_in(here.junior, "Reviewers")


@pytest.fixture
def senior(here: World) -> Client:
    return signed_in(here.senior, "Reviewers")


@pytest.fixture
def compliance(here: World) -> Client:
    return signed_in(world.person("compliance"), "Compliance")


@pytest.fixture
def superuser(here: World) -> Client:
    return signed_in(world.person("root", is_superuser=True), "Compliance")
