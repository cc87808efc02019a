"""A row that had its seal is not asked by HMAC again, and every change past HITL is still found."""

from typing import Any

import pytest
from pytest_django import Settings

from approvals.models import Membership
from policies import seals
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.vendor_sensitive]


def seat(here: World) -> Membership:
    return Membership.objects.get(person=here.junior)


def test_a_row_that_is_the_same_is_not_asked_by_hmac_again(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert seat(here).is_sealed
    monkeypatch.setattr(seals, "_seals", None)
    assert seat(here).is_sealed


@pytest.mark.parametrize("change", [{"ceilings": {"EUR": True}}, {"tier": 2}, {"seal": ""}])
def test_a_row_that_was_seen_and_then_changed_has_none(here: World, change: dict[str, Any]) -> None:
    row = seat(here)
    row.ceilings = {"EUR": 1}
    row.save()
    assert seat(here).is_sealed
    forged = seat(here)
    for name, value in change.items():
        setattr(forged, name, value)
    assert not forged.is_sealed


def test_a_row_that_was_seen_has_none_under_other_keys(here: World, settings: Settings) -> None:
    assert seat(here).is_sealed
    settings.HITL_DECISION_KEYS = ["other" * 10]
    assert not seat(here).is_sealed


def test_what_was_seen_has_a_bound(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seals, "MOST_SEEN", 1)
    monkeypatch.setattr(seals, "_seen", {})
    assert seat(here).is_sealed and here.desk.is_sealed
    assert len(seals._seen) == 1
