"""A web host whose clock is wrong records the database's time."""

from datetime import timedelta

import pytest
from django.utils import timezone

from approvals.models import Action, Decision, LedgerEntry
from policies import db
from tests.api.caller import Caller, seen
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=[timedelta(hours=2), timedelta(hours=-2)])
def wrong_clock(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The host's clock is two hours off."""
    right = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: right() + request.param)


def is_now(moment: object) -> bool:
    return bool(abs(db.now() - moment) < timedelta(minutes=1))  # type: ignore[operator]


@pytest.mark.usefixtures("wrong_clock")
class TestAWrongClock:
    def test_is_not_believed_by_a_proposal(self, agent: Caller) -> None:
        assert agent.propose().status_code == 201
        assert is_now(Action.objects.get().created_at)
        assert is_now(LedgerEntry.objects.get(event="action.proposed").at)

    def test_refuses_no_proposal_that_is_still_valid(self, agent: Caller) -> None:
        until = (db.now() + timedelta(hours=1)).isoformat().replace("+00:00", "Z")
        assert agent.propose(expires_at=until).status_code == 201

    def test_is_not_believed_by_a_decision(self, here: World, junior: Caller) -> None:
        action = here.pending(db.now())
        assert junior.post(f"actions/{action.pk}/approve/", seen(action)).status_code == 200
        assert is_now(Decision.objects.get(source="person").at)
