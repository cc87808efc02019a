"""The order of the inbox: what somebody can decide comes first, what only others can comes in a group of its own."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from approvals.actors import Actor, Door
from approvals.authority import powers
from approvals.models import Action, Membership, Person, Stage
from approvals.queries.inbox import next_item, order, waiting
from approvals.services.accounts import delegations
from approvals.states import Stakes, Tier
from tests import world
from tests.world import World

CURRENCIES = ("EUR", "USD", "JPY")
NOW = datetime.now(UTC)


def limit(person: Person, **fields: object) -> None:
    Membership.objects.filter(person=person).update(**fields)


def first(person: Person) -> list[Action]:
    return waiting.page(person, ~order.beyond(person)).rows


def last(person: Person) -> list[Action]:
    return waiting.page(person, order.beyond(person)).rows


def pending(here: World, currency: str, amount: Decimal | None) -> Action:
    payload = {"issuer": "Mill", "currency": currency, "invoice_number": "INV-777"}
    return here.pending(payload=payload if amount is None else payload | {"amount": float(amount)})


@pytest.mark.django_db(transaction=True)
@pytest.mark.vendor_sensitive
class TestWhatIsBeyondAPerson:
    def test_is_what_is_above_their_ceiling(self, here: World) -> None:
        limit(here.junior, ceilings={"EUR": "1000.00"})
        high, low = here.pending(amount=1_000.01), here.pending(amount=1_000)
        foreign, unknown = here.pending(currency="USD"), pending(here, "EUR", None)
        assert {row.pk for row in last(here.junior)} == {high.pk, foreign.pk}
        assert {row.pk for row in first(here.junior)} == {low.pk, unknown.pk}

    def test_is_what_is_above_their_stakes(self, here: World) -> None:
        limit(here.junior, max_stakes=Stakes.LOW)
        action = here.pending()
        assert [row.pk for row in last(here.junior)] == [action.pk]

    def test_is_what_their_own_agent_proposed(self, here: World) -> None:
        Membership.objects.create(person=here.owner, desk=here.desk, tier=Tier.SENIOR)
        action = here.pending()
        assert [row.pk for row in last(here.owner)] == [action.pk]
        assert [row.pk for row in first(here.senior)] == [action.pk]

    def test_is_not_what_somebody_lends_them_enough_for(self, here: World) -> None:
        limit(here.junior, ceilings={"EUR": "10.00"})
        action = here.pending()
        who = Actor(Door.ADMIN, person=here.senior)
        delegations.grant(actor=who, at=NOW, person=here.senior, delegate=here.junior, ends_at=NOW + timedelta(days=1))
        assert [row.pk for row in first(here.junior)] == [action.pk]

    def test_is_never_served_next(self, here: World) -> None:
        limit(here.junior, ceilings={"EUR": "1000.00"})
        here.pending(amount=4_000, iban="NL00BANK0000000000")
        here.pending(on_behalf_of="junior")
        low = here.pending()
        assert next_item.next_for(here.junior, (), NOW) == low
        assert next_item.next_for(here.junior, {low.pk}, NOW) is None

    def test_is_told_of_a_page_where_columns_do_not_tell(self, here: World) -> None:
        own, asked = here.pending(on_behalf_of="junior"), here.pending()
        can, cannot = order.parted(here.junior, first(here.junior))
        assert ([row.pk for row in can], [row.pk for row in cannot]) == ([asked.pk], [own.pk])


class TestWhateverTheLimits(TestCase):
    """What is served first is what deciding allows, for generated ceilings, amounts and currencies."""

    @settings(max_examples=15, suppress_health_check=list(HealthCheck), deadline=None)
    @given(
        ceilings=st.dictionaries(st.sampled_from(CURRENCIES), st.integers(1, 5_000), max_size=3),
        stakes=st.sampled_from(Stakes.values),
        amounts=st.lists(
            st.tuples(st.sampled_from(CURRENCIES), st.none() | st.decimals(260, 4_999, places=2)),
            min_size=1, max_size=4,
        ),
    )  # fmt: skip
    def test_it_is_as_deciding_says(
        self, ceilings: dict[str, int], stakes: str, amounts: list[tuple[str, Decimal | None]]
    ) -> None:
        here = world.make()
        limit(here.junior, ceilings={name: f"{most}.00" for name, most in ceilings.items()}, max_stakes=stakes)
        for currency, amount in amounts:
            pending(here, currency, amount)
        can, cannot = first(here.junior), last(here.junior)
        for row, is_first in [*((row, True) for row in can), *((row, False) for row in cannot)]:
            stage = Stage.objects.get(action=row, state="open")
            assert powers.could_decide(here.junior, row, stage) is is_first, (row.amount, row.currency)
