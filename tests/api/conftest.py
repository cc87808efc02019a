"""A world with an agent, a junior and a senior who call the API."""

import pytest
from pytest_django import Settings

from approvals.api.throttling import BUCKETS
from tests import world
from tests.api.caller import Caller, as_agent, as_session
from tests.world import World


@pytest.fixture
def here(transactional_db: None, settings: Settings) -> World:
    # A password's hash is slow on purpose, and nothing here is about passwords.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    BUCKETS.forget()
    return world.make()


@pytest.fixture
def agent(here: World) -> Caller:
    return as_agent(here.agent)


@pytest.fixture
def junior(here: World) -> Caller:
    return as_session(here.junior)


@pytest.fixture
def senior(here: World) -> Caller:
    return as_session(here.senior)
