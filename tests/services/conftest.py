"""Fixtures for services: a scripted connector, and time that does not have to be waited for."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from approvals.connectors.fake import FakeConnector
from approvals.services.execution import attempts, recovery
from tests import doubles


@pytest.fixture
def fake(settings: Settings) -> FakeConnector:
    """The scripted connector, registered as `fake`."""
    settings.HITL_CONNECTORS = doubles.NAMES
    return doubles.fresh_connector()


@pytest.fixture
def no_waiting(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leases lapse at once, and nobody waits between attempts."""
    settings.HITL_LEASE_SECONDS = 0
    monkeypatch.setattr(attempts, "MAX_WAIT", timedelta(0))
    monkeypatch.setattr(recovery, "CALM", timedelta(0))
