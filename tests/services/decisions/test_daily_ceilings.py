"""Daily ceilings: what one person lets run in 24 hours, by hand, by edits and by standing rules, has an end."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given as each
from hypothesis import strategies as st

from approvals.actors import Actor, Door
from approvals.authority import daily
from approvals.errors import AboveCeiling
from approvals.models import Action, Membership, Person, StandingUse
from approvals.queries.record.plans import plan_of
from approvals.services.accounts import delegations, sign_in
from approvals.services.decisions import bulk, offers, undo
from approvals.states import DecisionType, Tier
from tests import world
from tests.services.automation.given import decided, granting, make
from tests.world import World, fresh, now

CURRENCIES = ("EUR", "USD", "GBP")
AMOUNTS = st.decimals("-900", "900", places=4)


@each(
    st.dictionaries(st.sampled_from(CURRENCIES), st.decimals(0, 2000, places=2).map(str), min_size=1),
    st.lists(st.tuples(AMOUNTS, st.sampled_from(CURRENCIES), st.decimals("0.5", "2", places=3) | st.none())),
)
def test_no_sequence_of_approvals_comes_to_more_than_the_ceilings(
    ceilings: dict[str, str], wanted: list[tuple[Decimal, str, Decimal | None]]
) -> None:
    member = Membership(daily_ceilings=ceilings)
    sums, worths = dict.fromkeys(CURRENCIES, Decimal(0)), Decimal(0)
    for amount, currency, rate in wanted:
        worth = abs(amount) if currency == "EUR" else None if rate is None else abs(amount) * rate
        total = sums[currency] + abs(amount)
        if member.is_within_daily(total, currency, None if worth is None else worths + worth):
            sums[currency], worths = total, worths + (worth or 0)
    assert all(sums[currency] <= Decimal(most) for currency, most in ceilings.items())
    assert worths <= Decimal(ceilings.get("EUR", "Infinity"))
    assert "EUR" in ceilings or all(not total for currency, total in sums.items() if currency not in ceilings)


def bound(person: Person, **ceilings: str) -> Membership:
    Membership.objects.filter(person=person).update(daily_ceilings=ceilings)
    return Membership.objects.get(person=person)


def spent(person: Person) -> Decimal:
    return daily.of(Membership.objects.get(person=person), person).amounts.get("EUR", Decimal(0))


def as_(person: Person) -> Actor:
    return Actor(Door.ADMIN, person=person)


@pytest.mark.django_db(transaction=True)
@pytest.mark.vendor_sensitive
class TestADay:
    def test_ends_at_its_ceiling_for_the_button_and_the_offer_alike(self, here: World) -> None:
        bound(here.junior, EUR="1500.00")
        first, second, third = here.pending(), here.pending(), here.pending(amount=300)
        world.decide("approve", first, here.junior)
        world.decide("approve", second, here.junior)
        offered = offers.of(as_(here.junior), now(), fresh(third), plan_of(third))
        assert isinstance(offered.approve, AboveCeiling)
        with pytest.raises(AboveCeiling, match="24 hours"):
            world.decide("approve", third, here.junior)

    def test_holds_exactly_what_the_ceiling_is(self, here: World) -> None:
        bound(here.junior, EUR="1435.94")
        for action in (here.pending(), here.pending()):
            world.decide("approve", action, here.junior)
        assert spent(here.junior) == Decimal("1435.94")

    def test_begins_again_after_24_hours(self, here: World) -> None:
        bound(here.junior, EUR="1000.00")
        world.decide("approve", here.pending(), here.junior, at=now() - timedelta(hours=25))
        assert spent(here.junior) == 0
        world.decide("approve", here.pending(), here.junior)

    def test_is_anothers_to_go_on_with(self, here: World) -> None:
        bound(here.junior, EUR="700.00")
        world.decide("approve", here.pending(), here.senior)

    def test_lets_reject_and_escalate(self, here: World) -> None:
        bound(here.junior, EUR="700.00")
        world.decide("reject", here.pending(), here.junior)
        world.decide("escalate", here.pending(), here.junior)

    def test_does_not_count_what_was_undone_withdrawn_or_rejected(self, here: World) -> None:
        undone, withdrawn = here.approved(), here.approved()
        world.decide("reject", here.pending(), here.junior)
        undo.undo(actor=as_(here.junior), at=now(), action_id=undone.pk)
        world.withdraw(here, withdrawn)
        assert spent(here.junior) == 0

    def test_counts_an_edit_once_and_at_its_new_amount(self, here: World) -> None:
        bound(here.junior, EUR="1000.00")
        action = here.pending()
        world.decide("modify", action, here.junior, payload=action.revision.payload | {"amount": 900})
        assert spent(here.junior) == Decimal(900)

    def test_leaves_an_edit_beyond_it_to_somebody_else(self, here: World) -> None:
        bound(here.junior, EUR="1000.00")
        action = here.pending()
        world.decide("modify", action, here.junior, payload=action.revision.payload | {"amount": 1001})
        assert (fresh(action).state, spent(here.junior)) == ("pending", Decimal(0))

    def test_is_above_for_an_unknown_amount(self, here: World) -> None:
        bound(here.junior, EUR="1000.00")
        payload = {"issuer": "Paper Mill", "currency": "EUR", "invoice_number": "INV-1"}
        with pytest.raises(AboveCeiling, match="unknown"):
            world.decide("approve", here.pending(payload=payload), here.junior)

    def test_ends_in_bulk_after_the_last_that_fits(self, here: World) -> None:
        bound(here.junior, EUR="1500.00")
        actions = [here.pending() for _ in range(3)]
        items = [
            bulk.ReviewedItem(each.pk, each.revision.number, each.revision.digest, world.target_of(each)["target"])
            for each in actions
        ]
        results = bulk.decide(actor=as_(here.junior), clock=now, verdict=DecisionType.APPROVE, items=items)
        assert [each.decision is not None for each in results] == [True, True, False]

    def test_is_the_lenders_where_somebody_decides_for_them(self, here: World) -> None:
        bound(here.senior, EUR="9500.00")
        ends = now() + timedelta(days=1)
        lender = as_(here.senior)
        given = {"person": here.senior, "delegate": here.junior, "desk": here.desk, "ends_at": ends}
        delegations.grant(actor=lender, at=now(), **given)
        world.decide("approve", here.pending(amount=9_000), here.junior)
        with pytest.raises(AboveCeiling):
            world.decide("approve", here.pending(amount=9_000), here.senior)

    def test_is_one_for_accounts_that_count_as_one_person(self, here: World) -> None:
        root = world.person("root", is_superuser=True)
        Membership.objects.create(person=root, desk=here.desk, tier=Tier.SENIOR, daily_ceilings={"EUR": "1000.00"})
        sign_in.set_password(actor=as_(root), at=now(), person_id=here.junior.pk, password="correct horse 7")
        world.decide("approve", here.pending(), Person.objects.get(pk=here.junior.pk))
        with pytest.raises(AboveCeiling):
            world.decide("approve", here.pending(), Person.objects.get(pk=root.pk))

    @pytest.mark.parametrize(("ceilings", "most"), [({}, 0), ({"EUR": "9"}, 1)], ids=str)
    def test_costs_one_statement_and_none_without_one(
        self,
        here: World,
        ceilings: dict[str, str],
        most: int,
        django_assert_num_queries: Callable[..., AbstractContextManager[object]],
    ) -> None:
        member, action = bound(here.junior, **ceilings), here.pending()
        with django_assert_num_queries(most):
            assert daily.holds(member, here.junior, Decimal(1), "EUR", None, besides=action)


@pytest.mark.django_db(transaction=True)
class TestAStandingRule:
    def test_spends_of_the_same_day_as_its_maker(self, here: World) -> None:
        source = decided(here, here.junior)
        bound(here.junior, EUR="2000.00")
        make(here.junior, source, sum_per_day=Decimal(2_000), count_per_day=2, max_amount=Decimal(750))
        assert (here.pending().state, here.pending().state) == ("approved", "pending")
        assert StandingUse.objects.count() == 1
        assert spent(here.junior) == Decimal("1435.94")
        with pytest.raises(AboveCeiling):
            world.decide("approve", Action.objects.get(state="pending"), here.junior)

    def test_of_more_than_its_makers_day_is_refused(self, here: World) -> None:
        source = decided(here, here.junior)
        bound(here.junior, EUR="2000.00")
        with pytest.raises(AboveCeiling, match="daily ceiling"):
            make(here.junior, source, sum_per_day=Decimal(2_001), count_per_day=100)

    def test_ends_when_its_makers_day_gets_smaller(self, here: World) -> None:
        rule = granting(here)
        bound(here.junior, EUR="4999.00")
        assert here.pending().state == "pending"
        rule.refresh_from_db()
        assert (rule.state, "daily ceiling" in rule.end_reason) == ("stopped", True)
