"""Every test of this folder needs a browser, and most a reviewer who is signed in to it."""

from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from playwright.sync_api import BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from approvals.models import Person
from tests.world import World


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder, so that `-m "not browser"` leaves it out."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


def signed_in(context: BrowserContext, live_server: LiveServer, person: Person) -> Page:
    """A page on which this person is signed in."""
    client = Client()
    client.force_login(person)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    return context.new_page()


@pytest.fixture
def here(transactional_db: None, here: World) -> World:
    """The small world, whose junior and senior are reviewers."""
    for person in (here.junior, here.senior):
        person.groups.add(Group.objects.get(name="Reviewers"))
    return here


@pytest.fixture
def desk(context: BrowserContext, here: World, live_server: LiveServer) -> Page:
    """A page on which the junior is signed in."""
    return signed_in(context, live_server, here.junior)
