"""What is judged, shown, exported and carried out is the value that was sent, however it is spelled."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from approvals.api.base import strict_json
from approvals.api.serializers.action import money_of
from approvals.authority.visibility import summary
from approvals.errors import AboveCeiling, SchemaFault
from approvals.models import Action, ExchangeRate, Membership
from approvals.services.policy.evaluate import facts_of
from approvals.text import money
from approvals.text.csv_cells import defused
from approvals.text.json_numbers import SpelledNumber
from policies.engine.values.currencies import exponent
from tests import world
from tests.world import NOON, World

pytestmark = pytest.mark.django_db(transaction=True)

CURRENCIES = ("EUR", "USD", "JPY", "KWD", "BHD", "CLF", "ISK")
# A transactional test's database is the same for every instance, which each propose their own action.
FEW = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def here(here: World) -> World:
    here.set_kind(schema={**world.SCHEMA, "properties": {**world.SCHEMA["properties"], "amount": {"title": "Amount"}}})
    for currency in CURRENCIES[1:]:
        ExchangeRate.objects.create(currency=currency, valid_from=NOON.date(), rate=Decimal("0.00813"))
    return here


def raw(number: str) -> Any:
    """A payload's amount as the API reads its raw text."""
    return strict_json.parse(b'{"amount": %s}' % number.encode())["amount"]


def flags(action: Action) -> list[str]:
    return [flag["code"] for flag in action.flags]


@FEW
@given(
    units=st.integers(1, 10**15 - 1),
    places=st.integers(0, 9),
    currency=st.sampled_from(CURRENCIES),
    is_text=st.booleans(),
    sign=st.sampled_from(["", "-"]),
)
def test_an_amount_is_one_value_from_payload_to_page_and_target(
    here: World, units: int, places: int, currency: str, is_text: bool, sign: str
) -> None:
    text = f"{sign}{Decimal(units).scaleb(-places):f}"
    # A number whose last zero would be lost is refused; see below.
    assume(is_text or not isinstance(raw(text), SpelledNumber))
    action = here.pending(amount=text if is_text else raw(text), currency=currency)
    amount = Decimal(text)
    judged = facts_of(action, here.kind, here.agent, action.revision.payload, NOON)
    assert (action.amount, judged.amount) == (amount, amount)
    assert currency != "EUR" or judged.amount_base == amount
    assert Decimal(money.said(action, "en").split()[1].replace(",", "")) == amount
    assert money.said(action, "en") in summary(action, "en")
    assert Decimal((money_of(action) or {})["amount"]) == amount
    assert Decimal(defused(action.amount)) == amount
    assert Decimal(str(json.loads(action.revision.body)["amount"])) == amount
    spelled = len(text.partition(".")[2]) if is_text else len(f"{amount.normalize():f}".partition(".")[2])
    assert ("too_many_decimals" in flags(action)) is (spelled > exponent(currency))


@pytest.mark.parametrize("amount", ["500.004", "300.01", "123456789.123456", "5000.00000000001"])
def test_a_ceiling_is_compared_with_every_digit(here: World, amount: str) -> None:
    action = here.pending(amount=amount)
    for ceiling, is_enough in ((amount, True), (f"{Decimal(amount) - Decimal('1e-12'):f}", False)):
        Membership.objects.filter(person=here.senior).update(ceilings={"EUR": ceiling})
        member = Membership.objects.get(person=here.senior)
        assert member.is_within_ceiling(action.amount, action.currency) is is_enough
    with pytest.raises(AboveCeiling):
        world.decide("approve", action, here.senior)


@given(
    units=st.integers(1, 10**15 - 1),
    places=st.integers(0, 12),
    currency=st.sampled_from(CURRENCIES),
    sign=st.sampled_from([1, -1]),
)
def test_a_ceiling_counts_to_the_last_decimal(units: int, places: int, currency: str, sign: int) -> None:
    amount, last = Decimal(units).scaleb(-places), Decimal(1).scaleb(-places)
    enough, less = (Membership(ceilings={currency: f"{each:f}"}) for each in (amount, amount - last))
    assert enough.is_within_ceiling(sign * amount, currency)
    assert not less.is_within_ceiling(sign * amount, currency)
    # A ceiling in base currency holds for the worth of an amount in another one.
    enough, less = (Membership(ceilings={"EUR": f"{each:f}"}) for each in (amount, amount - last))
    assert enough.is_within_ceiling(Decimal(1), "GBP", sign * amount)
    assert not less.is_within_ceiling(Decimal(1), "GBP", sign * amount)


@FEW
@given(units=st.integers(30_000, 499_999), places=st.integers(2, 9))
def test_a_decision_is_held_to_the_last_decimal_of_a_ceiling(here: World, units: int, places: int) -> None:
    amount, last = Decimal(units) / 100, Decimal(1).scaleb(-places)
    Membership.objects.filter(person=here.junior).update(ceilings={"EUR": f"{amount:f}"})
    over, within = here.pending(amount=f"{amount + last:f}"), here.pending(amount=f"{amount:f}")
    with pytest.raises(AboveCeiling):
        world.decide("approve", over, here.junior)
    world.decide("approve", within, here.junior)
    assert world.fresh(within).state == "approved"


@pytest.mark.parametrize(
    ("amount", "currency", "code"),
    [
        ("1.080", "EUR", "too_many_decimals"), (717.97, "JPY", "too_many_decimals"),
        (500.004, "EUR", "too_many_decimals"),
        (0, "EUR", "zero_amount"), ("-0", "EUR", "zero_amount"), (-0.0, "EUR", "zero_amount"),
        ("1e2", "EUR", "malformed_amount"), ("1,234.56", "EUR", "malformed_amount"), (" 20", "EUR", "malformed_amount"),
        ("NaN", "EUR", "malformed_amount"), ("020", "EUR", "malformed_amount"), (1e300, "EUR", "too_many_digits"),
        ("1234567890123456", "EUR", "too_many_digits"), (20, "XYZ", "unknown_currency"),
    ],
)  # fmt: skip
def test_nothing_odd_runs_by_itself(here: World, amount: Any, currency: str, code: str) -> None:
    action = here.pending(amount=amount, currency=currency)
    assert (action.state, flags(action)) == ("pending", [code])


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("1.080", "1.080 can mean 1.08 or 1080."),
        ("500.00000000000000000001", "has more digits than a JSON number keeps exactly; it would become 500.0."),
        ("1e-400", "it would become 0.0."),
    ],
)
def test_a_number_that_json_would_change_is_refused(here: World, number: str, said: str) -> None:
    with pytest.raises(SchemaFault) as caught:
        here.propose(amount=raw(number))
    (fault,) = caught.value.details["faults"]
    assert fault["pointer"] == "/amount"
    assert said in fault["message"]


@pytest.mark.parametrize(("number", "currency"), [("20.50", "EUR"), ("20.0", "JPY"), ("1e2", "EUR"), ("1.080", "KWD")])
def test_a_number_in_a_usual_spelling_is_taken(here: World, number: str, currency: str) -> None:
    action = here.pending(amount=raw(number), currency=currency)
    assert (action.amount, flags(action)) == (Decimal(number), [])
