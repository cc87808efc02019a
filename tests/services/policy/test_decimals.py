"""What an amount's decimals are, everybody reads; more than the currency has wait for a person."""

from decimal import Decimal
from typing import Any

import pytest

from approvals.actors import Door, system
from approvals.authority.visibility import summary
from approvals.errors import AboveCeiling
from approvals.models import Action, ExchangeRate, Membership
from approvals.services.automation import standing_rules
from approvals.services.notifications import queue
from approvals.text import money
from tests import world
from tests.world import NOON, World

SCHEMA = {**world.SCHEMA, "properties": {**world.SCHEMA["properties"], "amount": {"title": "Amount"}}}
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.world(schema=SCHEMA)]


def sentence(action: Action) -> str:
    assert action.evaluation is not None
    return " ".join(reason["text"] for reason in action.evaluation.content["reasons"])


@pytest.mark.parametrize(
    ("amount", "currency", "said"),
    [
        ("1.080", "EUR", "EUR 1.080"),
        (0.005, "EUR", "EUR 0.005"),
        (20.00004, "EUR", "EUR 20.00004"),
        ("20.000000000000000000000000000000001", "EUR", "EUR 20.000000000000000000000000000000001"),
        (17.97, "JPY", "JPY 17.97"),
        ("1.5000", "KWD", "KWD 1.5000"),
        ("1.5000", "IQD", "IQD 1.5000"),
    ],
)
def test_more_than_the_currency_has_wait_and_are_told_as_they_are(
    here: World, amount: Any, currency: str, said: str
) -> None:
    ExchangeRate.objects.create(currency=currency, valid_from=NOON.date(), rate=Decimal("0.01"))
    action = here.pending(amount=amount, currency=currency)
    assert action.state == "pending"
    assert [(flag["code"], flag["pointer"]) for flag in action.flags] == [("too_many_decimals", "/amount")]
    assert money.said(action) == said
    assert said in summary(action)
    assert standing_rules.never(action, action.evaluation)


def test_without_a_currency_an_amount_is_told_as_it_is_written() -> None:
    action = world.make(schema={"type": "object"}).pending(amount="1.000", currency="")
    assert money.said(action) == "1.000"
    assert "1.000" in summary(action)


@pytest.mark.parametrize(
    ("amount", "currency", "said"),
    [
        (20.5, "EUR", "EUR 20.50"), ("20.50", "EUR", "EUR 20.50"), (20, "JPY", "JPY 20"),
        ("1.080", "KWD", "KWD 1.080"), (1.5, "IQD", "IQD 1.500"),
    ],
)  # fmt: skip
def test_as_many_as_the_currency_has_run(here: World, amount: Any, currency: str, said: str) -> None:
    ExchangeRate.objects.create(currency=currency, valid_from=NOON.date(), rate=Decimal(1))
    action = here.auto(amount=amount, currency=currency)
    assert (action.state, action.flags, money.said(action)) == ("approved", [], said)


def test_an_amount_just_above_a_step_is_above_it_and_says_so(here: World) -> None:
    action = here.pending(amount="5000.000000001")
    assert action.required_tier == 2
    assert "EUR 5,000.000000001, is above EUR 5,000.00" in sentence(action)


def test_an_amount_just_above_a_ceiling_is_above_it(here: World) -> None:
    Membership.objects.filter(person=here.junior).update(ceilings={"EUR": "700.00"})
    action = here.pending(amount="700.000000001")
    with pytest.raises(AboveCeiling):
        world.decide("approve", action, here.junior)


def test_an_amount_just_above_a_step_in_the_house_s_currency_is_above_it(here: World) -> None:
    ExchangeRate.objects.create(currency="USD", valid_from=NOON.date(), rate=Decimal("0.50000001"))
    action = here.pending(amount=10_000, currency="USD")
    assert "(EUR 5,000.0001), is above EUR 5,000.00" in sentence(action)


def test_an_edit_is_judged_by_its_own_decimals(here: World) -> None:
    action = here.pending(amount=717.97)
    world.decide("modify", action, here.senior, payload={**action.revision.payload, "amount": "1.080"})
    assert money.said(world.fresh(action)) == "EUR 1.080"


def test_a_mail_tells_the_exact_amount(here: World) -> None:
    here.pending(amount="600.004")
    told = queue.lease(actor=system(Door.CELERY), at=NOON, limit=10)
    assert "EUR 600.004" in str(told)
