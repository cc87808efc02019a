"""What the page asks when it is opened: the worth of the day, the requester, what never runs, what needs a reason."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils.formats import date_format

from approvals.models import ActionType, Agent, Employee, ExchangeRate, Membership
from approvals.text import normalize
from tests import world
from tests.admin.pages import address, press, show
from tests.world import NOON, World, fresh

TODAY = NOON.date()
NOBODY = "does not match any person or employee"


def usd(rate: str, days: int = 0) -> None:
    ExchangeRate.objects.create(currency="USD", valid_from=TODAY - timedelta(days=days), rate=Decimal(rate))


class TestTheWorth:
    def test_is_that_of_today_with_the_date_of_its_rate(self, here: World, junior: Client) -> None:
        usd("0.90", days=3)
        action = here.pending(amount=800, currency="USD")
        usd("0.95")
        page = show(junior, action)
        assert "EUR 760.00 today, at the exchange rate from" in page

    def test_above_a_ceiling_by_now_offers_no_approval(self, here: World, junior: Client) -> None:
        usd("0.90", days=3)
        Membership.objects.filter(person=here.junior).update(ceilings={"EUR": "750.00"})
        action = here.pending(amount=800, currency="USD")
        assert 'value="approve"' in show(junior, action)
        usd("0.95")
        assert 'value="approve"' not in show(junior, action)

    def test_by_a_rate_that_grew_old_is_marked(self, here: World, junior: Client) -> None:
        usd("0.90")
        action = here.pending(amount=800, currency="USD")
        ExchangeRate.objects.update(valid_from=TODAY - timedelta(days=500))
        page = show(junior, action)
        since = date_format(TODAY - timedelta(days=500))
        assert f"from USD to EUR is from {since}, more than 35 days ago" in page

    def test_is_not_said_in_base_currency(self, here: World, junior: Client) -> None:
        assert "at the exchange rate from" not in show(junior, here.pending())


class TestTheRequester:
    @pytest.mark.parametrize("name", ["nobody@example.com", "Bob Unknown", "person:999999"])
    def test_that_is_nobody_is_said(self, here: World, junior: Client, name: str) -> None:
        assert NOBODY in show(junior, here.pending(on_behalf_of=name))

    @pytest.mark.parametrize("name", ["", "owner", "OWNER@example.com", "E4711", "Jo Niemand"])
    def test_that_is_somebody_is_not(self, here: World, junior: Client, name: str) -> None:
        Employee.objects.create(
            key="E4711",
            name="Jo Niemand",
            normalized_key=normalize.name("E4711"),
            normalized_name=normalize.name("Jo Niemand"),
        )
        assert NOBODY not in show(junior, here.pending(on_behalf_of=name))


class TestWhatCouldNeverRun:
    @pytest.mark.parametrize("model", [ActionType, Agent])
    def test_is_not_offered_for_approval(self, here: World, junior: Client, model: type[ActionType | Agent]) -> None:
        action = here.pending()
        model.objects.update(is_active=False)
        page = show(junior, action)
        assert "is no longer active" in page
        assert 'value="approve"' not in page and "?edit=1" not in page
        assert press(junior, action, "reject").status_code == 302
        assert fresh(action).state == "rejected"


class TestAnUndo:
    def test_of_a_colleagues_approval_asks_for_a_reason(self, here: World, senior: Client) -> None:
        action = here.approved()
        assert 'id="undo-reason"' in show(senior, action)
        assert "A colleague approved this action" in senior.post(address(action, "undo")).content.decode()
        senior.post(address(action, "undo"), {"rationale": "Wrong account."})
        assert fresh(action).state == "pending"

    def test_of_ones_own_does_not(self, here: World, junior: Client) -> None:
        page = show(junior, here.approved())
        assert address(here.approved(), "undo") and 'id="undo-reason"' not in page


class TestAClaim:
    def test_is_not_offered_to_who_may_not_decide(self, here: World, junior: Client, senior: Client) -> None:
        action = here.pending(amount=9_000)
        assert 'id="claim"' not in show(junior, action)
        senior.post(address(action, "claim"))
        page = show(junior, action)
        assert "Claimed by" in page and "Take over" not in page
        junior.post(address(action, "claim"), {"force": "1"})
        assert world.fresh(action).claim.person == here.senior
