"""An amount that its column cannot hold is told digit for digit; policy and ceilings take it for no known amount."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from approvals.actors import Door, system
from approvals.api.serializers.action import money_of
from approvals.authority.visibility import summary
from approvals.errors import AboveCeiling
from approvals.models import Membership
from approvals.services.notifications import queue
from approvals.services.policy.evaluate import facts_of
from approvals.text import money
from approvals.text.csv_cells import defused
from tests import world
from tests.world import NOON, World

SCHEMA = {**world.SCHEMA, "properties": {**world.SCHEMA["properties"], "amount": {"title": "Amount"}}}
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.world(schema=SCHEMA)]
FEW = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
CURRENCIES = st.sampled_from(["EUR", "JPY", "KWD"])


@FEW
@given(
    units=st.integers(10**15, 10**49), places=st.integers(0, 6), currency=CURRENCIES, sign=st.sampled_from(["", "-"])
)
def test_it_is_told_digit_for_digit(here: World, units: int, places: int, currency: str, sign: str) -> None:
    text = f"{sign}{units}" + f".{'7' * places}" * bool(places)
    action = here.pending(amount=text, currency=currency)
    assert action.amount is None
    assert Decimal(money.said(action, "en").removeprefix(f"{currency} ").replace(",", "")) == Decimal(text)
    assert money.said(action, "en") in summary(action, "en")
    told = money_of(action)
    assert told == {"amount": told["amount"], "currency": currency} if told else False
    assert Decimal(told["amount"]) == Decimal(text)
    assert defused(action.revision.payload["amount"]) == text


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("1000000000000000", "EUR 1,000,000,000,000,000.00"),
        (10**15, "EUR 1,000,000,000,000,000.00"),
        (1e22, "EUR 10,000,000,000,000,000,000,000.00"),
        ("1e999", "EUR 1e999"),
        ("9" * 70, f"EUR {'9' * 70}"),
        ("5." + "0" * 60 + "1", f"EUR 5.{'0' * 60}1"),
    ],
)
def test_it_is_the_payloads_own_figure(here: World, amount: Any, said: str) -> None:
    action = here.pending(amount=amount)
    assert money.said(action, "en") == said
    assert said in summary(action, "en")
    assert money_of(action) is not None


@pytest.mark.parametrize("amount", ["1.234,50", "about 5", "", None, True, [1], "NaN", "9" * 500])
def test_what_is_no_amount_is_told_as_none(here: World, amount: Any) -> None:
    action = here.pending(amount=amount)
    assert (money.said(action), money_of(action)) == ("", None)
    assert "an unknown amount" in summary(action)


def test_policy_does_not_know_it_and_no_ceiling_reaches_it(here: World) -> None:
    Membership.objects.filter(person=here.senior).update(ceilings={"EUR": "999999999999999"})
    action = here.pending(amount="1000000000000000")
    judged = facts_of(action, here.kind, here.agent, action.revision.payload, NOON)
    assert (judged.amount, judged.amount_base) == (None, None)
    assert [flag["code"] for flag in action.flags] == ["too_many_digits"]
    with pytest.raises(AboveCeiling, match="above your ceiling"):
        world.decide("approve", action, here.senior)


def test_a_mail_tells_it(here: World) -> None:
    here.pending(amount="1234567890123456.78")
    told = queue.lease(actor=system(Door.CELERY), at=NOON, limit=10)
    assert "EUR 1,234,567,890,123,456.78" in str(told)
