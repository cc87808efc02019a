"""The demo's firm before its first day, and who may propose to it."""

from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import Settings

from approvals.demo import catalog, people


@pytest.fixture
def key(transactional_db: None, settings: Settings) -> str:
    """The key that the demo prints, in the demo's firm before its first day."""
    settings.HITL_MODE = "demo"
    founded = datetime.now(UTC) - timedelta(days=1)
    people.settle(founded)
    catalog.stock(founded)
    return people.agent_keys({}, founded)[people.YOURS]
