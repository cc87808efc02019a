"""A world with an agent, a junior and a senior who call the API."""

import pytest

from approvals.api.auth.throttling import BUCKETS
from tests.api.caller import Caller, as_agent, as_session
from tests.world import World


@pytest.fixture
def here(transactional_db: None, here: World) -> World:
    BUCKETS.forget()
    return here


@pytest.fixture
def agent(here: World) -> Caller:
    return as_agent(here.agent)


@pytest.fixture
def junior(here: World) -> Caller:
    return as_session(here.junior)


@pytest.fixture
def senior(here: World) -> Caller:
    return as_session(here.senior)
