"""Fixtures for services: a desk for policies, and time that does not have to be waited for."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from approvals.models import Desk, Membership
from approvals.services.execution import attempts, recovery
from approvals.states import Tier
from tests.world import World


@pytest.fixture
def policy_desk(here: World) -> Desk:
    """The desk that decides on policies; the senior and the junior, who drafts, sit at it."""
    desk = Desk.objects.get(slug="policies")
    for person in (here.senior, here.junior):
        Membership.objects.create(person=person, desk=desk, tier=Tier.SENIOR)
    return desk


@pytest.fixture
def no_waiting(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leases lapse at once, and nobody waits between attempts."""
    settings.HITL_LEASE_SECONDS = -1  # SQLite tells milliseconds apart, and a test is quicker.
    monkeypatch.setattr(attempts, "MAX_WAIT", timedelta(0))
    monkeypatch.setattr(recovery, "CALM", timedelta(0))
